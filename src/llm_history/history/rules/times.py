"""Dates that have not come yet, and orders in which nothing can have happened."""

from collections.abc import Iterator

from llm_history.content import yaml
from llm_history.content.dates import PartialDate
from llm_history.content.facts import Fact
from llm_history.content.records import Dated, Event, Model, Record
from llm_history.diagnostics import Rule, Severity
from llm_history.history import headline_date
from llm_history.history.checks import model_facts
from llm_history.history.derived import derived
from llm_history.history.review import Review

FUTURE = Rule("LH320", "date-in-the-future", Severity.WARNING)
CUTOFF = Rule("LH326", "knowledge-after-release", Severity.WARNING)
ENDED_FIRST = Rule("LH327", "ended-before-it-came", Severity.WARNING)

_PLANNED = frozenset({"pre-announced", "retirement-notice", "retired", "withdrawn"})
"""What a source can say of a day to come."""


def check(review: Review) -> None:
    """Report dates after today, and dates in an order that cannot be."""
    for record in review.records():
        for where, date in _past_dates(record):
            if date.first_day > review.today:
                message = f"{date} has not come yet: today is {review.today}"
                review.report(FUTURE, review.place(record, where), message, "correct the date")
        _order(review, record)
    for source in review.sources:
        for field, day in (("published", source.published), ("accessed", source.accessed)):
            if day and day.first_day > review.today:
                message = f"{day} has not come yet: today is {review.today}"
                review.report(FUTURE, review.place(source, (field,)), message, "correct the date")


@derived
def _past_dates(record: Record) -> Iterator[tuple[yaml.Path, PartialDate]]:
    """Yield the dates of a record that can only lie behind us."""
    if record.checked:
        yield ("checked",), record.checked
    if isinstance(record, Event):
        yield from _claimed(("on",), record.on)
    if isinstance(record, Dated):
        for number, entry in enumerate(record.dates):
            if entry.what not in _PLANNED:
                yield from _claimed(("dates", number, "on"), entry.on)
    if isinstance(record, Model):
        starts = ((number, phase.start) for number, phase in enumerate(record.access))
        yield from ((("access", number, "from"), start) for number, start in starts if start)


def _claimed(where: yaml.Path, fact: Fact[PartialDate]) -> Iterator[tuple[yaml.Path, PartialDate]]:
    for number, claim in enumerate(fact.claims):
        if claim.value:
            yield (*where, number, "value"), claim.value


def _order(review: Review, record: Record) -> None:
    came = headline_date(record)
    if came is None or not isinstance(record, Dated):
        return
    for number, entry in enumerate(record.dates):
        day = entry.on.known
        if entry.what in ("retired", "withdrawn") and day and day.last_day < came.first_day:
            review.report(
                ENDED_FIRST,
                review.place(record, ("dates", number, "on")),
                f"{record.name} was {entry.what} on {day}, before it came on {came}",
                "correct one of the dates",
            )
    if isinstance(record, Model):
        for where, facts in model_facts(record):
            cutoff = facts.knowledge_cutoff.known if facts.knowledge_cutoff else None
            if cutoff and cutoff.first_day > came.last_day:
                review.report(
                    CUTOFF,
                    review.place(record, (*where, "knowledge_cutoff", 0, "value")),
                    f"{record.name} came on {came} and cannot know anything up to {cutoff}",
                    "correct one of the dates",
                )
