"""Claims: disputes that are none, sources too weak for what they are cited for."""

from collections.abc import Iterator
from typing import Any

from llm_history.content import yaml
from llm_history.content.facts import Claim, Fact
from llm_history.content.records import Record
from llm_history.diagnostics import Rule, Severity
from llm_history.history.audits import facts
from llm_history.history.derived import derived
from llm_history.history.review import Review

LONE_CLAIM = Rule("LH318", "dispute-of-one", Severity.WARNING)
WEAK_SOURCE = Rule("LH319", "official-by-hearsay", Severity.WARNING)
UNEXPLAINED = Rule("LH324", "unexplained-claim", Severity.WARNING)
SAME_CLAIM = Rule("LH325", "claim-given-twice", Severity.WARNING)


def check(review: Review) -> None:
    """Report claims that contradict nobody, and those whose source cannot carry them."""
    weak = {key for key, source in review.content.sources.items() if source.tier == "tertiary"}
    for record in review.records():
        for where, claim in _official(record):
            if all(citation.source in weak for citation in claim.cite):
                _weak(review, record, where, claim)
        for where, fact in _weighed(record):
            _dispute(review, record, where, fact)
            for number, claim in enumerate(fact.claims):
                _unexplained(review, record, (*where, number), claim)


@derived
def _official(record: Record) -> Iterator[tuple[yaml.Path, Claim[Any]]]:
    """Yield the claims of a record that count as official and cite something."""
    for where, fact in facts(record):
        for number, claim in enumerate(fact.claims):
            if claim.cite and claim.basis == "disclosed" and claim.absent != "unknown":
                yield (*where, number), claim


@derived
def _weighed(record: Record) -> Iterator[tuple[yaml.Path, Fact[Any]]]:
    """Yield the facts of a record with several claims, or with one that is no plain statement."""
    for where, fact in facts(record):
        first = fact.claims[0]
        if len(fact.claims) > 1 or first.rank != "normal" or first.basis == "inferred":
            yield where, fact


def _dispute(review: Review, record: Record, where: yaml.Path, fact: Fact[Any]) -> None:
    ranked = next((n for n, claim in enumerate(fact.claims) if claim.rank != "normal"), None)
    if len(fact.claims) == 1 and ranked is not None:
        rank = fact.claims[0].rank
        review.report(
            LONE_CLAIM,
            review.place(record, (*where, 0, "rank")),
            f"this claim is `{rank}`, but no other claim stands beside it",
            "delete `rank:`, or add the claim it is weighed against",
        )
    for number, claim in enumerate(fact.claims):
        same = (n for n, c in enumerate(fact.claims[:number]) if _says(c) == _says(claim))
        first = next(same, None)
        if first is not None and claim.rank != "deprecated":
            review.report(
                SAME_CLAIM,
                review.place(record, (*where, number, "value")),
                "two claims say the same, so that the fact counts as disputed",
                "write one claim and cite both sources in it: `cite: [first, second]`",
                related=(("the other claim", review.place(record, (*where, first, "value"))),),
            )


def _says(claim: Claim[Any]) -> tuple[Any, ...]:
    return claim.value, claim.absent, claim.basis


def _weak(review: Review, record: Record, where: yaml.Path, claim: Claim[Any]) -> None:
    review.report(
        WEAK_SOURCE,
        review.place(record, (*where, "cite", 0)),
        f"`{claim.cite[0].source}` only retells this (its tier is tertiary), but the fact "
        "counts as official",
        "cite the maker's own page, or add `basis: reported`",
    )


def _unexplained(review: Review, record: Record, where: yaml.Path, claim: Claim[Any]) -> None:
    if claim.why or claim.note:
        return
    if claim.rank == "deprecated":
        place = review.place(record, (*where, "rank"))
        message = "this claim is rejected, and nothing says why"
    elif claim.basis == "inferred":
        place = review.place(record, (*where, "basis"))
        message = "this value is inferred, and nothing says how"
    else:
        return
    review.report(UNEXPLAINED, place, message, "add `why: …`")
