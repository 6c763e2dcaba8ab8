"""Rules that need the whole history: each is a function that looks at a :class:`Review`."""

from collections.abc import Callable

from llm_history.content.load import Content
from llm_history.diagnostics import Problems
from llm_history.history.checks import Finder, check_history
from llm_history.history.index import Index
from llm_history.history.review import Check, Review
from llm_history.history.rules import (
    audits,
    claims,
    lineage,
    names,
    numbers,
    sources,
    suggestions,
    times,
    translations,
)

RULES: tuple[Check, ...] = (
    lineage.check, numbers.check, claims.check, sources.check, names.check, times.check,
    translations.check, audits.check,
)  # fmt: skip


def review(
    content: Content,
    index: Index,
    finder: Finder,
    problems: Problems,
    pause: Callable[[], None] = lambda: None,
) -> None:
    """Report everything that is wrong between records, and what is suspicious.

    ``pause`` is called now and then, and may end it by what it raises.
    """
    check_history(content, index, finder, problems, pause)
    for check in RULES:
        pause()
        check(Review(content, index, finder, problems))


def suggest(content: Content, index: Index, finder: Finder, problems: Problems) -> None:
    """Report what could be done: nothing is wrong with it as it is."""
    suggestions.check(Review(content, index, finder, problems))
