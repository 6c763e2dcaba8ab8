"""Rules that need the whole history: each is a function that looks at a :class:`Review`."""

import datetime
from collections.abc import Callable, Iterable, Sequence

import msgspec

from llm_history.content.load import Content
from llm_history.diagnostics import Diagnostic, Problems
from llm_history.history.checks import Checks, Finder
from llm_history.history.index import Index
from llm_history.history.review import Check, Review, today
from llm_history.history.rules import (
    audits,
    claims,
    lineage,
    names,
    numbers,
    sources,
    suggestions,
    times,
    translations,
)
from llm_history.history.succession import Edit, altered


def _check_links(review: Review) -> None:
    checks = Checks(review.content, review.index, review.finder, review.problems)
    for record in review.records():
        checks.check(record)
    for note in review.notes:
        checks.check_note(note)


def _check_ids(review: Review) -> None:
    checks = Checks(review.content, review.index, review.finder, review.problems)
    checks.check_variant_ids()
    checks.check_circles()


_NOTHING: frozenset[str] = frozenset()
CHECKS = (
    Check(_check_links),
    Check(_check_ids, _NOTHING),
    Check(lineage.check_edges),
    Check(lineage.check_licences, frozenset({"access"})),
    Check(lineage.check_forks, _NOTHING),
    Check(numbers.check),
    Check(numbers.check_neighbours, frozenset({"facts", "variants"})),
    Check(claims.check),
    Check(sources.check, _NOTHING),
    Check(names.check, _NOTHING),
    Check(times.check),
    Check(translations.check, frozenset({"document"})),
    Check(audits.check, frozenset({"facts", "variants"})),
)


class Findings(msgspec.Struct, frozen=True):
    """What each of :data:`CHECKS` found on some ``day``, in their order."""

    day: datetime.date
    found: tuple[tuple[Diagnostic, ...], ...]


class Former(msgspec.Struct, frozen=True):
    """What was found before some edits, each of which fits in the place of what it replaces."""

    findings: Findings
    edits: Sequence[Edit]


def review(
    content: Content,
    index: Index,
    finder: Finder,
    problems: Problems,
    pause: Callable[[], None] = lambda: None,
    former: Former | None = None,
) -> Findings:
    """Report everything that is wrong between records, and what is suspicious.

    With a ``former`` review only what its edits can bear on is looked at again. ``pause`` is
    called now and then, and may end it by what it raises.
    """
    day = today()
    if former and former.findings.day != day:  # what was in the future may not be any more
        former = None
    edited = [new for _, new in former.edits] if former else []
    files = {f"{finder.shown}/{new.path}" for new in edited}
    changed = {name for edit in former.edits for name in altered(*edit)} if former else set()
    found: list[tuple[Diagnostic, ...]] = []
    for number, check in enumerate(CHECKS):
        pause()
        known = former.findings.found[number] if former else None
        if not changed.isdisjoint(check.compares or ()) or _tell_of(files, known or ()):
            known = None
        here = Problems(known or ())
        if known is None:
            check.look(Review(content, index, finder, here, pause))
        elif check.compares is None:
            check.look(Review(content, index, finder, here, pause, edited))
        found.append(tuple(here.found))
        problems.found += here.found
    return Findings(day, tuple(found))


def _tell_of(files: set[str], found: Iterable[Diagnostic]) -> bool:
    """Whether something that was found stands in one of some files, or points there."""
    places = (place for each in found for place in (each.place, *(p for _, p in each.related)))
    return any(place.path in files for place in places)


def suggest(content: Content, index: Index, finder: Finder, problems: Problems) -> None:
    """Report what could be done: nothing is wrong with it as it is."""
    suggestions.check(Review(content, index, finder, problems))
