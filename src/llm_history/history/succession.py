"""The history after an edit, made from the one before it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import is_
from typing import Any, TypeVar

import msgspec

from llm_history.content.facts import Citation
from llm_history.content.load import Content, Note
from llm_history.content.records import (
    KINDS,
    Dated,
    Event,
    Family,
    Model,
    Organization,
    Record,
)
from llm_history.history import History, Incoming, citations_in, introduction, outline
from llm_history.history.access import all_phases, mark_of
from llm_history.history.checks import citations

_MOST = 8
"""With more edits than these it takes as long to make a history anew."""

T = TypeVar("T", bound=msgspec.Struct)
Edit = tuple[Record | Note, Record | Note]


_OF_ITS_OWN = ("summary", "links", "checked")
_OF_A_MODEL = (*_OF_ITS_OWN, "facts", "access", "prices", "variants")


def fits(new: Record | Note, old: Record | Note) -> bool:
    """Whether one thing can stand in the place of another without anything else changing.

    A record differs in what is said of it alone, a note in its text: neither in a name, a date,
    or in what it refers to by id.
    """
    if isinstance(new, Note):
        is_note = isinstance(old, Note) and new.title == old.title
        return is_note and new == _but_for(old, new, ("document",))
    if type(new) is not type(old):
        return False
    if isinstance(new, Model) and isinstance(old, Model):
        if [(v.id, v.name, v.also_known_as) for v in new.variants] != [
            (v.id, v.name, v.also_known_as) for v in old.variants
        ]:
            return False
        return new == _but_for(old, new, _OF_A_MODEL)
    return new == _but_for(old, new, _OF_ITS_OWN)


def _but_for(old: T, new: msgspec.Struct, names: Iterable[str]) -> T:
    return msgspec.structs.replace(old, **{name: getattr(new, name) for name in names})


def with_record(history: History, old: Record, new: Record) -> History:
    """Return a history with a record in the place of another (see :func:`fits`).

    Should they cite other sources, ``cited_by`` and ``cited`` are not what they would be.
    """
    kind, index = type(new).kind_name, history.index
    edits = _of_its_own(new)
    holders: dict[str, Iterable[str]] = {}
    if isinstance(new, Dated):
        holders["by_organization"] = [role.id for role in new.organization]
        targets = (index.find(edge.to) for edge in new.lineage)
        holders["incoming"] = [target.key for target in targets if target]
    if isinstance(new, Model):
        holders["results"] = [result.benchmark for result in new.results]
    if isinstance(new, Event):
        holders["events_about"] = history.keys(new.about)
    for name, keys in holders.items():
        edits[name] = _swapped(history, name, keys, old, new)
    if isinstance(new, Model) and isinstance(old, Model) and new.family:
        lines = outline(old)[0], outline(new)[0]
        edits["by_family"] = _swapped(history, "by_family", [new.family], *lines)
    key = f"{kind}/{new.id}"
    edits["cited_by"] = {
        source: {**cited, key: (new, cited[key][1])}
        for source in {citation.source for _, citation in citations(old)}
        if key in (cited := history.cited_by.get(source, {}))
    }
    content = history.content
    records = {**content.records, kind: _swap(content.records[kind], old, new)}
    return history.edited(
        edits,
        content=msgspec.structs.replace(content, records=records),
        index=index.with_record(old, new),
        _models=_swap(history.models, old, new),
        _events=_swap(history.events, old, new),
    )


def _of_its_own(record: Record) -> dict[str, Mapping[str, Any]]:
    """Return the entries of tables that are a record, or that follow from it alone."""
    at = {record.id: record}
    if isinstance(record, Organization):
        return {"organizations": at}
    if isinstance(record, Family):
        return {"families": at}
    if isinstance(record, Model):
        return {
            "model": at,
            "outline": {record.id: outline(record)[0]},
            "introduction": {record.id: introduction(record)[0]},
            "marks": {record.id: mark_of(all_phases(record))},
        }
    return {}


def with_note(history: History, old: Note, new: Note) -> History:
    """Return a history with a note in the place of another (see :func:`fits`).

    Should they cite other sources, ``notes_citing`` and ``cited`` are not what they would be.
    """
    cited = {citation.source for citation in citations_in(old)}
    about = history.keys(new.matter.about)
    edits = {
        "note": {new.id: new},
        "notes_citing": _swapped(history, "notes_citing", cited, old, new),
        "works": _swapped(history, "works", [new.work], old, new),
        "notes_about": _swapped(history, "notes_about", about, old, new),
    }
    notes = _swap(history.content.notes, old, new)
    return history.edited(edits, content=msgspec.structs.replace(history.content, notes=notes))


def _swapped(
    history: History, name: str, keys: Iterable[str], old: object, new: object
) -> dict[str, Any]:
    """Return the entries of a table under some keys, with one thing for another in them."""
    table = history.table(name)
    return {key: _swap(table.cell(key), old, new) for key in keys} if table else {}


def _swap(value: Any, old: object, new: object) -> Any:  # noqa: ANN401 - an entry of any table
    """Return an entry of a table with one thing in the place of another."""
    if value is old:
        return new
    if isinstance(value, list):
        return [_swap(each, old, new) for each in value]
    if isinstance(value, tuple):
        return tuple([_swap(each, old, new) for each in value])
    if isinstance(value, Incoming) and value.source is old:
        return msgspec.structs.replace(value, source=new)
    return value


def altered(old: Record | Note, new: Record | Note) -> set[str]:
    """Return the fields in which one thing differs from another that it fits in place of."""
    names = old.__struct_fields__
    return {name for name in names if getattr(old, name) != getattr(new, name)}


class Succession(msgspec.Struct, frozen=True):
    """A history that follows from another by some edits."""

    history: History
    edits: Sequence[Edit]


def succeed(before: History, content: Content) -> Succession | None:
    """Return the history of a content in which little is new (see :func:`fits`), or nothing."""
    edits = _edits(before.content, content)
    if edits is None or not all(fits(new, old) and _cite_alike(old, new) for old, new in edits):
        return None
    history = before
    for old, new in edits:
        if isinstance(new, Note) and isinstance(old, Note):
            history = with_note(history, old, new)
        elif isinstance(new, Record) and isinstance(old, Record):
            history = with_record(history, old, new)
    return Succession(history, edits)


def _edits(before: Content, now: Content) -> list[Edit] | None:
    """Return what was replaced, if nothing else happened and there is not much of it."""
    same = (
        before.sources.keys() == now.sources.keys()
        and are_same(before.sources.values(), now.sources.values())
        and are_same(before.audits, now.audits)
        and before.excluded == now.excluded
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
