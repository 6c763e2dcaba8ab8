"""What a text comes to, whatever it was written in."""

import re
import unicodedata
import zlib

import msgspec

from llm_history.content.references import Reference


class Packed(msgspec.Struct, frozen=True):
    """A long text in a fraction of its space: all notes of a site are in memory at once."""

    data: bytes

    @classmethod
    def of(cls, text: str) -> "Packed":
        """Pack a text."""
        return cls(zlib.compress(text.encode(), 1))

    @property
    def text(self) -> str:
        """The text itself."""
        return zlib.decompress(self.data).decode()


class Heading(msgspec.Struct, frozen=True):
    """A heading of a note: its level on the page (2 to 6), its fragment id and its text."""

    level: int
    id: str
    text: str


class Document(msgspec.Struct, frozen=True):
    """A rendered text: clean HTML, its first heading, and what it refers to.

    In its ``html``, images still have the address that was written, and wiki links are
    ``<a data-ref="…">``, queries ``<a data-query="…">`` and citations ``<a data-cite="…">``:
    all are resolved once the whole site is known.
    """

    packed: Packed
    title: str
    headings: tuple[Heading, ...]
    images: tuple[Reference, ...]
    links: tuple[Reference, ...]
    wiki_links: tuple[Reference, ...]
    queries: tuple[Reference, ...]
    citations: tuple[Reference, ...]

    @property
    def html(self) -> str:
        """The text as HTML."""
        return self.packed.text


RESERVED_IDS = frozenset({"content", "sources", "cite", "mentions", "tags", "about"})
"""Fragment ids that the page around a text uses itself."""


def slugify(text: str, taken: dict[str, int]) -> str:
    """Return a fragment id for ``text`` that is not in ``taken``, and add it there.

    ``taken`` holds, for each id, the number with which the next one like it may end.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    base = re.sub(r"[^\w]+", "-", folded).strip("-_") or "section"
    slug, number = base, taken.get(base, 1)
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken[base] = number
    taken.setdefault(slug, 1)
    return slug
