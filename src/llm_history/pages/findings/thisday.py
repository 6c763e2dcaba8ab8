"""What happened on each day of the year."""

from collections.abc import Iterable, Sequence

from llm_history.content.records import Record
from llm_history.history import headline_date
from llm_history.history.derived import remembered
from llm_history.pages.context import Context
from llm_history.pages.findings.entries import in_time, report_entry
from llm_history.pages.parts import are_many
from llm_history.pages.views import (
    LinkView,
    ReportEntry,
    ReportSection,
    ReportView,
)

Day = tuple[int, int]
"""A month and a day of it."""
Days = dict[Day, list[Record]]


def on_this_day_view(context: Context, day: Day | None = None) -> ReportView:
    """Return everything that has a day, by the day of the year.

    Of very much, the page leads to those of its days, and ``day`` is the one of another.
    """
    gettext, days = context.language.gettext, _days(tuple(in_time(context)))
    if _are_many(days):
        sections = (_section(day, days[day], context),) if day else _calendar(days, context)
    else:
        sections = tuple(_section(each, found, context) for each, found in days.items())
    name = gettext("On this day")
    return ReportView(
        name=f"{name}: {context.language.day_of_year(*day)}" if day else name,
        description=gettext("What happened on each day of the year in the history of models."),
        section="on-this-day",
        lead=gettext("Releases and events by the day of the year."),
        sections=sections,
        script="" if day else "today.js",
        jump=() if day or _are_many(days) else _months(days, context),
        links=(LinkView(url="on-this-day/", name=gettext("All days")),) if day else (),
    )


def days_with_pages(context: Context) -> tuple[Day, ...]:
    """Return the days that have pages of their own: all of them, if they have very much."""
    days = _days(tuple(in_time(context)))
    return tuple(days) if _are_many(days) else ()


def day_url(day: Day) -> str:
    """Return the address of the page of a day."""
    return "on-this-day/{:02}-{:02}/".format(*day)


def _are_many(days: Days) -> bool:
    return are_many(sum(map(len, days.values())))


@remembered
def _days(records: Sequence[Record]) -> Days:
    """Return what has a day by the day of the year, the oldest first."""
    found: dict[Day, list[tuple[int, str, Record]]] = {}
    for record in records:
        date = headline_date(record)
        if date and date.month and date.day and not date.qualifier:
            found.setdefault((date.month, date.day), []).append((date.year, record.name, record))
    return {
        day: [record for *_, record in sorted(each, key=lambda e: e[:2])]
        for day, each in sorted(found.items())
    }


def _section(day: Day, records: Iterable[Record], context: Context) -> ReportSection:
    return ReportSection(
        id="d{:02}-{:02}".format(*day),
        heading=context.language.day_of_year(*day),
        entries=tuple(_entry(record, context) for record in records),
    )


def _entry(record: Record, context: Context) -> ReportEntry:
    entry, date = report_entry(record, context), headline_date(record)
    return ReportEntry(
        url=entry.url, name=entry.name, detail=entry.detail, mark=entry.mark,
        hue=entry.hue, lang=entry.lang, date=str(date.year) if date else "",
    )  # fmt: skip


def _calendar(days: Days, context: Context) -> tuple[ReportSection, ...]:
    """Return the days of each month; the id of a month is that of the last day it can have."""
    language = context.language
    months: dict[int, list[ReportEntry]] = {}
    for day, records in days.items():
        entry = ReportEntry(
            url=day_url(day), name=language.day_of_year(*day), date=f"{len(records):,}"
        )
        months.setdefault(day[0], []).append(entry)
    return tuple(
        ReportSection(
            id=f"d{month:02}-31", heading=language.month_name(month), entries=tuple(entries)
        )
        for month, entries in months.items()
    )


def _months(days: Iterable[Day], context: Context) -> tuple[LinkView, ...]:
    """Return a link to the first day of each month that has any."""
    first: dict[int, int] = {}
    for month, day in days:
        first.setdefault(month, day)
    name = context.language.month_name
    return tuple(
        LinkView(url=f"#d{month:02}-{day:02}", name=name(month)) for month, day in first.items()
    )
