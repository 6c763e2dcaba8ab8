"""Records and who held them, like tables of world records."""

from llm_history.history.holders import Holding, all_values, official, progression
from llm_history.history.measures import MEASURES, Measure
from llm_history.pages.charts import shown_value
from llm_history.pages.context import Context
from llm_history.pages.labels import N_
from llm_history.pages.views import (
    Cell,
    ReportSection,
    ReportView,
    TableView,
)

RECORDS = {
    "largest-disclosed": (N_("The largest disclosed model"), "parameters", True, ""),
    "largest-claimed": (N_("The largest model, by anyone’s account"), "parameters", False, ""),
    "largest-open": (N_("The largest model with open weights"), "parameters", False, "open"),
    "longest-context": (N_("The longest context window"), "context-window", False, ""),
    "longest-open-context": (
        N_("The longest context window with open weights"), "context-window", False, "open",
    ),
    "most-tokens": (N_("The most training tokens"), "training-tokens", False, ""),
    "most-compute": (N_("The most training compute"), "training-compute", False, ""),
}  # fmt: skip
"""Records: title, measure, whether only the maker's word counts, and the mark it needs."""


def holdings(key: str, context: Context) -> tuple[Holding, ...]:
    """Return a record as a progression."""
    _, measure, strict, mark = RECORDS[key]
    models = context.history.models
    values = iter(all_values(models, measure))
    if strict:
        values = (value for value in values if official(value))
    if mark:
        values = (v for v in values if context.history.mark(v.model).value == mark)
    return progression(values)


Records = dict[str, tuple[Holding, ...]]
"""The progression of every record, by its key."""


def all_holdings(context: Context) -> Records:
    """Return every record as a progression."""
    return {key: holdings(key, context) for key in RECORDS}


def holders_view(context: Context) -> ReportView:
    """Return the records and who held them, like tables of world records."""
    gettext = context.language.gettext
    sections = []
    for key, (title, measure, _, _) in RECORDS.items():
        rows = tuple(holding_row(h, measure, context) for h in holdings(key, context))
        if rows:
            columns = (
                gettext("From"), gettext("Model"), gettext("Value"), gettext("Status"),
                gettext("Days it stood"),
            )  # fmt: skip
            numeric = (False, False, True, False, True)
            table = TableView(label=gettext(title), columns=columns, numeric=numeric, rows=rows)
            sections.append(ReportSection(id=key, heading=gettext(title), table=table))
    return ReportView(
        name=gettext("Record-holders"),
        description=gettext("The largest, the longest, the most: who held the record, how long."),
        section="records",
        lead=gettext(
            "Each row broke the record of the row above it. A record counts from the day the model "
            "came out; the last one still stands among the models recorded here."
        ),
        sections=tuple(sections),
    )


def holding_row(holding: Holding, measure: str, context: Context) -> tuple[Cell, ...]:
    """Return a row: since when, which model, what value, how firm, for how many days."""
    value = holding.value
    days = holding.days
    return (
        Cell(text=context.language.date(value.date) if value.date else ""),
        Cell(
            text=value.name,
            url=f"models/{value.model.id}/",
            mark=context.history.mark(value.model).value,
            hue=context.hue(value.model),
        ),
        Cell(text=shown_value(_measure(measure), value)),
        Cell(text="", status=value.status.value),
        Cell(text=context.language.gettext("stands") if days is None else f"{days:,}"),
    )


def _measure(key: str) -> Measure:
    return next(measure for measure in MEASURES if measure.key == key)
