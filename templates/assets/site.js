// On every page: the theme button, and what opens the search dialog; the rest of it is loaded
// when it is first wanted.

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

document.getElementById("theme")?.addEventListener("click", () => {
  const now = root.dataset.theme ?? (dark.matches ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
  try {
    localStorage.setItem("theme", root.dataset.theme);
  } catch {
    // The choice holds for this page only.
  }
});

// What is current stands in view: the section in the navigation of a phone, the model on its map.
// After the first paint, when asking for places costs nothing.
requestAnimationFrame(() => setTimeout(() => {
  for (const current of document.querySelectorAll(".top [aria-current], .map .now")) {
    const box = current.closest("ul, .scroll"), place = current.getBoundingClientRect(), outer = box.getBoundingClientRect();
    if (place.right > outer.right - 32) box.scrollLeft += place.left - outer.left - (box.clientWidth - place.width) / 2;
  }
}));

const opener = document.getElementById("search-open"), dialog = document.getElementById("search");
let palette = null;

// What is typed before the rest is there waits in the box.
function open() {
  if (dialog.open) return;
  dialog.showModal();
  dialog.querySelector("input").select();
  palette ??= import(new URL(dialog.dataset.palette, document.baseURI).href);
}

if (dialog) {
  opener.addEventListener("click", open);
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input") && !event.isComposing) event.preventDefault(); // it would close the dialog
  });
}
