"""What a builder knows after a build, from one process to the next."""

from collections.abc import Callable, Mapping
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
from llm_history.history.reads import Cell, Register
from llm_history.history.rules import Findings
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
    at only if the ground is the same; ``language`` is what notes were taken to be in. The
    ``register`` has the numbers for what was read, ``findings`` are what was wrong between records.
    """

    ground: bytes
    language: str
    assets: Mapping[str, str]
    register: Register
    findings: Findings
    made: Mapping[str, Made]
    past: Callable[[], Past]


def renumbered(memory: Memory, register: Register) -> Memory:
    """Return a memory with the numbers of another register, which gets no more than it needs."""
    past, old = memory.past(), memory.register

    def reads(each: Made | Resolved) -> bytes:
        return register.numbers(old.told(each.reads))

    made = {k: msgspec.structs.replace(m, reads=reads(m)) for k, m in memory.made.items()}
    resolved = {k: msgspec.structs.replace(r, reads=reads(r)) for k, r in past.resolved.items()}
    past = Past(past.shared, resolved)
    return msgspec.structs.replace(memory, register=register, made=made, past=lambda: past)


class _State(msgspec.Struct, frozen=True, array_like=True):
    """A memory as it is stored. ``cells`` are those of its register, ``enough`` as many.

    In its file stand the length of it in eight bytes, itself, and what files were parsed to:
    apart, for it is large.
    """

    program: bytes
    ground: bytes
    language: str
    assets: dict[str, str]
    paths: tuple[str, ...]
    cells: list[Cell]
    enough: int
    findings: Findings
    made: dict[str, Made]
    resolved: dict[str, Resolved]
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


def save_state(
    folders: Folders,
    options: Options,
    memory: Memory,
    parsed: Parsed,
    outputs: dict[str, Output],
) -> None:
    """Store what a builder knows after a good build."""
    state = _State(
        program=program(),
        ground=memory.ground,
        language=memory.language,
        assets=dict(memory.assets),
        paths=parsed.paths,
        cells=memory.register.cells,
        enough=memory.register.enough,
        findings=memory.findings,
        made=dict(memory.made),
        resolved=dict(memory.past().resolved),
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

    @cache
    def past() -> Past:
        content = load_content(
            folders,
            Problems(),
            language=state.language,
            drafts=options.drafts,
            parsed=Replay(state.paths, entries),
        )
        history = History(content, Index(content))
        pages = [state.resolved[note.id].page(note) for note in content.notes]
        shared = Shared(history, pages)
        return Past(shared, state.resolved)

    register = Register(state.cells, state.enough)
    memory = Memory(
        state.ground, state.language, state.assets, register, state.findings, state.made, past
    )
    return memory, Parsed(entries), state.outputs
