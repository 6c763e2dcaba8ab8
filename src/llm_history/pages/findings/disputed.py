"""Every fact on which sources differ, with all claims."""

from collections.abc import Iterator
from typing import Any

from llm_history.content.facts import Fact, Status
from llm_history.content.records import (
    Dated,
    Model,
    Record,
    named_facts,
)
from llm_history.history import headline_date
from llm_history.history.index import full_variant_name
from llm_history.history.measures import stated_facts
from llm_history.pages import labels
from llm_history.pages.context import Context
from llm_history.pages.sourcebook import Sourcebook
from llm_history.pages.views import (
    DisputedRecord,
    DisputedView,
    FactView,
    LinkView,
)


def disputed_view(context: Context) -> DisputedView:
    """Return the index of every fact on which sources differ, with all claims."""
    gettext = context.language.gettext
    book = Sourcebook(context.history, context.language)
    records, years = [], set[int]()
    for record in context.shared.everything():
        if facts := tuple(_disputed_facts(record, book)):
            date = headline_date(record)
            year = date.year if date and date.year not in years else 0
            years.add(year)
            records.append(
                DisputedRecord(
                    link=LinkView(url=f"{type(record).kind_name}/{record.id}/", name=record.name),
                    mark=context.history.mark(record).value if isinstance(record, Model) else "",
                    hue=context.hue(record) if isinstance(record, Dated) else "grey",
                    date=context.language.date(date) if date else "",
                    opens_year=year,
                    facts=facts,
                )
            )
    count = sum(len(record.facts) for record in records)
    return DisputedView(
        name=gettext("Disputed facts"),
        description=gettext("Every fact on which sources differ, with all claims."),
        section="disputed",
        lead=context.language.ngettext(
            "Sources differ on %(num)s fact. Every claim is shown with who makes it; none is "
            "averaged, and no winner is declared.",
            "Sources differ on %(num)s facts. Every claim is shown with who makes it; none is "
            "averaged, and no winner is declared.",
            count,
        ),
        records=tuple(records),
        sources=book.sources(),
    )


def _disputed_facts(record: Record, book: Sourcebook) -> Iterator[FactView]:
    for label, fact_id, name, fact in _facts_of(record):
        if fact.status is Status.DISPUTED:
            yield book.fact(name, label, fact, fact_id)
    if isinstance(record, Model):
        for variant, name, fact in stated_facts(record):
            if fact.status is Status.DISPUTED:
                view = book.fact(name, labels.FACTS[name], fact)
                if variant is None:
                    yield view
                else:
                    label = f"{view.label}, {full_variant_name(record, variant)}"
                    yield FactView(
                        id=variant.id, label=label, status=view.status, claims=view.claims
                    )


def _facts_of(record: Record) -> Iterator[tuple[str, str, str, Fact[Any]]]:
    """Yield label, address, name and value of the facts that are not a model's alone."""
    if isinstance(record, Dated):
        for entry in record.dates:
            yield labels.DATES[entry.what], entry.what, "on", entry.on
    for name, fact in named_facts(record):
        yield labels.FACTS[name], name, name, fact
