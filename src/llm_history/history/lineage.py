"""Who was built on whom: the steps between models, and what follows from them."""

import enum
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from llm_history.content.records import Model, Relation
from llm_history.history import History


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


def steps_among(history: History) -> tuple[Step, ...]:
    """Return every step from model to model, in the order the children came."""
    found = []
    for model in history.models:
        for edge in model.lineage:
            target = history.index.find(edge.to)
            line = LINES.get(edge.relation)
            if line and target and isinstance(target.record, Model) and target.record is not model:
                found.append(Step(model.id, target.record.id, edge.relation, line))
    return tuple(found)


class Kinship:
    """Ancestors and descendants along some steps."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.parents: dict[str, list[str]] = defaultdict(list)
        self.children: dict[str, list[str]] = defaultdict(list)
        for step in steps:
            self.parents[step.child].append(step.parent)
            self.children[step.parent].append(step.child)

    def ancestors(self, model_id: str, depth: int = 0) -> frozenset[str]:
        """Return everything a model comes from; with ``depth``, only that many steps away."""
        return _reach(model_id, self.parents, depth)

    def descendants(self, model_id: str, depth: int = 0) -> frozenset[str]:
        """Return everything that comes from a model; with ``depth``, only that many steps away."""
        return _reach(model_id, self.children, depth)


def _reach(start: str, following: dict[str, list[str]], depth: int) -> frozenset[str]:
    seen, edge, steps = {start}, [start], 0
    while edge and (not depth or steps < depth):
        edge = [n for key in edge for n in following.get(key, ())]
        edge = [key for key in dict.fromkeys(edge) if key not in seen]
        seen.update(edge)
        steps += 1
    return frozenset(seen - {start})
