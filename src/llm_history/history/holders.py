"""Records and who held them: the largest, the longest, the most, from when until when."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from llm_history.content.facts import Status
from llm_history.content.records import Model
from llm_history.history.access import Mark
from llm_history.history.derived import remembered
from llm_history.history.measures import MEASURES, Value

Chooses = Callable[[Value], bool]


class Holding(msgspec.Struct, frozen=True):
    """A record while it stood; ``end`` is missing for the one that still stands."""

    value: Value
    start: datetime.date
    end: datetime.date | None

    @property
    def days(self) -> int | None:
        """How many days it stood."""
        return (self.end - self.start).days if self.end else None


def progression(values: Iterable[Value]) -> tuple[Holding, ...]:
    """Return each value that was above all before it, in the order of time.

    Of several on one day the highest counts; values without a date or a number do not.
    """
    dated = [(v.date.first_day, v.number, v) for v in values if v.date and v.number is not None]
    dated.sort(key=lambda item: (item[0], -item[1], item[2].model.id))
    tops: list[tuple[datetime.date, Value]] = []
    best = float("-inf")
    for day, number, value in dated:
        if number > best:
            tops.append((day, value))
            best = number
    ends = [*(day for day, _ in tops[1:]), None]
    return tuple(Holding(value, day, end) for (day, value), end in zip(tops, ends, strict=False))


class RecordRule(msgspec.Struct, frozen=True):
    """What a record is about: a measure, by its key, and which models count.

    With ``official_only`` the maker's word alone counts; ``mark`` is one that a model must have.
    """

    measure: str
    official_only: bool = False
    mark: str = ""


RULES = {
    "largest-disclosed": RecordRule("parameters", official_only=True),
    "largest-claimed": RecordRule("parameters"),
    "largest-open": RecordRule("parameters", mark="open"),
    "longest-context": RecordRule("context-window"),
    "longest-open-context": RecordRule("context-window", mark="open"),
    "most-tokens": RecordRule("training-tokens"),
    "most-compute": RecordRule("training-compute"),
}
Records = dict[str, tuple[Holding, ...]]
"""The progression of every record, by its key."""


@remembered
def all_records(models: Sequence[Model], marks: Mapping[str, Mark]) -> Records:
    """Return every record as a progression; ``marks`` are those of the models, by their ids."""
    return {key: _holdings(rule, models, marks) for key, rule in RULES.items()}


def _holdings(
    rule: RecordRule, models: Sequence[Model], marks: Mapping[str, Mark]
) -> tuple[Holding, ...]:
    values = iter(all_values(models, rule.measure))
    if rule.official_only:
        values = (value for value in values if official(value))
    if rule.mark:
        values = (v for v in values if marks[v.model.id].value == rule.mark)
    return progression(values)


def all_values(models: Iterable[Model], key: str) -> list[Value]:
    """Return every value of a measure, by its key."""
    measure = next(measure for measure in MEASURES if measure.key == key)
    return [value for model in models for value in measure.values(model)]


def official(value: Value) -> bool:
    """Whether the maker itself says so, and nobody says otherwise."""
    return value.status is Status.OFFICIAL


def standing_on(holdings: Iterable[Holding], day: datetime.date) -> Holding | None:
    """Return the record that stood on a day."""
    held = [h for h in holdings if h.start <= day and (h.end is None or day < h.end)]
    return held[-1] if held else None
