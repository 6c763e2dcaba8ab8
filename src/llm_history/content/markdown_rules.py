"""What notes need and CommonMark lacks: the parser, its extra rules, and its renderer.

Also :func:`prepare`, which mends what cannot be mended once the text is parsed.
"""

import functools
import html
import re
from collections.abc import Callable, Sequence
from typing import Any

from latex2mathml.converter import convert as latex_to_mathml
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore, linkify
from markdown_it.rules_inline import StateInline, strikethrough
from markdown_it.rules_inline import linkify as linkify_inline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from llm_history.content.highlight import highlight

_FENCE = re.compile(r"\s*(?:>\s*)*(`{3,}|~{3,})")
_ATTRIBUTE_LIST = re.compile(r"\{:[^{}\n]*\}")
_LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")


def prepare(lines: list[str]) -> tuple[list[str], list[int]]:
    """Return the lines to parse and, for each, the index of the line it comes from.

    Rows with the same number of tabs (pasted from a slide or a sheet) become a table. In a
    text written line by line, without any blank line, a line after a list starts anew
    instead of continuing the last item.
    """
    transcript = len(lines) > 1 and not any(not line.strip() for line in lines[:-1])
    out: list[str] = []
    numbers: list[int] = []
    fence = ""
    index = 0
    no_table_before = 0
    while index < len(lines):
        line = lines[index]
        if match := _FENCE.match(line):
            fence = "" if fence and match[1].startswith(fence) else fence or match[1]
        rows = 0
        if not fence and index >= no_table_before and "\t" in line:
            rows, no_table_before = _tab_rows(lines, index)
        if rows:
            added = _as_table([line.split("\t") for line in lines[index : index + rows]])
            out += added
            numbers += [index, index, index, *range(index + 1, index + rows), index + rows - 1]
            index += rows
            continue
        if not fence and _ATTRIBUTE_LIST.fullmatch(line.strip()):
            index += 1
            continue
        if transcript and not fence and _ends_list(lines, index):
            out.append("")
            numbers.append(index)
        out.append(line)
        numbers.append(index)
        index += 1
    return out, numbers


def _ends_list(lines: list[str], index: int) -> bool:
    line, before = lines[index], lines[index - 1] if index else ""
    return bool(
        _LIST_ITEM.match(before) and not _LIST_ITEM.match(line) and not line.startswith((" ", "\t"))
    )


def _tab_rows(lines: list[str], start: int) -> tuple[int, int]:
    """The number of lines from ``start`` on that are rows of one table, and where they end.

    If they are none, no line before that end starts a table either.
    """
    end = start
    width = lines[start].count("\t")
    while end < len(lines) and lines[end].strip() and lines[end].count("\t") == width:
        end += 1
    rows = lines[start:end]
    # Code indented by tabs has them before every line; a table has a row that starts with text.
    is_table = width and len(rows) > 1 and any(not row.startswith("\t") for row in rows)
    found = is_table and any("\t" in row.strip() for row in rows)
    return (len(rows) if found else 0), end


def _as_table(rows: list[list[str]]) -> list[str]:
    """Return rows as a table in GitHub's notation, between blank lines."""
    cells = [
        "| " + " | ".join(cell.strip().replace("|", "\\|") for cell in row) + " |" for row in rows
    ]
    return ["", cells[0], "|" + " --- |" * len(rows[0]), *cells[1:], ""]


_ASIDE_OPEN = re.compile(r"<aside(?:\s[^>]*)?>\s*(.*)", re.IGNORECASE)
_ASIDE_CLOSE = re.compile(r"(.*?)</aside>\s*", re.IGNORECASE)


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _aside(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """``<aside>`` … ``</aside>`` on lines of their own hold Markdown, as Notion exports them."""
    opening = _ASIDE_OPEN.fullmatch(_line(state, start))
    if not opening or state.sCount[start] < state.blkIndent:
        return False
    close = _find_aside_close(state, start + 1, end)
    if close is None or opening[1] or not _ASIDE_CLOSE.fullmatch(_line(state, close)):
        return False
    if silent:
        return True
    old_parent, old_max, old_indent = state.parentType, state.lineMax, state.blkIndent
    token = state.push("aside_open", "aside", 1)
    token.map = [start, close]
    token.block = True
    state.lineMax, state.blkIndent = close, state.sCount[start]
    state.md.block.tokenize(state, start + 1, close)
    state.push("aside_close", "aside", -1).block = True
    state.parentType, state.lineMax, state.blkIndent = old_parent, old_max, old_indent
    state.line = close + 1
    return True


def _find_aside_close(state: StateBlock, start: int, end: int) -> int | None:
    depth = 1
    for number in range(start, end):
        text = _line(state, number)
        if not state.isEmpty(number) and state.sCount[number] < state.blkIndent:
            return None
        depth += bool(_ASIDE_OPEN.fullmatch(text)) - bool(
            re.search(r"</aside>\s*$", text, re.IGNORECASE)
        )
        if depth == 0:
            return number
    return None


_WIKI_LINK = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]")
_WIKI_IMAGE = re.compile(r"!\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]")


_Push = Callable[[StateInline, re.Match[str]], None]


def _inline_rule(pattern: re.Pattern[str], push: _Push) -> Callable[[StateInline, bool], bool]:
    """Return a rule of the parser: what matches ``pattern`` becomes the tokens of ``push``."""

    def rule(state: StateInline, silent: bool) -> bool:
        match = pattern.match(state.src, state.pos)
        if not match:
            return False
        if not silent:
            push(state, match)
        state.pos = match.end()
        return True

    return rule


def _push_wiki_link(state: StateInline, match: re.Match[str]) -> None:
    """``[[target]]`` and ``[[target|text]]``."""
    token = state.push("wiki_link", "a", 0)
    token.meta = {"target": match[1].strip(), "text": (match[2] or match[1]).strip()}


def _push_wiki_image(state: StateInline, match: re.Match[str]) -> None:
    """``![[image.png]]``, as in Obsidian."""
    token = state.push("image", "img", 0)
    # What Obsidian writes after the bar is a width, or else a description.
    words = (match[2] or "").strip()
    alt = "" if re.fullmatch(r"\d+(x\d+)?", words) else words
    token.attrs = {"src": match[1].strip(), "alt": alt}
    token.content = alt
    token.children = [Token("text", "", 0, content=alt)] if alt else []


_KINDS = "models|families|organizations|techniques|datasets|benchmarks|hardware|events"
_QUERY = re.compile(
    r"\{\{ ?((?:first|last|most|least|all|count)\([^{}\n]*\)"
    rf"|\w+\((?:{_KINDS})\b[^{{}}\n]*\)) ?\}}\}}"
)
"""A known function, of whatever, or an unknown one of a kind of records: a slip of the pen."""


def _push_query(state: StateInline, match: re.Match[str]) -> None:
    """``{{ first(models, weights="public") }}``: a question to the records."""
    state.push("query", "a", 0).content = match[1]


def _render_query(
    self: Any,  # noqa: ANN401 - markdown-it binds the rule to its renderer
    tokens: Sequence[Token],
    index: int,
    options: Any,  # noqa: ANN401
    env: Any,  # noqa: ANN401
) -> str:
    return f'<a data-query="{html.escape(tokens[index].content)}">?</a>'


_CITATION = re.compile(r"\[@[^\s\[\]@;]+(?:;[ \t]*@[^\s\[\]@;]+)*\]")


def _push_citation(state: StateInline, match: re.Match[str]) -> None:
    """``[@brown2020#table-2.2]`` or ``[@a; @b]``, as Pandoc writes citations."""
    cited = [part.strip()[1:] for part in match[0][1:-1].split(";")]
    state.push("citation", "a", 0).meta = {"cited": cited, "written": match[0]}


def _render_citation(
    self: Any,  # noqa: ANN401 - markdown-it binds the rule to its renderer
    tokens: Sequence[Token],
    index: int,
    options: Any,  # noqa: ANN401
    env: Any,  # noqa: ANN401
) -> str:
    cited = html.escape(" ".join(tokens[index].meta["cited"]))
    return f'<a data-cite="{cited}">?</a>'


_INSTRUCTION = re.compile(r"\{:[^{}\n]*\}|%%[^%\n]+%%|\{%.{0,500}?%\}|\{\{[<%].{0,500}?[>%]\}\}")
_HIGHLIGHT = re.compile(r"==(?=\S)([^=\n]+)(?<=\S)==")


def _push_instruction(state: StateInline, match: re.Match[str]) -> None:
    """What speaks to another program is no text: shortcodes, Liquid tags, comments."""
    state.push("instruction", "", 0).content = match[0]


def _push_highlight(state: StateInline, match: re.Match[str]) -> None:
    """``==text==`` is marked, as in Obsidian."""
    state.push("mark_open", "mark", 1)
    state.push("text", "", 0).content = match[1]
    state.push("mark_close", "mark", -1)


_INLINE_RULES: tuple[tuple[str, re.Pattern[str], _Push], ...] = (
    ("wiki_image", _WIKI_IMAGE, _push_wiki_image),
    ("wiki_link", _WIKI_LINK, _push_wiki_link),
    ("query", _QUERY, _push_query),
    ("citation", _CITATION, _push_citation),
    ("instruction", _INSTRUCTION, _push_instruction),
    ("highlight", _HIGHLIGHT, _push_highlight),
)

_CALLOUT = re.compile(r"\[!(\w+)\][+-]?[ \t]*(.*)")


def _callouts(state: Any) -> None:  # noqa: ANN401 - StateCore
    """A quotation that starts with ``[!kind] title`` is an aside, as in Obsidian."""
    tokens = state.tokens
    for index in range(len(tokens) - 2):
        if tokens[index].type != "blockquote_open" or tokens[index + 2].type != "inline":
            continue
        first, _, rest = tokens[index + 2].content.partition("\n")
        match = _CALLOUT.fullmatch(first)
        if match:
            title = match[2] or match[1].capitalize()
            tokens[index + 2].content = f"**{title}**" + (f"\\\n{rest}" if rest else "")
            closing = _closing(tokens, index)
            tokens[index].tag = tokens[closing].tag = "aside"


def _closing(tokens: Sequence[Token], opening: int) -> int:
    level = tokens[opening].level
    return next(
        index
        for index in range(opening + 1, len(tokens))
        if tokens[index].level == level and tokens[index].nesting == -1
    )


_CJK = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]")


_MOST_DELIMITERS = 10_000
"""Pairing them up takes the square of their number; no paragraph that a person writes has more."""


def _strikethrough(state: StateInline, silent: bool) -> bool:
    """Strike through as the parser itself does, as long as there is not too much of it."""
    return len(state.delimiters) <= _MOST_DELIMITERS and strikethrough.tokenize(state, silent)


_LONGEST_ADDRESS = 4000
"""Looking for an address takes the square of the length of the text before it."""
_LONGEST_WORD = re.compile(rf"\S{{{_LONGEST_ADDRESS}}}")


def _linkify_on_the_way(state: StateInline, silent: bool) -> bool:
    """Make a link of an address while a text is read; after much text, `_linkify` does."""
    return len(state.pending) < _LONGEST_ADDRESS and linkify_inline(state, silent)


def _linkify(state: StateCore) -> None:
    """Make links of addresses as the parser itself does, unless a word has no end."""
    if not _LONGEST_WORD.search(state.src):
        linkify(state)


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Emphasis that also ends before Korean, Chinese or Japanese: ``**강화학습(RLHF)**은``.

    CommonMark looks for spaces around words, which these scripts do not write.
    """
    marker = state.src[state.pos]
    if silent or marker not in "_*" or len(state.delimiters) > _MOST_DELIMITERS:
        return False
    run = state.scanDelims(state.pos, marker == "*")
    can_open, can_close = run.can_open, run.can_close
    if marker == "*":
        before = state.src[state.pos - 1 : state.pos]
        after = state.src[state.pos + run.length : state.pos + run.length + 1]
        can_open = can_open or bool(_CJK.match(before) and after.strip())
        can_close = can_close or bool(_CJK.match(after) and before.strip())
    for _ in range(run.length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(ord(marker), run.length, len(state.tokens) - 1, -1, can_open, can_close)
        )
    state.pos += run.length
    return True


def _render_wiki_link(
    self: Any,  # noqa: ANN401 - markdown-it binds the rule to its renderer
    tokens: Sequence[Token],
    index: int,
    options: Any,  # noqa: ANN401
    env: Any,  # noqa: ANN401
) -> str:
    meta = tokens[index].meta
    return f'<a data-ref="{html.escape(meta["target"])}">{html.escape(meta["text"])}</a>'


def _render_softbreak(
    self: Any,  # noqa: ANN401
    tokens: Sequence[Token],
    index: int,
    options: Any,  # noqa: ANN401
    env: Any,  # noqa: ANN401
) -> str:
    """A line break stays one in a text written line by line, without a blank line."""
    return "<br>\n" if env.get("keep_line_breaks") or tokens[index].meta.get("keep") else "\n"


def _render_fence(
    self: Any,  # noqa: ANN401
    tokens: Sequence[Token],
    index: int,
    options: Any,  # noqa: ANN401
    env: Any,  # noqa: ANN401
) -> str:
    token = tokens[index]
    language = token.info.split()[0].strip("{}.") if token.info.strip() else ""
    return f"<pre><code>{highlight(token.content, language)}</code></pre>\n"


def _render_footnotes(*_: object) -> str:
    """A plain box: a section would need a heading of its own."""
    return '<div class="footnotes">\n<ol class="footnotes-list">\n'


def _keep_breaks_in_asides(state: Any) -> None:  # noqa: ANN401 - StateCore
    """Notion writes a new line inside an aside where its author pressed Enter."""
    depth = 0
    for token in state.tokens:
        depth += {"aside_open": 1, "aside_close": -1}.get(token.type, 0)
        if depth and token.type == "inline":
            for child in token.children or ():
                if child.type == "softbreak":
                    child.meta["keep"] = True


UNREADABLE_MATH = "<code>"


@functools.lru_cache(maxsize=1024)
def math_to_html(formula: str, display: str) -> str:
    """Return a LaTeX formula as MathML, or as code (:data:`UNREADABLE_MATH`) if it is none."""
    try:
        return str(latex_to_mathml(formula, display=display))
    except Exception:
        return f"{UNREADABLE_MATH}{html.escape(formula)}</code>"


def _render_math(content: str, options: dict[str, Any]) -> str:
    return math_to_html(content, "block" if options["display_mode"] else "inline")


class _Addresses(LinkifyIt):  # type: ignore[misc]
    """Finds addresses in texts; most texts are seen at once to hold none."""

    def pretest(self, text: str) -> bool:
        """Whether a text may hold an address."""
        return (":" in text or "//" in text) and bool(super().pretest(text))


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("gfm-like", {"alerts": True})
    # `01.AI` and `comma.ai` are names, not addresses.
    parser.linkify = _Addresses(options={"fuzzy_link": False, "fuzzy_email": False})
    for plugin in (deflist_plugin, footnote_plugin, tasklists_plugin):
        parser.use(plugin)
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, renderer=_render_math)
    parser.block.ruler.before("code", "aside", _aside)
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.at("strikethrough", _strikethrough)
    parser.core.ruler.at("linkify", _linkify)
    parser.inline.ruler.at("linkify", _linkify_on_the_way)
    for name, pattern, push in _INLINE_RULES:
        parser.inline.ruler.before("link", name, _inline_rule(pattern, push))
    parser.core.ruler.before("inline", "callouts", _callouts)
    parser.core.ruler.push("aside_breaks", _keep_breaks_in_asides)
    parser.add_render_rule("wiki_link", _render_wiki_link)
    parser.add_render_rule("query", _render_query)
    parser.add_render_rule("citation", _render_citation)
    parser.add_render_rule("instruction", lambda *_: "")
    parser.add_render_rule("softbreak", _render_softbreak)
    parser.add_render_rule("fence", _render_fence)
    parser.add_render_rule("footnote_block_open", _render_footnotes)
    parser.add_render_rule("footnote_block_close", lambda *_: "</ol>\n</div>\n")
    return parser


MARKDOWN = _make_parser()
