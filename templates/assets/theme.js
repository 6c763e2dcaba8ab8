// Runs before the first paint, so that a chosen theme does not flash.
document.documentElement.classList.add("js");
// Models are asked for: room is kept for what is said of them.
if (/[?&]m=/.test(location.search)) document.documentElement.classList.add("asked");
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's theme holds.
}
