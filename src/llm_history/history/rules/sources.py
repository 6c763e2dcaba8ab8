"""The bibliography: one paper under two ids, a number and an address of different papers."""

import re

from llm_history.content.records import Source
from llm_history.diagnostics import Rule, Severity
from llm_history.history.review import Review

SHARED = Rule("LH313", "source-given-twice")
MISMATCH = Rule("LH314", "arxiv-mismatch", Severity.WARNING)

_VERSIONS = "; two versions of one paper are told apart as in `2302.13971v1`"
_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})")


def check(review: Review) -> None:
    """Report sources that are the same work, or name two works as one."""
    seen: dict[str, Source] = {}
    for source in review.sources:
        for field, what in (("arxiv", "arXiv number"), ("doi", "DOI")):
            key = getattr(source, field).casefold()
            first = seen.setdefault(f"{field} {key}", source) if key else source
            if first is not source:
                review.report(
                    SHARED,
                    review.place(source, (field,)),
                    f"`{source.id}` and `{first.id}` have the same {what}",
                    f"cite `{first.id}` and delete this source, or correct the {what}"
                    + _VERSIONS * (field == "arxiv"),
                    related=(("the other source", review.place(first, (field,))),),
                )
                break
        _mismatch(review, source)


def _mismatch(review: Review, source: Source) -> None:
    found = _ARXIV.search(source.url or "")
    if found and source.arxiv and source.arxiv.partition("v")[0] != found[1]:
        review.report(
            MISMATCH,
            review.place(source, ("arxiv",)),
            f"`arxiv` says {source.arxiv}, the address {found[1]}: these are two papers",
            "correct one of them",
            related=(("the address", review.place(source, ("url",))),),
        )
