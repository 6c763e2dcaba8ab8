"""The field as it stood in any month: the newest, the records, what one could use."""

import calendar
import datetime
from collections.abc import Iterator, Sequence

from llm_history.content.dates import PartialDate
from llm_history.content.records import (
    Model,
)
from llm_history.history import headline_date, in_time
from llm_history.history.access import Mark, mark_on
from llm_history.history.derived import remembered
from llm_history.history.holders import RULES, standing_on
from llm_history.pages.context import Context
from llm_history.pages.findings.entries import report_entry
from llm_history.pages.findings.holders import TITLES, holding_row
from llm_history.pages.tables import make_table
from llm_history.pages.timetable import month_address
from llm_history.pages.views import (
    Cell,
    LinkView,
    ReportEntry,
    ReportSection,
    ReportView,
)

_MOST_LISTED = 300
"""A page for a month names at most so many models of each mark, the newest first."""

Month = tuple[int, int]


def months(context: Context) -> list[Month]:
    """Return every month from the first model's to the last one's."""
    return [(number // 12, number % 12 + 1) for number in context.history.months]


def month_url(month: Month) -> str:
    """Return the address of a month's page."""
    return month_address(*month)


def as_of_index(context: Context) -> ReportView:
    """Return the index of months."""
    language, gettext = context.language, context.language.gettext
    by_year: dict[int, list[ReportEntry]] = {}
    for month in months(context):
        entry = ReportEntry(url=month_url(month), name=language.month_name(month[1]))
        by_year.setdefault(month[0], []).append(entry)
    return ReportView(
        name=gettext("The field as it stood"),
        description=gettext("Choose a month to see what there was then."),
        section="as-of",
        lead=gettext(
            "Choose a month to see the newest model of each organization, who held which record, "
            "and what one could use."
        ),
        sections=tuple(
            ReportSection(id=f"y{year}", heading=str(year), entries=tuple(entries))
            for year, entries in by_year.items()
        ),
    )


def as_of_view(month: Month, context: Context) -> ReportView:
    """Return the field as it stood on the last day of a month."""
    language, gettext = context.language, context.language.gettext
    day = datetime.date(*month, calendar.monthrange(*month)[1])
    out = [model for model, date in _dated(context.history.outlined) if date.first_day <= day]
    every = months(context)
    at = every.index(month)
    name = language.month(*month)
    sections = (
        _came_this_month(month, context),
        _newest(out, context),
        _records_on(day, context),
        *_usable(day, out, context),
    )
    return ReportView(
        name=gettext("The field in %(month)s", month=name),
        description=gettext("What there was in %(month)s: models, records, access.", month=name),
        section="as-of",
        lead=language.ngettext(
            "%(num)s model had come out by the end of %(month)s.",
            "%(num)s models had come out by the end of %(month)s.",
            len(out),
            month=name,
        ),
        sections=tuple(s for s in sections if s.entries or s.table),
        previous=_month_link(every[at - 1], context) if at else None,
        next=_month_link(every[at + 1], context) if at + 1 < len(every) else None,
        links=(
            LinkView(url=f"?to={month[0]}-{month[1]:02}", name=gettext("On the timeline")),
            LinkView(url="as-of/", name=gettext("All months")),
        ),
    )


@remembered
def _dated(models: Sequence[Model]) -> tuple[tuple[Model, PartialDate], ...]:
    """Return the models that have a date in their order, with their dates."""
    return tuple((model, date) for model in models if (date := headline_date(model)))


def _month_link(month: Month, context: Context) -> LinkView:
    return LinkView(url=month_url(month), name=context.language.month(*month))


def _came_this_month(month: Month, context: Context) -> ReportSection:
    found = (m.id for m, d in _dated(context.history.outlined) if (d.year, d.month) == month)
    came = [context.history.introduction[model_id] for model_id in found]
    events = [e for e in context.history.events if (d := e.on.known) and (d.year, d.month) == month]
    return ReportSection(
        id="this-month",
        heading=context.language.gettext("What happened in this month"),
        entries=tuple(
            report_entry(record, context) for record in sorted((*came, *events), key=in_time)
        ),
    )


def _newest(out: Sequence[Model], context: Context) -> ReportSection:
    """Return the newest model of each organization, the newest first."""
    newest: dict[str, Model] = {}
    for model in out:
        for role in model.organization[:1]:
            newest[role.id] = model
    gettext = context.language.gettext
    rows = []
    for key, model in sorted(newest.items(), key=lambda item: in_time(item[1]), reverse=True):
        organization = context.history.organizations.get(key)
        date = headline_date(model)
        url = f"organizations/{key}/" if organization else ""
        rows.append(
            (
                Cell(text=organization.name if organization else key, url=url),
                Cell(
                    text=model.name,
                    url=f"models/{model.id}/",
                    mark=context.history.mark(model).value,
                    hue=context.hue(model),
                ),
                Cell(text=context.language.date(date) if date else ""),
            )
        )
    columns = (gettext("Organization"), gettext("Newest model"), gettext("Date"))
    heading = gettext("The newest of each organization")
    table = make_table(
        context.language,
        label=heading,
        columns=columns,
        numeric=(False, False, False),
        rows=tuple(rows),
    )
    return ReportSection(id="newest", heading=heading, table=table)


def _records_on(day: datetime.date, context: Context) -> ReportSection:
    gettext = context.language.gettext
    rows = []
    for key, progression in context.shared.held.items():
        if held := standing_on(progression, day):
            _, model, value, _, status = holding_row(held, RULES[key].measure, context)
            title = Cell(text=gettext(TITLES[key]), url=f"records/#{key}")
            rows.append((title, model, value, status))
    columns = (gettext("Record"), gettext("Model"), gettext("Value"), gettext("Status"))
    heading = gettext("Who held the records")
    numeric = (False, False, True, False)
    table = make_table(
        context.language, label=heading, columns=columns, numeric=numeric, rows=tuple(rows)
    )
    return ReportSection(id="records", heading=heading, table=table if rows else None)


def _usable(day: datetime.date, out: Sequence[Model], context: Context) -> Iterator[ReportSection]:
    """Yield what one could have on a day: open weights, then a service only, then nothing."""
    gettext = context.language.gettext
    marks = {model.id: mark_on(model, day) for model in out}
    headings = {
        Mark.OPEN: gettext("Open weights that one could have"),
        Mark.API: gettext("What one could use as a service or a product"),
        Mark.CLOSED: gettext("Known of, but not to be had"),
    }
    for mark, heading in headings.items():
        found = [model for model in reversed(out) if marks[model.id] is mark]
        entries = tuple(
            ReportEntry(
                url=f"models/{model.id}/",
                name=model.name,
                mark=mark.value,
                hue=context.hue(model),
                date=context.language.month(date.year, date.month)
                if (date := headline_date(model))
                else "",
            )
            for model in found[:_MOST_LISTED]
        )
        more = len(found) - len(entries)
        lead = context.language.ngettext("%(num)s model.", "%(num)s models.", len(found))
        if more:
            lead += " " + gettext("The newest %(num)s are listed.", num=_MOST_LISTED)
        yield ReportSection(id=mark.value, heading=heading, lead=lead, entries=entries)
