"""Charts: numbers of models in time, and how many came from where and how openly."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence

from llm_history.content.records import Model
from llm_history.history import headline_date
from llm_history.history.holders import progression
from llm_history.history.measures import MEASURES, SIZES, Measure, Value
from llm_history.pages import labels, parts
from llm_history.pages.context import Context
from llm_history.pages.figures.scatter import Dot, PlacedDot, log_scale, place
from llm_history.pages.figures.timescale import TimeScale, month_number, when, whole_years
from llm_history.pages.format import APPROXIMATE, format_count, format_power, format_tokens
from llm_history.pages.labels import N_
from llm_history.pages.tables import make_table
from llm_history.pages.views import (
    Cell,
    ChartView,
    Column,
    ColumnPart,
    ColumnsView,
    LinkView,
    ReportEntry,
    ReportSection,
    ReportView,
    ScatterDot,
    ScatterView,
    TableView,
    Tick,
)

TITLES = {
    "parameters": N_("Parameters over time"),
    "training-tokens": N_("Training tokens over time"),
    "context-window": N_("Context window over time"),
    "training-compute": N_("Training compute over time"),
    "price": N_("Price over time"),
    "openness": N_("Open and closed, by quarter"),
    "releases": N_("Releases by organization"),
}
"""Every chart's title, by its address below ``charts/``."""
_LEADS = {
    "parameters": N_("How large models are, each size a dot; a ring is a size that is not the maker’s word, a bar the span of what is claimed. Marks along the foot are models whose size was never given."),  # noqa: E501
    "training-tokens": N_("How many tokens models saw in training. Marks along the foot are models of which it was never said."),  # noqa: E501
    "context-window": N_("How many tokens models take in at once, as they were when they came out."),  # noqa: E501
    "training-compute": N_("How many operations training took. Most figures are estimates by others."),  # noqa: E501
    "price": N_("What makers charged for a million tokens of input, in US dollars, from the day the price was in force."),  # noqa: E501
    "openness": N_("How many models of each quarter have open weights, are served as an API only, or were only described."),  # noqa: E501
    "releases": N_("How many models each organization released in each year."),
}  # fmt: skip
_HEIGHT = 180
_RUG_ROOM = 22
MOST_ROWS = 2000
"""A page lists at most so many values, the newest; the CSV has all."""
_COVERED_X, _COVERED_Y = 0.5, 4
"""Percent and pixels between dots that cover each other."""


def chart_links(context: Context) -> tuple[LinkView, ...]:
    """Return the links to all charts."""
    gettext = context.language.gettext
    return tuple(
        LinkView(url=f"charts/{key}/", name=gettext(title)) for key, title in TITLES.items()
    )


def charts_index(context: Context) -> ReportView:
    """Return the index of charts."""
    gettext = context.language.gettext
    entries = tuple(
        ReportEntry(url=f"charts/{key}/", name=gettext(title), detail=gettext(_LEADS[key]))
        for key, title in TITLES.items()
    )
    return ReportView(
        name=gettext("Charts"),
        description=gettext("The history of language models in charts, with their data."),
        section="charts",
        lead=gettext("Each chart has all its numbers in a table below it, and as a CSV file."),
        sections=(ReportSection(id="charts", heading=gettext("All charts"), entries=entries),),
    )


def _title(key: str, context: Context) -> str:
    return context.language.gettext(TITLES[key])


def _quarter(quarter: int, context: Context) -> str:
    """Return ``2023 · Q1`` for a quarter, which is year * 4 + 0..3."""
    number = context.language.gettext("Q%(number)s", number=quarter % 4 + 1)
    return f"{quarter // 4} · {number}"


def measured(context: Context, measure: Measure) -> list[Value]:
    """Return a measure's values in the order of time, those with a date."""
    values = (v for model in context.history.measured for v in measure.values(model))
    dated = [(value.date, value) for value in values if value.date]
    return [value for _, value in sorted(dated, key=lambda pair: pair[0].sort_key)]


def measure_chart(measure: Measure, context: Context) -> ChartView:
    """Return the page of a measure's chart."""
    gettext = context.language.gettext
    values = measured(context, measure)
    return ChartView(
        name=gettext(TITLES[measure.key]),
        description=gettext(_LEADS[measure.key]),
        lead=gettext(_LEADS[measure.key]),
        scatter=_scatter(measure, values, context),
        table=_values_table(measure, values[-MOST_ROWS:], context),
        partial=len(values) > MOST_ROWS,
        csv_url=f"data/charts/{measure.key}.csv",
        others=chart_links(context),
    )


# --- Dots in time ---


def shown_value(measure: Measure, value: Value) -> str:
    """Return a value as text: ``175B``, ``2.1 × 10²⁵ FLOP``, ``$11.02``."""
    if value.number is None:
        return ""
    mark = APPROXIMATE if value.approximate else ""
    if measure.key == "price":
        return f"${value.number:,.2f}"
    if measure.key == "training-compute":
        return f"{mark}{format_power(value.number)} FLOP"
    if measure.key == "context-window":
        return mark + format_tokens(value.number)
    return mark + format_count(value.number)


def _decade(measure: Measure, exponent: int) -> str:
    if measure.key == "training-compute":
        return format_power(10.0**exponent)
    if measure.key == "price":
        return f"${10.0**exponent:g}"
    return format_count(10**exponent)


def time_scale(context: Context) -> TimeScale:
    """Return the scale of time that charts share: whole years around all models."""
    return whole_years(date for m in context.history.outlined if (date := headline_date(m)))


def year_ticks(scale: TimeScale) -> tuple[Tick, ...]:
    """Return the beginnings of years on a scale, except at its very end."""
    ticks = (Tick(x=scale.percent(year * 12), text=str(year)) for year in scale.years)
    return tuple(tick for tick in ticks if tick.x < 96)


def _scatter(measure: Measure, values: Sequence[Value], context: Context) -> ScatterView | None:
    known = [value for value in values if value.number]
    if not known:
        return None
    time = whole_years(value.date for value in values if value.date)
    scale = log_scale(n for v in known for n in (v.number, v.low, v.high) if n)
    top = {_key(holding.value) for holding in progression(known)}
    largest: dict[str, Value] = {}
    for value in known:
        other = largest.get(value.model.id)
        if other is None or (value.number or 0) > (other.number or 0):
            largest[value.model.id] = value
    dots = [_dot(v, named=largest[v.model.id] is v, holder=_key(v) in top) for v in known]
    placed = place(dots, time, scale)
    shown = _uncovered(placed)
    by_key = {_key(value): value for value in known}
    return ScatterView(
        label=context.language.gettext(TITLES[measure.key]),
        height=scale.height + _RUG_ROOM,
        ticks=year_ticks(time),
        decades=tuple((scale.y(10.0**e), _decade(measure, e)) for e in scale.decades),
        dots=tuple(_scatter_dot(p, by_key[p.dot.key], measure, context) for p in shown),
        rug=_rug(values, time),
        covered=len(placed) - len(shown),
    )


def _uncovered(placed: Sequence[PlacedDot]) -> Sequence[PlacedDot]:
    """Return dots without those that others would cover, if they are very many.

    Of those that would touch, the ones with names stay, or else the first.
    """
    if not parts.are_many(len(placed)):
        return placed
    cells: dict[tuple[float, float], PlacedDot] = {}
    for each in placed:
        cell = round(each.x / _COVERED_X), round(each.y / _COVERED_Y)
        if each.labelled or cell not in cells:
            cells[cell] = each
    return sorted(cells.values(), key=lambda each: each.x)


def _key(value: Value) -> str:
    variant = value.variant.id if value.variant else ""
    return f"{value.model.id}#{variant}@{value.date}"


def _dot(value: Value, *, named: bool, holder: bool) -> Dot:
    start, end = when(value.date) if value.date else (0.0, 0.0)
    number = value.number or 1.0
    weight = (2.0 if holder else 1.0) if named else 0.0
    name = value.model.name if named else ""
    low, high = value.low or number, value.high or number
    return Dot(_key(value), name, (start + end) / 2, number, low, high, weight)


def _scatter_dot(p: PlacedDot, value: Value, measure: Measure, context: Context) -> ScatterDot:
    return ScatterDot(
        url=f"models/{value.model.id}/",
        name=p.dot.name or value.name,
        text=f"{value.name}: {shown_value(measure, value)}",
        hue=context.hue(value.model),
        x=p.x,
        y=p.y,
        low_y=p.low_y,
        high_y=p.high_y,
        status=value.status.value,
        labelled=p.labelled and bool(p.dot.name),
        flipped=p.flipped,
    )


def _rug(values: Iterable[Value], time: TimeScale) -> tuple[Tick, ...]:
    """Return a mark for each model that gives no number at all; of very many, one at each place."""
    known = {value.model.id for value in values if value.number is not None}
    silent = {v.model.id: v for v in values if v.model.id not in known and v.date}
    ticks = [
        Tick(x=time.percent(sum(when(value.date)) / 2), text=value.model.name)
        for value in silent.values()
        if value.date
    ]
    if parts.are_many(len(ticks)):
        ticks = list({round(tick.x / _COVERED_X): tick for tick in ticks}.values())
    return tuple(ticks)


# --- Where one model stands among all ---


def all_sizes(context: Context) -> bytes:
    """Return the sizes of all models as an SVG file, for pages to draw one model over.

    It is one file, not a part of each page, so that a new model changes no other's page.
    """
    found = context.sizes_scale
    if found is None:
        return b'<svg xmlns="http://www.w3.org/2000/svg"><g id="all"/></svg>\n'
    time, scale = found
    values = measured(context, SIZES)
    places = {
        (round(time.percent(sum(when(v.date)) / 2), 1), round(scale.y(v.number)))
        for v in values
        if v.date and v.number
    }
    dots = "".join(f'<circle cx="{x}%" cy="{y}" r="2.5"/>' for x, y in sorted(places))
    foot = scale.height + 8
    rug = "".join(
        f'<rect x="{tick.x}%" y="{foot}" width="1.2" height="10"/>' for tick in _rug(values, time)
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><g id="all">{dots}{rug}</g></svg>'
    return f"{svg}\n".encode()


def where_it_stands(model: Model, context: Context) -> ScatterView | None:
    """Return the sizes of one model on the scales of all."""
    found = context.sizes_scale
    date = headline_date(model)
    values = list(SIZES.values(model))
    if found is None or date is None or not values:
        return None
    time, scale = found
    known = [value for value in values if value.number]
    placed = place([_dot(v, named=v is known[-1], holder=True) for v in known], time, scale)
    by_key = {_key(value): value for value in known}
    dots = tuple(_scatter_dot(p, by_key[p.dot.key], SIZES, context) for p in placed)
    return ScatterView(
        label=context.language.gettext("Where it stands"),
        height=scale.height + _RUG_ROOM,
        ticks=year_ticks(time),
        decades=tuple((scale.y(10.0**e), _decade(SIZES, e)) for e in scale.decades),
        dots=dots,
        rug=_rug(values, time),
    )


# --- Tables ---


def _values_table(measure: Measure, values: Iterable[Value], context: Context) -> TableView:
    gettext = context.language.gettext
    rows = []
    for value in values:
        absent = gettext(labels.STATUSES[value.status.value])
        rows.append(
            (
                Cell(text=context.language.date(value.date) if value.date else ""),
                Cell(text=value.name, url=f"models/{value.model.id}/"),
                Cell(text=shown_value(measure, value) or absent),
                Cell(text="", status=value.status.value),
                _organization(value.model, context),
            )
        )
    return make_table(
        context.language,
        label=gettext(TITLES[measure.key]),
        columns=(
            gettext("Date"),
            gettext("Model"),
            gettext("Value"),
            gettext("Status"),
            gettext("Organization"),
        ),
        numeric=(False, False, True, False, False),
        rows=tuple(rows),
    )


def _organization(model: Model, context: Context) -> Cell:
    organization = context.history.organization(model)
    if organization is None:
        return Cell(text="")
    return Cell(text=organization.name, url=f"organizations/{organization.id}/")


def to_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV (RFC 4180), in UTF-8 with a header row first."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def measure_csv(measure: Measure, context: Context) -> bytes:
    """Return a measure's values as CSV, with what they rest on."""
    head = ("date", "model", "variant", "name", "value", "low", "high", "status", "sources")
    rows = [
        (
            value.date,
            value.model.id,
            value.variant.id if value.variant else "",
            value.name,
            *("" if n is None else f"{n:.15g}" for n in (value.number, value.low, value.high)),
            value.status.value,
            " ".join(map(str, value.cite)),
        )
        for value in measured(context, measure)
    ]
    return to_csv([head, *rows])


# --- Bars ---

_MARKS = ("open", "api", "closed", "unknown")


def openness_chart(context: Context) -> ChartView:
    """Return how open the models of each quarter are."""
    counts = openness_counts(context)
    time = time_scale(context)
    gettext = context.language.gettext
    most = max((sum(found.values()) for found in counts.values()), default=1)
    names = {mark: gettext(labels.MARKS[mark]) for mark in _MARKS}
    columns = tuple(
        _column(
            time, quarter * 3, 3, _quarter(quarter, context),
            [(mark, found[mark]) for mark in _MARKS], most,
        )
        for quarter, found in counts.items()
    )  # fmt: skip
    rows = tuple(
        (
            Cell(text=_quarter(quarter, context)),
            *(Cell(text=str(found[mark] or "–")) for mark in _MARKS),
        )
        for quarter, found in counts.items()
    )
    table = make_table(
        context.language,
        label=_title("openness", context),
        columns=(gettext("Quarter"), *names.values()),
        numeric=(False, True, True, True, True),
        rows=rows,
    )
    return _bars_page("openness", columns, most, tuple(names.items()), table, context)


def openness_counts(context: Context) -> dict[int, Counter[str]]:
    """Return how many models of each quarter have each mark; a quarter is year * 4 + 0..3."""
    counts: dict[int, Counter[str]] = {}
    for model in context.history.measured:
        if date := headline_date(model):
            found = counts.setdefault(month_number(date) // 3, Counter())
            found[context.history.mark(model).value] += 1
    return dict(sorted(counts.items()))


def releases_chart(context: Context) -> ChartView:
    """Return how many models each organization released in each year."""
    gettext = context.language.gettext
    counts = release_counts(context)
    years = sorted({year for found in counts.values() for year in found})
    total = Counter({year: sum(f[year] for f in counts.values()) for year in years})
    leading = sorted(counts, key=lambda key: (-sum(counts[key].values()), key))[:8]
    known = context.history.organizations
    hues = _distinct_styles(leading, context)
    others = {y: total[y] - sum(counts[key][y] for key in leading) for y in years}
    time, most = time_scale(context), max(total.values(), default=1)
    columns = tuple(
        _column(
            time, year * 12, 12, str(year),
            [*((hues[key], counts[key][year]) for key in leading), ("others", others[year])], most,
        )
        for year in years
    )  # fmt: skip
    legend = [(hues[key], known[key].name if key in known else key) for key in leading]
    rows = tuple(
        (
            Cell(
                text=known[key].name if key in known else key,
                url=f"organizations/{key}/" if key in known else "",
            ),
            *(Cell(text=str(counts[key][year] or "–")) for year in years),
        )
        for key in sorted(counts, key=lambda key: (-sum(counts[key].values()), key))
    )
    table = make_table(
        context.language,
        label=_title("releases", context),
        columns=(gettext("Organization"), *map(str, years)),
        numeric=(False, *(True for _ in years)),
        rows=rows,
    )
    legend.append(("others", gettext("Others")))
    return _bars_page("releases", columns, most, tuple(legend), table, context)


def release_counts(context: Context) -> dict[str, Counter[int]]:
    """Return how many models each organization released in each year."""
    counts: dict[str, Counter[int]] = {}
    for model in context.history.measured:
        if date := headline_date(model):
            for role in model.organization[:1]:
                counts.setdefault(role.id, Counter())[date.year] += 1
    return counts


def _distinct_styles(keys: Sequence[str], context: Context) -> dict[str, str]:
    """Give each organization its hue; those that share one get another pattern of it."""
    used: Counter[str] = Counter()
    styles = {}
    for key in keys:
        organization = context.history.organizations.get(key)
        hue = (organization.hue or "grey") if organization else "grey"
        styles[key] = f"h-{hue} p{used[hue]}"
        used[hue] += 1
    return styles


def _column(
    time: TimeScale,
    month: int,
    months: int,
    label: str,
    parts: Sequence[tuple[str, int]],
    most: int,
) -> Column:
    scale, y, found = _HEIGHT / most, float(_HEIGHT), []
    for style, count in parts:
        if count:
            y -= count * scale
            found.append(ColumnPart(y=round(y, 1), height=round(count * scale, 1), style=style))
    width = time.percent(time.start + months)
    return Column(
        x=round(time.percent(month) + width * 0.07, 3),
        width=round(width * 0.86, 3),
        label=f"{label}: {sum(count for _, count in parts)}",
        parts=tuple(found),
    )


def _bars_page(
    key: str,
    columns: tuple[Column, ...],
    most: int,
    legend: tuple[tuple[str, str], ...],
    table: TableView,
    context: Context,
) -> ChartView:
    gettext = context.language.gettext
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**9) if most / n <= 6)
    lines = tuple(
        (round(_HEIGHT - n * _HEIGHT / most, 1), str(n)) for n in range(0, most + 1, step)
    )
    return ChartView(
        name=gettext(TITLES[key]),
        description=gettext(_LEADS[key]),
        lead=gettext(_LEADS[key]),
        columns=ColumnsView(
            label=gettext(TITLES[key]),
            height=_HEIGHT,
            ticks=year_ticks(time_scale(context)),
            columns=columns,
            legend=legend,
            lines=lines,
        ),
        table=table,
        csv_url=f"data/charts/{key}.csv",
        others=chart_links(context),
    )


def openness_csv(context: Context) -> bytes:
    """Return how open the models of each quarter are, as CSV."""
    rows = [
        (f"{quarter // 4}-Q{quarter % 4 + 1}", *(found[mark] for mark in _MARKS))
        for quarter, found in openness_counts(context).items()
    ]
    return to_csv([("quarter", *_MARKS), *rows])


def releases_csv(context: Context) -> bytes:
    """Return how many models each organization released in each year, as CSV."""
    rows = [
        (key, year, count)
        for key, found in sorted(release_counts(context).items())
        for year, count in sorted(found.items())
    ]
    return to_csv([("organization", "year", "models"), *rows])


def chart_data(context: Context) -> dict[str, bytes]:
    """Return the data of every chart, by the path of its file."""
    files = {f"data/charts/{m.key}.csv": measure_csv(m, context) for m in MEASURES}
    files["data/charts/openness.csv"] = openness_csv(context)
    files["data/charts/releases.csv"] = releases_csv(context)
    return files
