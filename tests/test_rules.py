"""Every rule is explained, its wrong example breaks it, and its right one breaks none."""

import re

import pytest

from conftest import REPOSITORY, Run, Site
from llm_history.checking.catalogue import REST, Example, all_rules, catalogue, markdown
from llm_history.diagnostics import format_text
from mistakes import RECORD

ENTRIES = catalogue()
TOLD = [code for code, entry in ENTRIES.items() if entry.wrong]
# What breaks these is no text, or a text too long to show.
UNTOLD = {
    "LH003", "LH010", "LH020", "LH030", "LH031", "LH501", "LH503", "LH701", "LH702",
}  # fmt: skip


def write(site: Site, example: Example) -> None:
    for path, text in example.files.items():
        site.put(path, text.replace(REST, RECORD))


@pytest.fixture(autouse=True)
def _a_fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples have dates: what is to come must not come while the tests grow old."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")


@pytest.mark.parametrize("code", TOLD)
def test_a_wrong_example_breaks_its_rule_alone(site: Site, code: str) -> None:
    entry = ENTRIES[code]
    assert entry.wrong
    write(site, entry.wrong)
    found = site.build(pedantic=code.startswith("LH6")).diagnostics
    codes = {d.rule.code for d in found}
    others = {other for other in codes if other.startswith("LH6")} - {code}
    assert codes - others == {code}, [format_text(d) for d in found]


@pytest.mark.parametrize("code", TOLD)
def test_a_right_example_breaks_no_rule(site: Site, code: str) -> None:
    entry = ENTRIES[code]
    assert entry.right
    write(site, entry.right)
    report = site.build(pedantic=code.startswith("LH6"))
    assert code not in {d.rule.code for d in report.diagnostics}
    assert not [d for d in report.diagnostics if d.fails(strict=True)]


def test_every_rule_is_explained_and_has_a_name_and_a_code_of_its_own() -> None:
    assert set(ENTRIES) - set(TOLD) == UNTOLD
    assert all(entry.why.endswith(".") for entry in ENTRIES.values())
    written = [
        found
        for path in (REPOSITORY / "src").rglob("*.py")
        for found in re.findall(r'Rule\(\s*"(LH\d{3})", "([a-z0-9-]+)"', path.read_text("utf-8"))
    ]
    assert sorted(written) == sorted((r.code, r.name) for r in all_rules().values())
    assert len({name for _, name in written}) == len(written) == len({code for code, _ in written})


def test_the_page_of_rules_is_current() -> None:
    assert (REPOSITORY / "docs/rules.md").read_text("utf-8") == markdown(), "run `make rules`"


def test_a_rule_is_explained_by_code_and_by_name(run: Run) -> None:
    told = run("rule", "LH101").stdout
    assert told.startswith("LH101 unknown-field (error)\n")
    assert "    famly: llama" in told.partition("Wrong:")[2]
    assert "    family: llama" in told.partition("Right:")[2]
    assert run("rule", "unknown-field").stdout == run("rule", "lh101").stdout == told
    assert len(run("rule").stdout.splitlines()) == len(ENTRIES)


def test_an_unknown_rule_is_wrong_usage(run: Run) -> None:
    done = run("rule", "unknown-feild")
    assert done.returncode == 2
    assert "did you mean `unknown-field`" in done.stderr
