"""What is found in the forms that other programs read."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from conftest import REPOSITORY, Run, Site
from llm_history.diagnostics import format_text
from mistakes import RECORD

WRONG = f"""
-- content/models/a.yaml --
{RECORD}
famly: 100%, or so
checked: 14 March 2023
-- content/notes/한국어.md --
# 노트

한국어 🎉 [[gpt-9]] 뒤.
-- content/sources/t.yaml --
paper: {{type: paper, title: Another}}
"""


def check(run: Run, form: str, cwd: Path) -> str:
    done = run("check", "--format", form, cwd=cwd)
    assert done.returncode == 1
    assert done.stderr.startswith("3 errors, 1 warning")
    return done.stdout


def test_json_is_what_its_schema_says(site: Site, run: Run) -> None:
    site.write(WRONG)
    rows = json.loads(check(run, "json", site.root))
    schema = json.loads((REPOSITORY / "docs/diagnostics.schema.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(rows)
    assert [(row["code"], row["line"], row["column"], row["end_column"]) for row in rows] == [
        ("LH101", 4, 1, 6),
        ("LH107", 5, 10, 23),
        ("LH403", 3, 9, 14),
        ("LH121", 1, 1, 6),
    ]
    assert rows[1]["fix"]["edits"][0] == {
        "line": 5, "column": 10, "end_column": 23, "text": "2023-03-14",
    }  # fmt: skip
    assert rows[3]["related"][0]["path"] == "content/sources/s.yaml"


def test_sarif_is_what_the_standard_says(site: Site, run: Run) -> None:
    site.write(WRONG)
    log = json.loads(check(run, "sarif", site.root))
    schema = json.loads((REPOSITORY / "tests/fixtures/sarif-2.1.0.json").read_bytes())
    Draft7Validator(schema).validate(log)
    (analysis,) = log["runs"]
    rules = analysis["tool"]["driver"]["rules"]
    for result in analysis["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    place = analysis["results"][2]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "content/notes/%ED%95%9C%EA%B5%AD%EC%96%B4.md"
    assert place["region"] == {"startLine": 3, "startColumn": 9, "endColumn": 14}


def test_github_shows_a_message_beside_its_line(site: Site, run: Run) -> None:
    site.write(WRONG)
    first, *_ = lines = check(run, "github", site.root).splitlines()
    assert len(lines) == 4
    assert first == (
        "::error file=content/models/a.yaml,line=4,endLine=4,col=1,endColumn=6,"
        "title=LH101 unknown-field::`famly` is not a field of a model%0Adid you mean `family`?"
    )
    assert all(re.fullmatch(r"::(error|warning|notice) [^\n]*?::.+", line) for line in lines)


@pytest.mark.parametrize("form", ["json", "github", "sarif"])
def test_paths_start_at_the_top_of_the_repository(
    site: Site, run: Run, form: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    top = tmp_path_factory.mktemp("repository")
    (top / ".git").mkdir()
    site.write(WRONG)
    (top / "history").symlink_to(site.root)
    moved = Site(top / "docs" / "history")
    moved.write(WRONG)
    moved.put("content/site.yaml", "title: Test\n")
    moved.put("content/sources/s.yaml", "paper: {type: paper, title: A}\n")
    assert "docs/history/content/models/a.yaml" in check(run, form, moved.root)


def test_nothing_wrong_is_valid_too(site: Site, run: Run) -> None:
    assert json.loads(run("check", "--format", "json").stdout) == []
    assert run("check", "--format", "github").stdout == ""
    assert json.loads(run("check", "--format", "sarif").stdout)["runs"][0]["results"] == []


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_long_line_is_cut_around_the_mistake(site: Site, width: int) -> None:
    texts = "{en: " + "큰 모델 " * 20 + ", 한국어: 라마, ko: " + "🎉 b" * 20 + "}"
    site.put("content/models/a.yaml", f"{RECORD}\nsummary: {texts}\n")
    (diagnostic,) = site.build().diagnostics
    lines = format_text(diagnostic, width=width).splitlines()
    _, shown, carets, *_ = lines
    at = carets.index("^")
    assert carets[at:] == "^" * 6
    columns = [char for char in shown for _ in range(2 if ord(char) > 0x2FFF else 1)]
    assert "".join(columns[at : at + 6]) == "한한국국어어"
    assert len(columns) <= width


def test_colours_are_for_terminals(site: Site) -> None:
    site.put("content/models/a.yaml", f"{RECORD}\nfamly: x\n")
    (diagnostic,) = site.build().diagnostics
    plain, coloured = format_text(diagnostic), format_text(diagnostic, colour=True)
    assert "\x1b[" not in plain
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain != coloured
