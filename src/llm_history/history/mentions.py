"""Finds the names of records in prose: they become links, and the records know of it.

The first mention in each section is linked: longest name first, at word boundaries, with
Korean particles allowed after it, and never in code, headings or links.
"""

import html
import re
from collections import deque
from collections.abc import Iterable

import msgspec

from llm_history.content.sanitise import pieces_and_listings
from llm_history.history.korean import PARTICLES

_START = re.compile(r"[A-Za-z0-9À-ɏ]+|(?<![가-힣])[가-힣]{1,2}")
"""By what names are found: the first word, or the first two syllables of one in Hangul."""
_PARTICLES = re.compile(rf"(?:{'|'.join(PARTICLES)})(?![가-힣])")
_VERSION = re.compile(r"[ -]?v?\d{1,2}(?:\.\d+)*(?![\d,]|\.?\d|\s?[BMKT]\b|[A-Za-z가-힣])")
_IN_A_NAME = re.compile(r"[A-Za-z0-9]-$")
"""What stands before the end of a longer name: `davinci-003` in `text-davinci-003`."""
_SKIPPED = frozenset({"a", "code", "pre", "math", "summary", "h2", "h3", "h4", "h5", "h6"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | frozenset(
    {
        "p", "li", "td", "th", "dd", "dt", "blockquote", "aside", "ul", "ol", "dl", "table", "tr",
        "thead", "tbody", "pre", "div", "details", "summary", "figure", "figcaption", "section",
        "br", "hr", "caption",
    }
)  # fmt: skip
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+|\n+")
_LONGEST_SENTENCE = 280


class Name(msgspec.Struct, frozen=True):
    """A name to look for, and the record it stands for: its key and its address."""

    text: str
    key: str
    url: str


class Mention(msgspec.Struct, frozen=True):
    """A sentence that names a record: before the name, the name as written, and after it."""

    key: str
    before: str
    name: str
    after: str
    section: str = ""


class Linked(msgspec.Struct, frozen=True):
    """HTML with its links, and the first mention of each record in each section."""

    html: str
    mentions: tuple[Mention, ...]


Found = tuple[int, int, Name]
"""A name in a text: its start, its end, and what it is."""


class Names:
    """The names of all records, ready to be looked for in texts."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_first: dict[str, list[Name]] = {}
        for name in names:
            if first := _START.match(name.text):
                self._by_first.setdefault(first.group(), []).append(name)
        for candidates in self._by_first.values():
            candidates.sort(key=lambda name: (-len(name.text), name.text))

    def without(self, texts: Iterable[str]) -> "Names":
        """Return the same names but those written as one of ``texts``."""
        hidden = set(texts)
        if not hidden:
            return self
        return Names(
            name for names in self._by_first.values() for name in names if name.text not in hidden
        )

    def find(self, text: str) -> list[Found]:
        """Return where names stand in ``text``: start, end and name, without overlaps."""
        found: list[Found] = []
        if self._by_first.keys().isdisjoint(_START.findall(text)):
            return found
        position = 0
        for first in _START.finditer(text):
            names = self._by_first.get(first.group())
            start = first.start()
            if not names or start < position:
                continue
            if _IN_A_NAME.search(text, max(0, start - 2), start):
                continue
            for name in names:
                end = start + len(name.text)
                if text.startswith(name.text, start) and _ends_well(text, end):
                    found.append((start, end, name))
                    position = end
                    break
        return found


def _ends_well(text: str, end: int) -> bool:
    """Whether a name that ends at ``end`` is not the start of another one."""
    last, rest = text[end - 1], text[end : end + 12]
    if not rest:
        return True
    if rest[0].isalnum() and not "가" <= rest[0] <= "힣":
        return not (last.isascii() and last.isalnum())
    if "가" <= rest[0] <= "힣":
        return last.isascii() or bool(_PARTICLES.match(rest))
    # `Claude 2.1` is not Claude; `LLaMA-65B` and `PaLM 540B` are a size of it.
    if last.isdigit() and re.match(r"[.]\d", rest):
        return False
    return last.isdigit() or not _VERSION.match(rest)


def link_mentions(
    document: str, names: Names, *, root: str, skip: frozenset[str] = frozenset()
) -> Linked:
    """Link the names in clean HTML and collect the sentences they stand in.

    ``root`` leads from the page to the site's root; records in ``skip`` are not linked.
    """
    walk = _Walk(names, root, skip)
    for kind, tag, piece in pieces_and_listings(document):
        walk.take(kind, tag, piece)
    walk.end_block()
    return Linked("".join(walk.out), tuple(walk.mentions))


class _Walk:
    """One pass over the pieces of a document, block by block."""

    def __init__(self, names: Names, root: str, skip: frozenset[str]) -> None:
        self.names = names
        self.root = root
        self.skip = skip
        self.out: list[str] = []
        self.mentions: list[Mention] = []
        self.skipping: list[str] = []
        self.section = ""
        self.linked: set[str] = set()
        self.block: list[tuple[int, str, bool]] = []

    def take(self, kind: str, tag: str, piece: str) -> None:
        if kind == "text":
            self.block.append((len(self.out), html.unescape(piece), not self.skipping))
            self.out.append(piece)
            return
        if tag in _BLOCKS:
            self.end_block()
        if tag in _SKIPPED:
            if kind == "open":
                self.skipping.append(tag)
            elif tag in self.skipping:
                del self.skipping[len(self.skipping) - 1 - self.skipping[::-1].index(tag) :]
        if tag in _HEADINGS and kind == "open":
            found = re.search(r'id="([^"]*)"', piece)
            self.section = found[1] if found else ""
            self.linked = set()
        self.out.append(piece)

    def end_block(self) -> None:
        """Link the names in the block that ends here; a name does not cross its markup."""
        if not self.block:
            return
        linkable = any(linkable for *_, linkable in self.block)
        text = "".join(part for _, part, _ in self.block) if linkable else ""
        found = deque(self.names.find(text))
        start = 0
        for index, part, linkable in self.block if found else ():
            inside = []
            while found and found[0][0] < start + len(part):
                inside.append(found.popleft())
            if linkable and inside:
                self._link(index, part, text, start, inside)
            start += len(part)
        self.block = []

    def _link(self, index: int, part: str, text: str, start: int, names: list[Found]) -> None:
        """Link the names that start in a part of a block."""
        out, position = [], 0
        for at, end, name in names:
            here, stop = at - start, end - start
            if name.key in self.linked or name.key in self.skip or stop > len(part):
                continue
            self.linked.add(name.key)
            self.mentions.append(_mention(name, text, at, end, self.section))
            shown = html.escape(part[here:stop], quote=False)
            out.append(html.escape(part[position:here], quote=False))
            out.append(f'<a class="auto" href="{self.root}{name.url}">{shown}</a>')
            position = stop
        if out:
            out.append(html.escape(part[position:], quote=False))
            self.out[index] = "".join(out)


def _mention(name: Name, text: str, at: int, end: int, section: str) -> Mention:
    start, stop = 0, len(text)
    for boundary in _SENTENCE_END.finditer(text):
        if boundary.end() <= at:
            start = boundary.end()
        elif boundary.start() >= end:
            stop = boundary.start()
            break
    before, after = text[start:at].lstrip(), text[end:stop].rstrip()
    room = (_LONGEST_SENTENCE - (end - at)) // 2
    if len(before) > room:
        before = "…" + before[-room:].partition(" ")[2]
    if len(after) > room:
        after = after[:room].rpartition(" ")[0] + "…"
    squeeze = re.compile(r"\s+")
    return Mention(
        name.key, squeeze.sub(" ", before), text[at:end], squeeze.sub(" ", after), section
    )
