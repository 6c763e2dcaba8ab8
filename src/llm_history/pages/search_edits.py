"""The search index after an edit: only the files that change, made from those that there were.

Making the whole index takes every word of the site. After most edits the same things can be
found, in the same order, and a few of them have other texts: their words are taken out of the
postings, and put in again.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from llm_history.content.load import Note
from llm_history.content.records import KINDS, Record
from llm_history.history import History
from llm_history.history.succession import are_same
from llm_history.pages.render import Read
from llm_history.pages.search import (
    INDEX_FILE,
    SHARD_ABOVE,
    TERMS,
    TEXTS_IN_A_FILE,
    Entry,
    encode,
    note_entries,
    record_entry,
    shard_of,
    terms_file,
    texts_file,
    weights,
)


def edited_search_files(
    before: History, now: History, read: Read, *, shard_above: int = SHARD_ABOVE
) -> dict[str, bytes] | None:
    """Return those files of the index that change, or ``None`` if all have to be made.

    ``read`` returns the files that were made of ``before``.
    """
    found = _edited(before, now)
    if found is None:
        return None
    try:
        return _Edit(read, shard_above).files(found)
    except LookupError:  # another set of files, or of what can be found
        return None


def _edited(before: History, now: History) -> list[tuple[Entry, Entry]] | None:
    """Return what is found by other words than before; ``None`` unless the same can be found."""
    with now.reads.pause():
        tables = ((before.organizations, now.organizations), (before.sources, now.sources))
        around = all(are_same(old.values(), new.values()) for old, new in tables)
        records = [(before.records(kind), now.records(kind)) for kind in KINDS]
        notes = before.notes, now.notes
    if not (all(_side_by_side(*both) for both in records) and _side_by_side(*notes)):
        return None
    pairs = [
        (record_entry(old, before), record_entry(new, now))
        for olds, news in records
        for old, new in zip(olds, news, strict=True)
        if old is not new or not around
    ]
    for old_note, new_note in zip(*notes, strict=True):
        if old_note is not new_note:
            olds, news = note_entries(old_note), note_entries(new_note)
            if len(olds) != len(news):
                return None
            pairs += zip(olds, news, strict=True)
    return [(old, new) for old, new in pairs if old != new]


def _side_by_side(first: Sequence[Record | Note], second: Sequence[Record | Note]) -> bool:
    """Whether two lists have the same things at the same places."""
    return len(first) == len(second) and all(
        old is new or old.id == new.id for old, new in zip(first, second, strict=True)
    )


class _Edit:
    """Edits the files of an index."""

    def __init__(self, read: Read, shard_above: int) -> None:
        self.read = read
        self.shard_above = shard_above
        self.opened: dict[str, Any] = {}

    def files(self, pairs: Sequence[tuple[Entry, Entry]]) -> dict[str, bytes]:
        """Return the files that change with some entries. Raises LookupError if all do."""
        if not pairs:
            return {}
        head = self._file(INDEX_FILE)
        numbers = {entry[0]: number for number, entry in enumerate(head["entries"])}
        if len(numbers) != len(head["entries"]):
            raise LookupError("addresses")  # of two things at one, either could be meant
        sharded = "shards" in head
        for old, new in pairs:
            number = numbers[old.url]
            shown = head["entries"][number]
            shown[:] = [new.url, new.title, shown[2], new.lang, *new.names]
            head["characters"] += len(new.text) - len(old.text)
            self._file(texts_file(number))[number % TEXTS_IN_A_FILE] = new.text
            for term, old_weight, new_weight in _reweighted(old, new):
                postings = self._file(terms_file(shard_of(term))) if sharded else head["terms"]
                _post(postings, term, number, old_weight, new_weight)
        if (head["characters"] > self.shard_above) is not sharded:
            raise LookupError(INDEX_FILE)
        if not sharded:
            head["terms"] = dict(sorted(head["terms"].items()))
        return {path: encode(_in_order(path, file)) for path, file in self.opened.items()}

    def _file(self, path: str) -> Any:  # noqa: ANN401 - JSON
        if path not in self.opened:
            self.opened[path] = msgspec.json.decode(self.read(path))
        return self.opened[path]


def _reweighted(old: Entry, new: Entry) -> Iterator[tuple[str, int, int]]:
    """Yield the terms that weigh something else in an entry than they did; 0 is nothing."""
    before, after = dict(weights(old)), dict(weights(new))
    for term in before.keys() | after.keys():
        if before.get(term) != after.get(term):
            yield term, before.get(term, 0), after.get(term, 0)


def _post(
    postings: dict[str, list[int]], term: str, number: int, old_weight: int, new_weight: int
) -> None:
    """Write down what a term weighs in the entry of a number, among entries in their order."""
    found = postings.setdefault(term, [])
    at = 2 * bisect_left(found[::2], number)
    if old_weight and found[at : at + 2] != [number, old_weight]:
        raise LookupError(term)
    found[at : at + 2 * bool(old_weight)] = [number, new_weight] if new_weight else []
    if not found:
        del postings[term]


def _in_order(path: str, file: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a file as it is written: terms in their order. Raises LookupError for an empty one."""
    if not path.startswith(TERMS):
        return file
    if not file:
        raise LookupError(path)
    return dict(sorted(file.items()))
