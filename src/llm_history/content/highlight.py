"""Code to HTML with Pygments' classes; lexers are loaded only when they are needed."""

import functools
import html
from itertools import groupby
from typing import Any

# Short class names of the token types that the style sheet distinguishes. Most tokens are none
# of these: a page is half as long without a <span> for each of them.
TOKEN_CLASSES = frozenset(
    """
    c c1 ch cm cp cs err gd gi k kc kd kn kr kt m mb mf mh mi mo na nb nc nd nf nn nt ow s s1 s2
    sa sb sc sd se sh si sr ss sx bp fm il
    """.split()
)


@functools.lru_cache(maxsize=4096)
def highlight(code: str, language: str) -> str:
    """Return ``code`` as HTML; a language nobody knows is only escaped."""
    if not language or language in ("text", "txt", "plain", "plaintext"):
        return html.escape(code, quote=False)
    lexer = _lexer(language)
    if lexer is None:
        return html.escape(code, quote=False)
    written = []
    for name, tokens in groupby(lexer.get_tokens(code), lambda token: _class_of(token[0])):
        text = html.escape("".join([text for _, text in tokens]), quote=False)
        written.append(f'<span class="{name}">{text}</span>' if name else text)
    return "".join(written)


@functools.lru_cache(maxsize=100)
def _lexer(language: str) -> Any | None:  # noqa: ANN401 - Pygments says nothing of types
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - many builds have no code
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


@functools.cache
def _class_of(kind: Any) -> str:  # noqa: ANN401 - a token type of Pygments
    """Return the class of a token type, or of what it is a kind of; empty if nothing shows it."""
    from pygments.token import STANDARD_TYPES  # noqa: PLC0415

    while kind not in STANDARD_TYPES:
        kind = kind.parent
    name = STANDARD_TYPES[kind]
    return name if name in TOKEN_CLASSES else ""
