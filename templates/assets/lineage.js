// Highlights where a model comes from and what came of it; arrows move between models.

const map = document.getElementById("map");
const nodes = Array.from(map?.querySelectorAll(".n") ?? [], (element, index) => ({
  element, index, id: element.dataset.id, name: element.textContent.trim(),
  x: element.querySelector("circle").cx.baseVal.value, y: element.querySelector("circle").cy.baseVal.value,
  parents: [], children: [],
}));
for (const path of map?.querySelectorAll(".e") ?? []) {
  const parent = nodes[path.dataset.p], child = nodes[path.dataset.c];
  parent.children.push({ node: child, path });
  child.parents.push({ node: parent, path });
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

let selected = null, lit = new Set();

// Only what differs from before is touched.
function light(wanted) {
  for (const element of lit) if (!wanted.has(element)) element.classList.remove("kin");
  for (const element of wanted) if (!lit.has(element)) element.classList.add("kin");
  lit = wanted;
}

function select(node) {
  if (selected === node) return;
  selected = node;
  map.classList.toggle("lit", Boolean(node));
  if (!node) { light(new Set()); if (said) said.textContent = said.dataset.none; return; }
  const up = reach(node, "parents"), down = reach(node, "children");
  light(new Set([...[node, ...up.found, ...down.found].map((kin) => kin.element), ...up.paths, ...down.paths]));
  if (!said) return;
  const names = ({ found }) => (found.length ? `${found.length} (${found.map((n) => n.name).join(", ")})` : said.dataset.nothing);
  said.textContent = `${node.name} · ${said.dataset.from}: ${names(up)} · ${said.dataset.to}: ${names(down)}`;
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
if (asked) { select(asked); for (const other of nodes) other.element.tabIndex = other === asked ? 0 : -1; }
const middle = asked ?? nodes.find((node) => node.element.classList.contains("now"));
const box = map?.closest(".scroll");
if (middle && box) box.scrollLeft = middle.x - box.clientWidth / 2;
