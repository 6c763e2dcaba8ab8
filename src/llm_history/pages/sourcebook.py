"""The sources of one page, numbered in the order of their first use; claims in words."""

from collections.abc import Iterable
from typing import Any

from llm_history.content.facts import Citation, Claim, Fact
from llm_history.content.records import Source
from llm_history.history import History
from llm_history.pages import labels
from llm_history.pages.format import format_value
from llm_history.pages.fragments import fact_id
from llm_history.pages.language import Language
from llm_history.pages.views import ClaimView, FactView, Marker, SourceView


class Sourcebook:
    """Collects what a page cites while its view is made."""

    def __init__(self, history: History, language: Language) -> None:
        self.history = history
        self.language = language
        self._numbers: dict[str, int] = {}

    def markers(self, cite: Iterable[Citation]) -> tuple[Marker, ...]:
        """Return the markers of some citations, one for each source."""
        found: dict[int, list[str]] = {}
        for citation in cite:
            number = self._numbers.setdefault(citation.source, len(self._numbers) + 1)
            locators = found.setdefault(number, [])
            if citation.locator and citation.locator not in locators:
                locators.append(citation.locator)
        return tuple(
            Marker(number=number, locator=", ".join(map(locator_text, locators)))
            for number, locators in found.items()
        )

    def sources(self) -> tuple[SourceView, ...]:
        """Return the list of everything cited so far."""
        return tuple(
            source_view(self.history.sources[source_id], number, self.language)
            for source_id, number in self._numbers.items()
            if source_id in self.history.sources
        )

    def fact(self, name: str, label: str, fact: Fact[Any], fragment: str = "") -> FactView:
        """Return a row of the fact table."""
        claims = sorted(fact.claims, key=lambda c: c.rank == "deprecated")
        return FactView(
            id=fragment or fact_id(name),
            label=self.language.gettext(label),
            status=fact.status.value,
            claims=tuple(self.claim(name, claim) for claim in claims),
        )

    def claim(self, name: str, claim: Claim[Any]) -> ClaimView:
        """Return one claim in words."""
        if claim.absent:
            value = self.language.gettext(labels.ABSENT[claim.absent])
        else:
            value = format_value(name, claim.value, self.language)
        note, note_lang = self.language.text(claim.note)
        why, why_lang = self.language.text(claim.why)
        return ClaimView(
            value=value,
            markers=self.markers(claim.cite),
            remark=" ".join(part for part in (note, why) if part),
            remark_lang=note_lang or why_lang,
            quote=claim.quote,
            basis="" if claim.absent else claim.basis,
            absent=claim.absent is not None,
            rejected=claim.rank == "deprecated",
        )


def locator_text(locator: str) -> str:
    """Return ``Table 2.1`` for the locator ``table-2.1``."""
    text = locator.replace("-", " ")
    return text[0].upper() + text[1:]


def source_view(source: Source, number: int, language: Language) -> SourceView:
    """Return a source as an entry of a list."""
    by = source.authors[0] if source.authors else source.publisher
    if len(source.authors) == 2:
        by = language.gettext("%(first)s and %(second)s", first=by, second=source.authors[1])
    elif len(source.authors) > 2:
        by = language.gettext("%(first)s et al.", first=by.removesuffix(" et al."))
    where = [f"arXiv:{source.arxiv}" if source.arxiv else source.publisher]
    if where[0] == by:
        where = []
    if source.published:
        where.append(language.date(source.published))
    return SourceView(
        number=number,
        id=source.id,
        title=source.title,
        by=by,
        where=", ".join(part for part in where if part),
        url=source.url or (f"https://arxiv.org/abs/{source.arxiv}" if source.arxiv else ""),
        archived=source.archived.url if source.archived else "",
        tier=source.tier,
        type=source.type,
    )
