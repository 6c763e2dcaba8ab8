"""Who was built on whom: the steps between models, and what follows from them."""

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from llm_history.content.records import Model, Relation
from llm_history.history.index import Index


class Line(enum.StrEnum):
    """How closely a model follows from another, the closest first; each is drawn its own way."""

    SUCCESSOR = "succ"
    TUNED = "ft"
    ARCHITECTURE = "arch"
    OUTPUTS = "out"


LINES: dict[Relation, Line] = {
    "successor-of": Line.SUCCESSOR,
    "fine-tuned-from": Line.TUNED,
    "adapter-of": Line.TUNED,
    "continued-pretraining-of": Line.TUNED,
    "initialized-from": Line.TUNED,
    "merged-from": Line.TUNED,
    "quantized-from": Line.TUNED,
    "pruned-from": Line.TUNED,
    "variant-of": Line.TUNED,
    "powered-by": Line.TUNED,
    "architecture-from": Line.ARCHITECTURE,
    "reproduces": Line.ARCHITECTURE,
    "distilled-from": Line.OUTPUTS,
    "trained-on-outputs-of": Line.OUTPUTS,
}
"""The relations between models that a lineage shows."""


class Step(msgspec.Struct, frozen=True):
    """A model, the older one that it comes from, and how. Both are ids."""

    child: str
    parent: str
    relation: Relation
    line: Line


def steps_among(models: Iterable[Model], index: Index) -> tuple[Step, ...]:
    """Return every step from model to model, in the order of the children."""
    found = []
    for model in models:
        for edge in model.lineage:
            target = index.find(edge.to)
            line = LINES.get(edge.relation)
            if line and target and isinstance(target.record, Model) and target.record is not model:
                found.append(Step(model.id, target.record.id, edge.relation, line))
    return tuple(found)


class Kinship:
    """Ancestors and descendants along some steps.

    ``up`` has the steps from a model to what it comes from, ``down`` those to what came of it.
    """

    def __init__(
        self, up: Mapping[str, Sequence[Step]], down: Mapping[str, Sequence[Step]]
    ) -> None:
        self.up, self.down = up, down

    def ancestors(self, model_id: str, depth: int = 0) -> frozenset[str]:
        """Return everything a model comes from; with ``depth``, only that many steps away."""
        return _reach(model_id, lambda key: (s.parent for s in self.up.get(key, ())), depth)

    def descendants(self, model_id: str, depth: int = 0) -> frozenset[str]:
        """Return everything that comes from a model; with ``depth``, only that many steps away."""
        return _reach(model_id, lambda key: (s.child for s in self.down.get(key, ())), depth)

    def among(self, model_ids: Iterable[str]) -> tuple[Step, ...]:
        """Return the steps between some models, in the order of the children."""
        ids = dict.fromkeys(model_ids)
        return tuple(step for key in ids for step in self.up.get(key, ()) if step.parent in ids)


def _reach(start: str, following: Callable[[str], Iterable[str]], depth: int) -> frozenset[str]:
    seen, edge, steps = {start}, [start], 0
    while edge and (not depth or steps < depth):
        edge = [n for key in edge for n in following(key)]
        edge = [key for key in dict.fromkeys(edge) if key not in seen]
        seen.update(edge)
        steps += 1
    return frozenset(seen - {start})
