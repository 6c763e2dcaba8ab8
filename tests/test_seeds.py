"""Five real notes, as their authors published them, build unmodified.

They are not ours to publish: they are copied in at run time, and the tests skip where
they are absent. ``test_markdown.py`` imitates each dialect in our own
words.
"""

import shutil
from pathlib import Path

import pytest
from lxml import html as lxml_html

from conftest import MINIMAL, REPOSITORY, Site
from llm_history.report import Report

SEEDS = REPOSITORY.parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the real notes are not here")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Report]:
    site = Site(tmp_path_factory.mktemp("seeds")).write(MINIMAL)
    (site.root / "content" / "notes").mkdir()
    for path in SEEDS.glob("*.md"):
        shutil.copy(path, site.root / "content" / "notes")
    report = site.build()
    assert report.published is not None
    return site, report


def page(built: tuple[Site, Report], number: str) -> lxml_html.HtmlElement:
    (path,) = (built[0].root / "site" / "notes").glob(f"{number}_*/index.html")
    return lxml_html.fromstring(path.read_text("utf-8")).find(".//article")


def text(element: lxml_html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def warnings(built: tuple[Site, Report], number: str) -> list[tuple[str, int]]:
    return [
        (d.rule.code, d.place.line)
        for d in built[1].diagnostics
        if Path(d.place.path).name.startswith(number)
    ]


def test_chirpy_front_matter_and_an_unclosed_fence(built: tuple[Site, Report]) -> None:
    article = page(built, "000")
    assert text(article.find("h1")) == "[LG Aimers] Recent Progress of Large Language Models"
    margin = article.getnext()
    assert "12 December 2024" in text(margin)
    assert "LG Aimers" in text(margin)
    assert len(article.findall(".//ul/li/ul/li")) > 20
    assert text(article.findall(".//blockquote")[0]).startswith("1, Supervised fine-tuning(SFT)")
    assert [line for code, line in warnings(built, "000") if code == "LH401"] == [34, 39]
    assert ("LH210", 88) in warnings(built, "000")


def test_a_notion_export(built: tuple[Site, Report]) -> None:
    article = page(built, "001")
    assert text(article.find("h1")) == "2주차 (2)"
    assert article.get("lang") == "ko"
    asides = article.findall(".//li/aside")
    assert len(asides) == 3
    assert asides[1].find("hr") is not None
    assert "스텝2를 통해 만들어진 RM이" in text(asides[2])
    assert [w for w in warnings(built, "001") if w[0] == "LH401"] == [
        ("LH401", 130),
        ("LH401", 161),
    ]


def test_a_transcript_without_front_matter_or_blank_lines(built: tuple[Site, Report]) -> None:
    article = page(built, "002")
    assert text(article.find("h1")).startswith("[Module 3] Machine Learning 개론")
    assert len(article.findall(".//li")) == 17
    assert "Step2. Reward model training (RM)" in [
        " ".join(part.split()) for part in article.itertext()
    ]


def test_a_slide_transcript_with_a_table_of_tabs(built: tuple[Site, Report]) -> None:
    article = page(built, "003")
    rows = [[text(cell) for cell in row] for row in article.find(".//table").iter("tr")]
    assert rows[0] == ["", "", "RACE-middle", "RACE-high"]
    assert rows[4] == ["", "540B", "68.1", "49.1"]
    assert rows[-1] == ["", "65B", "67.9", "51.6"]
    assert len(article.findall(".//sup")) == 2
    assert len(article.findall(".//pre")) == 2
    assert text(article.findall("h2")[-1]) == "GPT and LLaMAs win the popularity contest"


def test_raw_html_images_and_tables(built: tuple[Site, Report]) -> None:
    article = page(built, "004")
    assert "8 March 2024" in text(article.getnext())
    table = article.find(".//table")
    assert [text(cell) for cell in table.find(".//tr")][1:] == [
        "Claude1",
        "Claude2",
        "Claude Instant",
    ]
    assert len(table.findall(".//br")) > 5
    assert len(article.xpath(".//*[@class='gap']")) == 9
    assert [line for code, line in warnings(built, "004") if code == "LH402"] == [
        21, 31, 37, 51, 87, 98, 115, 127, 153,
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_no_tag_is_shown_as_text(built: tuple[Site, Report], number: str) -> None:
    article = page(built, number)
    for code in article.findall(".//pre"):
        code.getparent().remove(code)
    shown = article.text_content()
    for tag in ("<aside", "</aside", "<br", "<img", "<sup", "<b>", "</"):
        assert tag not in shown
