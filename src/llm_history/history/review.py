"""What rules about the whole history look at, and how they say what they found.

A rule of one record or of one file is in :mod:`llm_history.content`; unknown ids and circles
are in :mod:`llm_history.history.checks`; everything that takes several records to see is a
function of :mod:`llm_history.history.rules`, which gets a :class:`Review`.
"""

import datetime
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from llm_history.content import yaml
from llm_history.content.load import Content, Note
from llm_history.content.records import Model, Record, Source
from llm_history.diagnostics import Place, Problems, Rule, SourceText
from llm_history.history.checks import Finder
from llm_history.history.index import Index

_AT_A_TIME = 2000
"""So many records are looked at without a pause."""


class Review:
    """The records, found by their ids, and where to write down what is wrong with them.

    With ``only`` some records and notes, a review looks at these, and at no source. ``pause`` is
    called now and then, and may end it by what it raises.
    """

    def __init__(
        self,
        content: Content,
        index: Index,
        finder: Finder,
        problems: Problems,
        pause: Callable[[], None] = lambda: None,
        only: Sequence[Record | Note] | None = None,
    ) -> None:
        self.content = content
        self.index = index
        self.finder = finder
        self.problems = problems
        self.today = today()
        self._pause = pause
        self._only = only

    @property
    def models(self) -> Sequence[Model]:
        """The models to look at."""
        if self._only is not None:
            return [each for each in self._only if isinstance(each, Model)]
        return self.content.of(Model)

    def records(self) -> Iterator[Record]:
        """Yield the records to look at, of every kind."""
        every = itertools.chain.from_iterable(self.content.records.values())
        some: Iterable[Record | Note] = every if self._only is None else self._only
        for number, record in enumerate(some):
            if not number % _AT_A_TIME:
                self._pause()
            if isinstance(record, Record):
                yield record

    @property
    def notes(self) -> Sequence[Note]:
        """The notes to look at."""
        if self._only is not None:
            return [each for each in self._only if isinstance(each, Note)]
        return self.content.notes

    @property
    def sources(self) -> Iterable[Source]:
        """The sources to look at."""
        return () if self._only is not None else self.content.sources.values()

    def place(self, record: Record | Source, where: yaml.Path) -> Place:
        """Return where a value of a record stands."""
        path: yaml.Path = where
        if isinstance(record, Source):
            path = (record.id, *where)
        return self.finder.place(record.path, path)

    def report(
        self,
        rule: Rule,
        place: Place,
        message: str,
        hint: str = "",
        related: tuple[tuple[str, Place], ...] = (),
    ) -> None:
        """Write down that a rule is broken."""
        self.problems.add(rule, place, message, hint=hint, related=related)

    def source_of(self, note: Note) -> SourceText:
        """Return the text of a note's file."""
        text = (self.finder.folder / note.path).read_text(encoding="utf-8-sig")
        return SourceText(f"{self.finder.shown}/{note.path}", text)


class Check(msgspec.Struct, frozen=True):
    """One or several rules, and what an edit of one record can mean for others.

    Without ``compares`` they look at each thing by itself, and at nothing of others that can be
    different when one record fits in the place of another (see :func:`..succession.fits`).
    Otherwise these are the fields in which a difference can change what is found elsewhere.
    """

    look: Callable[[Review], None]
    compares: frozenset[str] | None = None


def today() -> datetime.date:
    """Return the day on which the content is checked; ``SOURCE_DATE_EPOCH`` can set it."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH", ""):
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    return datetime.datetime.now(datetime.UTC).date()
