"""Lineage: the map of all models, those of one family, and the small one of a model's page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from llm_history.content.records import Model
from llm_history.history import headline_date, sorted_by_date
from llm_history.history.lineage import Line, Step
from llm_history.pages import labels
from llm_history.pages.context import Context
from llm_history.pages.figures.descent import Node
from llm_history.pages.figures.lineage import COMPACT_ABOVE, Map, Style, draw_map
from llm_history.pages.figures.log import LogRow, draw_log
from llm_history.pages.figures.timescale import when
from llm_history.pages.views import (
    LinkView,
    LogEntry,
    LogLine,
    LogYear,
    MapBand,
    MapCurve,
    MapNode,
    MapView,
)

LOG_UP_TO = 400
"""With more models, the log stands on the pages of families only."""
MAP_UP_TO, LARGEST_FAMILIES = 600, 30
"""With more models than the first, the map shows only so many families."""
DESCENDANTS_UP_TO = 300
"""With more descendants, the page of a model leaves their names to the full map."""
_AROUND, _DEPTH = 22, 2
_FULL_WIDTH, _COLUMN_WIDTH = 1312, 736
_PITCH, _FIRST_LANE, _ROW = 13, 7, 40


def dated_models(models: Iterable[Model]) -> list[Model]:
    """Return the models that have a place in time."""
    return [model for model in models if headline_date(model)]


def _in_order(ids: Iterable[str], context: Context) -> list[Model]:
    """Return the models with these ids that have a place in time, oldest first."""
    found = (context.history.outline[model_id] for model_id in ids)
    return dated_models(sorted_by_date(found))


def full_map(context: Context) -> MapView | None:
    """Return the map of all models; of the largest families when they are too many."""
    models = dated_models(context.history.outlined)
    if len(models) > MAP_UP_TO:
        by_size = sorted(context.history.by_family.items(), key=lambda f: (-len(f[1]), f[0]))
        kept = {family for family, _ in by_size[:LARGEST_FAMILIES]}
        models = [model for model in models if model.family in kept]
    return _map(models, context, _FULL_WIDTH) if models else None


def family_map(family_id: str, context: Context) -> MapView | None:
    """Return the map of a family: its models, and those that they come from directly."""
    members = dated_models(context.history.by_family.get(family_id, ()))
    ids = {model.id for model in members}
    parents = {parent for key in ids for parent in context.history.kinship.ancestors(key, 1)}
    models = _in_order(ids | parents, context)
    return _map(models, context, _COLUMN_WIDTH, gutter=84) if len(models) > 1 else None


def map_around(model: Model, context: Context) -> MapView | None:
    """Return the map of a model's nearest relatives, two steps up and down."""
    if not headline_date(model):
        return None
    kinship = context.history.kinship
    around = kinship.ancestors(model.id, _DEPTH) | kinship.descendants(model.id, _DEPTH)
    relatives = _in_order(around, context)
    close = kinship.ancestors(model.id, 1) | kinship.descendants(model.id, 1)
    here = _node(model).time
    relatives.sort(key=lambda m: (m.id not in close, abs(_node(m).time - here)))
    shown, left_out = relatives[: _AROUND - 1], relatives[_AROUND - 1 :]
    if not shown:
        return None
    view = _map([*shown, model], context, _COLUMN_WIDTH, gutter=84, current=model.id)
    return msgspec.structs.replace(view, left_out=len(left_out))


def far_descendants(model: Model, context: Context) -> tuple[LinkView, ...]:
    """Return all that came from a model, if not only directly and not half of all models."""
    kinship = context.history.kinship
    found = kinship.descendants(model.id)
    if len(found) == len(kinship.descendants(model.id, 1)) or len(found) > DESCENDANTS_UP_TO:
        return ()
    return tuple(
        LinkView(url=f"models/{found.id}/", name=found.name) for found in _in_order(found, context)
    )


def _map(
    models: Sequence[Model], context: Context, width: int, *, gutter: int = 104, current: str = ""
) -> MapView:
    compact = len(models) > COMPACT_ABOVE
    style = (
        Style(width=width, gutter=8, unit=11, compact=True)
        if compact
        else Style(width=width, gutter=gutter)
    )
    steps = context.history.kinship.among(model.id for model in sorted_by_date(models))
    drawn = draw_map([_node(model) for model in models], steps, style)
    return _map_view(drawn, context, current)


def _node(model: Model) -> Node:
    date = headline_date(model)
    start, end = when(date) if date else (0.0, 0.0)
    organization = model.organization[0].id if model.organization else ""
    return Node(model.id, model.name, model.family or "", organization, (start + end) / 2)


def _map_view(drawn: Map, context: Context, current: str) -> MapView:
    history = context.history
    models = {spot.key: history.outline[spot.key] for spot in drawn.spots}
    shown = {models[spot.key].name for spot in drawn.spots if spot.label != "hidden"}

    def band_name(family_id: str) -> str:
        name = context.family_name(family_id) if family_id else ""
        return "" if drawn.compact and name in shown else name

    return MapView(
        width=drawn.width,
        height=drawn.height,
        nodes=tuple(
            MapNode(
                id=spot.key,
                url=f"models/{spot.key}/",
                name=models[spot.key].name,
                mark=history.mark(models[spot.key]).value,
                hue=context.hue(models[spot.key]),
                x=spot.x,
                y=spot.y,
                label=spot.label,
                flipped=spot.flipped,
            )
            for spot in drawn.spots
        ),
        curves=tuple(
            MapCurve(
                path=curve.path,
                line=curve.step.line.value,
                hue=context.hue(models[curve.step.parent]),
                inside=curve.inside,
            )
            for curve in drawn.curves
        ),
        bands=tuple(
            MapBand(
                name=band_name(band.key),
                url=f"families/{band.key}/" if band.key in history.by_family else "",
                top=band.top,
                height=band.height,
                x=band.x,
            )
            for band in drawn.bands
        ),
        ticks=drawn.ticks,
        compact=drawn.compact,
        current=current,
    )


# --- The log ---


def log(models: Sequence[Model], context: Context) -> tuple[LogYear, ...]:
    """Return models as a log, with what each comes from in words."""
    by_id = {model.id: model for model in models}
    # With what comes from outside: it has no row here, but is named.
    steps = [step for key in by_id for step in context.history.kinship.up.get(key, ())]
    rows = draw_log([_node(model) for model in models], steps)
    x_of = {row.key: _x(row.lane) for row in rows if row.lane is not None}
    hues = {model.id: context.hue(model) for model in models}
    by_child: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        by_child[step.child].append(step)
    found = []
    for year, group in groupby(rows, key=lambda row: _year(by_id[row.key])):
        in_year = list(group)
        entries = tuple(
            _entry(by_id[row.key], row, _lines(row, x_of, hues), by_child[row.key], context)
            for row in in_year
        )
        found.append(LogYear(year=year, lines=_passing(in_year[0], hues), entries=entries))
    return tuple(found)


def _year(model: Model) -> int:
    date = headline_date(model)
    return date.year if date else 0


def _x(lane: int) -> int:
    return _FIRST_LANE + lane * _PITCH


def _entry(
    model: Model,
    row: LogRow,
    lines: tuple[LogLine, ...],
    steps: Iterable[Step],
    context: Context,
) -> LogEntry:
    language, history = context.language, context.history
    date = headline_date(model)
    closest_first = sorted(steps, key=lambda step: list(Line).index(step.line))
    shown = {step.parent: step for step in reversed(closest_first)}
    descent = (
        language.gettext(
            "%(relation)s %(name)s",
            relation=language.gettext(labels.RELATIONS[step.relation][0]),
            name=history.outline[step.parent].name,
        )
        for step in closest_first
        if shown[step.parent] is step
    )
    organization = history.organization(model)
    return LogEntry(
        url=f"models/{model.id}/",
        name=model.name,
        mark=history.mark(model).value,
        hue=context.hue(model),
        organization=organization.name if organization else "",
        descent="; ".join(descent),
        date=language.month_and_day(date) if date else "",
        x=None if row.lane is None else _x(row.lane),
        lines=lines,
    )


def _lines(row: LogRow, x_of: dict[str, int], hues: dict[str, str]) -> tuple[LogLine, ...]:
    """Return the pieces of lanes in a row: what passes, its own, what branches off from it."""
    found = [
        LogLine(path=f"M{_x(lane)} 0V{_ROW}", hue=hues[key], trunk=trunk)
        for lane, key, trunk in row.through
    ]
    middle = _ROW // 2
    if row.lane is not None and (row.above or row.below):
        start, end = 0 if row.above else middle, _ROW if row.below else middle
        path = f"M{_x(row.lane)} {start}V{end}"
        found.append(LogLine(path=path, hue=hues[row.head], trunk=row.trunk))
    for lane, key, trunk in row.branches:
        x, start_x = _x(lane), x_of.get(row.key)
        path = f"M{x} {middle + 10}V{_ROW}"
        if start_x is not None:
            bend = middle + 14
            path = f"M{start_x} {middle}C{start_x} {bend} {x} {middle + 6} {x} {_ROW}"
        found.append(LogLine(path=path, hue=hues[key], trunk=trunk))
    return tuple(found)


def _passing(row: LogRow, hues: dict[str, str]) -> tuple[LogLine, ...]:
    """Return the lanes that run past the heading above a row."""
    passing = list(row.through)
    if row.lane is not None and row.above:
        passing.append((row.lane, row.head, row.trunk))
    return tuple(
        LogLine(path=f"M{_x(lane)} 0V{_ROW}", hue=hues[key], trunk=trunk)
        for lane, key, trunk in passing
    )
