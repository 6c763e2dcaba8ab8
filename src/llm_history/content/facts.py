"""Facts: claims about one thing, each with who says so and on what basis."""

import enum
import re
from typing import Annotated, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

V = TypeVar("V")

Absent = Literal["undisclosed", "unknown", "none", "not-applicable"]
ABSENT: tuple[Absent, ...] = ("undisclosed", "unknown", "none", "not-applicable")
Basis = Literal["disclosed", "reported", "estimated", "computed", "inferred"]
Rank = Literal["preferred", "normal", "deprecated"]


class Citation(msgspec.Struct, frozen=True, omit_defaults=True):
    """A source by its id, and where in it: ``brown2020#table-2.1``."""

    source: str
    locator: str = ""

    def __str__(self) -> str:
        return f"{self.source}#{self.locator}" if self.locator else self.source


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“‘\"'`*가-힣])")


def first_sentence(text: str) -> str:
    """Return the first sentence of a summary: a row has room for one."""
    return _SENTENCE_END.split(text, maxsplit=1)[0]


class Text(msgspec.Struct, frozen=True):
    """Prose by language tag; a plain string stands under the empty tag (the default language)."""

    by_language: dict[str, str]

    def get(self, language: str, default_language: str) -> tuple[str, str]:
        """Return the text for a reader of ``language`` and the language it is in."""
        if language in self.by_language:
            return self.by_language[language], language
        for tag in ("", default_language):
            if tag in self.by_language:
                return self.by_language[tag], default_language
        tag = min(self.by_language)
        return self.by_language[tag], tag


class Claim(msgspec.Struct, Generic[V], frozen=True, omit_defaults=True):
    """What one source says: a value, or a reserved word for its absence."""

    cite: tuple[Citation, ...]
    value: V | None = None
    absent: Annotated[Absent | None, Meta(extra={"key": None})] = None
    basis: Basis = "disclosed"
    rank: Rank = "normal"
    note: Text | None = None
    why: Text | None = None
    quote: str = ""


class Status(enum.StrEnum):
    """How firmly a fact is known, as the site shows it."""

    OFFICIAL = "official"
    REPORTED = "reported"
    ESTIMATED = "estimated"
    DISPUTED = "disputed"
    UNDISCLOSED = "undisclosed"
    UNKNOWN = "unknown"
    NONE = "none"


_BY_BASIS = {
    "disclosed": Status.OFFICIAL,
    "reported": Status.REPORTED,
    "estimated": Status.ESTIMATED,
    "computed": Status.ESTIMATED,
    "inferred": Status.ESTIMATED,
}
_BY_ABSENCE = {
    "undisclosed": Status.UNDISCLOSED,
    "unknown": Status.UNKNOWN,
    "none": Status.NONE,
    "not-applicable": Status.NONE,
}


class Fact(msgspec.Struct, Generic[V], frozen=True):
    """One or more claims about the same thing, in the order they were written."""

    claims: tuple[Claim[V], ...]

    @property
    def standing(self) -> tuple[Claim[V], ...]:
        """The claims that are not rejected."""
        if len(self.claims) == 1 and self.claims[0].rank != "deprecated":
            return self.claims
        return tuple(claim for claim in self.claims if claim.rank != "deprecated")

    @property
    def best(self) -> Claim[V]:
        """The claim that charts and sorting use: preferred, else the first with a value."""
        if len(self.claims) == 1:
            return self.claims[0]
        candidates = self.standing or self.claims
        preferred = [claim for claim in candidates if claim.rank == "preferred"]
        valued = [claim for claim in candidates if claim.value is not None]
        return (preferred or valued or list(candidates))[0]

    @property
    def value(self) -> V | None:
        """The best claim's value."""
        return self.best.value

    @property
    def known(self) -> V | None:
        """A value to draw: the best claim's, else that of any standing claim."""
        best = self.best.value
        if best is not None:
            return best
        return next((claim.value for claim in self.standing if claim.value is not None), None)

    @property
    def status(self) -> Status:
        """Disputed when two or more claims stand, else what the one claim's basis says."""
        if len(self.standing) > 1:
            return Status.DISPUTED
        best = self.best
        return _BY_ABSENCE[best.absent] if best.absent else _BY_BASIS[best.basis]
