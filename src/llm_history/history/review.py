"""What rules about the whole history look at, and how they say what they found.

A rule of one record or of one file is in :mod:`llm_history.content`; unknown ids and circles
are in :mod:`llm_history.history.checks`; everything that takes several records to see is a
function of :mod:`llm_history.history.rules`, which gets a :class:`Review`.
"""

import datetime
import os
from collections.abc import Callable, Iterator

from llm_history.content import yaml
from llm_history.content.load import Content, Note
from llm_history.content.records import Model, Record, Source
from llm_history.diagnostics import Place, Problems, Rule, SourceText
from llm_history.history.checks import Finder
from llm_history.history.index import Index


class Review:
    """The records, found by their ids, and where to write down what is wrong with them."""

    def __init__(self, content: Content, index: Index, finder: Finder, problems: Problems) -> None:
        self.content = content
        self.index = index
        self.finder = finder
        self.problems = problems
        self.today = today()

    @property
    def models(self) -> tuple[Model, ...]:
        """All models."""
        return self.content.of(Model)

    def records(self) -> Iterator[Record]:
        """Yield the records of every kind."""
        for records in self.content.records.values():
            yield from records

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


Check = Callable[[Review], None]


def today() -> datetime.date:
    """Return the day on which the content is checked; ``SOURCE_DATE_EPOCH`` can set it."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH", ""):
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    return datetime.datetime.now(datetime.UTC).date()
