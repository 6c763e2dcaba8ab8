"""Every rule is explained, its wrong example breaks it, and its right one breaks none."""

import re

import pytest

from conftest import REPOSITORY, Run, Site
from llm_history.build import Builder
from llm_history.checking.catalogue import REST, Example, all_rules, catalogue, markdown
from llm_history.diagnostics import format_text
from llm_history.folders import Options
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


def compared(builder: Builder) -> list[str]:
    """Build after an edit; what is told has to be what a build from nothing tells."""
    told = builder.build().diagnostics
    assert told == Builder(builder.folders, Options()).build(publishing=False).diagnostics
    return [d.rule.code for d in told]


@pytest.mark.slow
@pytest.mark.parametrize("code", TOLD)
def test_what_breaks_a_rule_and_what_mends_it_is_seen_after_an_edit(site: Site, code: str) -> None:
    entry = ENTRIES[code]
    assert entry.wrong
    assert entry.right
    builder = Builder(site.folders, Options())
    before: Example | None = None
    for example in (entry.right, entry.wrong, entry.right):
        for path in set(before.files) - set(example.files) if before else ():
            site.delete(path)
        write(site, example)
        compared(builder)
        before = example


HEAD = "cite: paper\ndates: [{what: paper, on: 2020}]\n"
WEIGHTS = "access: [{kind: weights, state: public, from: 2020, license: %s}]\n"
TUNED = "lineage: [{relation: fine-tuned-from, to: a}]\nsummary: %s.\n" + WEIGHTS % "MIT"


@pytest.mark.parametrize(
    ("code", "edits"),
    [
        # Each edit is of a file; whether the rule is broken after it stands beside it.
        (
            "LH311",
            [
                ("b", TUNED % "Tuned", False),
                ("a", WEIGHTS % "CC-BY-NC-4.0", True),
                ("c", "summary: Something else.\n", True),
                ("b", "# A line more\n" + TUNED % "Retuned", True),
                ("a", WEIGHTS % "MIT", False),
            ],
        ),
        (
            "LH312",
            [
                ("d", "parameters: 7T\n", True),
                ("c", "parameters: 5T\n", False),
                ("c", "parameters: 9B\n", True),
                ("d", "parameters: 7T\nsummary: Large.\n", True),
                ("d", "parameters: 7B\n", False),
            ],
        ),
        (
            "LH326",
            [
                ("a", "knowledge_cutoff: 2021-05\n", True),
                ("b", "parameters: 6B\n", True),
                ("a", "# A line more\nknowledge_cutoff: 2021-05\n", True),
                ("a", "knowledge_cutoff: 2019-05\n", False),
            ],
        ),
    ],
)
def test_an_edit_that_bears_on_another_record_is_seen(
    site: Site, code: str, edits: list[tuple[str, str, bool]]
) -> None:
    for name in "abcd":
        site.put(f"content/models/{name}.yaml", f"name: Model {name}\n{HEAD}parameters: 7B\n")
    builder = Builder(site.folders, Options())
    assert compared(builder) == []
    for name, facts, broken in edits:
        site.put(f"content/models/{name}.yaml", f"name: Model {name}\n{HEAD}{facts}")
        assert (code in compared(builder)) == broken


def test_an_audit_is_told_where_it_stands_now(site: Site) -> None:
    audit = "{record: models/a, fact: parameters, value: 7B, verdict: wrong, by: Ada, on: 2023-05}"
    site.put("content/models/a.yaml", f"name: A\n{HEAD}parameters: 7B\n")
    site.put("content/audits.yaml", f"- {audit}\n")
    builder = Builder(site.folders, Options())
    assert compared(builder) == ["LH328"]
    site.put("content/audits.yaml", f"# A line more\n- {audit}\n")
    assert compared(builder) == ["LH328"]


def test_what_was_still_to_come_is_looked_at_again_on_another_day(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("content/models/a.yaml", f"name: A\n{HEAD}checked: 2026-12-01\n")
    site.put("content/models/b.yaml", f"name: B\n{HEAD}")
    builder = Builder(site.folders, Options())
    assert compared(builder) == ["LH320"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1799000000")
    site.put("content/models/b.yaml", f"name: B\n{HEAD}summary: The second.\n")
    assert compared(builder) == []


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
