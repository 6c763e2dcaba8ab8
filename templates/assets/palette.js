// The search dialog: asks the engine, shows what it found, moves among it by keyboard.

const SHOWN = 20;
const root = document.documentElement;
const dialog = document.getElementById("search");
const input = dialog.querySelector("input");
const list = dialog.querySelector("[role=listbox]");
const status = dialog.querySelector("[role=status]");
const words = dialog.dataset;
let engine = null, results = [], current = -1, asked = 0;

async function load() {
  const { Search } = await import(new URL(words.engine, document.baseURI).href);
  engine ??= new Search(words.base, root.lang);
  return engine;
}

async function ask() {
  const turn = ++asked, query = input.value;
  try {
    const found = query.trim() ? await (await load()).search(query) : [];
    if (turn === asked) show(found, query);
  } catch {
    status.textContent = words.failed;
  }
}

function show(found, query) {
  results = found.slice(0, SHOWN);
  list.replaceChildren(...results.map(option));
  input.setAttribute("aria-expanded", String(results.length > 0));
  const counted = found.length === 1 ? words.one : words.many;
  const count = counted.replace(/[\d,]+/, found.length.toLocaleString(root.lang));
  status.textContent = !query.trim() ? "" : !found.length ? words.none : found.meant ? `${words.meant.replace("{word}", found.meant)} ${count}` : count;
  point(results.length ? 0 : -1);
  results.forEach((result, index) => fill(result, list.children[index]));
}

function option(result, index) {
  const item = document.createElement("li");
  item.id = `result-${index}`;
  item.setAttribute("role", "option");
  const title = item.appendChild(document.createElement("b"));
  title.textContent = result.title;
  if (result.lang && result.lang !== root.lang) title.lang = result.lang;
  if (result.alias) {
    const alias = item.appendChild(document.createElement("span"));
    alias.textContent = ` ${result.alias}`;
  }
  const kind = item.appendChild(document.createElement("small"));
  kind.textContent = result.pair ? words.compare : result.kind + (result.lang ? ` · ${result.lang}` : "");
  item.addEventListener("click", () => go(index));
  item.addEventListener("pointermove", () => point(index));
  return item;
}

async function fill(result, item) {
  const found = await engine.excerpt(result).catch(() => null);
  if (!found || !item.isConnected) return;
  const line = item.appendChild(document.createElement("p"));
  const mark = document.createElement("mark");
  mark.textContent = found[1];
  line.append(found[0], mark, found[2]);
}

function point(index) {
  if (index === current && list.children[index]?.getAttribute("aria-selected")) return;
  list.children[current]?.removeAttribute("aria-selected");
  current = index;
  const item = list.children[index];
  item?.setAttribute("aria-selected", "true");
  item?.scrollIntoView({ block: "nearest" });
  if (item) input.setAttribute("aria-activedescendant", item.id); else input.removeAttribute("aria-activedescendant");
}

function go(index) {
  const result = results[index];
  if (!result) return;
  location.href = new URL(words.root + result.url, document.baseURI).href;
  dialog.close();
}

input.addEventListener("input", (event) => { if (!event.isComposing) ask(); });
input.addEventListener("compositionend", ask);
input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (moves[event.key] && results.length) {
    event.preventDefault();
    point((current + moves[event.key] + results.length) % results.length);
  } else if (event.key === "Enter") {
    event.preventDefault();
    go(current);
  }
});
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
load().then((found) => found.load()).then(ask).catch(() => { status.textContent = words.failed; });
