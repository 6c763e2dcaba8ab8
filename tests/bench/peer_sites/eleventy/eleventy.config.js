const highlight = require("@11ty/eleventy-plugin-syntaxhighlight");
const footnotes = require("markdown-it-footnote");

const MODELS = "content/models/*.md";
const EVERYTHING = [MODELS, "content/notes/*.md"];

/** Pages in groups, by each of the keys that `keysOf` gives a page. */
function group(pages, keysOf) {
  const groups = new Map();
  for (const page of pages)
    for (const key of keysOf(page)) {
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(page);
    }
  return groups;
}

function listed(groups) {
  return [...groups].map(([id, items]) => ({ id, items })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function exported({ data }) {
  return {
    id: data.id, name: data.title, organization: data.organization, released: data.day,
    parameters: data.parameters, license: data.license, tags: data.topics,
    parents: data.parents, sources: data.sources,
  };
}

module.exports = function (config) {
  config.addPlugin(highlight);
  config.amendLibrary("md", (markdown) => markdown.use(footnotes));
  config.addCollection("models", (api) => api.getFilteredByGlob(MODELS));
  config.addCollection("all20", (api) => api.getFilteredByGlob(EVERYTHING).slice(-20).reverse());
  config.addCollection("orgList", (api) =>
    listed(group(api.getFilteredByGlob(MODELS), (page) => [page.data.organization])));
  config.addCollection("yearList", (api) =>
    listed(group(api.getFilteredByGlob(MODELS), (page) => [page.data.day.slice(0, 4)])));
  config.addCollection("tagList", (api) =>
    listed(group(api.getFilteredByGlob(EVERYTHING), (page) => page.data.topics || [])));
  config.addCollection("kids", (api) =>
    Object.fromEntries(group(api.getFilteredByGlob(MODELS), (page) =>
      (page.data.parents || []).map((parent) => parent.id))));
  config.addCollection("sibs", (api) => {
    const groups = group(api.getFilteredByGlob(MODELS), (page) => [page.data.organization]);
    return Object.fromEntries([...groups].map(([id, items]) => [id, items.slice(0, 10)]));
  });
  config.addFilter("jsonAll", (pages) => JSON.stringify(pages.map(exported)));
  config.addPassthroughCopy("style.css");
  config.setServerOptions({ domDiff: false });
  return {
    dir: { input: ".", includes: "_includes", output: "_site" },
    markdownTemplateEngine: false,
    templateFormats: ["md", "njk"],
  };
};
