"""The history after an edit, made from the one before it."""

from collections.abc import Collection, Sequence
from operator import is_

from llm_history.content.facts import Citation
from llm_history.content.load import Content, Note
from llm_history.content.records import KINDS, Record
from llm_history.history import History, citations_in, fits
from llm_history.history.checks import citations

_MOST = 8
"""With more edits than these it takes as long to make a history anew."""

Edit = tuple[Record | Note, Record | Note]


def succeed(before: History, content: Content) -> History | None:
    """Return the history of a content in which little is new (see :func:`fits`), or nothing."""
    edits = _edits(before.content, content)
    if edits is None or not all(fits(new, old) and _cite_alike(old, new) for old, new in edits):
        return None
    history = before
    for old, new in edits:
        if isinstance(new, Note) and isinstance(old, Note):
            history = history.with_note(old, new)
        elif isinstance(new, Record) and isinstance(old, Record):
            history = history.with_record(old, new)
    return history


def _edits(before: Content, now: Content) -> list[Edit] | None:
    """Return what was replaced, if nothing else happened and there is not much of it."""
    same = (
        before.sources.keys() == now.sources.keys()
        and are_same(before.sources.values(), now.sources.values())
        and (before.excluded, before.audits) == (now.excluded, now.audits)
        and (before.files, before.broken) == (now.files, now.broken)
    )
    lists: list[tuple[Sequence[Record | Note], Sequence[Record | Note]]] = [
        (before.records[kind], now.records[kind]) for kind in KINDS
    ]
    lists.append((before.notes, now.notes))
    if not same or any(len(olds) != len(news) for olds, news in lists):
        return None
    edits: list[Edit] = []
    for olds, news in lists:
        edits += [(old, new) for old, new in zip(olds, news, strict=True) if old is not new]
    return edits if len(edits) <= _MOST else None


def are_same(first: Collection[object], second: Collection[object]) -> bool:
    """Whether two collections hold the very same things in the same order."""
    return len(first) == len(second) and all(map(is_, first, second))


def _cite_alike(old: Record | Note, new: Record | Note) -> bool:
    return _cited(old) == _cited(new)


def _cited(thing: Record | Note) -> list[Citation]:
    if isinstance(thing, Note):
        return list(citations_in(thing))
    return [citation for _, citation in citations(thing)]
