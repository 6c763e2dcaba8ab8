"""The allowlist that everything rendered from a note passes through."""

import re
from collections.abc import Iterator

import nh3

from llm_history.content.highlight import TOKEN_CLASSES

_MATHML = frozenset(
    """
    math mrow mi mo mn ms mtext mspace mfrac msqrt mroot mstyle msub msup msubsup munder
    mover munderover mmultiscripts mprescripts mtable mtr mtd mpadded mphantom menclose
    """.split()
)
ALLOWED_TAGS = _MATHML | frozenset(
    """
    a abbr aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn
    div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q
    rp rt ruby s samp section small span strong sub summary sup table tbody td tfoot th
    thead tr u ul var wbr
    """.split()
)
_ATTRIBUTES = {
    "a": {"href", "title", "id", "data-ref", "data-query", "data-cite"},
    "abbr": {"title"},
    "bdo": {"dir"},
    "col": {"span"},
    "details": {"open"},
    "div": {"class"},
    "img": {"src", "alt", "title"},
    "input": {"type", "checked", "disabled"},
    "li": {"class", "id", "value"},
    "math": {"display"},
    "mo": {"stretchy", "fence", "separator", "lspace", "rspace"},
    "mi": {"mathvariant"},
    "ol": {"start", "reversed", "class"},
    "span": {"class"},
    "sup": {"class"},
    "td": {"colspan", "rowspan", "class"},
    "th": {"colspan", "rowspan", "class", "scope"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
_CLASSES = {
    "div": {"footnotes", "markdown-alert", *(f"markdown-alert-{k}" for k in
            ("note", "tip", "important", "warning", "caution"))},
    "p": {"markdown-alert-title"},
    "li": {"task-list-item", "footnote-item"},
    "ol": {"footnotes-list"},
    "ul": {"contains-task-list"},
        "sup": {"footnote-ref"},
    "a": {"footnote-backref"},
    "span": set(TOKEN_CLASSES),
    "td": {"left", "center", "right"},
    "th": {"left", "center", "right"},
}  # fmt: skip
_FOOTNOTE_ID = re.compile(r"fn(ref)?\d+(:\d+)?")
_ALIGN = re.compile(r'(<t[hd]) style="text-align:(left|center|right)"')


def clean_html(html: str, ids: set[str]) -> str:
    """Return ``html`` with nothing in it but what the allowlist holds, as valid HTML5.

    ``ids`` are the fragment ids the text may define; each survives once.
    """
    seen: set[str] = set()

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "id":
            if value in seen or (value not in ids and not _FOOTNOTE_ID.fullmatch(value)):
                return None
            seen.add(value)
        elif attribute == "type" and tag == "input":
            return "checkbox"
        elif attribute in ("colspan", "rowspan", "span", "start", "value"):
            return value if re.fullmatch(r"[1-9]\d{0,2}", value) else None
        elif attribute == "dir":
            return value if value in ("ltr", "rtl") else None
        return value

    html = _ALIGN.sub(r'\1 class="\2"', html)
    attributes = {tag: {a for a in allowed if a != "class"} for tag, allowed in _ATTRIBUTES.items()}
    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes=attributes,
        attribute_filter=keep,
        allowed_classes=_CLASSES,
        clean_content_tags={"script", "style", "template", "title", "iframe", "noscript"},
        strip_comments=True,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>\"]*(?:\"[^\"]*\"[^>\"]*)*)>")
_LISTING = re.compile(r"<pre\b[^>]*><code\b[^>]*>[^<]*(?:</?span\b[^>]*>[^<]*)*</code></pre>")


def pieces(html: str) -> Iterator[tuple[str, str, str]]:
    """Split clean HTML: yields ``("text", "", text)``, ``("open", tag, whole)``, ``("close", …)``.

    Only for what :func:`clean_html` returned: there, every ``<`` starts a tag.
    """
    position = 0
    for match in _TAG.finditer(html):
        if match.start() > position:
            yield "text", "", html[position : match.start()]
        yield "close" if match[1] else "open", match[2], match[0]
        position = match.end()
    if position < len(html):
        yield "text", "", html[position:]


def pieces_and_listings(html: str) -> Iterator[tuple[str, str, str]]:
    """Split clean HTML like :func:`pieces`, with highlighted code whole: ``("listing", "pre", …)``.

    There is nothing in it but text and colours.
    """
    position = 0
    for match in _LISTING.finditer(html):
        yield from pieces(html[position : match.start()])
        yield "listing", "pre", match[0]
        position = match.end()
    yield from pieces(html[position:])
