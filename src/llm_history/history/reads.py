"""What a page was made from.

While a page is made, the history notes every part of it that is looked at, as a *cell*: a
table (``("models",)``) or an entry of one (``("incoming", "models/gpt-4")``). When all cells
that a page read are in the next history what they were in this one, the page is the same.
"""

from array import array
from collections import defaultdict
from collections.abc import (
    Callable,
    ItemsView,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    ValuesView,
)
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol, TypeVar, overload

V = TypeVar("V")
T = TypeVar("T")
Cell = tuple[str, ...]


class Reads:
    """Notes which cells are looked at, while someone listens."""

    def __init__(self) -> None:
        self._seen: set[Cell] | None = None

    def note(self, *cell: str) -> None:
        """Note that a cell is looked at."""
        if self._seen is not None:
            self._seen.add(cell)

    def note_all(self, cells: set[Cell]) -> None:
        """Note that some cells are looked at."""
        if self._seen is not None:
            self._seen |= cells

    @contextmanager
    def listen(self) -> Iterator[set[Cell]]:
        """Collect the cells that are looked at inside; whoever listens outside hears nothing."""
        outer, self._seen = self._seen, set()
        try:
            yield self._seen
        finally:
            self._seen = outer

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Let what happens inside go unnoticed: it makes a cell of its own."""
        outer, self._seen = self._seen, None
        try:
            yield
        finally:
            self._seen = outer


class Register:
    """Gives every cell a number, so that many pages can note in little space what they read.

    Numbers are never taken back; with more of them than ``enough`` one had better begin anew.
    """

    def __init__(self, cells: Iterable[Cell] = (), enough: int = 0) -> None:
        self.cells = list(cells)
        self.enough = enough

    @cached_property
    def _numbers(self) -> dict[Cell, int]:
        return {cell: number for number, cell in enumerate(self.cells)}

    def numbers(self, cells: Iterable[Cell]) -> bytes:
        """Return some cells by their numbers, each of four bytes."""
        return array("I", map(self._number, cells)).tobytes()

    def _number(self, cell: Cell) -> int:
        number = self._numbers.setdefault(cell, len(self.cells))
        if number == len(self.cells):
            self.cells.append(cell)
        return number

    def told(self, reads: bytes) -> list[Cell]:
        """Return the cells that some numbers stand for."""
        return [self.cells[number] for number in numbers_in(reads)]


def numbers_in(reads: bytes) -> Sequence[int]:
    """Return the numbers of cells one by one."""
    return memoryview(reads).cast("I")


class Table(Mapping[str, V]):
    """A table of a history; looking something up in it is noted."""

    def __init__(self, name: str, reads: Reads, entries: Mapping[str, V]) -> None:
        self.name = name
        self._reads, self._entries = reads, entries

    def __getitem__(self, key: str) -> V:
        self._reads.note(self.name, key)
        return self._entries[key]

    def __contains__(self, key: object) -> bool:
        self._reads.note(self.name, str(key))
        return key in self._entries

    @overload
    def get(self, key: str, default: None = None, /) -> V | None: ...
    @overload
    def get(self, key: str, default: V, /) -> V: ...
    @overload
    def get(self, key: str, default: T, /) -> V | T: ...
    def get(self, key: str, default: Any = None, /) -> Any:
        """Return an entry, as a dictionary does."""
        self._reads.note(self.name, key)
        return self._entries.get(key, default)

    def replaced(self, reads: Reads, entries: Mapping[str, V]) -> "Table[V]":
        """Return this table with other entries under some keys; ``reads`` hears of it."""
        return Table(self.name, reads, {**self._entries, **entries} if entries else self._entries)

    def __iter__(self) -> Iterator[str]:
        self._reads.note(self.name)
        return iter(self._entries)

    def __len__(self) -> int:
        self._reads.note(self.name)
        return len(self._entries)

    def values(self) -> ValuesView[V]:
        """Return all entries, as a dictionary does."""
        self._reads.note(self.name)
        return self._entries.values()

    def items(self) -> ItemsView[str, V]:
        """Return all keys and entries, as a dictionary does."""
        self._reads.note(self.name)
        return self._entries.items()

    def cell(self, key: str | None) -> object:
        """Return an entry, or the whole table, without being heard."""
        return self._entries if key is None else self._entries.get(key)

    def is_same(self, other: "Table[V]") -> bool:
        """Whether this table holds the very things that another does."""
        return self.cell(None) is other.cell(None)

    def differs(self, other: "Table[V]", cell: Cell) -> bool:
        """Whether a cell of this table holds something else in another of that name."""
        key = cell[1] if len(cell) > 1 else None
        return self.cell(key) != other.cell(key)


class Cells(Protocol):
    """What has cells: a history, or one with more around it."""

    def cell(self, cell: Cell) -> object:
        """Return what a cell holds that belongs to no table."""
        ...

    def table(self, name: str) -> Table[Any] | None:
        """Return the table of that name, if it is one."""
        ...

    def inputs(self, name: str) -> tuple[str, ...]:
        """Return what cells of that name are worked out from, if from nothing but whole cells."""
        ...


class Difference:
    """Which cells hold something else now than they did, by their numbers in a register.

    ``pause`` is called while they are compared, and may end it by what it raises.
    """

    def __init__(
        self,
        before: Cells,
        now: Cells,
        register: Register,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        self._before, self._now = before, now
        self._cells = register.cells
        self._pause = pause
        self._changed: set[int] = set()

    def spares(self, reads: bytes) -> bool:
        """Whether all of some cells, which were looked at, hold what they held."""
        return self._changed.isdisjoint(numbers_in(reads))

    def look_at(self, numbers: Iterable[int]) -> None:
        """Compare some cells, all at once, for :meth:`spares` to know."""
        cells = self._cells
        of_tables: dict[str, list[int]] = defaultdict(list)
        for number in numbers:
            of_tables[cells[number][0]].append(number)
        for name, found in of_tables.items():
            self._pause()
            inputs = self._now.inputs(name)
            if inputs and not any(self._differs((whole,)) for whole in inputs):
                continue
            before, now = self._before.table(name), self._now.table(name)
            if before is not None and now is not None:
                if before.is_same(now):
                    continue
                self._changed.update(n for n in found if before.differs(now, cells[n]))
            else:
                self._changed.update(n for n in found if self._differs(cells[n]))

    def _differs(self, cell: Cell) -> bool:
        # Records that did not change are the same objects, which compares at once.
        return _content(self._before, cell) != _content(self._now, cell)


def _content(cells: Cells, cell: Cell) -> object:
    table = cells.table(cell[0])
    return cells.cell(cell) if table is None else table.cell(None)
