"""The repository's own site: every link leads somewhere, every page is valid HTML."""

import json
import os
import shutil
import subprocess
from collections import Counter
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html as lxml_html

from conftest import MINIMAL, REPOSITORY, Site, java, tool
from llm_history.build import check
from llm_history.folders import Options, folders_of
from test_seeds import SEEDS


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


@pytest.mark.slow
def test_the_content_has_no_problems() -> None:
    report = check(folders_of(REPOSITORY, None, None, REPOSITORY / "site"), Options())
    assert [f"{d.place.path}:{d.place.line} {d.message}" for d in report.diagnostics] == []


def test_every_internal_link_and_fragment_leads_somewhere(real_site: Path) -> None:
    ids: dict[Path, set[str]] = {}
    broken = []
    for page in (*pages(real_site), *real_site.rglob("*.svg")):
        tree = lxml_html.parse(str(page)).getroot()
        ids[page] = {str(i) for i in tree.xpath("//@id")}
    for page in pages(real_site):
        if page.name == "404.html":
            continue
        tree = lxml_html.parse(str(page)).getroot()
        for target in tree.xpath("//@href | //@src"):
            parts = urlsplit(str(target))
            if parts.scheme or parts.netloc:
                continue
            found = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if found.is_dir():
                found /= "index.html"
            if not found.is_file() or (
                parts.fragment and unquote(parts.fragment) not in ids[found]
            ):
                broken.append(f"{page.relative_to(real_site)}: {target}")
    assert broken == []


def test_no_id_is_used_twice_on_a_page(real_site: Path) -> None:
    for page in pages(real_site):
        counts = Counter(lxml_html.parse(str(page)).getroot().xpath("//@id"))
        assert [i for i, n in counts.items() if n > 1] == [], page


def test_pages_have_no_inline_script_and_no_inline_style(real_site: Path) -> None:
    for page in pages(real_site):
        tree = lxml_html.parse(str(page)).getroot()
        assert not tree.xpath(
            "//script[not(@src)] | //style | //@style | //@*[starts-with(name(), 'on')]"
        ), page


def test_pages_have_one_heading_of_the_first_level_and_skip_none(real_site: Path) -> None:
    for page in pages(real_site):
        tree = lxml_html.parse(str(page)).getroot()
        headings = tree.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5]")
        levels = [int(h.tag[1]) for h in headings]
        assert levels.count(1) == 1, page
        assert levels[0] == 1, page
        assert all(b <= a + 1 for a, b in pairwise(levels)), page


def test_every_fact_on_a_model_s_page_has_a_source_in_its_margin(real_site: Path) -> None:
    for page in sorted((real_site / "models").glob("*/index.html")):
        tree = lxml_html.parse(str(page)).getroot()
        listed = {str(i) for i in tree.xpath("//ol[@class='sources']/li/@id")}
        for fact in tree.xpath("//div[@class='fact']"):
            cited = {str(h).removeprefix("#") for h in fact.xpath(".//a[@class='src']/@href")}
            assert cited, f"{page}: {fact.get('id')}"
            assert cited <= listed


def test_every_record_has_json_with_its_sources(real_site: Path) -> None:
    models = json.loads((real_site / "data/models.json").read_bytes())["models"]
    assert models
    for model in models:
        record = json.loads((real_site / f"data/models/{model['id']}.json").read_bytes())
        for fact in record.get("facts", {}).values():
            for claim in fact["claims"]:
                assert {c.split("#")[0] for c in claim["cite"]} <= set(record["sources"])


def validate(folder: Path) -> str:
    jar = tool("vnu-jar") / "build" / "dist" / "vnu.jar"
    command = [
        java(),
        "-Xss4m",
        "-jar",
        str(jar),
        "--stdout",
        "--format",
        "gnu",
        "--skip-non-html",
        str(folder),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300).stdout


@pytest.mark.slow
def test_pages_are_valid_html(real_site: Path, tmp_path: Path) -> None:
    """Every page that is one of its kind, and of the others each seventh; all for ``PAGES=all``."""
    pages = sorted(path.relative_to(real_site) for path in real_site.rglob("*.html"))
    of_a_kind = [path for path in pages if len(path.parts) > 2]
    chosen = [*(path for path in pages if len(path.parts) <= 2), *of_a_kind[::7]]
    for path in pages if os.environ.get("PAGES") == "all" else chosen:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(real_site / path, tmp_path / path)
    assert validate(tmp_path) == ""


@pytest.mark.slow
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the real notes are not here")
def test_the_real_notes_become_valid_html(tmp_path: Path) -> None:
    site = Site(tmp_path).write(MINIMAL)
    (tmp_path / "content/notes").mkdir()
    for path in SEEDS.glob("*.md"):
        shutil.copy(path, tmp_path / "content/notes")
    site.build()
    assert validate(tmp_path / "site") == ""


@pytest.mark.slow
def test_hostile_notes_become_valid_html(site: Site) -> None:
    site.put("content/notes/a.md", HOSTILE)
    assert site.build().published is not None
    assert validate(site.root / "site") == ""


HOSTILE = """# A note

<div id="content"><p id="x">unclosed <b>bold <i>both</b></i>
<h1>raw</h1>

- item <aside> text

</aside></div></section>

| a | b |
|---|---|
| <table><tr><td>in</table> | <ul><li>x</ul> |

<img src=gone.png width="100%" alt>
<a name=x href="//evil.example">y</a> <font color=red>z</font> <center>c</center>

<details><summary>more</summary>

hidden **text**

</details>

$x_1$ and $$\\sum_i x_i$$

[^1]: first
[^1]: again

text[^1][^1]

~~~
"""
