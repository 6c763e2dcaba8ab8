"""What a builder knows after a build, from one process to the next."""

from array import array
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

from llm_history.cache.place import cache_file, program, write
from llm_history.cache.stamp import Output
from llm_history.content.load import load_content
from llm_history.content.parsed import Entry, Key, Parsed, Replay, stored_entries
from llm_history.diagnostics import Problems
from llm_history.folders import Folders, Options
from llm_history.history import History
from llm_history.history.index import Index
from llm_history.history.reads import Cell
from llm_history.pages.context import Shared
from llm_history.pages.notes import Resolved
from llm_history.pages.workshop import Made


class Past(msgspec.Struct, frozen=True):
    """What the pages of a build were made from: every cell, and the notes."""

    shared: Shared
    resolved: Mapping[str, Resolved]


class Memory(msgspec.Struct, frozen=True):
    """How the last good build came out.

    ``ground`` is what everything depends on: settings, catalogues, options. ``past`` is looked
    at only if the ground is the same; ``language`` is what notes were taken to be in.
    """

    ground: bytes
    language: str
    assets: Mapping[str, str]
    made: Mapping[str, Made]
    past: Callable[[], Past]


class _Made(msgspec.Struct, frozen=True, array_like=True):
    key: bytes
    look: bytes
    paths: tuple[str, ...]
    literal: bool
    reads: bytes


class _State(msgspec.Struct, frozen=True, array_like=True):
    """A memory as it is stored. ``cells`` are all that anything read, each once.

    In its file stand the length of it in eight bytes, itself, and what files were parsed to:
    apart, for it is large.
    """

    program: bytes
    ground: bytes
    language: str
    assets: dict[str, str]
    paths: tuple[str, ...]
    cells: list[Cell]
    made: dict[str, _Made]
    resolved: dict[str, tuple[Resolved, bytes]]
    outputs: dict[str, Output]


_LENGTH = 8


def _read(path: Path) -> tuple[_State, dict[Key, Entry]] | None:
    try:
        data = memoryview(path.read_bytes())
        start = _LENGTH + int.from_bytes(data[:_LENGTH], "big")
        state = msgspec.msgpack.decode(data[_LENGTH:start], type=_State)
        return state, stored_entries(data[start:])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


class _Numbers:
    """Gives every cell a number."""

    def __init__(self) -> None:
        self.cells: dict[Cell, int] = {}

    def of(self, cells: Iterable[Cell]) -> bytes:
        """Return the numbers of some cells."""
        known = self.cells
        return array("I", [known.setdefault(cell, len(known)) for cell in cells]).tobytes()


def save_state(
    folders: Folders,
    options: Options,
    memory: Memory,
    parsed: Parsed,
    outputs: dict[str, Output],
) -> None:
    """Store what a builder knows after a good build."""
    numbers = _Numbers()
    made = {
        name: _Made(each.key, each.look, each.paths, each.literal, numbers.of(each.reads))
        for name, each in memory.made.items()
    }
    resolved = {
        name: (msgspec.structs.replace(each, reads=()), numbers.of(each.reads))
        for name, each in memory.past().resolved.items()
    }
    state = _State(
        program=program(),
        ground=memory.ground,
        language=memory.language,
        assets=dict(memory.assets),
        paths=parsed.paths,
        cells=list(numbers.cells),
        made=made,
        resolved=resolved,
        outputs=outputs,
    )
    stored = msgspec.msgpack.encode(state)
    length = len(stored).to_bytes(_LENGTH, "big")
    write(cache_file(folders, options, "state"), length, stored, parsed.store())


def load_state(
    folders: Folders, options: Options
) -> tuple[Memory, Parsed, dict[str, Output]] | None:
    """Return what a builder knew when it was stored; nothing if it is of no use any more."""
    found = _read(cache_file(folders, options, "state"))
    if found is None or found[0].program != program():
        return None
    state, entries = found
    cells = state.cells

    def told(reads: bytes) -> tuple[Cell, ...]:
        return tuple([cells[number] for number in memoryview(reads).cast("I")])

    made = {
        name: Made(told(each.reads), each.key, each.look, each.paths, each.literal)
        for name, each in state.made.items()
    }

    @cache
    def past() -> Past:
        content = load_content(
            folders.content,
            folders.shown(folders.content),
            Problems(),
            language=state.language,
            drafts=options.drafts,
            parsed=Replay(state.paths, entries),
        )
        resolved = {
            name: msgspec.structs.replace(each, reads=told(reads))
            for name, (each, reads) in state.resolved.items()
        }
        history = History(content, Index(content))
        pages = [resolved[note.id].page(note) for note in content.notes]
        shared = Shared(history, pages)
        return Past(shared, resolved)

    memory = Memory(state.ground, state.language, state.assets, made, past)
    return memory, Parsed(entries), state.outputs
