"""What came when: models by the periods of the timeline, all records by the day of the year."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TypeVar

from llm_history.content.dates import PartialDate
from llm_history.content.records import Model, Record
from llm_history.history import headline_date
from llm_history.history.derived import remembered

ONE_PAGE_UP_TO = 2000
"""With more models, each year has a page of its own; a year of more, each month."""
R = TypeVar("R", bound=Record)


def are_parted(models: Sequence[Model]) -> bool:
    """Whether models are too many for one page."""
    return len(models) > ONE_PAGE_UP_TO


def by_period(models: Sequence[Model]) -> Mapping[str, tuple[Model, ...]]:
    """Return dated models in their order by what may have a page of its own.

    That is a year, or a month (``2025-03``) of one too long for a page. A model of such a year of
    which nobody knows the month is on a page of the year.
    """
    long = _long_years(models)
    found: dict[str, list[Model]] = {}
    for model in models:
        if date := headline_date(model):
            found.setdefault(_period_of(date, long), []).append(model)
    return {period: tuple(found[period]) for period in sorted(found)}


@remembered
def periods(models: Sequence[Model]) -> tuple[str, ...]:
    """Return what has a page of its own."""
    return tuple(by_period(models))


def of_period(records: Iterable[R], period: str, models: Sequence[Model]) -> list[R]:
    """Return the records of a period, with all ``models``, or of any; none without a date."""
    long = _long_years(models) if period else ()
    return [
        record
        for record in records
        if (date := headline_date(record)) and period in ("", _period_of(date, long))
    ]


@remembered
def _long_years(models: Sequence[Model]) -> frozenset[int]:
    counts = Counter(date.year for model in models if (date := headline_date(model)))
    return frozenset(year for year, count in counts.items() if count > ONE_PAGE_UP_TO)


def _period_of(date: PartialDate, long: Container[int]) -> str:
    by_month = date.year in long and date.month is not None
    return f"{date.year:04}-{date.month:02}" if by_month else f"{date.year:04}"


def by_day(records: Iterable[Record]) -> Mapping[str, tuple[Record, ...]]:
    """Return what has a day by the day of the year (``02-28``), the oldest first."""
    found: dict[str, list[tuple[int, str, Record]]] = {}
    for record in records:
        date = headline_date(record)
        if date and date.month and date.day and not date.qualifier:
            day = f"{date.month:02}-{date.day:02}"
            found.setdefault(day, []).append((date.year, record.name, record))
    return {
        day: tuple(record for *_, record in sorted(each, key=lambda e: e[:2]))
        for day, each in sorted(found.items())
    }
