"""Models in time by organization: one lane each, in it rows where no label covers another."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from llm_history.pages.figures.metrics import text_width
from llm_history.pages.figures.timescale import TimeScale

PLOT_WIDTH = 1000
"""The narrowest plot, in pixels, for which rows are packed; a wider one only has more room."""
ROW_HEIGHT, LANE_PADDING, MAX_ROWS, BARE_ROWS = 17, 8, 9, 2
_MARK, _GAP = 8, 20
LANES = 8
LABEL_WIDTH = 104


class Item(msgspec.Struct, frozen=True):
    """What a lane is made from: a name in time. ``lane`` is the id of its organization."""

    key: str
    name: str
    lane: str
    start: float
    end: float

    @property
    def middle(self) -> float:
        """Where its mark stands."""
        return (self.start + self.end) / 2


class Placed(msgspec.Struct, frozen=True):
    """An item in its lane: the row, which side its label is on, and whether it has one."""

    item: Item
    row: int
    flipped: bool
    labelled: bool
    width: float


class Lane(msgspec.Struct, frozen=True):
    """One lane from ``top`` down, ``height`` pixels."""

    key: str
    top: int
    height: int
    placed: tuple[Placed, ...]


def choose_lanes(items: Sequence[Item]) -> list[str]:
    """Return the most populated lanes in the order they start; the rest are left out."""
    counts = Counter(item.lane for item in items if item.lane)
    first = {item.lane: number for number, item in reversed(list(enumerate(items)))}
    chosen = sorted(counts, key=lambda lane: (-counts[lane], first[lane]))[:LANES]
    return sorted(chosen, key=lambda lane: first[lane])


def pack(
    items: Sequence[Item], scale: TimeScale, others: str = "", *, width: int = PLOT_WIDTH
) -> tuple[Lane, ...]:
    """Return the lanes of some items, which come in the order of time.

    ``width`` is that of the narrowest plot for which labels must not cover each other.

    Each label takes the first row where it fits; what fits in none of ``MAX_ROWS`` rows has
    no label and stands in one of a few rows below these, so that it covers no name.
    Items outside the chosen lanes share the last one, whose key is ``others``.
    """
    chosen = choose_lanes(items)
    members: dict[str, list[Item]] = {lane: [] for lane in chosen}
    for item in items:
        members.setdefault(item.lane if item.lane in chosen else others, []).append(item)
    lanes, top = [], 0
    for key in (*chosen, *(key for key in members if key not in chosen)):
        placed = _place(members[key], scale, width)
        rows = max((p.row for p in placed), default=0) + 1
        height = rows * ROW_HEIGHT + LANE_PADDING
        lanes.append(Lane(key, top, height, tuple(placed)))
        top += height
    return tuple(lanes)


def _place(items: Sequence[Item], scale: TimeScale, plot: int) -> list[Placed]:
    rows: list[list[tuple[float, float]]] = []
    placed = []
    for item in items:
        x = scale.percent(item.middle) / 100 * plot
        width = text_width(item.name)
        flipped = x + width + _GAP > plot
        box = (x - width - _GAP, x + _MARK) if flipped else (x - _MARK, x + width + _GAP)
        row = _free_row(rows, box)
        labelled = row < MAX_ROWS
        if not labelled:
            row, box = _row_for_mark(rows, x), (x - _MARK, x + _MARK)
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row].append(box)
        placed.append(Placed(item, row, flipped, labelled, width))
    return placed


def _free_row(rows: list[list[tuple[float, float]]], box: tuple[float, float]) -> int:
    for number, taken in enumerate(rows):
        if all(end <= box[0] or start >= box[1] for start, end in taken):
            return number
    return len(rows)


def _row_for_mark(rows: list[list[tuple[float, float]]], x: float) -> int:
    """Return the row for marks alone where one covers the fewest others."""

    def covered(row: int) -> int:
        taken = rows[row] if row < len(rows) else []
        return sum(start < x + _MARK and end > x - _MARK for start, end in taken)

    return min(range(MAX_ROWS, MAX_ROWS + BARE_ROWS), key=covered)
