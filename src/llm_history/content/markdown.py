"""Markdown to safe HTML.

CommonMark with GitHub's tables, strikethrough, task lists, alerts and bare links, plus
footnotes, definition lists, ``$math$`` (as MathML), ``[[wiki links]]`` and highlighted
code. What comes out is always parsed, cleaned by an allowlist and written anew by an
HTML5 library, so that no input, however broken, can break the page around it.
"""

import re
from typing import Any

from markdown_it.token import Token

from llm_history.content import yaml_errors
from llm_history.content.document import RESERVED_IDS, Document, Heading, Packed, slugify
from llm_history.content.markdown_rules import (
    MARKDOWN,
    UNREADABLE_MATH,
    math_to_html,
    prepare,
)
from llm_history.content.references import Reference
from llm_history.content.sanitise import ALLOWED_TAGS, clean_html
from llm_history.diagnostics import Place, Problems, Rule, Severity, SourceText, did_you_mean

UNCLOSED_FENCE = Rule("LH210", "unclosed-code-fence", Severity.WARNING)
BAD_MATH = Rule("LH211", "unreadable-math", Severity.WARNING)
REMOVED_HTML = Rule("LH212", "html-removed", Severity.WARNING)
SHORTCODE = Rule("LH213", "shortcode-ignored", Severity.WARNING)
SKIPPED_LEVEL = Rule("LH214", "heading-skips-level", Severity.WARNING)
UNREAD = Rule("LH216", "unread-markup", Severity.WARNING)
CONFLICT = Rule("LH217", "merge-conflict")
NO_ALT = Rule("LH215", "image-without-description", Severity.WARNING)


def render_markdown(
    source: SourceText, first_line: int, problems: Problems, *, title: str = ""
) -> Document:
    """Render the text of ``source`` from line ``first_line`` (0-based) on.

    ``title`` is the note's own title; without one, the first heading becomes the title.
    A heading that repeats the title is left out, and the others are moved down so that
    the page has a single first-level heading.
    """
    lines = source.lines[first_line:]
    prepared, numbers = prepare(lines)
    env: dict[str, Any] = {"keep_line_breaks": not any(not line.strip() for line in lines[:-1])}
    tokens = MARKDOWN.parse("\n".join(prepared), env)
    walk = _Walk(source, [first_line + number + 1 for number in numbers], problems)
    title = walk.take_title(tokens, title)
    walk.footnotes = tuple(env.get("footnotes", {}).get("refs", ()))
    walk.visit(tokens)
    walk.report_conflict(first_line)
    html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, env)
    walk.report_removed_html()
    return Document(
        packed=Packed.of(clean_html(html, {heading.id for heading in walk.headings})),
        title=title,
        headings=tuple(walk.headings),
        images=tuple(walk.images),
        links=tuple(walk.links),
        wiki_links=tuple(walk.wiki_links),
        queries=tuple(walk.queries),
        citations=tuple(walk.citations),
    )


_IMAGE_SOURCE = re.compile(r"<img\b[^<>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_ONLY_BREAKS = re.compile(r"(?:\s*<br\s*/?>)+\s*", re.IGNORECASE)


_UNREAD = re.compile(
    r"(?P<footnote>\[\^[^\s\[\]^]+\])"
    r"|(?P<citation>\[@[\w.-]+)"
    r"|(?P<link>\[\[\w[\w .-]*\](?!\]))"
    r"|(?P<query>\{\{ ?(?:first|last|most|least|all|count)\()"
    r"|(?P<directive>^:{3,} ?\w+)"
)
_UNREAD_KINDS = {
    "footnote": ("no footnote has this name", ""),
    "citation": (
        "this citation cannot be read; it is shown as written",
        "write `[@source]`, or `[@source#table-2]` to say where in it",
    ),
    "link": ("this link is never closed", "write `[[…]]`"),
    "query": ("this question is never closed", "write `{{ first(models) }}`"),
    "directive": (
        "this speaks to another site generator; it is shown as written",
        "write `> [!note]` before a paragraph that stands apart",
    ),
}
_PATIENCE = 10_000_000
"""How many characters are searched for what does not stand in the text as it was understood."""


class _Walk:
    """One pass over the tokens: headings, references, and what to warn about."""

    def __init__(self, source: SourceText, numbers: list[int], problems: Problems) -> None:
        self.source = source
        self.numbers = numbers
        self.problems = problems
        self.headings: list[Heading] = []
        self.images: list[Reference] = []
        self.links: list[Reference] = []
        self.wiki_links: list[Reference] = []
        self.queries: list[Reference] = []
        self.citations: list[Reference] = []
        self.footnotes: tuple[str, ...] = ()
        """What has a footnote: its names, each after a colon."""
        self.raw: dict[str, tuple[str, int, int]] = {}
        """Elements by their names: how the first is written, and the lines of its block."""
        self.block = (0, 0)
        self.at = (0, 0)
        """The line and the column in the block up to which something was found."""
        self.patience = _PATIENCE
        self.ids = dict.fromkeys(RESERVED_IDS, 1)
        # The headings a heading stands under: the level written, and the one on the page.
        self.above = [(0, 1)]

    def take_title(self, tokens: list[Token], title: str) -> str:
        """Return the title; drop from ``tokens`` a first heading that only repeats it."""
        opening = next(
            (i for i, t in enumerate(tokens) if t.type == "heading_open" and t.level == 0), None
        )
        if opening is None:
            return title or self._first_line(tokens)
        text = _plain_text(tokens[opening + 1])
        leading = all(t.type in ("html_block", "hr") for t in tokens[:opening])
        if _same_title(text, title) or (not title and leading):
            del tokens[opening : opening + 3]
        return title or text

    @staticmethod
    def _first_line(tokens: list[Token]) -> str:
        """A text without headings is named by its first line, when that is a short one."""
        first = next((t for t in tokens if t.type == "inline" and t.level == 1), None)
        if first is None or not first.content.strip():
            return ""
        line = first.content.split("\n")[0].strip()
        if len(line) > 120:
            return ""
        plain = _plain_text(MARKDOWN.parseInline(line)[0])
        if "\n" in first.content:
            rest = first.content.split("\n", 1)[1]
            first.children = MARKDOWN.parseInline(rest, {"keep_line_breaks": True})[0].children
            first.content = rest
        else:
            start = tokens.index(first)
            del tokens[start - 1 : start + 2]
        return plain

    def visit(self, tokens: list[Token]) -> None:
        """Look at every token; remove those that would show as nothing."""
        dropped = []
        for index, token in enumerate(tokens):
            following = tokens[index + 1 : index + 3]
            if token.type == "heading_open":
                self._heading(token, *following)
            elif token.type == "th_open" and not following[0].content.strip():
                token.tag = following[1].tag = "td"  # a header that names nothing
            elif self._shows_nothing(token):
                dropped.append(index)
            elif token.type == "html_block":
                self._raw_html(token.content, token)
            elif token.type == "inline":
                self._inline(token)
            elif token.type.startswith("math_block"):
                self._math(token, "block", *self._lines(token))
        for index in reversed(dropped):
            del tokens[index]

    def _lines(self, token: Token) -> tuple[int, int]:
        """The 1-based first and last line of a block token in the file."""
        start, end = token.map or (0, len(self.numbers))
        return self.numbers[start], self.numbers[min(max(end, start + 1), len(self.numbers)) - 1]

    def _heading(self, token: Token, inline: Token, closing: Token) -> None:
        """Give a heading its fragment id, and a level one below what it stands under."""
        written = int(token.tag[1])
        while self.above[-1][0] >= written:
            self.above.pop()
        above = max(1, self.above[-1][0])
        if written > above + 1:
            first, last = self._lines(token)
            place = self.source.find("#" * written, first, last)
            message = f"this heading skips from level {above} to level {written}"
            hint = f"write `{'#' * (above + 1)}`: outlines and screen readers go by the levels"
            self.problems.add(SKIPPED_LEVEL, place, message, hint=hint)
        level = min(6, self.above[-1][1] + 1)
        self.above.append((written, level))
        token.tag = closing.tag = f"h{level}"
        text = _plain_text(inline)
        slug = slugify(text, self.ids)
        token.attrSet("id", slug)
        self.headings.append(Heading(int(token.tag[1]), slug, text))

    def _shows_nothing(self, token: Token) -> bool:
        """Whether a token is a fence left open at the end, or empty lines made of ``<br>``."""
        if token.type == "fence":
            return self._fence_is_unclosed(token) and not token.content.strip()
        return token.type == "html_block" and bool(_ONLY_BREAKS.fullmatch(token.content))

    def _fence_is_unclosed(self, token: Token) -> bool:
        first, last = self._lines(token)
        closing = self.source.lines[last - 1].strip().lstrip("> ")
        if last > first and closing.startswith(token.markup) and not closing.strip(token.markup[0]):
            return False
        self.problems.add(
            UNCLOSED_FENCE,
            self.source.find(token.markup, first, first),
            "this code fence is never closed: everything after it is shown as code",
            hint=f"add a line with {token.markup} where the code ends",
        )
        return True

    def _inline(self, token: Token) -> None:
        first, last = self._lines(token)
        for child in token.children or ():
            if child.type in ("image", "link_open", "wiki_link", "query", "citation"):
                self._reference(child, first, last)
            elif child.type == "text":
                self._unread(child.content, first, last)
            elif child.type == "html_inline":
                self._raw_html(child.content, token)
            elif child.type == "math_inline":
                self._math(child, "inline", first, last)
            elif child.type == "instruction" and child.content.startswith(("{%", "{{")):
                place = self._find(child.content, first, last)
                message = "this speaks to another site generator; it is left out"
                hint = "delete it, or write what it stands for as Markdown"
                self.problems.add(SHORTCODE, place, message, hint=hint)

    def _unread(self, text: str, first: int, last: int) -> None:
        """Report what was meant as markup, and is shown as it was written."""
        if "[" not in text and "{" not in text and ":::" not in text:  # nearly all texts
            return
        for match in _UNREAD.finditer(text):
            place = self._find(match[0], first, last)
            if place.text[place.column - 2 : place.column - 1] == "\\":
                continue
            kind = str(match.lastgroup)
            message, hint = _UNREAD_KINDS[kind]
            if kind == "footnote":
                name = match[0][2:-1]
                names = [label.removeprefix(":") for label in self.footnotes]
                hint = did_you_mean(name, names) or f"add a line `[^{name}]: …` below"
            self.problems.add(UNREAD, place, message, hint=hint)

    def report_conflict(self, first_line: int) -> None:
        """Report what git left where two people changed the same lines."""
        for number, line in enumerate(self.source.lines[first_line:], first_line + 1):
            if yaml_errors.CONFLICT.match(line):
                place = self.source.place(number, 1, len(line))
                message = "a merge conflict starts here"
                self.problems.add(CONFLICT, place, message, hint=yaml_errors.RESOLVE)

    def _reference(self, token: Token, first: int, last: int) -> None:
        """Keep what a note refers to."""
        if token.type == "image":
            address = str(token.attrGet("src") or "")
            place = self._refer(self.images, address, first, last)
            if not token.content.strip():
                self._undescribed(address, place)
        elif token.type == "link_open" and token.info != "auto":
            self._refer(self.links, str(token.attrGet("href") or ""), first, last)
        elif token.type == "wiki_link":
            self._refer(self.wiki_links, token.meta["target"], first, last)
        elif token.type == "query":
            self._refer(self.queries, token.content, first, last)
        elif token.type == "citation":
            self._cite(token, first, last)

    def _cite(self, token: Token, first: int, last: int) -> None:
        whole = self._find(token.meta["written"], first, last)
        at = 0
        for cited in token.meta["cited"]:
            at = token.meta["written"].index("@" + cited, at) + 1
            place = self.source.place(whole.line, whole.column + at, len(cited))
            self.citations.append(Reference(cited, place))

    def _math(self, token: Token, display: str, first: int, last: int) -> None:
        if math_to_html(token.content, display).startswith(UNREADABLE_MATH):
            place = self._find(token.content.strip().split("\n")[0], first, last)
            message = "this formula cannot be read; it is shown as written"
            hint = "look for a brace or a `\\right` that is missing"
            self.problems.add(BAD_MATH, place, message, hint=hint)

    def _raw_html(self, html: str, token: Token) -> None:
        first, last = self._lines(token)
        for match in _IMAGE_SOURCE.finditer(html):
            place = self._refer(self.images, match[1], first, last)
            end = html.find(">", match.end())
            if not re.search(r"\balt\s*=", html[match.start() : end if end >= 0 else None]):
                self._undescribed(match[1], place)
        for match in re.finditer(r"<([A-Za-z][A-Za-z0-9-]*)\b", html):
            self.raw.setdefault(match[1].lower(), (match[0], first, last))

    def _undescribed(self, address: str, place: Place) -> None:
        """Report an image that says nothing to whoever cannot see it."""
        for opening in ("![](", "![["):
            start = place.column - len(opening)
            if start > 0 and place.text.startswith(opening, start - 1):
                length = len(opening) + place.length
                place = self.source.place(place.line, start, length)
        message = "this image has no description for readers who cannot see it"
        hint = f"write what it shows: `![what it shows]({address})`"
        if place.text.startswith("![[", place.column - 1):
            hint = f"write what it shows: `![[{address}|what it shows]]`"
        self.problems.add(NO_ALT, place, message, hint=hint)

    def _refer(self, found: list[Reference], target: str, first: int, last: int) -> Place:
        """Keep what is referred to, and return where."""
        place = self._search(target, first, last)
        if place is None:  # written with other escapes
            place = self._find(re.split(r"%[0-9A-F]{2}", target)[0], first, last)
        found.append(Reference(target, place))
        return place

    def _find(self, needle: str, first: int, last: int) -> Place:
        """Return where ``needle`` stands in a block, or else the line up to which it was read."""
        found = self._search(needle, first, last)
        return found or self.source.find("", self.at[0], self.at[0])

    def _search(self, needle: str, first: int, last: int) -> Place | None:
        """Return where ``needle`` stands in a block: after what was found, or else before."""
        if self.block != (first, last):
            self.block, self.at = (first, last), (first, 0)
        if not needle or self.patience < 0:
            return None
        line, column = self.at
        for number in range(line, min(last, len(self.source.lines)) + 1):
            at = self.source.lines[number - 1].find(needle, column if number == line else 0)
            if at >= 0:
                self.at = number, at + len(needle)
                return self.source.place(number, at + 1, len(needle))
        # Seldom, as of an image within a link; in a hostile text, again and again.
        self.patience -= sum(map(len, self.source.lines[first - 1 : last]))
        place = self.source.find(needle, first, last)
        return place if needle in place.text else None

    def report_removed_html(self) -> None:
        """Warn of elements that the allowlist does not hold, once each."""
        for name, (written, first, last) in self.raw.items():
            if name not in ALLOWED_TAGS:
                self.problems.add(
                    REMOVED_HTML,
                    self._find(written, first, last),
                    f"`<{name}>` is not kept in notes; only its text is, if anything",
                    hint="write it as Markdown, or link to the page that has it",
                )


def _same_title(text: str, title: str) -> bool:
    return text.casefold().strip() == title.casefold().strip()


def _plain_text(inline: Token) -> str:
    """The text of an inline token without its markup."""
    parts = []
    for child in inline.children or ():
        if child.type in ("text", "code_inline", "math_inline") or child.type == "image":
            parts.append(child.content)
        elif child.type == "wiki_link":
            parts.append(child.meta["text"])
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return " ".join("".join(parts).split())
