"""The access strip of a model's page: its phases of access as bars in time."""

from llm_history.content.records import Access, Model
from llm_history.history.access import all_phases
from llm_history.pages import labels
from llm_history.pages.charts import year_ticks
from llm_history.pages.figures.timescale import TimeScale, when
from llm_history.pages.format import license_name
from llm_history.pages.language import Language
from llm_history.pages.views import AccessBar, AccessStrip, Tick

_ROOM = 8
"""Months drawn after the last known day, for what still goes on."""


def access_strip(model: Model, language: Language) -> AccessStrip | None:
    """Return the strip of a model, unless no phase of it has a beginning."""
    phases = [p for p in all_phases(model) if p.start and p.state != "never-released"]
    if not phases:
        return None
    scale = _scale(phases)
    kinds = list(dict.fromkeys(phase.kind for phase in phases))
    bars = tuple(_bar(phase, kinds.index(phase.kind), scale, phases, language) for phase in phases)
    return AccessStrip(
        rows=tuple(language.gettext(labels.ACCESS[kind]) for kind in kinds),
        ticks=_ticks(scale, language),
        bars=tuple(sorted(bars, key=lambda bar: (bar.row, bar.x, -bar.width))),
    )


def _scale(phases: list[Access]) -> TimeScale:
    starts = [when(phase.start)[0] for phase in phases if phase.start]
    ends = [when(phase.end)[1] for phase in phases if phase.end]
    return TimeScale(int(min(starts)), int(max(*starts, *ends, min(starts) + 3)) + _ROOM)


def _ticks(scale: TimeScale, language: Language) -> tuple[Tick, ...]:
    """Return the beginnings of years, or of months when there are too few years."""
    if scale.end - scale.start > 24:
        return year_ticks(scale)
    months = range(int(scale.start), int(scale.end), 3)
    found = (
        Tick(x=scale.percent(m), text=f"{language.short_month(m % 12 + 1)} {m // 12}")
        for m in months
    )
    return tuple(tick for tick in found if tick.x < 90)


def _bar(
    phase: Access, row: int, scale: TimeScale, phases: list[Access], language: Language
) -> AccessBar:
    start = when(phase.start)[0] if phase.start else scale.start
    end = when(phase.end)[0] if phase.end else _followed(phase, start, phases)
    x = scale.percent(start)
    words = [language.gettext(labels.STATES[phase.state])]
    if phase.license:
        words.append(license_name(phase.license))
    return AccessBar(
        row=row,
        x=x,
        width=round((scale.percent(end) if end else 100) - x, 3),
        state=phase.state,
        text=", ".join(words),
        open_end=end is None,
    )


def _followed(phase: Access, start: float, phases: list[Access]) -> float | None:
    """Return when the next phase of the same kind takes over, unless both go on together.

    A leak does not end the gate that it went round.
    """
    if phase.state == "leaked":
        return None
    later = [
        when(other.start)[0]
        for other in phases
        if other.kind == phase.kind and other.state != "leaked" and other.start
        and when(other.start)[0] > start
    ]  # fmt: skip
    return min(later, default=None)
