"""What could be had of a model, and when: the three marks of the site follow from it."""

import datetime
import enum
from collections.abc import Iterable, Iterator

from llm_history.content.records import Access, Model
from llm_history.history.derived import derived


class Mark(enum.StrEnum):
    """How far a model was released: the site's ring, half disc and disc.

    ``UNKNOWN`` is for a record that says nothing of access: nobody has looked yet.
    """

    OPEN = "open"
    API = "api"
    CLOSED = "closed"
    UNKNOWN = "unknown"


_OPEN_STATES = frozenset({"gated", "public", "leaked", "limited", "general", "preview"})
_SERVED_STATES = frozenset({"general", "public", "limited", "preview", "gated"})


def in_force(phase: Access, day: datetime.date | None) -> bool:
    """Whether a phase holds on ``day``; on no day in particular, whether it ever did."""
    if day is None:
        return True
    started = phase.start is None or phase.start.first_day <= day
    return started and (phase.end is None or day < phase.end.first_day)


def mark_of(phases: Iterable[Access], day: datetime.date | None = None) -> Mark:
    """Return how far a model is released on ``day``, or was at most if no day is given.

    Weights that are public, gated or leaked are open weights; an API, a product or a
    device without them is API only; anything else is not released. Without any phase at
    all nothing is known.
    """
    phases = tuple(phases)
    if not phases:
        return Mark.UNKNOWN
    held = [phase for phase in phases if in_force(phase, day)]
    if any(phase.kind == "weights" and phase.state in _OPEN_STATES for phase in held):
        return Mark.OPEN
    served = ("api", "product", "device")
    if any(phase.kind in served and phase.state in _SERVED_STATES for phase in held):
        return Mark.API
    return Mark.CLOSED


@derived
def _changes(model: Model) -> Iterator[tuple[datetime.date, Mark]]:
    """Yield the days on which the mark of a model may change, and what it is from then on."""
    phases = all_phases(model)
    ends = (date for phase in phases for date in (phase.start, phase.end))
    for day in sorted({datetime.date.min, *(date.first_day for date in ends if date)}):
        yield day, mark_of(phases, day)


def mark_on(model: Model, day: datetime.date) -> Mark:
    """Return how far a model was released on a day."""
    return next(mark for since, mark in reversed(_changes(model)) if since <= day)


def all_phases(model: Model) -> tuple[Access, ...]:
    """Return a model's phases and those that its variants have of their own."""
    return (*model.access, *(phase for variant in model.variants for phase in variant.access))


def licenses_of(model: Model) -> tuple[str, ...]:
    """Return the licences of a model's weights in the order they came into force."""
    named = [p.license for p in all_phases(model) if p.kind == "weights" and p.license]
    return tuple(dict.fromkeys(named))
