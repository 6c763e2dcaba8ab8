"""A small site with Korean and a sub-path, page by page as it was last looked at.

``make golden`` writes the pages anew; read the difference before it is committed.
"""

import shutil
from pathlib import Path

import pytest

from llm_history.build import build
from llm_history.folders import Options, folders_of

GOLDEN = Path(__file__).parent / "fixtures" / "golden"
KEPT = ("index.html", "models/one/index.html", "models/two/index.html", "notes/essay/index.html",
        "notes/essay.ko/index.html", "organizations/lab/index.html", "benchmarks/quiz/index.html",
        "sources/press2022/index.html", "coverage/index.html", "404.html", "feed.atom",
        "sitemap.xml", "data/models/two.json", "data/models.json", "ko/index.html",
        "ko/models/one/index.html", "lineage/index.html", "charts/parameters/index.html",
        "compare/index.html", "disputed/index.html", "records/index.html",
        "search/index.json")  # fmt: skip


def test_the_small_site_is_as_it_was(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "content", tmp_path / "content")
    report = build(folders_of(tmp_path, None, None, None), Options())
    assert [d.rule.code for d in report.diagnostics] == ["LH401"]
    if request.config.getoption("--renew-golden"):
        shutil.rmtree(GOLDEN / "site", ignore_errors=True)
    for name in KEPT:
        page, golden = tmp_path / "site" / name, GOLDEN / "site" / name
        # The names of assets carry hashes of their content, which has tests of its own.
        text = _without_hashes(page.read_text("utf-8"), tmp_path / "site")
        if request.config.getoption("--renew-golden"):
            golden.parent.mkdir(parents=True, exist_ok=True)
            golden.write_text(text, "utf-8")
        assert text == golden.read_text("utf-8"), f"{name} changed: see `make golden`"


def _without_hashes(text: str, site: Path) -> str:
    for path in (site / "assets").rglob("*.*.*"):
        stem, _, suffix = path.name.split(".")
        text = text.replace(path.name, f"{stem}.{suffix}")
    return text
