"""What happened on each day of the year."""

from collections.abc import Iterable

from llm_history.history import headline_date
from llm_history.pages.context import Context
from llm_history.pages.findings.entries import in_time, report_entry
from llm_history.pages.views import (
    LinkView,
    ReportEntry,
    ReportSection,
    ReportView,
)


def on_this_day_view(context: Context) -> ReportView:
    """Return everything that has a day, by the day of the year."""
    language, gettext = context.language, context.language.gettext
    found: dict[tuple[int, int], list[tuple[int, ReportEntry]]] = {}
    for record in in_time(context):
        date = headline_date(record)
        if date and date.month and date.day and not date.qualifier:
            entry = report_entry(record, context)
            entry = ReportEntry(
                url=entry.url, name=entry.name, detail=entry.detail, mark=entry.mark,
                hue=entry.hue, lang=entry.lang, date=str(date.year),
            )  # fmt: skip
            found.setdefault((date.month, date.day), []).append((date.year, entry))
    return ReportView(
        name=gettext("On this day"),
        description=gettext("What happened on each day of the year in the history of models."),
        section="on-this-day",
        lead=gettext("Releases and events by the day of the year."),
        sections=tuple(
            ReportSection(
                id=f"d{month:02}-{day:02}",
                heading=language.day_of_year(month, day),
                entries=tuple(e for _, e in sorted(entries, key=lambda p: (p[0], p[1].name))),
            )
            for (month, day), entries in sorted(found.items())
        ),
        script="today.js",
        jump=_months(sorted(found), context),
    )


def _months(days: Iterable[tuple[int, int]], context: Context) -> tuple[LinkView, ...]:
    """Return a link to the first day of each month that has any."""
    first: dict[int, int] = {}
    for month, day in days:
        first.setdefault(month, day)
    name = context.language.month_name
    return tuple(
        LinkView(url=f"#d{month:02}-{day:02}", name=name(month)) for month, day in first.items()
    )
