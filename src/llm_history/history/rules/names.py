"""Names: in a note, one that two records share can only link to one of them."""

from collections.abc import Iterator

from llm_history.content import yaml
from llm_history.content.records import Family, Model, Record
from llm_history.diagnostics import Rule, Severity
from llm_history.history.derived import derived
from llm_history.history.review import Review

SHARED_NAME = Rule("LH316", "name-of-two-records", Severity.WARNING)


def check(review: Review) -> None:
    """Report names that several records go by. A family is called like its models."""
    seen: dict[str, tuple[Record, yaml.Path]] = {}
    for record in review.records():
        if isinstance(record, Family):
            continue
        own: set[str] = set()
        for where, name in _names(record):
            key = name.casefold()
            if key in own or name in record.no_auto_link:
                continue
            own.add(key)
            first, at = seen.setdefault(key, (record, where))
            if first is not record and name not in first.no_auto_link:
                review.report(
                    SHARED_NAME,
                    review.place(record, where),
                    f"`{name}` is a name of {_called(first)} too: in notes it would link there",
                    "drop the name from one of them, or list it under `no_auto_link`",
                    related=(("the other record", review.place(first, at)),),
                )


def _called(record: Record) -> str:
    return f"{record.name} ({type(record).kind_name}/{record.id})"


@derived
def _names(record: Record) -> Iterator[tuple[yaml.Path, str]]:
    yield ("name",), record.name
    for number, name in enumerate(record.also_known_as):
        yield ("also_known_as", number), name
    if isinstance(record, Model):
        for at, variant in enumerate(record.variants):
            for number, name in enumerate(variant.also_known_as):
                yield ("variants", at, "also_known_as", number), name
