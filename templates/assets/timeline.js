// The timeline's filters, zoom and keyboard. The list and the chart are there without it;
// everything that is chosen stands in the address, so that it can be shared.

const ROW = 17, FIRST_ROW = 13, MARK = 8, GAP = 20, NARROWEST = 2, MOVES_A_FRAME = 40, ROWS_A_FRAME = 24;
const $ = (id) => document.getElementById(id);
const list = document.querySelector(".tt");
const chart = $("chart"), form = $("filters"), plot = $("plot"), histogram = $("histogram");
const output = form.querySelector("output");
const START = Number(chart?.dataset.start), END = Number(chart?.dataset.end);
const language = document.documentElement.lang;
const monthName = new Intl.DateTimeFormat(language, { month: "short", timeZone: "UTC" });

const toMonth = (text) => { const [y, m] = text.split("-").map(Number); return y * 12 + m - 1; };
const toText = (month) => `${Math.floor(month / 12)}-${String(month % 12 + 1).padStart(2, "0")}`;
const svg = (name, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

const years = Array.from(list.querySelectorAll(".year"), (element) => ({
  element, count: element.querySelector(".y p"),
  months: Array.from(element.querySelectorAll(".month"), (inside) => {
    const [, year, month] = /(\d+)-?(\d*)/.exec(inside.id || element.id), at = year * 12 + Number(month || 1) - 1;
    return { element: inside, rows: Array.from(inside.querySelectorAll(".m"), (row) => ({ element: row, inside, month: at, wanted: true, shown: true })) };
  }),
}));
const months = years.flatMap((year) => year.months), rows = months.flatMap((month) => month.rows);
const is = (row, name) => row.element.classList.contains(name);
const byId = new Map(rows.map((row) => [row.element.id, row]));
const lanes = Array.from(plot?.querySelectorAll(".lane") ?? [], (element) => ({
  cells: element.querySelector(".cells g"), height: Number(element.getAttribute("height")),
  nodes: Array.from(element.querySelectorAll(".n"), readNode),
}));
const nodes = lanes.flatMap((lane) => lane.nodes).sort((a, b) => a.t - b.t);
const milestones = Array.from(chart?.querySelectorAll(".milestones .n") ?? [], readNode);

function readNode(element) {
  const [flipped, bare] = ["flip", "bare"].map((name) => element.classList.contains(name));
  const place = element.querySelector("svg"), x = parseFloat(place.getAttribute("x")) / 100;
  return {
    element, group: place.parentElement, text: place.querySelector("text"),
    id: element.getAttribute("href").split("/").at(-2), t: START + x * (END - START), width: Number(element.dataset.w),
    x, y: Number(place.getAttribute("y")),
    flipped, bare, home: [flipped, bare], wanted: true, inside: true, visible: true, moved: "",
  };
}

// --- What is chosen, and where it is kept ---

const state = { w: "", i: "", from: "", to: "", org: new Set(), ms: new Set() };
// Milestones are on this page, or on another that the choice leads to.
const switches = Array.from(document.querySelectorAll(".switch")), elsewhere = form.querySelectorAll("[data-ms]");
const usual = switches.filter((box) => box.defaultChecked).map((box) => box.value);

const chosenMakers = () => new Set(Array.from(form.querySelectorAll("[name=org]:checked"), (box) => box.value));

function readAddress() {
  const query = new URLSearchParams(location.search);
  for (const key of ["w", "i", "from", "to"]) state[key] = query.get(key) ?? "";
  const makers = (query.get("org") ?? "").split(",");
  state.ms = new Set(query.get("ms")?.split(",") ?? usual);
  for (const key of ["w", "i"]) {
    const radio = $(`${key}-${state[key] || "any"}`);
    if (radio) radio.checked = true; else state[key] = "";
  }
  writeForm();
  for (const key of ["from", "to"]) state[key] = $(key).value;
  for (const box of form.querySelectorAll("[name=org]")) box.checked = makers.includes(box.value);
  state.org = chosenMakers();  // of those in the address that there are
  for (const box of switches) box.checked = state.ms.has(box.value);
}

function readForm() {
  for (const key of ["w", "i", "from", "to"]) state[key] = form.elements[key]?.value ?? "";
  if (state.from && state.to && state.to < state.from) [state.from, state.to] = [state.to, state.from];
  state.org = chosenMakers();
  state.ms = new Set(switches.filter((box) => box.checked).map((box) => box.value));
}

function writeForm() {
  for (const key of ["from", "to"]) $(key).value = state[key];
}

function writeAddress() {
  const query = new URLSearchParams();
  for (const key of ["w", "i", "from", "to"]) if (state[key]) query.set(key, state[key]);
  if (state.org.size) query.set("org", [...state.org].join(","));
  for (const link of elsewhere) link.search = `?${query}&ms=${link.dataset.ms}`;
  if (state.ms.size !== usual.length) query.set("ms", [...state.ms].join(",") || "none");
  const text = query.toString().replaceAll("%2C", ",");
  history.replaceState(null, "", (text ? `?${text}` : location.pathname) + location.hash);
}

// --- The list ---

const range = () => [state.from ? toMonth(state.from) : START, state.to ? toMonth(state.to) + 1 : END];

// Who made the models of a row is told by its ids, or, of the only one, by the name.
const madeBy = ({ element }, names) => element.dataset.o?.split(" ").some((id) => state.org.has(id))
  ?? names.includes(element.querySelector(".org").firstChild?.data);

function matches(row, names) {
  if (names.length && !madeBy(row, names)) return false;
  if (is(row, "ms")) return !state.w && !state.i && [...state.ms].some((kind) => is(row, `ms-${kind}`));
  return (!state.w || is(row, `w-${state.w}`)) && (!state.i || is(row, `i-${state.i}`));
}

// Hides what does not match, some rows at a time. Rows go first, while their month is hidden or not
// yet drawn; then months go from the last on and come from the first on, so that none is drawn
// in passing. Only what differs is touched, and nothing inside of what is hidden.
function* showList() {
  const filled = new Map();
  for (const row of rows) if (row.shown) filled.set(row.inside, (filled.get(row.inside) ?? 0) + !is(row, "ms"));
  const stays = ({ element, months, shown }) => shown ?? months?.some(stays) ?? filled.has(element);
  const inside = rows.filter((row) => filled.has(row.inside)), gone = months.filter((month) => !stays(month));
  let touched = 0;
  for (const part of [...inside, ...gone.reverse(), ...years, ...months.filter(stays)]) {
    if (show(part.element, stays(part))) touched += part.rows?.length ?? 1;
    if (touched > ROWS_A_FRAME) { touched = 0; yield; }
  }
  tell(filled);
}

// The numbers of models: of each year, and of all.
function tell(filled) {
  let shown = 0;
  for (const { count, months } of years) {
    const number = months.reduce((sum, month) => sum + (filled.get(month.element) ?? 0), 0);
    const words = number === 1 ? count.dataset.one : count.dataset.many;
    count.textContent = number ? words.replace(/[\d,]+/, number.toLocaleString(language)) : "";
    shown += number;
  }
  output.textContent = output.dataset.text
    .replace("{shown}", shown.toLocaleString(language))
    .replace("{all}", Math.min(rows.length, output.dataset.all).toLocaleString(language));
  form.querySelector("summary span").textContent = state.org.size ? `: ${state.org.size}` : "";
}

function show(element, visible) {
  const changed = element.hidden === visible;
  if (changed) element.hidden = !visible;
  return changed;
}

// Does one piece of the work a frame, instead of what it was at.
let frame;
function perform(work) {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(function piece() {
    if (!work.next().done) frame = requestAnimationFrame(piece);
  });
}

// --- The chart ---

let measured = null;
addEventListener("resize", () => { measured = null; update(); });

// Moves some marks a frame; lanes that have waited longest come first.
let next = 0, moves = 0;

function* draw() {
  const [from, to] = range();
  const view = { from, to, zoomed: from !== START || to !== END, width: measured ??= plot.getBoundingClientRect().width || 1000 };
  drawScale(view);
  moves = 0;
  for (const _ of lanes) {
    const lane = lanes[next], taken = [];
    next = (next + 1) % lanes.length;
    for (const node of lane.nodes) {
      if (moves >= MOVES_A_FRAME) { moves = 0; yield; }
      place(node, lane, taken, view);
    }
    if (lane.cells) stretch(lane.cells, view);
  }
  if (!nodes.some((n) => n.visible && n.element.getAttribute("tabindex") === "0")) rove(nodes.findLast((n) => n.visible));
}

function drawScale(view) {
  const { from, to, zoomed } = view;
  brush.setAttribute("visibility", zoomed ? "visible" : "hidden");
  brush.setAttribute("x", `${((from - START) / (END - START)) * 100}%`);
  brush.setAttribute("width", `${((to - from) / (END - START)) * 100}%`);
  plot.classList.toggle("zoomed", zoomed);
  for (const ticks of chart.querySelectorAll(".lanes .ticks")) drawTicks(ticks, from, to, zoomed);
  if (state.ms.size) for (const node of milestones) if (see(node, view)) move(node, offset(node, view), 0);
}

function place(node, lane, taken, view) {
  if (!see(node, view)) return;
  if (view.zoomed) pack(node, lane, taken, view);
  else { move(node, 0, 0); label(node, ...node.home); }
}

const offset = (node, { from, to, zoomed, width }) => (zoomed ? ((node.t - from) / (to - from) - node.x) * width : 0);

// Marks are moved from the builder's place by `transform`, out of sight too: neither their
// drawing nor their text is laid out or painted anew.
function move(node, x, y) {
  const moved = x || y ? `translate(${x.toFixed(1)}px,${y}px)` : "";
  if (moved === node.moved) return;
  node.group.style.transform = node.moved = moved;
  moves += 1;
}

function label(node, flipped, bare) {
  if (node.flipped !== flipped) {
    node.text.setAttribute("x", flipped ? -9 : 9);
    node.element.classList.toggle("flip", flipped);
  }
  if (node.bare !== bare) node.element.classList.toggle("bare", bare);
  Object.assign(node, { flipped, bare });
}

function see(node, { from, to }) {
  const wanted = byId.get(node.id)?.wanted ?? true, inside = node.t >= from && node.t < to;
  if (node.wanted !== wanted) node.element.classList.toggle("out", !wanted);
  if (node.inside !== inside) node.element.ariaHidden = inside ? null : true;
  if (!inside) move(node, -9999, 0);
  Object.assign(node, { wanted, inside, visible: wanted && inside });
  return node.visible;
}

// Like the builder's packing, within the height that the lane has.
function pack(node, lane, taken, view) {
  const { width } = view, shift = offset(node, view), x = node.x * width + shift, flipped = x + node.width + GAP > width;
  const box = flipped ? [x - node.width - GAP, x + MARK] : [x - MARK, x + node.width + GAP];
  const count = Math.max(1, Math.floor((lane.height - 8) / ROW));
  const free = (limits) => {
    for (let row = 0; row < count; row += 1) {
      if ((taken[row] ?? []).every(([start, end]) => end <= limits[0] || start >= limits[1])) return row;
    }
    return -1;
  };
  let row = free(box);
  const labelled = row >= 0;
  if (!labelled) row = Math.max(0, free([x - MARK, x + MARK]));
  (taken[row] ??= []).push(labelled ? box : [x - MARK, x + MARK]);
  move(node, shift, FIRST_ROW + row * ROW - node.y);
  label(node, flipped, !labelled);
}

function stretch(cells, { from, to, width }) {
  const scale = (END - START) / (to - from);
  cells.style.transform = `translate(${((START - from) / (to - from)) * width}px) scale(${scale},1)`;
}

function drawTicks(group, from, to, zoomed) {
  group.home ??= group.innerHTML;
  if (!zoomed) { group.innerHTML = group.home; return; }
  const labelled = group.closest("#plot");
  const step = to - from > 40 ? 12 : to - from > 18 ? 3 : 1;
  group.replaceChildren();
  for (let month = Math.ceil(from / step) * step; month < to; month += step) {
    const x = `${((month - from) / (to - from)) * 100}%`, style = month % 12 ? { class: "minor" } : {};
    group.append(svg("line", { x1: x, x2: x, y1: 0, y2: group.parentElement.getAttribute("height"), ...style }));
    if (!labelled || (month - from) / (to - from) > .96) continue;
    const holder = svg("svg", { x, y: 14 }), text = svg("text", { x: 4, ...style });
    text.textContent = month % 12 ? monthName.format(Date.UTC(2000, month % 12)) : String(month / 12);
    holder.append(text);
    group.append(holder);
  }
}

const brush = histogram?.appendChild(svg("rect", { class: "brush", y: -2, height: 50, visibility: "hidden" }));

// --- Zooming ---

// The chart follows first; then, in frames of their own, the address, the form and the list.
function update() {
  choose();
  perform(follow());
}

function* follow() {
  if (chart) yield* draw();
  yield;
  writeAddress();
  writeForm();
  yield* showList();
}

function choose() {
  const from = state.from ? toMonth(state.from) : -Infinity, to = state.to ? toMonth(state.to) + 1 : Infinity;
  const names = Array.from(form.querySelectorAll("[name=org]:checked"), (box) => box.nextSibling.data.trim());
  for (const row of rows) {
    row.wanted = matches(row, names);
    row.shown = row.wanted && row.month >= from && row.month < to;
  }
}

function zoomTo(from, to) {
  let start = Math.max(START, Math.round(from)), end = Math.min(END, Math.round(to));
  if (end - start < NARROWEST) { start = Math.min(start, END - NARROWEST); end = start + NARROWEST; }
  state.from = start === START ? "" : toText(start);
  state.to = end === END ? "" : toText(end - 1);
  update();
}

function zoomBy(factor, at) {
  const [from, to] = range();
  const center = at ?? (from + to) / 2;
  zoomTo(center - (center - from) * factor, center + (to - center) * factor);
}

function monthAt(event, element, from, to) {
  const box = element.getBoundingClientRect();
  return from + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * (to - from);
}

let dragged;
histogram?.addEventListener("pointerdown", (event) => {
  dragged = { x: event.clientX, month: monthAt(event, histogram, START, END) };
  histogram.setPointerCapture(event.pointerId);
  event.preventDefault();
});
histogram?.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  dragged.moved ||= Math.abs(event.clientX - dragged.x) > 4;
  if (!dragged.moved) return;
  const month = monthAt(event, histogram, START, END);
  zoomTo(Math.floor(Math.min(month, dragged.month)), Math.ceil(Math.max(month, dragged.month)));
});
histogram?.addEventListener("pointerup", () => {
  if (dragged && !dragged.moved) zoomTo(START, END);
  dragged = null;
});
histogram?.addEventListener("pointercancel", () => { dragged = null; });
plot?.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  zoomBy(event.deltaY > 0 ? 1.4 : 1 / 1.4, monthAt(event, plot, ...range()));
}, { passive: false });

// --- The keyboard: the chart is one stop, with arrows inside ---

function rove(node, focus = false) {
  if (!node) return;
  for (const other of plot.parentElement.querySelectorAll(".n[tabindex='0']")) other.setAttribute("tabindex", -1);
  node.element.setAttribute("tabindex", 0);
  if (!focus) return;
  const [from, to] = range();
  if (node.t < from || node.t >= to) {
    const half = (to - from) / 2;
    zoomTo(node.t - half, node.t + half);
    for (const _ of draw());
  }
  node.element.focus();
}

function nextLane(node, step) {
  const at = lanes.findIndex((lane) => lane.nodes.includes(node));
  for (let index = at + step; index >= 0 && index < lanes.length; index += step) {
    const found = lanes[index].nodes.filter((n) => n.visible);
    if (found.length) return found.reduce((a, b) => (Math.abs(b.t - node.t) < Math.abs(a.t - node.t) ? b : a));
  }
  return null;
}

plot?.addEventListener("keydown", (event) => {
  const node = nodes.find((n) => n.element === document.activeElement);
  if (!node || event.altKey || event.ctrlKey || event.metaKey) return;
  const alive = nodes.filter((n) => n === node || n.wanted);
  const at = alive.indexOf(node), to = (other) => () => rove(other, true);
  const actions = {
    ArrowLeft: to(alive[at - 1]), ArrowRight: to(alive[at + 1]), Home: to(alive[0]), End: to(alive.at(-1)),
    ArrowUp: to(nextLane(node, -1)), ArrowDown: to(nextLane(node, 1)),
    "+": () => zoomBy(.6, node.t), "-": () => zoomBy(1 / .6, node.t), 0: () => zoomTo(START, END),
  };
  const action = actions[event.key === "=" ? "+" : event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

// --- Beginning ---

for (const select of [$("from"), $("to")]) {
  for (let year = Math.floor(START / 12); year * 12 < END; year += 1) {
    const group = document.createElement("optgroup");
    group.label = String(year);
    for (let month = Math.max(START, year * 12); month < Math.min(END, year * 12 + 12); month += 1) {
      group.append(new Option(toText(month), toText(month)));
    }
    select.append(group);
  }
}
const changed = () => { readForm(); update(); };
form.addEventListener("change", changed);
for (const control of [...document.querySelectorAll(".facet"), ...switches]) control.addEventListener("change", changed);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("popstate", () => { readAddress(); update(); });
readAddress();
if (elsewhere.length && state.ms.size) location.replace(elsewhere[0].pathname + location.search + location.hash);
// Rows that were not drawn yet were taken for taller than they are: go to the place again until
// all that is in view has its height.
function goToTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  let frames = target ? 12 : 0;
  const settle = () => {
    if (!frames--) return;
    target.scrollIntoView();
    requestAnimationFrame(settle);
  };
  requestAnimationFrame(settle);
}
if (location.hash) goToTarget();
addEventListener("hashchange", goToTarget);
if (location.search) { choose(); for (const _ of follow()); }
