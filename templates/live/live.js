// Keeps an open page as the last build made it. Only the preview server adds this script.

const KEY = "llm-history-live";
const fields = () => Array.from(document.querySelectorAll("main input, main select, main textarea"));

// What a reader did to the page is there again after it was reloaded.
function remember() {
  const state = {
    path: location.pathname, y: scrollY,
    open: Array.from(document.querySelectorAll("details"), (details) => details.open),
    fields: fields().map((field) => [field.value, field.checked]),
    focus: Array.from(document.querySelectorAll("a, button, input, select, summary, [tabindex]")).indexOf(document.activeElement),
  };
  sessionStorage.setItem(KEY, JSON.stringify(state));
}

function restore() {
  const state = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  sessionStorage.removeItem(KEY);
  if (state?.path !== location.pathname) return;
  document.querySelectorAll("details").forEach((details, i) => { if (i in state.open) details.open = state.open[i]; });
  fields().forEach((field, i) => {
    const [value, checked] = state.fields[i] ?? [field.value, field.checked];
    if (field.value === value && field.checked === checked) return;
    field.value = value;
    field.checked = checked;
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  });
  if (state.focus >= 0) {
    document.querySelectorAll("a, button, input, select, summary, [tabindex]")[state.focus]?.focus({ preventScroll: true });
  }
  scrollTo({ top: state.y, behavior: "instant" });
}

function reload() {
  remember();
  location.reload();
}

// --- What a build changed ---

const base = document.querySelector("#search")?.dataset.base ?? "./";
const address = (path) => new URL(base + path, document.baseURI).pathname;

function swapStyles(styles) {
  for (const [old, now] of Object.entries(styles)) {
    for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
      if (new URL(link.href).pathname !== address(old)) continue;
      const next = link.cloneNode();
      next.href = address(now);
      next.addEventListener("load", () => link.remove(), { once: true });
      link.after(next);
    }
  }
}

function apply(news) {
  swapStyles(news.styles);
  const changed = new Set(news.changed.map((path) => address(path.replace(/(^|\/)index\.html$/, "$1"))));
  if (changed.has(location.pathname.replace(/index\.html$/, ""))) { reload(); return; }
  for (const image of document.images) {
    const url = new URL(image.src);
    if (changed.has(url.pathname)) { url.searchParams.set("t", news.build); image.src = url.href; }
  }
}

// --- What is wrong ---

const SHEET = `
  :host { all: initial; }
  section { position: fixed; inset: auto 1rem 1rem 1rem; max-height: 70vh; overflow: auto; z-index: 2147483647;
    background: #1a1e21; color: #e9e8e3; border-top: 4px solid #ff8163; padding: 1rem 1.2rem; border-radius: 4px;
    font: 14px/1.5 system-ui, sans-serif; box-shadow: 0 6px 40px rgb(0 0 0 / .5); }
  h2 { margin: 0 2rem .6rem 0; font-size: 1rem; } article { border-top: 1px solid #454b51; padding: .6rem 0; }
  pre { margin: .4rem 0 0; overflow-x: auto; font: 13px/1.4 ui-monospace, monospace; } mark { background: none; color: #ff8163; }
  a { color: #7dabff; } button { position: absolute; top: .6rem; right: .8rem; font: inherit; }`;

let overlay = null;

function show(problems) {
  overlay?.remove();
  overlay = null;
  if (!problems.length) return;
  overlay = document.createElement("llm-history-problems");
  const root = overlay.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHEET);
  root.adoptedStyleSheets = [sheet];
  const element = (name, text = "") => { const made = document.createElement(name); made.textContent = text; return made; };
  const box = root.appendChild(element("section"));
  box.setAttribute("role", "alert");
  box.append(element("h2", `Not published: ${problems.length} ${problems.length === 1 ? "problem" : "problems"}. The last good page stays.`));
  for (const problem of problems) {
    const article = box.appendChild(element("article"));
    const where = `${problem.path}:${problem.line}:${problem.column}`;
    const place = article.appendChild(element(problem.editor ? "a" : "span", where));
    if (problem.editor) place.href = problem.editor;
    article.append(` ${problem.code} ${problem.name}: ${problem.message}`);
    if (problem.text) {
      const at = problem.column - 1, pre = article.appendChild(element("pre"));
      pre.append(problem.text.slice(0, at), element("mark", problem.text.slice(at, at + problem.length)), problem.text.slice(at + problem.length));
    }
    if (problem.help) article.append(element("div", problem.help));
  }
  const close = box.appendChild(element("button", "×"));
  close.setAttribute("aria-label", "Close");
  close.addEventListener("click", () => overlay?.remove());
  document.documentElement.append(overlay);
}

// --- Listening ---

let session = null;

function listen() {
  const source = new EventSource(`/-/events${new URL(import.meta.url).search}`);
  source.addEventListener("news", (event) => {
    const news = JSON.parse(event.data);
    if (session !== null && news.session !== session) { reload(); return; } // the server began anew, or we slept too long
    session = news.session;
    show(news.problems);
    apply(news);
  });
}

restore();
listen();
