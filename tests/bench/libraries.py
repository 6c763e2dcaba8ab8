"""What the libraries alone take for the text of a site of ours: a floor, for the benchmark.

    python -m bench.libraries

Every record and note is read, parsed and cleaned, and gets a page of its own, in as many processes
as there are processors. Nothing is checked, linked or listed, and nothing is kept between builds:
no generator that stands on these libraries can do the same work in less.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
import nh3
import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

PAGE = jinja2.Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ title }}</title></head>
<body>
<h1>{{ title }}</h1>
<dl>{% for name, value in facts.items() %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
{{ text | safe }}
</body>
</html>
"""
)
CLEANER = nh3.Cleaner(
    tags=nh3.ALLOWED_TAGS | {"section", "input"},
    attributes=nh3.ALLOWED_ATTRIBUTES | {"div": {"class"}, "span": {"class"}},
)
FORMATTER = HtmlFormatter()
AT_A_TIME = 50
lexer = cache(get_lexer_by_name)


def _highlighted(code: str, language: str, _: str) -> str:
    return highlight(code, lexer(language), FORMATTER) if language else ""


MARKDOWN = MarkdownIt("gfm-like", {"highlight": _highlighted}).use(footnote_plugin)


def main(root: Path) -> int:
    """Write a page for each record and each note, below the ``site`` of a folder."""
    files = sorted((root / "content").rglob("*.*"))
    parts = [files[start : start + AT_A_TIME] for start in range(0, len(files), AT_A_TIME)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(partial(_write_all, root), parts))
    return 0


def _write_all(root: Path, files: Sequence[Path]) -> None:
    for file in files:
        for name, page in _pages(file):
            path = root / "site" / name / "index.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page, encoding="utf-8")


def _pages(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the page of a model or of a note; of other files none."""
    text, folder = file.read_text(encoding="utf-8"), file.parent.name
    if file.suffix == ".md":
        _, head, body = text.split("---\n", 2)
        html = CLEANER.clean(MARKDOWN.render(body))
        yield f"notes/{file.stem}", _page(_load(head), html)
    else:
        facts = _load(text)
        if folder == "models":
            yield f"models/{file.stem}", _page(facts, "")


def _load(text: str) -> dict[str, Any]:
    return dict(yaml.load(text, yaml.CSafeLoader) or {})


def _page(facts: dict[str, Any], html: str) -> str:
    return PAGE.render(title=facts.get("title") or facts.get("name"), facts=facts, text=html)


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
