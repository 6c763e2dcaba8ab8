"""Work shared among processes that are copies of this one."""

from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_all_start_methods, get_context
from typing import Any, TypeVar

P = TypeVar("P")
R = TypeVar("R")


def can_fork(jobs: int) -> bool:
    """Whether ``jobs`` processes can be had, and are more than one."""
    return jobs > 1 and "fork" in get_all_start_methods()


def in_processes(work: Callable[[P], R], parts: Sequence[P], jobs: int) -> Iterator[R]:
    """Yield what ``work`` makes of each part, in their order.

    The processes have ``work``, and whatever it holds, from this one by forking; only parts
    and results are sent, so that both had better be small or bytes.
    """
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - start-up time

    with ProcessPoolExecutor(
        jobs, mp_context=get_context("fork"), initializer=_adopt, initargs=(work,)
    ) as pool:
        yield from pool.map(_do, parts)


def in_slices(count: int, jobs: int, largest: int) -> list[slice]:
    """Divide ``count`` things among processes: several slices each, none above ``largest``."""
    size = max(1, min(largest, count // (jobs * 8)))
    return [slice(start, start + size) for start in range(0, count, size)]


_adopted: list[Callable[[Any], Any]] = []
"""In a process that was forked: what it does."""


def _adopt(work: Callable[[Any], Any]) -> None:
    _adopted.append(work)


def _do(part: Any) -> Any:  # noqa: ANN401 - whatever the work takes and makes
    return _adopted[-1](part)
