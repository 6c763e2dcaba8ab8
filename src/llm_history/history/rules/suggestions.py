"""What could be done next. Nothing here is wrong, so nobody is told unless they ask."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from llm_history.content.order import misplaced
from llm_history.content.yaml import Mapping
from llm_history.diagnostics import Rule, Severity
from llm_history.history.checks import citations
from llm_history.history.review import Review

if TYPE_CHECKING:
    from llm_history.content.records import Source

UNCITED = Rule("LH601", "uncited-source", Severity.SUGGESTION)
UNCHECKED = Rule("LH602", "unchecked-record", Severity.SUGGESTION)
NO_RECORD = Rule("LH603", "model-without-record", Severity.SUGGESTION)
KEY_ORDER = Rule("LH605", "fields-out-of-order", Severity.SUGGESTION)
SAME_ADDRESS = Rule("LH604", "same-address", Severity.SUGGESTION)

CHECKED_WITHIN = 12
"""Months after which a record should be compared with its sources again."""


def check(review: Review) -> None:
    """Report sources without a use, records nobody looked at, and models without a record."""
    _uncited(review)
    _same_address(review)
    _key_order(review)
    _unchecked(review)
    _unknown_models(review)


def _uncited(review: Review) -> None:
    cited = {c.source for record in review.records() for _, c in citations(record)}
    cited_in_notes = {
        reference.target.partition("#")[0]
        for note in review.notes
        for reference in note.document.citations
    }
    for source in review.sources:
        if source.id not in cited and source.id not in cited_in_notes:
            message = f"nothing cites `{source.id}`"
            hint = "cite it where it supports a fact, or delete it"
            review.report(UNCITED, review.place(source, ()), message, hint)


def _same_address(review: Review) -> None:
    seen: dict[str, Source] = {}
    for source in review.sources:
        if not source.url:
            continue
        first = seen.setdefault(source.url.rstrip("/"), source)
        if first is not source:
            message = f"`{source.id}` and `{first.id}` have the same address"
            related = (("the other source", review.place(first, ("url",))),)
            hint = "if they are one page, cite one of them"
            review.report(SAME_ADDRESS, review.place(source, ("url",)), message, hint, related)


def _key_order(review: Review) -> None:
    for record in review.records():
        source, root = review.finder.read(record.path)
        key = misplaced(root) if isinstance(root, Mapping) else None
        if key:
            message = f"`{key.value}` stands after fields that it belongs before"
            hint = "`check --fix` puts the fields in order"
            review.report(KEY_ORDER, key.place(source), message, hint)


def _unchecked(review: Review) -> None:
    today = review.today
    months = today.year * 12 + today.month
    for record in review.models:
        checked = record.checked
        where = "checked" if checked else "name"
        if checked is None:
            message = "nobody has compared this record with its sources as a whole yet"
        elif months - (checked.year * 12 + (checked.month or 12)) > CHECKED_WITHIN:
            message = f"this record was last compared with its sources on {checked}"
        else:
            continue
        hint = f"compare it, and set `checked: {today}`"
        review.report(UNCHECKED, review.place(record, (where,)), message, hint)


_VERSION = r"[ -]?v?\d+(?:\.\d+)?(?:[ -](?:mini|nano|pro|flash|turbo|large|small|ultra))?"


def _unknown_models(review: Review) -> None:
    """Report, once a note, what is called like a model of a known family but has no record."""
    known = {_folded(name) for name in _known_names(review)}
    families = {record.name for record in review.content.records["families"]}
    if not families:
        return
    pattern = re.compile(
        rf"\b(?:{'|'.join(map(re.escape, sorted(families)))}){_VERSION}(?![\w.]*\d)"
    )
    for note in review.notes:
        source = review.source_of(note)
        told: set[str] = set()
        for number, line in enumerate(source.lines, 1):
            for match in pattern.finditer(line):
                folded = _folded(match[0])
                if folded in told or any(name.startswith(folded) for name in known):
                    continue
                told.add(folded)
                place = source.place(number, match.start() + 1, len(match[0]))
                message = f"there is no record of {match[0]}"
                review.report(NO_RECORD, place, message, "write one, or correct the name")


def _known_names(review: Review) -> Iterator[str]:
    for record in review.records():
        yield from (record.name, *record.also_known_as)
    for target in review.index.variants.values():
        yield target.name
        yield target.variant.id if target.variant else ""


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
