// The table of models: sorting, filtering, what is shown as CSV; and models side by side,
// which are read from their own pages, so that there is one place where facts are written.

const table = document.getElementById("models-table");
const words = document.getElementById("words").dataset;
const body = table.tBodies[0];
const headings = Array.from(table.tHead.rows[0].cells);

// What cells hold is read when it is first wanted.
class Row {
  #values;
  #texts;

  constructor(row) {
    const link = row.querySelector("a");
    this.row = row;
    this.fits = true;
    this.id = link.getAttribute("href").split("/").at(-2);
    this.name = link.textContent.trim();
  }

  get cells() { return Array.from(this.row.cells).filter((cell) => cell.className !== "box"); }
  get values() { return this.#values ??= this.cells.map((cell) => cell.dataset.v ?? ""); }
  add(value, text) {
    this.values.push(value);
    this.texts.push(text);
  }

  get texts() { return this.#texts ??= this.cells.map((cell) => cell.textContent.trim()); }
}

const rows = Array.from(body.rows, (row) => new Row(row));
const numeric = headings.map((heading) => heading.classList.contains("num"));
const language = document.documentElement.lang;
const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });

// --- Sorting ---

function sortBy(column, descending) {
  const sign = descending ? -1 : 1;
  rows.sort((a, b) => {
    const [x, y] = [a.values[column], b.values[column]];
    if (!x || !y) return Boolean(y) - Boolean(x); // without a value: last, whichever way
    return sign * (numeric[column] ? Number(x) - Number(y) : collator.compare(x, y));
  });
  body.append(...rows.map(({ row }) => row));
  list();
  headings.forEach((heading, index) => {
    if (index === column) heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    else heading.removeAttribute("aria-sort");
  });
}

function makeSortable(heading, column) {
  const link = heading.querySelector("a");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sort";
  button.textContent = heading.textContent;
  if (link) link.replaceWith(button); else heading.replaceChildren(button);
  button.addEventListener("click", () => {
    const now = heading.getAttribute("aria-sort");
    sortBy(column, now ? now === "ascending" : numeric[column]);
    remember();
  });
}
headings.forEach(makeSortable);

// --- Filtering ---

const UNITS = { k: 1e3, m: 1e6, b: 1e9, t: 1e12 };

function parseNumber(text) {
  const match = /^([\d.,]+(?:e\+?\d+)?)\s*([kmbt])?$/i.exec(text.trim());
  return match ? Number(match[1].replaceAll(",", "")) * (UNITS[match[2]?.toLowerCase()] ?? 1) : NaN;
}

// A test for what is typed: `>100B`, `7B..13B`, `70B` (within five per cent), or words.
function parseFilter(text, isNumeric) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return null;
  if (isNumeric) {
    const range = wanted.split("..").map((part) => (part ? parseNumber(part) : undefined));
    if (range.length === 2 && !range.some(Number.isNaN)) {
      return (value) => value !== "" && Number(value) >= (range[0] ?? -Infinity) && Number(value) <= (range[1] ?? Infinity);
    }
    const match = /^(>=|<=|>|<|=)?(.+)$/.exec(wanted), limit = parseNumber(match[2]);
    if (!Number.isNaN(limit)) {
      const tests = {
        ">": (n) => n > limit, ">=": (n) => n >= limit, "<": (n) => n < limit, "<=": (n) => n <= limit,
      };
      const test = tests[match[1]] ?? ((n) => Math.abs(n - limit) <= limit * 0.05);
      return (value) => value !== "" && test(Number(value));
    }
  }
  return (_, shown) => shown.toLowerCase().includes(wanted);
}

const filterRow = table.tHead.insertRow();
function makeFilter(heading) {
  const cell = filterRow.appendChild(document.createElement("td"));
  const input = cell.appendChild(document.createElement("input"));
  input.type = "search";
  input.setAttribute("aria-label", words.filter.replace("{column}", heading.textContent.trim()));
  input.addEventListener("input", () => { filter(); remember(); });
  return input;
}
const inputs = headings.map(makeFilter);
const shown = document.getElementById("shown");
const total = rows.length;

// Tells the table which rows it has now; how many of them are in view is its own affair.
function list() {
  const fitting = rows.filter((item) => item.fits);
  table.dispatchEvent(new CustomEvent("list", { detail: fitting.map((item) => item.row) }));
  return fitting.length;
}

function filter() {
  const tests = inputs.map((input, column) => parseFilter(input.value, numeric[column]));
  for (const item of rows) item.fits = !tests.some((test, column) => test && !test(item.values[column], item.texts[column]));
  shown.textContent = shown.dataset.text.replace("{shown}", list().toLocaleString(language)).replace("{all}", total.toLocaleString(language));
}

const quote = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

document.getElementById("csv").addEventListener("click", (event) => {
  const lines = [["id", ...headings.map((heading) => heading.textContent.trim())]];
  for (const { fits, id, values, texts } of rows) {
    if (fits) lines.push([id, ...texts.map((text, column) => (numeric[column] && values[column] ? values[column] : text))]);
  }
  const text = lines.map((line) => line.map(quote).join(",")).join("\r\n");
  event.currentTarget.href = URL.createObjectURL(new Blob([`${text}\r\n`], { type: "text/csv" }));
});

// --- More columns: every other fact ---

const more = document.getElementById("more-facts");

async function addColumn(option) {
  const { column } = await import(new URL(more.dataset.module, document.baseURI).href);
  const known = JSON.parse(more.dataset.words);
  const { numeric: isNumeric, found } = await column(option.value, more.dataset.csv, language, known);
  option.remove();
  const col = table.querySelector("colgroup").appendChild(document.createElement("col"));
  col.className = isNumeric ? "w16 s12" : "w24 s14";
  const heading = table.tHead.rows[0].appendChild(document.createElement("th"));
  heading.scope = "col";
  heading.classList.toggle("num", isNumeric);
  heading.textContent = option.text;
  makeSortable(heading, headings.push(heading) - 1);
  numeric.push(isNumeric);
  inputs.push(makeFilter(heading));
  for (const item of rows) {
    const { text, value, status } = found.get(item.id) ?? { text: "", value: "", status: "" };
    item.add(value, text);
    const cell = item.row.insertCell();
    cell.classList.toggle("num", isNumeric);
    cell.textContent = text;
    if (status) cell.append(" ", statusMark(status, known[status]));
  }
  heading.scrollIntoView({ block: "nearest", inline: "end" });
}

function statusMark(status, word) {
  const mark = document.createElement("span");
  mark.className = `st st-${status}`;
  mark.appendChild(document.createElement("i")).ariaHidden = "true";
  mark.append(word);
  return mark;
}

more.addEventListener("change", () => {
  const [option] = more.selectedOptions;
  more.value = "";
  addColumn(option);
});

// --- Choosing, and side by side ---

const MOST = 6, ROWS_AT_ONCE = 60;
const chosen = new Set((new URLSearchParams(location.search).get("m") ?? "").split(",").filter(Boolean).slice(0, MOST));
const comparison = document.getElementById("comparison");

const column = document.createElement("col");
column.className = "boxes";
table.querySelector("colgroup").prepend(column);
table.tHead.rows[0].prepend(document.createElement("td"));
filterRow.prepend(document.createElement("td"));
const boxes = new Map();
function addBox({ row, id, name }) {
  const cell = document.createElement("td");
  cell.className = "box";
  const box = cell.appendChild(document.createElement("input"));
  box.type = "checkbox";
  box.checked = chosen.has(id);
  box.setAttribute("aria-label", words.choose.replace("{model}", name));
  box.addEventListener("change", () => {
    if (box.checked) chosen.add(id); else chosen.delete(id);
    if (chosen.size > MOST) { chosen.delete(id); box.checked = false; }
    remember();
    compare();
  });
  row.prepend(cell);
  boxes.set(id, box);
}

// The rows in view have their boxes at once, the others some at a time.
function fill(waiting) {
  waiting.splice(0, ROWS_AT_ONCE).forEach(addBox);
  if (waiting.length) setTimeout(fill, 0, waiting);
}
fill([...rows]);
table.classList.add("ready"); // the style sheet kept room for what came

function remember() {
  document.documentElement.classList.remove("asked");
  const query = new URLSearchParams();
  if (chosen.size) query.set("m", [...chosen].join(","));
  const text = query.toString().replaceAll("%2C", ",");
  history.replaceState(null, "", (text ? `?${text}` : location.pathname) + location.hash);
}

// Choosing by name: exactly, or the first whose name begins so or has it somewhere.
const pick = document.getElementById("pick"), picked = pick.querySelector("input");
const plain = (text) => text.toLowerCase().replace(/[\s\-.]/g, "");

picked.addEventListener("focus", () => {
  picked.list.replaceChildren(...rows.map(({ name }) => new Option(name, name)).sort((a, b) => collator.compare(a.value, b.value)));
}, { once: true });
picked.addEventListener("input", (event) => {
  picked.setCustomValidity("");
  if (event.inputType !== "insertReplacementText" && event.inputType) return;
  const found = rows.find(({ name }) => name === picked.value); // chosen from the list
  if (found) add(found.id);
});
pick.addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = plain(picked.value);
  if (!wanted) return;
  const tests = [(name) => name === wanted, (name) => name.startsWith(wanted), (name) => name.includes(wanted)];
  const found = tests.map((test) => rows.find(({ name }) => test(plain(name)))).find(Boolean);
  if (found) { add(found.id); return; }
  picked.setCustomValidity(picked.dataset.unknown);
  picked.reportValidity();
});

function add(id) {
  picked.value = "";
  if (chosen.size < MOST) chosen.add(id);
  if (boxes.has(id)) boxes.get(id).checked = chosen.has(id);
  remember();
  compare();
}

const pages = new Map();

// In place of its number in the list of the model's own page, a source stands with its name: who
// says so, or, after another by the same, its title.
function nameSource(marker, page, address) {
  const source = page.getElementById(marker.getAttribute("href").slice(1)), cite = source?.querySelector("cite");
  marker.href = `${address}${marker.getAttribute("href")}`;
  if (!cite) return;
  const by = cite.firstChild.nodeType === Node.TEXT_NODE ? cite.firstChild.textContent.replace(/,\s*$/, "") : "";
  const locator = marker.title ? `, ${marker.title}` : "";
  marker.title = cite.textContent.trim() + locator;
  const title = cite.textContent.trim().slice(by ? cite.firstChild.textContent.trim().length : 0).trim();
  const said = Array.from(marker.parentElement.querySelectorAll(".src"), (other) => other.textContent);
  marker.textContent = by && !by.startsWith("“") && !said.includes(by) ? by : title;
}

async function facts(id) {
  const address = `${comparison.dataset.models}${encodeURIComponent(id)}/`;
  const response = await fetch(address);
  if (!response.ok) throw new Error(id);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const found = new Map();
  for (const fact of page.querySelectorAll(".facts > .fact")) {
    const claims = fact.querySelector(".claims"), status = fact.querySelector(".status");
    for (const marker of claims.querySelectorAll(".src")) nameSource(marker, page, address);
    found.set(fact.id, { label: fact.querySelector("dt").textContent.trim(), claims, status,
      value: Array.from(claims.querySelectorAll(".value"), (v) => v.textContent.trim()).join(" | ") });
  }
  return { id, address, name: page.querySelector("h1").textContent, facts: found };
}

async function compare() {
  const ids = [...chosen];
  comparison.hidden = ids.length === 0;
  if (!ids.length) { comparison.replaceChildren(); return; }
  const models = await Promise.all(ids.map((id) => {
    if (!pages.has(id)) pages.set(id, facts(id).catch(() => ({ id, name: `${id}: ${comparison.dataset.failed}`, facts: new Map() })));
    return pages.get(id);
  }));
  if (ids.join() !== [...chosen].join()) return;
  comparison.replaceChildren(sideBySide(models));
  if (models.length > 1) return;
  const more = comparison.appendChild(document.createElement("p"));
  more.className = "small";
  more.textContent = comparison.dataset.another;
}

function sideBySide(models) {
  const box = document.createElement("div");
  box.className = "scroll";
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", words.compare);
  const made = box.appendChild(document.createElement("table"));
  made.className = "grid side-by-side";
  made.style.setProperty("--models", models.length);
  const head = made.createTHead().insertRow();
  const corner = head.appendChild(document.createElement("th"));
  corner.scope = "col";
  corner.textContent = comparison.dataset.fact;
  for (const model of models) {
    const cell = head.appendChild(document.createElement("th"));
    cell.scope = "col";
    const link = cell.appendChild(document.createElement(model.address ? "a" : "span"));
    if (model.address) link.href = model.address;
    link.textContent = model.name;
    const button = cell.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "remove";
    button.textContent = "×";
    button.setAttribute("aria-label", `${comparison.dataset.remove}: ${model.name}`);
    button.addEventListener("click", () => {
      chosen.delete(model.id);
      if (boxes.has(model.id)) boxes.get(model.id).checked = false;
      remember();
      compare();
    });
  }
  const names = new Map();
  for (const model of models) for (const [id, fact] of model.facts) if (!names.has(id)) names.set(id, fact.label);
  const tbody = made.createTBody();
  for (const [id, label] of names) {
    const row = tbody.insertRow();
    const values = new Set(models.map((model) => model.facts.get(id)?.value ?? ""));
    row.classList.toggle("differs", values.size > 1);
    const heading = row.appendChild(document.createElement("th"));
    heading.scope = "row";
    heading.textContent = label;
    if (values.size > 1 && models.length > 1) {
      const mark = heading.appendChild(document.createElement("span"));
      mark.className = "vh";
      mark.textContent = ` (${comparison.dataset.differ})`;
    }
    for (const model of models) {
      const cell = row.insertCell(), fact = model.facts.get(id);
      if (!fact) { cell.textContent = "–"; continue; }
      cell.append(...Array.from(fact.claims.childNodes, (node) => node.cloneNode(true)));
      if (fact.status?.textContent.trim()) cell.append(...Array.from(fact.status.childNodes, (node) => node.cloneNode(true)));
    }
  }
  return box;
}

compare();
