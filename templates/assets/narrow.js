// Narrows an index down to the entries that hold what is typed: names, other names, details.

const input = document.getElementById("narrow");
const groups = Array.from(document.querySelectorAll(".list > .group"), (element) => ({
  element, items: Array.from(element.querySelectorAll("li"), (item) => [item, item.textContent.toLowerCase()]),
}));

input?.addEventListener("input", () => {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { element, items } of groups) {
    let shown = 0;
    for (const [item, text] of items) {
      item.hidden = !words.every((word) => text.includes(word));
      shown += !item.hidden;
    }
    element.hidden = !shown;
    count += shown;
  }
  document.querySelector(".narrow output").textContent = words.length ? String(count) : "";
});
