"""What several of these pages share."""

from llm_history.content.facts import first_sentence
from llm_history.content.records import (
    Dated,
    Model,
    Record,
)
from llm_history.history import headline_date
from llm_history.pages.context import Context
from llm_history.pages.views import (
    ReportEntry,
)


def report_entry(record: Record, context: Context, *, full_date: bool = False) -> ReportEntry:
    """Return a record as a line of a report, with its day in the year or its full date."""
    language = context.language
    date = headline_date(record)
    summary, spoken = language.text(record.summary)
    return ReportEntry(
        url=f"{type(record).kind_name}/{record.id}/",
        name=record.name,
        detail=first_sentence(summary),
        mark=context.history.mark(record).value if isinstance(record, Model) else "",
        hue=context.hue(record) if isinstance(record, Dated) else "grey",
        lang=spoken,
        date="" if date is None else (language.date if full_date else language.month_and_day)(date),
    )
