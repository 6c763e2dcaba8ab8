"""Settings of the same site for Pelican."""

import os
from typing import Any

from pelican import signals

PATH, OUTPUT_PATH = "content", "output"
ARTICLE_PATHS = ["models", "notes"]
PAGE_PATHS: list[str] = []
SITEURL = AUTHOR = ""
FEED_DOMAIN = "https://llm.example"
SITENAME = "LLM history"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "theme"
THEME_STATIC_PATHS: list[str] = []
STATIC_PATHS = ["style.css"]
ARTICLE_URL = ARTICLE_LANG_URL = "{kind}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_LANG_SAVE_AS = "{kind}/{slug}/index.html"
CATEGORY_URL, CATEGORY_SAVE_AS = "orgs/{slug}/", "orgs/{slug}/index.html"
TAG_URL, TAG_SAVE_AS = "tags/{slug}/", "tags/{slug}/index.html"
AUTHOR_SAVE_AS = AUTHORS_SAVE_AS = CATEGORIES_SAVE_AS = ""
YEAR_ARCHIVE_SAVE_AS = "years/{date:%Y}/index.html"
ARCHIVES_SAVE_AS = "years/index.html"
TAGS_SAVE_AS = "tags/index.html"
DIRECT_TEMPLATES = ["index", "archives", "tags", "sitemap", "modelsjson"]
SITEMAP_SAVE_AS, MODELSJSON_SAVE_AS = "sitemap.xml", "models.json"
FEED_ALL_ATOM, FEED_MAX_ITEMS = "feed.xml", 20
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
DEFAULT_PAGINATION = False
SUMMARY_MAX_LENGTH = 0
DEFAULT_METADATA = {"status": "published"}
MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.codehilite": {"css_class": "highlight", "guess_lang": False},
        "markdown.extensions.tables": {},
        "markdown.extensions.footnotes": {},
        "markdown.extensions.fenced_code": {},
        "markdown.extensions.meta": {},
    },
    "output_format": "html5",
}
if os.environ.get("PELICAN_CACHE"):
    CACHE_CONTENT = LOAD_CONTENT_CACHE = True
    CONTENT_CACHING_LAYER = "generator"
    CHECK_MODIFIED_METHOD = "mtime"


def unpack(generator: Any) -> None:  # noqa: ANN401 - no types without Pelican
    """Unpack metadata that are lists, once for all; put articles of one organization together."""
    siblings: dict[str, list[Any]] = {}
    for article in generator.articles:
        for key in ("sizes", "from", "refs", "kids"):
            value = getattr(article, key, None)
            if isinstance(value, str):
                setattr(article, key, [row.split("|") for row in value.split(" ;; ")])
        near = siblings.setdefault(article.category.name, [])
        if len(near) < 10:
            near.append(article)
    generator.context["siblings"] = siblings


signals.article_generator_finalized.connect(unpack)
