"""What `check --fix` does to a file, and what it leaves as it is."""

from pathlib import Path

import pytest

from conftest import Run, Site
from llm_history.checking.fixing import fix_content, fix_text
from llm_history.content.order import in_order
from llm_history.diagnostics import SourceText
from mistakes import RECORD, Case, read_cases

CASES = read_cases(Path(__file__).parent / "cases")

MESSY = """# yaml-language-server: $schema=../../site/schema/model.json
cite: paper   # who says so
name: A
# how long
context_window: {value: 2048 tokens, note: Two, not three}   # as printed
also_known_as: One
summary: LLaMA: open and efficient

access:
  # at first
  - {kind: API, state: general, from: March 2023}
dates:
- what: paper
  on: 14 March 2023 # a Tuesday
  headline: yes
"""
MENDED = """# yaml-language-server: $schema=../../site/schema/model.json
name: A
also_known_as: [One]
cite: paper   # who says so
summary: "LLaMA: open and efficient"

dates:
- what: paper
  on: 2023-03-14 # a Tuesday
  headline: true
access:
  # at first
  - {kind: api, state: general, from: 2023-03}
# how long
context_window: {value: 2048, note: "Two, not three"}   # as printed
"""


def test_dates_amounts_quotes_and_order_are_mended_and_comments_kept(site: Site) -> None:
    site.put("content/models/a.yaml", MESSY)
    fixed = fix_content(site.folders)
    assert fixed.files == ("content/models/a.yaml",)
    assert (site.root / "content/models/a.yaml").read_text("utf-8") == MENDED
    assert site.build(strict=True).diagnostics == ()


def test_run_twice_it_changes_nothing(site: Site) -> None:
    site.put("content/models/a.yaml", MESSY)
    assert fix_content(site.folders).count == 9
    assert fix_content(site.folders).count == 0


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_fixes_settle_and_make_nothing_worse(site: Site, case: Case) -> None:
    for path, text in case.files.items():
        site.put(path, text)
    before = sum(d.is_error for d in site.build().diagnostics)
    fix_content(site.folders)
    after = {p: p.read_bytes() for p in (site.root / "content").rglob("*") if p.is_file()}
    assert fix_content(site.folders).count == 0
    assert after == {p: p.read_bytes() for p in after}
    assert sum(d.is_error for d in site.build().diagnostics) <= before


@pytest.mark.parametrize(
    "data",
    [
        f"{RECORD}\nchecked: 2023/3/1\n".encode(),
        f"\ufeff{RECORD}\nchecked: 2023/3/1\n".encode(),
        f"{RECORD}\nchecked: 2023/3/1  # 한국어 🎉\n".replace("\n", "\r\n").encode(),
        f"{RECORD}\n\n\nchecked:    2023/3/1".encode(),
    ],
)
def test_every_other_byte_stays_as_it_is(site: Site, data: bytes) -> None:
    site.put("content/models/a.yaml", data)
    assert fix_content(site.folders).count == 1
    mended = (site.root / "content/models/a.yaml").read_bytes()
    assert mended == data.replace(b"2023/3/1", b"2023-03-01")


def test_good_files_and_files_beyond_help_are_left_alone(site: Site) -> None:
    site.put("content/models/a.yaml", RECORD)
    site.put("content/models/b.yaml", b"name: \xff")
    site.put("content/models/c.yaml", "name: [")
    site.put("content/notes/n.md", "# N\n\ndate: 14 March 2023\n")
    assert fix_content(site.folders).count == 0


def test_front_matter_and_sources_are_mended_too(site: Site) -> None:
    site.put("content/notes/n.md", "---\ntitle: N: the first\ndate: 2023년 3월 1일\n---\n\nText.\n")
    site.put("content/sources/t.yaml", "o: {type: Paper, title: x, accessed: 1 May 2023}\n")
    assert fix_content(site.folders).count == 4
    assert site.build().diagnostics == ()
    assert "title: \"N: the first\"\ndate: 2023-03-01\n" in (
        site.root / "content/notes/n.md").read_text("utf-8")  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "cite: &c paper\nname: A\nlinks: *c\n",
        "{cite: paper, name: A}\n",
        "cite: paper\nname: A\nname: B\n",
        "cite: [paper,\nother]\nname: 'A\n",
        "",
    ],
)
def test_fields_stay_where_moving_them_is_not_safe(text: str) -> None:
    assert in_order(SourceText("a.yaml", text)) == text


def test_an_unknown_field_stays_behind_its_neighbour() -> None:
    text = "cite: paper\nzzz: 1\nname: A"
    assert in_order(SourceText("a.yaml", text)) == "name: A\ncite: paper\nzzz: 1\n"


def test_a_context_in_thousands_is_left_to_a_person() -> None:
    text = f"{RECORD}\ncontext_window: 32k\n"
    assert fix_text("models/a.yaml", SourceText("a.yaml", text)) == (text, 0)


def test_only_named_files_are_mended(site: Site, run: Run) -> None:
    for name in "ab":
        site.put(f"content/models/{name}.yaml", RECORD.replace("A", name) + "\nchecked: 2023/3\n")
    done = run("check", "--fix", "content/models/a.yaml")
    assert done.returncode == 0
    assert done.stderr == "1 fix made in content/models/a.yaml\n"
    assert "2023/3" in (site.root / "content/models/b.yaml").read_text("utf-8")
