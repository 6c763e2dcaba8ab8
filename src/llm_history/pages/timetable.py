"""Rows of models in the order they came: the timeline, and the shorter ones of other pages."""

import math
from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from llm_history.content.dates import PartialDate
from llm_history.content.facts import Fact, Status, first_sentence
from llm_history.content.quantities import Size
from llm_history.content.records import Dated, Model, Record
from llm_history.history import History, headline_date, sizes, sorted_by_date
from llm_history.pages import labels
from llm_history.pages.format import format_count, format_quantity, short_tokens
from llm_history.pages.language import Language
from llm_history.pages.views import MonthView, Row, Strip, YearView

_SMALLEST, _DECADES = -1.5, 5.0
"""The size strip shows 10^-1.5 to 10^3.5 billion parameters on a log scale."""


WHOLE_SENTENCES_UP_TO, _SHORT = 1000, 80
"""With more rows in one list, what changed is told in so many characters: a page has a budget."""


def strip_position(parameters: float) -> int:
    """Return where a size stands on the strip, in percent; a dot is wider than two of them."""
    x = (math.log10(max(parameters, 1) / 1e9) - _SMALLEST) / _DECADES
    return round(min(max(x, 0.0), 1.0) * 100)


def size_strip(facts: Iterable[Fact[Size]]) -> Strip | None:
    """Return the strip of some parameter counts; ``None`` when nothing is said of them."""
    facts = tuple(facts)
    dots = {
        (strip_position(fact.known.total.middle), fact.status is Status.OFFICIAL)
        for fact in facts
        if fact.known
    }
    if dots or not facts:
        return Strip(dots=tuple(sorted(dots))) if dots else None
    withheld = any(is_withheld(fact) for fact in facts)
    return Strip(absence="undisclosed" if withheld else "unknown")


def is_withheld(fact: Fact[Size]) -> bool:
    """Whether the maker declined to say, whatever others report."""
    silent = any(claim.absent == "undisclosed" for claim in fact.standing)
    return silent and not any(c.value and c.basis == "disclosed" for c in fact.standing)


def size_range(facts: Iterable[Fact[Size]], language: Language) -> tuple[str, str]:
    """Return the smallest and the largest size as text; the first is empty for a single one."""
    known = [fact.known.total for fact in facts if fact.known]
    if not known:
        return "", ""
    low = min(known, key=lambda quantity: quantity.middle)
    high = max(known, key=lambda quantity: quantity.middle)
    if low == high:
        return "", format_quantity(high, language)
    return format_count(low.middle), format_quantity(high, language)


def context_of(model: Model) -> str:
    """Return the longest context window of a model, shortly."""
    facts = [model.facts.context_window, *(v.facts.context_window for v in model.variants)]
    known = [fact.known.middle for fact in facts if fact and fact.known]
    return short_tokens(max(known)) if known else ""


def inputs_of(model: Model) -> tuple[str, ...]:
    """Return what a model takes in, in any of its variants."""
    facts = [model.facts.modalities, *(v.facts.modalities for v in model.variants)]
    known = (fact.known for fact in facts if fact)
    return tuple(dict.fromkeys(name for value in known if value for name in value.input))


def row(model: Model, history: History, language: Language) -> Row:
    """Return the row of a model."""
    facts = sizes(model)
    size_from, size = size_range(facts, language)
    mark = history.mark(model).value
    return msgspec.structs.replace(
        _row(model, history, language),
        mark=mark,
        strip=size_strip(facts),
        size_from=size_from,
        size=size,
        context=context_of(model),
        kind="system" if model.kind == "system" else "",
        organizations=_unsaid_organizations(model, history),
        facets=(f"w-{mark}", *(f"i-{name}" for name in inputs_of(model))),
    )


def milestone_row(record: Record, history: History, language: Language) -> Row:
    """Return the row of an event, a technique or a dataset."""
    kind = type(record).kind_name
    return msgspec.structs.replace(
        _row(record, history, language), kind=labels.KINDS[kind][1], facets=(f"ms-{kind}",)
    )


def _unsaid_organizations(model: Model, history: History) -> tuple[str, ...]:
    """Return the ids of a model's makers, unless the row's name of one says it already."""
    makers = tuple(role.id for role in model.organization)
    return () if len(makers) == 1 and makers[0] in history.organizations else makers


def _row(record: Record, history: History, language: Language) -> Row:
    date = headline_date(record)
    organization = history.organization(record) if isinstance(record, Dated) else None
    makers = record.organization if isinstance(record, Dated) else ()
    summary, spoken = language.text(record.summary)
    return Row(
        id=record.id,
        url=f"{type(record).kind_name}/{record.id}/",
        name=record.name,
        day=str(date.day) if date and date.day else "",
        mark="",
        hue=organization.hue or "grey" if organization else "grey",
        organization=organization.name if organization else "",
        strip=None,
        size_from="",
        size="",
        context="",
        summary=first_sentence(summary),
        summary_lang=spoken,
        organizations=tuple(role.id for role in makers),
    )


def _shortened(row: Row) -> Row:
    if len(row.summary) <= _SHORT:
        return row
    start = row.summary[:_SHORT]
    whole_words = start.rpartition(" ")[0] or start
    return msgspec.structs.replace(row, summary=f"{whole_words.rstrip(' ,;:–')}…")


def years(
    models: Sequence[Model],
    history: History,
    language: Language,
    milestones: Sequence[Record] = (),
) -> tuple[YearView, ...]:
    """Return dated models, and milestones among them, by year and month.

    In a month, days come before what has only a month; what has only a year ends the year.
    """
    dated = [(date, row(m, history, language)) for m in models if (date := headline_date(m))]
    dated += [
        (date, milestone_row(record, history, language))
        for record in milestones
        if (date := headline_date(record))
    ]
    if len(dated) > WHOLE_SENTENCES_UP_TO:
        dated = [(date, _shortened(row)) for date, row in dated]
    dated.sort(key=lambda pair: (_month_of(pair[0]), pair[0].day or 32, bool(pair[1].kind)))
    found = []
    for year, in_year in groupby(dated, key=lambda pair: pair[0].year):
        months = []
        for number, in_month in groupby(in_year, key=lambda pair: _month_of(pair[0])[1]):
            rows = tuple(row for _, row in in_month)
            name = language.month_name(number) if number <= 12 else ""
            has_page = number <= 12 and year * 12 + number - 1 in history.months
            months.append(
                MonthView(
                    number=number % 13,
                    name=name,
                    url=month_address(year, number) if has_page else "",
                    rows=rows,
                    facets=_facets(rows),
                )
            )
        count = sum(bool(row.mark) for month in months for row in month.rows)
        facets = _facets(months)
        found.append(YearView(year=year, months=tuple(months), count=count, facets=facets))
    return tuple(found)


def month_address(year: int, month: int) -> str:
    """Return the address of the page about a month."""
    return f"as-of/{year}-{month:02}/"


def _month_of(date: PartialDate) -> tuple[int, int]:
    return date.year, date.month or 13


def _facets(parts: Iterable[Row] | Iterable[MonthView]) -> tuple[str, ...]:
    return tuple(sorted({facet for part in parts for facet in part.facets}))


def count_of_models(count: int, language: Language) -> str:
    """Return ``3 models``."""
    return language.ngettext("%(num)s model", "%(num)s models", count)


def models_among(records: Iterable[Dated]) -> list[Model]:
    """Return the models among some records, each once, in the order they came."""
    by_id = {record.id: record for record in records if isinstance(record, Model)}
    return list(sorted_by_date(by_id.values()))
