"""What follows from records, worked out once."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
V = TypeVar("V")
_KNOWN: list[dict[int, tuple[Any, tuple[Any, ...]]]] = []
"""The answers of every function, by the identity of what it was asked about, which they hold."""


def derived(function: Callable[[R], Iterable[V]]) -> Callable[[R], tuple[V, ...]]:
    """Let a function of a record answer at once when it is asked about the same object again.

    Records never change, and one whose file did not change is the same object in the next
    build. It is told by its identity, since comparing records would take longer than most
    questions about them.
    """
    known: dict[int, tuple[R, tuple[V, ...]]] = {}
    _KNOWN.append(known)

    @wraps(function)
    def answer(record: R) -> tuple[V, ...]:
        found = known.get(id(record))
        # What is kept holds its record, so that no other can have the same identity.
        if found is not None and found[0] is record:
            return found[1]
        values = tuple(function(record))
        known[id(record)] = record, values
        return values

    return answer


def answers() -> int:
    """Return how many answers are kept."""
    return sum(map(len, _KNOWN))


def forget_all_but(things: Iterable[object]) -> None:
    """Forget the answers about anything but some things: the rest is not there any more."""
    alive = {id(thing) for thing in things}
    for known in _KNOWN:
        for key in known.keys() - alive:
            del known[key]


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function answer at once when it is asked the same as the last time.

    For questions about all records, which are mostly the same objects from build to build.
    """
    last: list[tuple[object, R]] = []

    @wraps(function)
    def answer(*arguments: P.args, **named: P.kwargs) -> R:
        asked = (arguments, named)
        if not last or last[0][0] != asked:
            last[:] = [(asked, function(*arguments, **named))]
        return last[0][1]

    return answer
