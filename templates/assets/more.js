// Long tables begin with their first rows, as the style sheet has it before this runs; the others
// come as the reader nears them, or all at once. Paper gets all.

const FIRST = 60, STEP = 120;

function unfold(table) {
  const rows = Array.from(table.tBodies[0].rows), button = table.parentElement.parentElement.querySelector(".more");
  let listed = rows, count = button ? FIRST : rows.length;

  function draw() {
    const seen = new Set(listed.slice(0, count));
    for (const row of rows) if (row.hidden === seen.has(row)) row.hidden = !row.hidden;
    table.classList.add("unfolded");
    if (button) button.hidden = listed.length <= count;
  }

  function more(step) {
    count = Math.min(rows.length, count + step);
    draw();
  }

  button?.addEventListener("click", () => more(rows.length));
  addEventListener("beforeprint", () => more(rows.length));
  if (button) new IntersectionObserver(([entry]) => { if (entry.isIntersecting) more(STEP); }, { rootMargin: "600px" }).observe(button);
  // Whoever sorts or filters says which rows there are now, in their order.
  table.addEventListener("list", (event) => { listed = event.detail; draw(); });
  draw();
}

for (const table of document.querySelectorAll(".long, #models-table")) unfold(table);
