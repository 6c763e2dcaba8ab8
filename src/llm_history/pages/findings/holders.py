"""Records and who held them, like tables of world records."""

from llm_history.history.holders import RULES, Holding
from llm_history.history.measures import MEASURES, Measure
from llm_history.pages.charts import shown_value
from llm_history.pages.context import Context
from llm_history.pages.labels import N_
from llm_history.pages.tables import make_table
from llm_history.pages.views import (
    Cell,
    ReportSection,
    ReportView,
)

TITLES = {
    "largest-disclosed": N_("The largest disclosed model"),
    "largest-claimed": N_("The largest model, by anyone’s account"),
    "largest-open": N_("The largest model with open weights"),
    "longest-context": N_("The longest context window"),
    "longest-open-context": N_("The longest context window with open weights"),
    "most-tokens": N_("The most training tokens"),
    "most-compute": N_("The most training compute"),
}


def holders_view(context: Context) -> ReportView:
    """Return the records and who held them, like tables of world records."""
    gettext = context.language.gettext
    sections = []
    for key, held in context.shared.held.items():
        title, measure = TITLES[key], RULES[key].measure
        rows = tuple(holding_row(h, measure, context) for h in held)
        if rows:
            columns = (
                gettext("From"), gettext("Model"), gettext("Value"), gettext("Days it stood"),
                gettext("Status"),
            )  # fmt: skip
            numeric = (False, False, True, True, False)
            table = make_table(
                context.language, label=gettext(title), columns=columns, numeric=numeric, rows=rows
            )
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
    """Return a row: since when, which model, what value, for how many days, how firm."""
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
        Cell(text=context.language.gettext("stands") if days is None else f"{days:,}"),
        Cell(text="", status=value.status.value),
    )


def _measure(key: str) -> Measure:
    return next(measure for measure in MEASURES if measure.key == key)
