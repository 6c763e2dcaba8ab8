"""Every mistake is reported once, by its rule, with the very characters underlined."""

from pathlib import Path

import pytest

from conftest import Site
from llm_history.diagnostics import format_text
from mistakes import Case, read_cases

CASES = read_cases(Path(__file__).parent / "cases")


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_mistake_is_underlined_and_nothing_else_is_reported(site: Site, case: Case) -> None:
    for path, text in case.files.items():
        site.put(path, text)
    report = site.build()
    marked = sorted(
        (d.rule.code, d.place.path, d.place.line, d.place.column, d.place.length)
        for d in report.diagnostics
    )
    told = "\n".join(format_text(d) for d in report.diagnostics)
    assert marked == list(case.marks), told
    if any(d.is_error for d in report.diagnostics):
        assert report.published is None
        assert not (site.root / "site").exists()


def test_there_are_enough_cases_with_names_of_their_own() -> None:
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(case.marks for case in CASES)
