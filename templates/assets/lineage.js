// Highlights where a model comes from and what came of it; arrows move between models.

const map = document.getElementById("map");
const nodes = Array.from(map?.querySelectorAll(".n") ?? [], (element, index) => ({
  element, index, id: element.getAttribute("href").split("/").at(-2), name: element.textContent.trim(),
  ...place(element.querySelector("text")),
  flipped: element.classList.contains("flip"), bare: element.classList.contains("bare"),
  parents: [], children: [],
}));
const at = new Map(nodes.map((node) => [`${node.x} ${node.y}`, node]));
for (const path of map?.querySelectorAll(".e") ?? []) {
  const [parent, child] = ends(path.getAttribute("d")).map((point) => at.get(point));
  parent.children.push({ node: child, path });
  child.parents.push({ node: parent, path });
}
// Where a model stands, and its name from there.
function place(text) {
  const [x, y, dx, dy] = ["x", "y", "dx", "dy"].map((name) => Number(text.getAttribute(name)));
  return { x, y, label: [x + dx, y + dy] };
}

// Where a line begins and ends: no two models stand in one place.
function ends(line) {
  const [start, ...steps] = line.match(/[MHc][^MHc]+/g).map((step) => [step[0], step.slice(1).split(" ").map(Number)]);
  let [x, y] = start[1];
  for (const [kind, to] of steps) [x, y] = kind === "H" ? [to[0], y] : [x + to[4], y + to[5]];
  return [start[1].join(" "), `${x} ${y}`];
}

const said = document.getElementById("selected");

function reach(start, side) {
  const found = new Set(), paths = [];
  const edge = [start];
  while (edge.length) {
    for (const { node, path } of edge.pop()[side]) {
      paths.push(path);
      if (node !== start && !found.has(node)) { found.add(node); edge.push(node); }
    }
  }
  return { found: [...found].sort((a, b) => a.index - b.index), paths };
}

// What is lit is drawn again above the map, which fades as a whole: nothing of it is touched.
const SVG = "http://www.w3.org/2000/svg", NAMES = 12, TOUCHED_A_FRAME = 40;
const over = map?.cloneNode(false), steps = document.createElementNS(SVG, "g"), marks = document.createElementNS(SVG, "g");
if (map) {
  for (const name of ["id", "role", "aria-label"]) over.removeAttribute(name);
  over.setAttribute("aria-hidden", "true");
  over.classList.add("over");
  over.append(steps, marks);
  map.after(over);
}
const copies = new Map();
const lit = new Set();
let selected = null, pending = 0;

function copyOf(element) {
  if (copies.has(element)) return copies.get(element);
  const path = element.localName === "path", copy = path ? element.cloneNode() : document.createElementNS(SVG, "g");
  if (!path) {
    copy.setAttribute("class", element.getAttribute("class"));
    copy.append(...element.cloneNode(true).childNodes);
  }
  copies.set(element, copy);
  return copy;
}

// Only what differs from before is touched, and of much only some in a frame: the nearest first.
function* light(wanted, bare) {
  let touched = 0;
  for (const element of new Set([...wanted, ...lit])) {
    const copy = copyOf(element), differs = lit.has(element) !== wanted.has(element);
    if (differs && (touched += 1) > TOUCHED_A_FRAME) { touched = 1; yield; }
    if (wanted.has(element) && copy.localName === "g") {
      copy.classList.toggle("bare", bare.has(element));
      copy.classList.toggle("now", element === selected.element);
    }
    if (!differs) continue;
    if (lit.delete(element)) copy.remove();
    else { (copy.localName === "path" ? steps : marks).append(copy); lit.add(element); }
  }
}

// Those whose names do not fit; first come those that the map itself has room for.
function nameless(node, kin) {
  const taken = [], found = new Set();
  const first = (n) => (n === node ? 0 : n.bare ? 2 : 1);
  for (const one of [node, ...kin].sort((a, b) => first(a) - first(b))) {
    const [x, y] = one.label, width = one.name.length * 6 + 4;
    const box = [one.flipped ? x - width : x, one.flipped ? x : x + width, y];
    const free = taken.every(([left, right, at]) => box[1] < left || box[0] > right || Math.abs(at - y) > 12);
    if (free) taken.push(box); else if (one !== node) found.add(one.element);
  }
  return found;
}

function names({ found }) {
  if (!found.length) return said.dataset.nothing;
  const more = found.length > NAMES ? ", …" : "";
  return `${found.length} (${found.slice(0, NAMES).map((n) => n.name).join(", ")}${more})`;
}

function* draw() {
  const node = selected;
  map.classList.toggle("lit", Boolean(node));
  if (!node) { tell(said?.dataset.none); yield* light(new Set()); return; }
  const up = reach(node, "parents"), down = reach(node, "children"), kin = [...up.found, ...down.found];
  if (said) tell(`${node.name} · ${said.dataset.from}: ${names(up)} · ${said.dataset.to}: ${names(down)}`);
  yield* light(new Set([node, ...kin].map((one) => one.element).concat(up.paths, down.paths)), nameless(node, kin));
}

// Said when the pointer or the keyboard has paused: nobody can listen faster.
let saying;
function tell(text) {
  clearTimeout(saying);
  saying = setTimeout(() => { if (said) said.textContent = text; }, 100);
}

// One piece a frame, instead of what it was at.
function select(node) {
  if (selected === node) return;
  selected = node;
  cancelAnimationFrame(pending);
  const work = draw();
  pending = requestAnimationFrame(function piece() {
    if (!work.next().done) pending = requestAnimationFrame(piece);
  });
}

function focus(node) {
  if (!node) return;
  for (const other of map.querySelectorAll("[tabindex='0']")) other.setAttribute("tabindex", -1);
  node.element.setAttribute("tabindex", 0);
  node.element.focus();
}

// The nearest model in a direction: along it counts once, aside from it twice.
function nearest(from, dx, dy) {
  let best = null, least = Infinity;
  for (const node of nodes) {
    const along = (node.x - from.x) * dx + (node.y - from.y) * dy;
    const aside = Math.abs((node.x - from.x) * dy) + Math.abs((node.y - from.y) * dx);
    if (node !== from && along > 1 && along + 2 * aside < least) { best = node; least = along + 2 * aside; }
  }
  return best;
}

const latest = (steps) => steps.map((step) => step.node).sort((a, b) => b.index - a.index)[0];
const keys = {
  ArrowLeft: (node) => nearest(node, -1, 0), ArrowRight: (node) => nearest(node, 1, 0),
  ArrowUp: (node) => nearest(node, 0, -1), ArrowDown: (node) => nearest(node, 0, 1),
  p: (node) => latest(node.parents), c: (node) => node.children.map((s) => s.node).sort((a, b) => a.index - b.index)[0],
};

if (map) {
  for (const node of nodes) {
    node.element.addEventListener("pointerenter", () => select(node));
    node.element.addEventListener("pointerleave", () => select(nodes.find((n) => n.element === document.activeElement) ?? asked));
    node.element.addEventListener("focus", () => select(node));
    node.element.addEventListener("blur", (event) => { if (!event.relatedTarget?.closest("#map .n")) select(asked); });
  }
  map.addEventListener("keydown", (event) => {
    const node = nodes.find((n) => n.element === document.activeElement);
    if (!node || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") { asked = null; node.element.blur(); select(null); return; }
    if (!keys[event.key]) return;
    event.preventDefault();
    focus(keys[event.key](node));
  });
}

// `?m=llama` opens with LLaMA's line lit; a model's own page starts its map at the model.
let asked = nodes.find((node) => node.id === new URLSearchParams(location.search).get("m")) ?? null;
if (asked) { selected = asked; for (const _ of draw()); for (const other of nodes) other.element.tabIndex = other === asked ? 0 : -1; }
const middle = asked ?? nodes.find((node) => node.element.classList.contains("now"));
const box = map?.closest(".scroll");
if (middle && box) box.scrollLeft = middle.x - box.clientWidth / 2;
