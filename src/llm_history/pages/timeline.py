"""The timeline: every model in the order it came, with overviews and filters above the list."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from llm_history.content.dates import PartialDate
from llm_history.content.records import Model, Record
from llm_history.history import headline_date, in_time, sizes
from llm_history.pages import labels
from llm_history.pages.charts import year_ticks
from llm_history.pages.chronology import are_parted, of_period, periods
from llm_history.pages.context import Context
from llm_history.pages.figures.lanes import (
    LABEL_WIDTH,
    ROW_HEIGHT,
    Item,
    Lane,
    Placed,
    choose_lanes,
    pack,
)
from llm_history.pages.figures.metrics import text_width
from llm_history.pages.figures.timescale import TimeScale, month_number, scale_around, when
from llm_history.pages.language import Language
from llm_history.pages.timetable import count_of_models, inputs_of, is_withheld, years
from llm_history.pages.views import (
    Bar,
    FilterOption,
    HeatCell,
    LaneMark,
    LaneView,
    LinkView,
    TimelineChart,
    TimelineView,
)

MARKS_UP_TO = 400
"""With more models, lanes show how many there were in a month instead of each."""
ALL_UP_TO = 20_000
"""With more models, no page holds all of them any more."""
WITH_MILESTONES = "timeline/milestones/"
"""Where events, techniques and datasets stand among the models: half as much again to load."""
LANDMARKS = 12
"""How many models a year the first page lists when each year has a page of its own."""
_HEAT_HEIGHT, _BAR_HEIGHT, _COLUMN = 24, 44, 600
_LANE_TOP = 13
"""From the top of a lane to the middle of its first row, in pixels."""


def timeline_view(
    context: Context, *, period: str = "", whole: bool = True, milestones: bool = False
) -> TimelineView:
    """Return the first page, or the page of one of the :func:`periods`, with or without milestones.

    Without ``whole``, only landmarks are listed: the models most built upon in their year.
    """
    history, language, settings = context.history, context.language, context.settings
    if period:
        models: Sequence[Model] = context.shared.by_period[period]
    else:
        models = of_period(history.introduced, "", ())
    listed = models if whole else _landmarks(models, context)
    many = are_parted(history.outlined)
    marked = _milestones(context, period) if whole else []
    shown = marked if milestones else []
    heading = language.text(settings.heading)[0] or language.gettext(
        "Large language models, in the order they came"
    )
    return TimelineView(
        heading=_heading(period, language) if period else heading,
        description=language.text(settings.description)[0] or settings.title,
        lead=_lead(models, context),
        years=years(listed, history, language, shown),
        chart=_chart(models, shown, context) if models else None,
        weights=_weights(models, context),
        inputs=_inputs(models, language),
        organizations=_organizations(models, context),
        milestones=_milestone_options(marked, language),
        milestones_url="" if milestones else WITH_MILESTONES,
        milestones_on=milestones and not many,
        pages=_period_links(context) if many else (),
        partial=not whole,
        total=len(models),
    )


def has_all_years(context: Context) -> bool:
    """Whether one page can hold all models."""
    return len(context.history.outlined) <= ALL_UP_TO


def _heading(period: str, language: Language) -> str:
    year, _, month = period.partition("-")
    return language.month(int(year), int(month)) if month else year


def _period_links(context: Context) -> tuple[LinkView, ...]:
    found = [
        LinkView(url=f"timeline/{period}/", name=period)
        for period in periods(context.history.outlined)
    ]
    if has_all_years(context):
        found.append(LinkView(url="timeline/all/", name=context.language.gettext("All years")))
    return tuple(found)


def _landmarks(models: Iterable[Model], context: Context) -> list[Model]:
    """Return the models of each year that the most records build on, in order of time."""
    by_year: dict[int, list[Model]] = {}
    for model in models:
        if date := headline_date(model):
            by_year.setdefault(date.year, []).append(model)
    chosen: list[Model] = []
    for found in by_year.values():
        found.sort(key=lambda m: (-context.history.built_on.get(f"models/{m.id}", 0), in_time(m)))
        chosen += found[:LANDMARKS]
    return sorted(chosen, key=in_time)


def _milestones(context: Context, period: str) -> list[Record]:
    """Return the events, techniques and datasets of a period, in the order they came."""
    history = context.history
    events = (e for e in history.events if e.importance != "1")
    records = (*events, *history.records("techniques"), *history.records("datasets"))
    return sorted(of_period(records, period, history.outlined), key=in_time)


# --- Sentences and filters ---


def _lead(models: Sequence[Model], context: Context) -> str:
    """Return one sentence that sums up the list below it."""
    dated = [date for model in models if (date := headline_date(model))]
    language, gettext = context.language, context.language.gettext
    if not dated:
        return gettext("No model has a date yet.")
    count = len(dated)
    opened = sum(context.history.mark(model) == "open" for model in models)
    silent = sum(_never_said(model) for model in models)
    first, last = (language.month(date.year, date.month) for date in (dated[0], dated[-1]))
    counted = count_of_models(count, language)
    span = (
        gettext("%(models)s from %(first)s to %(last)s.", models=counted, first=first, last=last)
        if first != last
        else gettext("%(models)s of %(month)s.", models=counted, month=first)
    )
    released = language.ngettext(
        "%(num)s released its weights;", "%(num)s released their weights;", opened
    )
    unsaid = language.ngettext(
        "%(num)s never said how large it is.", "%(num)s never said how large they are.", silent
    )
    return f"{span} {released} {unsaid}"


def _never_said(model: Model) -> bool:
    stated = sizes(model)
    return bool(stated) and all(is_withheld(fact) for fact in stated)


def _weights(models: Iterable[Model], context: Context) -> tuple[FilterOption, ...]:
    counts = Counter(context.history.mark(model).value for model in models)
    return tuple(
        FilterOption(id=mark, name=context.language.gettext(name), count=counts[mark])
        for mark, name in labels.MARKS.items()
        if counts[mark] and mark != "unknown"
    )


def _inputs(models: Iterable[Model], language: Language) -> tuple[FilterOption, ...]:
    counts = Counter(name for model in models for name in inputs_of(model))
    return tuple(
        FilterOption(id=key, name=language.gettext(name), count=counts[key])
        for key, name in labels.MODALITIES.items()
        if counts[key]
    )


def _organizations(models: Iterable[Model], context: Context) -> tuple[FilterOption, ...]:
    counts = Counter(role.id for model in models for role in model.organization)
    known = context.history.organizations
    found = (
        FilterOption(id=key, name=known[key].name if key in known else key, count=count)
        for key, count in counts.items()
    )
    return tuple(sorted(found, key=lambda option: option.name.casefold()))


def _milestone_options(
    milestones: Iterable[Record], language: Language
) -> tuple[FilterOption, ...]:
    counts = Counter(type(record).kind_name for record in milestones)
    return tuple(
        FilterOption(id=kind, name=language.gettext(labels.KINDS[kind][0]), count=count)
        for kind, count in sorted(counts.items())
    )


# --- The overview ---


def _chart(
    models: Sequence[Model], milestones: Sequence[Record], context: Context
) -> TimelineChart:
    dates = {m.id: date for m in models if (date := headline_date(m))}
    scale = scale_around([month_number(date) for date in dates.values()])
    items = [_item(m, dates[m.id], context) for m in models]
    lanes = _lanes(items, scale, context)
    return TimelineChart(
        start=int(scale.start),
        end=int(scale.end),
        ticks=year_ticks(scale),
        lanes=lanes,
        height=sum(lane.height for lane in lanes),
        bars=(bars := _bars(models, dates, scale, context)),
        unit=round(min(10, _BAR_HEIGHT / max(bar.count for bar in bars)), 2),
        milestones=_milestone_marks(milestones, scale),
    )


def lane_of(models: Sequence[Model], context: Context) -> TimelineChart | None:
    """Return some models as a single lane; nothing for fewer than two, or for too many."""
    dates = {m.id: date for m in models if (date := headline_date(m))}
    if not 2 <= len(dates) <= MARKS_UP_TO:
        return None
    scale = scale_around([month_number(date) for date in dates.values()])
    items = [_item(m, dates[m.id], context) for m in models if m.id in dates]
    one = [msgspec.structs.replace(item, lane="") for item in items]
    (lane,) = pack(one, scale, width=_COLUMN)
    marks = tuple(_mark(placed, scale, context) for placed in lane.placed)
    drawn = LaneView(
        name="", url="", full_name="", hue="grey", top=0, height=lane.height, marks=marks
    )
    return TimelineChart(
        start=int(scale.start), end=int(scale.end), ticks=year_ticks(scale), lanes=(drawn,),
        height=lane.height, bars=(), unit=0,
    )  # fmt: skip


def _item(model: Model, date: PartialDate, context: Context) -> Item:
    organization = context.history.organization(model)
    start, end = when(date)
    return Item(model.id, model.name, organization.id if organization else "", start, end)


def _lane_head(key: str, context: Context) -> tuple[str, str, str, str]:
    """Return a lane's name as far as it fits, its address, its full name and its hue."""
    organization = context.history.organizations.get(key)
    if organization is None:
        name = context.language.gettext("Others")
        return name, "", name, "grey"
    names = (organization.name, *organization.also_known_as)
    fitting = [name for name in names if text_width(name, bold=True) <= LABEL_WIDTH - 6]
    name = fitting[0] if fitting else organization.name
    while text_width(name, bold=True) > LABEL_WIDTH - 6:
        name = f"{name.rstrip('…')[:-1].rstrip()}…"
    return name, f"organizations/{key}/", organization.name, organization.hue or "grey"


def _lane(lane: Lane, scale: TimeScale, context: Context) -> LaneView:
    name, url, full_name, hue = _lane_head(lane.key, context)
    marks = tuple(_mark(placed, scale, context) for placed in lane.placed)
    return LaneView(
        name=name,
        url=url,
        full_name=full_name,
        hue=hue,
        top=lane.top,
        height=lane.height,
        marks=marks,
    )


def _mark(placed: Placed, scale: TimeScale, context: Context) -> LaneMark:
    item, history = placed.item, context.history
    model = history.outline[item.key]
    organization = history.organization(model)
    inexact = item.start != item.end
    return LaneMark(
        id=item.key,
        url=f"models/{item.key}/",
        name=item.name,
        mark=history.mark(model).value,
        hue=(organization.hue or "grey") if organization else "grey",
        x=scale.percent(item.middle),
        y=_LANE_TOP + placed.row * ROW_HEIGHT,
        flipped=placed.flipped,
        labelled=placed.labelled,
        span=(scale.percent(item.start), scale.percent(item.end)) if inexact else None,
        width=placed.width,
    )


def _lanes(items: Sequence[Item], scale: TimeScale, context: Context) -> tuple[LaneView, ...]:
    """Return lanes of marks; with too many models cells for the others, then for all."""
    chosen = choose_lanes(items)
    named = [item for item in items if item.lane in chosen]
    if len(items) <= MARKS_UP_TO:
        named = list(items)
    elif len(named) > MARKS_UP_TO:
        named = []
    lanes = [_lane(lane, scale, context) for lane in pack(named, scale)] if named else []
    months: dict[str, Counter[int]] = {} if named else {key: Counter() for key in chosen}
    for item in items:
        if not named or (len(named) < len(items) and item.lane not in chosen):
            lane = item.lane if item.lane in months else ""
            months.setdefault(lane, Counter())[int(item.start)] += 1
    most = max((count for counts in months.values() for count in counts.values()), default=0)
    top = sum(lane.height for lane in lanes)
    for key, counts in months.items():
        lanes.append(_heat_lane(key, top, counts, most, scale, context))
        top += _HEAT_HEIGHT
    return tuple(lanes)


def _heat_lane(
    key: str, top: int, counts: Counter[int], most: int, scale: TimeScale, context: Context
) -> LaneView:
    """Return a lane of one cell a month, the darker the more models came in it."""
    name, url, full_name, hue = _lane_head(key, context)
    width = round(scale.percent(scale.start + 1) * 0.85, 2)
    cells = tuple(
        HeatCell(x=scale.percent(month), width=width, level=min(4, 1 + count * 4 // (most + 1)))
        for month, count in sorted(counts.items())
    )
    return LaneView(
        name=name, url=url, full_name=full_name, hue=hue, top=top, height=_HEAT_HEIGHT, cells=cells
    )


def _bars(
    models: Iterable[Model], dates: dict[str, PartialDate], scale: TimeScale, context: Context
) -> tuple[Bar, ...]:
    counts: Counter[int] = Counter()
    opened: Counter[int] = Counter()
    for model in models:
        month = month_number(dates[model.id])
        counts[month] += 1
        opened[month] += context.history.mark(model) == "open"
    width = round(scale.percent(scale.start + 1) * 0.85, 2)
    return tuple(
        Bar(x=scale.percent(month), width=width, opened=opened[month], count=count)
        for month, count in sorted(counts.items())
    )


def _milestone_marks(milestones: Iterable[Record], scale: TimeScale) -> tuple[LaneMark, ...]:
    """Return milestones as marks in a lane of their own: no labels, for they may be many."""
    marks = []
    for record in milestones:
        if date := headline_date(record):
            start, end = when(date)
            kind = type(record).kind_name
            marks.append(
                LaneMark(
                    id=record.id,
                    url=f"{kind}/{record.id}/",
                    name=record.name,
                    mark=kind,
                    hue="ink",
                    x=scale.percent((start + end) / 2),
                    y=_LANE_TOP,
                    flipped=False,
                    labelled=False,
                    span=None,
                    width=text_width(record.name),
                )
            )
    return tuple(mark for mark in marks if 0 <= mark.x <= 100)
