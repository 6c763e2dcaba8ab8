// The search engine: reads the index that the builder wrote. `search(query)` gives entries,
// best first; `excerpt(entry)` the piece of text around what was found.

const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const LATIN = /^[a-z0-9]+(?:[.\-+_/][a-z0-9]+)*$/;
const RUN = /[a-z0-9]+(?:[.\-+_/][a-z0-9]+)*|[가-힣]+|[^\p{P}\p{Z}\p{S}\p{N}\p{C}a-z가-힣]+/gu;

const normalize = (text) => text.normalize("NFC").toLowerCase().replace(/[^\x00-\x7f가-힣ㄱ-ㅎ]/gu, (c) => {
  const base = c.normalize("NFD")[0];
  return base < "\x80" ? base : c;
});
const pairs = (run) => (run.length === 1 ? [run] : Array.from({ length: run.length - 1 }, (_, i) => run.slice(i, i + 2)));
const initials = (text) => Array.from(text, (c) => (c >= "가" && c <= "힣" ? INITIALS[Math.floor((c.charCodeAt(0) - 0xac00) / 588)] : c)).join("");

const squeeze = (text) => text.replace(/[\s.\-]/g, "");
const BETWEEN = /^(?:vs\.?|versus|and|or|대|및|비교)$/;

// How many letters of `a` must be changed, added, left out or swapped with the next to make `b`.
function distance(a, b, limit) {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let before = [], row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}

export class Search {
  constructor(base, language) {
    this.base = base;
    this.language = language;
    this.files = new Map();
  }

  // A file of the index, fetched once; one that did not come is asked for again the next time.
  file(name) {
    if (!this.files.has(name)) {
      const found = fetch(`${this.base}search/${name}.json`).then((r) => (r.ok ? r.json() : Promise.reject(new Error(r.status))));
      this.files.set(name, found);
      found.catch(() => this.files.delete(name));
    }
    return this.files.get(name);
  }

  async load() {
    this.index ??= await this.file("index");
    this.names ??= this.index.entries.map(([, title, , , ...names]) => [title, ...names].map(normalize));
    this.initials ??= this.names.map((names) => names.map((name) => initials(name.replaceAll(" ", ""))));
    return this.index;
  }

  // The words of a query, each as alternatives, each of these a list of terms that must all
  // be there: a word with a particle is looked for with and without it.
  words(query) {
    const text = normalize(query), words = [];
    let end = -1;
    for (const match of text.matchAll(RUN)) {
      const run = match[0];
      if (LATIN.test(run)) {
        words.push({ text: run, alternatives: [[run], [run.replace(/[.\-+_/]/g, "")]], latin: true });
      } else if (match.index === end && this.index.particles.includes(run)) {
        continue;
      } else {
        const alternatives = [pairs(run)];
        const particle = this.index.particles.find((p) => run.endsWith(p) && run.length - p.length >= 2);
        const stem = particle ? run.slice(0, -particle.length) : run;
        if (particle) alternatives.push(pairs(stem));
        words.push({ text: run, stem, alternatives, latin: false });
      }
      end = match.index + run.length;
    }
    const last = words.at(-1);
    if (last && (last.latin || last.text.length === 1)) last.prefix = text.endsWith(last.text);
    return words;
  }

  async terms(term, prefix) {
    const key = term[0] >= "가" && term[0] <= "힣" ? `k${String(Math.floor((term.charCodeAt(0) - 0xac00) / 588)).padStart(2, "0")}` : term[0] < "\x80" ? term[0] : "x";
    if (this.index.shards && !this.index.shards.includes(key)) return [];
    const all = this.index.terms ?? (await this.file(`terms-${key}`));
    if (!prefix) return Object.hasOwn(all, term) ? [all[term]] : [];
    return Object.keys(all).filter((other) => other.startsWith(term)).map((other) => all[other]);
  }

  // How well each entry has a term, as a map from its number.
  async weigh(term, prefix) {
    const weights = new Map();
    for (const posting of await this.terms(term, prefix)) {
      const rare = Math.log(1 + (this.index.entries.length * 2) / posting.length);
      for (let i = 0; i < posting.length; i += 2) {
        const weight = (posting[i + 1] / (posting[i + 1] + 2)) * rare * (posting[i + 1] >= 8 ? 2 : 1);
        weights.set(posting[i], Math.max(weights.get(posting[i]) ?? 0, weight));
      }
    }
    return weights;
  }

  async matches(word) {
    const best = new Map();
    for (const terms of word.alternatives) {
      const found = await Promise.all(terms.map((term, i) => this.weigh(term, word.prefix && i === terms.length - 1)));
      for (const [entry] of found[0]) {
        if (!found.every((weights) => weights.has(entry))) continue;
        const weight = found.reduce((sum, weights) => sum + weights.get(entry), 0) / found.length;
        best.set(entry, Math.max(best.get(entry) ?? 0, weight));
      }
    }
    return best;
  }

  async search(query) {
    await this.load();
    const typed = normalize(query.trim());
    if (/^[ㄱ-ㅎ]+$/.test(typed)) return this.byInitials(typed);
    const words = this.words(query);
    if (!words.length) return [];
    const compared = this.compared(typed);
    const rest = await this.found(typed, words);
    return compared ? [compared, ...rest] : rest;
  }

  // `gpt-4 vs claude 2`, or the names of two models after each other: both, side by side.
  compared(typed) {
    this.models ??= new Map(this.names.flatMap((names, entry) => (/^models\/[^/#]+\/$/.test(this.index.entries[entry][0]) ? names.map((name) => [squeeze(name), entry]) : [])));
    const words = typed.split(/\s+/).filter((word) => !BETWEEN.test(word));
    for (let cut = 1; cut < words.length; cut += 1) {
      const [one, other] = [words.slice(0, cut), words.slice(cut)].map((part) => this.modelNamed(part.join("")));
      if (one === undefined || other === undefined || one === other) continue;
      const [a, b] = [one, other].map((entry) => this.index.entries[entry]);
      return { url: `compare/?m=${[a, b].map(([url]) => url.split("/")[1]).join(",")}`, title: `${a[1]} / ${b[1]}`, pair: true };
    }
    return null;
  }

  modelNamed(text) {
    const name = squeeze(text), particle = this.index.particles.find((p) => name.endsWith(p));
    return this.models.get(name) ?? (particle && this.models.get(name.slice(0, -particle.length)));
  }

  async found(typed, words) {
    const found = await Promise.all(words.map((word) => this.matches(word)));
    const meant = words.map((word, i) => (found[i].size ? word.text : this.closest(word.stem ?? word.text))).filter(Boolean).join(" ");
    if (meant && meant !== typed && found.some((entries) => !entries.size)) return Object.assign(await this.found(meant, this.words(meant)), { meant });
    const results = this.ranked(typed, words, found);
    if (!results.length && words.length > 1) return this.ranked(typed, words, found, false);
    return words.length < 3 ? results : this.wordForWord(typed, results);
  }

  // Of the best results, those first that say just what was typed, such as the title of a paper.
  async wordForWord(typed, results) {
    const best = results.slice(0, 12);
    const texts = await Promise.all(best.map((result) => this.text(result).catch(() => "")));
    const says = ({ number }, i) => [...this.names[number], normalize(texts[i])].some((text) => text.includes(typed));
    const exact = new Set(best.filter(says));
    return [...exact, ...results.filter((result) => !exact.has(result))];
  }

  // The entries that have all words, or any of them, best first.
  ranked(typed, words, found, all = true) {
    const results = [];
    const having = all ? found[0].keys() : new Set(found.flatMap((weights) => [...weights.keys()]));
    for (const entry of having) {
      if (all && !found.every((weights) => weights.has(entry))) continue;
      let score = found.reduce((sum, weights) => sum + (weights.get(entry) ?? 0), 0);
      const named = words.map((word) => word.stem ?? word.text).join(" ");
      if (this.names[entry].some((name) => name === typed || name === named)) score += 20;
      else if (this.names[entry][0].startsWith(typed)) score += 5;
      results.push({ entry, score });
    }
    results.sort((a, b) => b.score - a.score || a.entry - b.entry);
    return results.map(({ entry }) => this.entry(entry, words));
  }

  // The word of a name that a mistyped word is closest to; of equally close ones the commonest.
  closest(typed) {
    if (!this.vocabulary) {
      this.vocabulary = new Map();
      for (const names of this.names) {
        for (const word of new Set(names.flatMap((name) => name.match(RUN) ?? []))) this.vocabulary.set(word, (this.vocabulary.get(word) ?? 0) + 1);
      }
    }
    const letters = typed.normalize("NFD");
    if (letters.length < 4) return "";
    let best = "", least = letters.length < 7 ? 1 : 2, most = 0;
    for (const [word, count] of this.vocabulary) {
      const far = distance(letters, word.normalize("NFD"), least);
      if (far < least || (far === least && count > most)) { best = word; least = far; most = count; }
    }
    return best;
  }

  byInitials(typed) {
    const found = [];
    this.initials.forEach((names, entry) => {
      const fits = names.filter((name) => name.includes(typed));
      if (fits.length) found.push({ entry, rest: Math.min(...fits.map((name) => name.length)) });
    });
    found.sort((a, b) => a.rest - b.rest || a.entry - b.entry);
    return found.map(({ entry }) => this.entry(entry, []));
  }

  entry(number, words) {
    const [url, title, kind, lang, ...names] = this.index.entries[number];
    const kinds = this.index.kinds[this.language] ?? Object.values(this.index.kinds)[0];
    const wanted = words.map((word) => word.stem ?? word.text);
    const shown = normalize(title);
    const alias = wanted.some((w) => shown.includes(w)) ? "" : names.find((name) => wanted.some((w) => normalize(name).includes(w))) ?? "";
    return { number, url, title, kind: kinds[kind], lang, alias, words };
  }

  async text({ number }) {
    const texts = await this.file(`texts-${Math.floor(number / this.index.texts)}`);
    return texts[number % this.index.texts];
  }

  // The text around the first word found: [before, word, after]; nothing if it has none.
  async excerpt({ number, words }) {
    if (number === undefined) return null;
    const text = await this.text({ number }), plain = normalize(text);
    for (const word of words) {
      for (const wanted of [word.text, word.stem].filter(Boolean)) {
        const at = plain.indexOf(wanted);
        if (at < 0 || plain.length !== text.length) continue;
        const start = Math.max(0, text.lastIndexOf(" ", at - 40) + 1), end = at + wanted.length;
        const stop = text.indexOf(" ", end + 60);
        return [(start ? "…" : "") + text.slice(start, at), text.slice(at, end), text.slice(end, stop < 0 ? undefined : stop) + (stop < 0 ? "" : "…")];
      }
    }
    return null;
  }
}
