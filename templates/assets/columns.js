// Further facts of models, for a column of their own: read, when one is first wanted, from the file
// that holds every fact of every model and variant.

const AMOUNT = /^(?:([A-Z]{3}) )?(\d[\d.]*(?:e\+?\d+)?)$/, DATE = /^\d{4}-\d\d(-\d\d)?$/;
let file = null;

function parse(text) {
  const lines = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    lines.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") lines.push([]);
  }
  return lines.filter((line) => line.length > 1);
}

async function read(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(address);
  return parse(await response.text());
}

const number = (value) => Number(AMOUNT.exec(value)?.[2] ?? NaN);

// A fact as a reader sees it, in the language of the page.
function words(name, value, language, known) {
  if (DATE.test(value)) {
    const day = value.length > 7 ? { day: "numeric" } : {};
    return new Intl.DateTimeFormat(language, { year: "numeric", month: "short", ...day, timeZone: "UTC" }).format(new Date(value));
  }
  if (name === "languages" && !known[value]) {
    const names = new Intl.DisplayNames(language, { type: "language" });
    return value.split(" ").map((tag) => names.of(tag)).join(", ");
  }
  if (name === "modalities") return value.replace(/\w+/g, (word) => known[word] ?? word).replaceAll("+", " + ").replace(">", "→");
  return known[value] ?? value;
}

function amount(value, language) {
  const [, currency] = AMOUNT.exec(value);
  return number(value).toLocaleString(language, currency ? { style: "currency", currency, maximumFractionDigits: 0 } : {});
}

// What each model states of a fact; where variants state different amounts, the largest.
export async function column(name, address, language, known) {
  const [head, ...lines] = await (file ??= read(address));
  const at = head.indexOf(name), stated = lines.filter((line) => line[at]);
  const isKnown = (line) => !known[line[at]] || name === "modalities";
  const numeric = stated.filter(isKnown).every((line) => AMOUNT.test(line[at]));
  const found = new Map();
  for (const line of stated) {
    const value = line[at], before = found.get(line[0]), silent = !isKnown(line);
    if (before && !(numeric && !silent && !(number(value) <= Number(before.value || NaN)))) continue;
    const sort = numeric ? String(number(value)) : value;
    found.set(line[0], {
      text: numeric && !silent ? amount(value, language) : words(name, value, language, known),
      value: silent ? "" : sort, status: silent || line[at + 1] === "official" ? "" : line[at + 1],
    });
  }
  return { numeric, found };
}
