"""What a page was made from.

While a page is made, the history notes every part of it that is looked at, as a *cell*: a
table (``("models",)``) or an entry of one (``("incoming", "models/gpt-4")``). When all cells
that a page read are in the next history what they were in this one, the page is the same.
"""

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, ValuesView
from contextlib import contextmanager
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


class Difference:
    """Which cells hold something else now than they did.

    ``pause`` is called while they are compared, and may end it by what it raises.
    """

    def __init__(self, before: Cells, now: Cells, pause: Callable[[], None] = lambda: None) -> None:
        self._before, self._now = before, now
        self._pause = pause
        self._changed: set[Cell] = set()

    def spares(self, cells: Iterable[Cell]) -> bool:
        """Whether all of some cells, which were looked at, hold what they held."""
        return self._changed.isdisjoint(cells)

    def look_at(self, cells: Iterable[Cell]) -> None:
        """Compare some cells, all at once, for :meth:`spares` to know."""
        of_tables: dict[str, list[Cell]] = {}
        for cell in set(cells):
            of_tables.setdefault(cell[0], []).append(cell)
        for name, found in of_tables.items():
            self._pause()
            before, now = self._before.table(name), self._now.table(name)
            if before is not None and now is not None:
                if before.is_same(now):
                    continue
                self._changed.update(cell for cell in found if before.differs(now, cell))
            else:
                self._changed.update(cell for cell in found if self._differs(cell))

    def _differs(self, cell: Cell) -> bool:
        # Records that did not change are the same objects, which compares at once.
        return self._before.cell(cell) != self._now.cell(cell)
