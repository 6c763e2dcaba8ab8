"""Finds records by the ids that files use for them."""

import copy
from collections.abc import Iterator

import msgspec

from llm_history.content.load import SOURCES, Content
from llm_history.content.records import KINDS, Model, Record, Variant

LOOKUP_ORDER = (
    "models", "techniques", "datasets", "benchmarks", "hardware", "events", "organizations",
    "families",
)  # fmt: skip
"""Where a bare id is looked for; a variant of a model is found with the models."""


class Target(msgspec.Struct, frozen=True):
    """What an id names: a record of a kind, and the variant if it is one of a model's."""

    kind: str
    record: Record
    variant: Variant | None = None

    @property
    def key(self) -> str:
        """The record's name among all kinds: ``models/gpt-4``."""
        return f"{self.kind}/{self.record.id}"

    @property
    def url(self) -> str:
        """The address on the site, from its root."""
        page = f"{self.kind}/{self.record.id}/"
        return f"{page}#{self.variant.id}" if self.variant else page

    @property
    def name(self) -> str:
        """How the target is called in a sentence: a variant with its model's name."""
        if self.variant is None:
            return self.record.name
        return full_variant_name(self.record, self.variant)


def full_variant_name(model: Record, variant: Variant) -> str:
    """Return ``LLaMA 65B`` for the variant ``65B`` of LLaMA."""
    if variant.name.casefold().startswith(model.name.casefold()):
        return variant.name
    return f"{model.name} {variant.name}"


class Index:
    """All records by id; immutable once it is made."""

    def __init__(self, content: Content) -> None:
        self.broken = content.broken
        self._by_kind: dict[str, dict[str, Target]] = {
            kind: {record.id: Target(kind, record) for record in content.records[kind]}
            for kind in KINDS
        }
        self.variants: dict[str, Target] = {}
        self.sources = content.sources
        for model in content.of(Model):
            for variant in model.variants:
                self.variants.setdefault(variant.id, Target("models", model, variant))

    def with_record(self, old: Record, new: Record) -> "Index":
        """Return these records with one in the place of another, which has the same ids."""
        kind = type(new).kind_name
        of_kind = {**self._by_kind[kind], new.id: Target(kind, new)}
        variants = {
            variant.id: Target(kind, new, variant)
            for variant in (new.variants if isinstance(new, Model) else ())
            if self.variants[variant.id].record is old
        }
        found = copy.copy(self)
        found.__dict__ |= {
            "_by_kind": {**self._by_kind, kind: of_kind},
            "variants": {**self.variants, **variants},
        }
        return found

    def find(self, reference: str, kind: str = "") -> Target | None:
        """Return what ``reference`` names, among one kind or in the order of look-up."""
        if not kind and "/" in reference:
            kind, _, reference = reference.partition("/")
        if kind:
            found = self._by_kind.get(kind, {}).get(reference)
            return found or (self.variants.get(reference) if kind == "models" else None)
        for name in LOOKUP_ORDER:
            if found := self._by_kind[name].get(reference):
                return found
            if name == "models" and (variant := self.variants.get(reference)):
                return variant
        return None

    def is_broken(self, reference: str, kind: str = "") -> bool:
        """Whether a record of that id exists but could not be read."""
        if "/" in reference:
            return reference in self.broken
        kinds = (kind,) if kind else (*LOOKUP_ORDER, SOURCES)
        if kind == SOURCES and f"{SOURCES}/*" in self.broken:
            return True  # the bibliography, or a part of it, cannot be read at all
        return any(f"{name}/{reference}" in self.broken for name in kinds)

    def ids(self, kind: str = "") -> Iterator[str]:
        """Yield the ids that could have been meant."""
        for name in (kind,) if kind else LOOKUP_ORDER:
            yield from self._by_kind[name]
            if name == "models":
                yield from self.variants
