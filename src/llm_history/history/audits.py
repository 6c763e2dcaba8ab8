"""Facts drawn at random and compared with their sources: what can be drawn, what was found."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from llm_history.content import yaml
from llm_history.content.facts import Claim, Fact, Text
from llm_history.content.load import Content
from llm_history.content.records import (
    Audit,
    Dated,
    Modalities,
    Model,
    Record,
    named_facts,
)
from llm_history.history.checks import model_facts
from llm_history.history.derived import derived

_Z = 1.959964
"""The quantile of the normal distribution that leaves 2.5 % on either side."""


class Drawable(msgspec.Struct, frozen=True):
    """One claim that can be compared with its source, and where its file states it."""

    record: Record
    fact: str
    value: str
    claim: Claim[Any]
    where: yaml.Path

    @property
    def key(self) -> tuple[str, str, str]:
        """What an audit calls it."""
        return f"{type(self.record).kind_name}/{self.record.id}", self.fact, self.value


@derived
def facts(record: Record) -> Iterator[tuple[yaml.Path, Fact[Any]]]:
    """Yield every fact of a record with its path in the file."""
    if isinstance(record, Dated):
        for number, entry in enumerate(record.dates):
            yield ("dates", number, "on"), entry.on
    if isinstance(record, Model):
        for where, held in model_facts(record):
            yield from (((*where, name), fact) for name, fact in named_facts(held))
    yield from (((name,), fact) for name, fact in named_facts(record))


def drawable(content: Content) -> Iterator[Drawable]:
    """Yield every claim with a value, in the order of the files."""
    for records in content.records.values():
        for record in records:
            for where, fact in facts(record):
                for number, claim in enumerate(fact.claims):
                    name, value = _fact_name(record, where), written(claim)
                    yield Drawable(record, name, value, claim, (*where, number))


def _fact_name(record: Record, where: yaml.Path) -> str:
    """Return ``variants/llama-7b/layers`` or ``dates/paper`` for a path in a file."""
    group, number = (where[0], where[1]) if len(where) > 1 else ("", 0)
    if group == "variants" and isinstance(record, Model) and isinstance(number, int):
        return f"variants/{record.variants[number].id}/{where[2]}"
    if group == "dates" and isinstance(record, Dated) and isinstance(number, int):
        return f"dates/{record.dates[number].what}"
    return str(where[0])


def written(claim: Claim[Any]) -> str:
    """Return a claim's value on one line."""
    value = claim.value
    if value is None:
        return str(claim.absent)
    if isinstance(value, Text):
        return " / ".join(value.by_language.values())
    if isinstance(value, Modalities):
        return f"{', '.join(value.input)} → {', '.join(value.output)}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)


class ErrorRate(msgspec.Struct, frozen=True):
    """How many of the facts that were looked at were wrong, and what that says of all."""

    looked_at: int
    wrong: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """The share that was wrong."""
        return self.wrong / self.looked_at


def error_rate(audits: Iterable[Audit]) -> ErrorRate | None:
    """Return the measured error rate with its 95 % interval (Wilson's), if any was measured."""
    verdicts = [audit.verdict for audit in audits if audit.verdict != "unclear"]
    n, wrong = len(verdicts), verdicts.count("wrong")
    if not n:
        return None
    share = wrong / n
    middle = (share + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    half = _Z / (1 + _Z * _Z / n) * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    return ErrorRate(n, wrong, max(0.0, middle - half), min(1.0, middle + half))
