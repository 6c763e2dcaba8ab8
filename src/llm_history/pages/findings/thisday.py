"""What happened on each day of the year."""

from collections.abc import Iterable, Mapping, Sequence

from llm_history.content.records import Record
from llm_history.history import headline_date
from llm_history.pages.context import Context
from llm_history.pages.findings.entries import report_entry
from llm_history.pages.parts import are_many
from llm_history.pages.views import (
    LinkView,
    ReportEntry,
    ReportSection,
    ReportView,
)

Days = Mapping[str, Sequence[Record]]
"""Records by their days: ``02-28``."""


def on_this_day_view(context: Context, day: str = "") -> ReportView:
    """Return everything that has a day, by the day of the year.

    Of very much, the page leads to those of its days, and ``day`` is the one of another.
    """
    gettext, days = context.language.gettext, context.shared.days
    many = not day and _are_many(days)
    if day:
        sections: tuple[ReportSection, ...] = (_section(day, days[day], context),)
    elif many:
        sections = _calendar(days, context)
    else:
        sections = tuple(_section(each, found, context) for each, found in days.items())
    name = gettext("On this day")
    return ReportView(
        name=f"{name}: {_name(day, context)}" if day else name,
        description=gettext("What happened on each day of the year in the history of models."),
        section="on-this-day",
        lead=gettext("Releases and events by the day of the year."),
        sections=sections,
        script="" if day else "today.js",
        jump=() if day or many else _months(days, context),
        links=(LinkView(url="on-this-day/", name=gettext("All days")),) if day else (),
    )


def days_with_pages(context: Context) -> tuple[str, ...]:
    """Return the days that have pages of their own: all of them, if they have very much."""
    days = context.shared.days
    return tuple(days) if _are_many(days) else ()


def day_url(day: str) -> str:
    """Return the address of the page of a day."""
    return f"on-this-day/{day}/"


def _are_many(days: Days) -> bool:
    return are_many(sum(map(len, days.values())))


def _name(day: str, context: Context) -> str:
    month, _, number = day.partition("-")
    return context.language.day_of_year(int(month), int(number))


def _section(day: str, records: Iterable[Record], context: Context) -> ReportSection:
    return ReportSection(
        id=f"d{day}",
        heading=_name(day, context),
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
    months: dict[str, list[ReportEntry]] = {}
    for day, records in days.items():
        entry = ReportEntry(url=day_url(day), name=_name(day, context), date=f"{len(records):,}")
        months.setdefault(day[:2], []).append(entry)
    return tuple(
        ReportSection(
            id=f"d{month}-31",
            heading=context.language.month_name(int(month)),
            entries=tuple(entries),
        )
        for month, entries in months.items()
    )


def _months(days: Iterable[str], context: Context) -> tuple[LinkView, ...]:
    """Return a link to the first day of each month that has any."""
    first: dict[str, str] = {}
    for day in days:
        first.setdefault(day[:2], day)
    name = context.language.month_name
    return tuple(LinkView(url=f"#d{day}", name=name(int(month))) for month, day in first.items())
