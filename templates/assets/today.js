// Brings the reader to the day, or to the next one on which something happened.

const now = new Date();
const today = `d${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
const days = Array.from(document.querySelectorAll("section.group"));
const day = days.find((section) => section.id >= today) ?? days[0];
if (day) {
  if (day.id === today) day.classList.add("today");
  if (!location.hash) day.scrollIntoView({ block: "center" });
}
