"""Models in time against a number on a log scale, with labels where they fit."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from llm_history.pages.figures.metrics import text_width
from llm_history.pages.figures.timescale import TimeScale

PLOT_WIDTH = 600
"""The narrowest plot, in pixels, for which labels are placed."""
DECADE = 34
"""Pixels for a factor of ten."""
_DOT, _LINE, _GAP = 5, 13, 6


class Dot(msgspec.Struct, frozen=True):
    """A value to draw; ``weight`` says which labels go first."""

    key: str
    name: str
    time: float
    number: float
    low: float
    high: float
    weight: float


class PlacedDot(msgspec.Struct, frozen=True):
    """A dot on the plot: ``x`` in percent, heights in pixels from the top."""

    dot: Dot
    x: float
    y: float
    low_y: float
    high_y: float
    labelled: bool
    flipped: bool


class LogScale(msgspec.Struct, frozen=True):
    """Whole decades from ``10**low`` to ``10**high``."""

    low: int
    high: int

    @property
    def height(self) -> int:
        """The height of the plot in pixels."""
        return (self.high - self.low) * DECADE

    def y(self, number: float) -> float:
        """Return how far from the top a number stands."""
        exponent = math.log10(max(number, 10.0**self.low))
        return round((self.high - min(exponent, self.high)) * DECADE, 1)

    @property
    def decades(self) -> tuple[int, ...]:
        """The exponents of the lines across the plot."""
        return tuple(range(self.low, self.high + 1))


def log_scale(numbers: Iterable[float]) -> LogScale:
    """Return a scale around some numbers, with at least one decade."""
    exponents = [math.log10(number) for number in numbers if number > 0]
    low, high = math.floor(min(exponents)), math.ceil(max(exponents))
    return LogScale(low, max(high, low + 1))


def place(dots: Sequence[Dot], time: TimeScale, scale: LogScale) -> tuple[PlacedDot, ...]:
    """Return the dots with labels for the weightiest that find room."""
    at = {d: (time.percent(d.time) / 100 * PLOT_WIDTH, scale.y(d.number)) for d in dots}
    taken = _Taken()
    for x, y in set(at.values()):
        taken.add(x - _DOT, y - _DOT, x + _DOT, y + _DOT)
    labels: dict[Dot, bool] = {}
    for dot in sorted(dots, key=lambda d: (-d.weight, d.time, d.key)):
        x, y = at[dot]
        width = text_width(dot.name)
        for flipped in (False, True):
            start = x - _DOT - _GAP - width if flipped else x + _DOT + 1
            box = (start, y - _LINE / 2, start + width + _GAP, y + _LINE / 2)
            inside = box[0] >= 0 and box[2] <= PLOT_WIDTH
            if inside and not taken.touches(*box):
                labels[dot] = flipped
                taken.add(*box)
                break
    return tuple(
        PlacedDot(
            dot, time.percent(dot.time), scale.y(dot.number), scale.y(dot.low),
            scale.y(dot.high), dot in labels, labels.get(dot, False),
        )
        for dot in dots
    )  # fmt: skip


class _Taken:
    """Which pixels of the plot are taken: a number for each row, with a bit for each column."""

    def __init__(self) -> None:
        self._rows: defaultdict[int, int] = defaultdict(int)

    def add(self, left: float, top: float, right: float, bottom: float) -> None:
        """Take the pixels that a box reaches into."""
        bits = self._bits(left, right)
        for row in range(math.floor(top), math.ceil(bottom)):
            self._rows[row] |= bits

    def touches(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether a pixel that a box reaches into is taken."""
        bits = self._bits(left, right)
        rows = range(math.floor(top), math.ceil(bottom))
        return any(self._rows[row] & bits for row in rows)

    @staticmethod
    def _bits(left: float, right: float) -> int:
        first = max(0, math.floor(left))
        return ((1 << (math.ceil(right) - first)) - 1) << first
