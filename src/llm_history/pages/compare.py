"""All models in one table, sorted by one fact or another; and the same as CSV."""

from collections.abc import Iterable, Sequence
from typing import Any

from llm_history.content.facts import Fact, Text
from llm_history.content.quantities import Quantity, Size
from llm_history.content.records import FACT_NAMES, Modalities, Model
from llm_history.history import headline_date, inherited_facts
from llm_history.history.access import licenses_of
from llm_history.history.measures import own_facts
from llm_history.pages import labels
from llm_history.pages.charts import to_csv
from llm_history.pages.context import Context
from llm_history.pages.format import format_value, license_name
from llm_history.pages.rivals import Named
from llm_history.pages.tables import make_table
from llm_history.pages.timetable import inputs_of
from llm_history.pages.views import Cell, CompareView, FilterOption, LinkView

MOST_ROWS = 2000
"""A page lists at most so many models, the newest; the CSV has all."""
_FACTS = ("parameters", "training_tokens", "training_compute", "context_window", "architecture")
SORTS = ("name", "date", "organization", "weights", "parameters", "training-tokens",
         "training-compute", "context-window", "", "", "")  # fmt: skip
"""The address of the page sorted by each column; empty where that would tell nothing."""
_WORDS = {**labels.STATUSES, **labels.ABSENT, **labels.MODALITIES}
_NUMERIC = (False, False, False, False, True, True, True, True, False, False, False)
BY_DATE = 1


def compare_view(context: Context, column: int = BY_DATE) -> CompareView:
    """Return the table of all models, sorted by a column: numbers from the highest down."""
    gettext = context.language.gettext
    newest = list(context.history.measured)[-MOST_ROWS:]
    rows = sorted_rows([_cells(model, context) for model in newest], column)
    title = gettext("Compare models")
    return CompareView(
        name=title,
        description=gettext("Every model and its main facts, to sort, filter and compare."),
        lead=gettext(
            "Choose two to six models to see their facts side by side, or sort and filter the "
            "table. What a maker did not disclose sorts last."
        ),
        table=make_table(
            context.language,
            label=title,
            columns=_columns(context),
            numeric=_NUMERIC,
            rows=tuple(rows),
        ),
        sorts=tuple(f"compare/by-{key}/" if key else "" for key in SORTS),
        sorted_by=column,
        csv_url="data/models.csv",
        total=len(context.history.measured),
        examples=tuple(_pair(*pair) for pair in context.shared.famous_pairs),
        facts=tuple(
            FilterOption(id=name, name=gettext(labels.FACTS[name]))
            for name in FACT_NAMES
            if name not in _FACTS
        ),
        words={key: gettext(word) for key, word in _WORDS.items()},
    )


def _pair(one: Named, other: Named) -> LinkView:
    return LinkView(url=f"compare/?m={one[0]},{other[0]}", name=f"{one[1]} / {other[1]}")


def _columns(context: Context) -> tuple[str, ...]:
    gettext = context.language.gettext
    return (
        gettext("Model"),
        gettext("Date"),
        gettext("Organization"),
        gettext("Weights"),
        *(gettext(labels.FACTS[name]) for name in _FACTS),
        gettext("Licence"),
        gettext("Input"),
    )


def sorted_rows(rows: Iterable[tuple[Cell, ...]], column: int) -> list[tuple[Cell, ...]]:
    """Sort rows by a column; cells without a value come last."""
    numeric = _NUMERIC[column]

    def key(row: tuple[Cell, ...]) -> tuple[Any, ...]:
        cell = row[column]
        if numeric:
            return (not cell.sort, -float(cell.sort or 0), row[0].sort)
        return (not cell.sort, cell.sort.casefold(), row[0].sort)

    return sorted(rows, key=key)


def _cells(model: Model, context: Context) -> tuple[Cell, ...]:
    language, history = context.language, context.history
    date = headline_date(model)
    organization = history.organization(model)
    mark = history.mark(model).value
    licenses = [license_name(identifier) for identifier in licenses_of(model)]
    inputs = [language.gettext(labels.MODALITIES[name]) for name in inputs_of(model)]
    return (
        Cell(text=model.name, url=f"models/{model.id}/", sort=model.name, mark=mark,
             hue=context.hue(model)),
        Cell(text=language.date(date) if date else "", sort=str(date) if date else ""),
        Cell(text=organization.name if organization else "",
             sort=organization.name if organization else ""),
        Cell(text=language.gettext(labels.MARKS[mark]), sort=mark),
        *(_fact_cell(model, name, context) for name in _FACTS),
        Cell(text="; ".join(licenses), sort="; ".join(licenses)),
        Cell(text=" + ".join(inputs), sort=" + ".join(inputs)),
    )  # fmt: skip


def _fact_cell(model: Model, name: str, context: Context) -> Cell:
    """Return a fact of a model: of its largest variant where only variants state it."""
    facts = [fact for _, own in own_facts(model) if (fact := getattr(own, name))]
    if not facts:
        return Cell(text="")
    fact = max(facts, key=_magnitude)
    status = fact.status.value
    if fact.known is None:
        word = context.language.gettext(labels.ABSENT[fact.best.absent or "unknown"])
        return Cell(text=word)
    text = format_value(name, fact.known, context.language)
    number = _magnitude(fact)
    sort = f"{number:.15g}" if number >= 0 else text
    return Cell(text=text, status="" if status == "official" else status, sort=sort)


def _magnitude(fact: Fact[Any]) -> float:
    value = fact.known.total if isinstance(fact.known, Size) else fact.known
    return float(value.middle) if isinstance(value, Quantity) else -1.0


# --- The same as data ---


def models_csv(models: Sequence[Model], context: Context) -> bytes:
    """Return one row for each model and variant, with every fact and its status as CSV."""
    columns = [part for name in FACT_NAMES for part in (name, f"{name}_status")]
    head = ("id", "variant", "name", "kind", "family", "organizations", "date", "mark",
            "licenses", *columns)  # fmt: skip
    rows: list[Sequence[object]] = [head]
    for model in models:
        for variant in model.variants or (None,):
            facts = inherited_facts(model, variant) if variant else model.facts
            date = headline_date(model)
            values: list[object] = []
            for name in FACT_NAMES:
                fact = getattr(facts, name)
                values += [_plain_value(fact), fact.status.value if fact else ""]
            rows.append(
                (
                    model.id, variant.id if variant else "",
                    f"{model.name} {variant.name}" if variant else model.name,
                    model.kind, model.family or "",
                    " ".join(role.id for role in model.organization), date or "",
                    context.history.mark(model).value, " ".join(licenses_of(model)), *values,
                )
            )  # fmt: skip
    return to_csv(rows)


def _plain_value(fact: Fact[Any] | None) -> str:
    if fact is None:
        return ""
    value = fact.known
    if isinstance(value, Size):
        value = value.total
    if isinstance(value, Quantity):
        return f"{value.middle:.15g}"
    if isinstance(value, Modalities):
        return f"{'+'.join(value.input)} > {'+'.join(value.output)}"
    if isinstance(value, Text):
        return value.get("en", "en")[0]
    return " ".join(value) if isinstance(value, tuple) else str(value or fact.best.absent or "")
