"""Who continues whom: among several parents the closest, among several children one heir."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from llm_history.history.lineage import Line, Step

_RANK = {line: number for number, line in enumerate(Line)}


class Node(msgspec.Struct, frozen=True):
    """A model on the map; ``time`` is in months, ``family`` may be empty."""

    key: str
    name: str
    family: str
    organization: str
    time: float


class Descent:
    """The steps between some models, reduced to what a drawing follows.

    ``steps`` has one step for each pair, the closest; a parent younger than its child is
    data to be mended and left out. ``primary`` is the parent that a model continues.
    """

    def __init__(self, nodes: Iterable[Node], steps: Iterable[Step]) -> None:
        self.nodes = sorted(nodes, key=lambda node: (node.time, node.key))
        self.by_key = {node.key: node for node in self.nodes}
        self.order = {node.key: number for number, node in enumerate(self.nodes)}
        known = (s for s in steps if s.child in self.by_key and s.parent in self.by_key)
        self.steps = _closest(s for s in known if self.order[s.parent] < self.order[s.child])
        self.primary = self._primary_parents()
        self.family = self._families()

    def _families(self) -> dict[str, str]:
        """Return each model's family: its own, else that of the model it was tuned from."""
        found: dict[str, str] = {}
        for node in self.nodes:
            step = self.primary.get(node.key)
            tuned = step and step.line is not Line.ARCHITECTURE
            inherited = found[step.parent] if step and tuned else node.key
            found[node.key] = node.family or inherited
        return found

    def _primary_parents(self) -> dict[str, Step]:
        found: dict[str, Step] = {}
        for step in self.steps:
            if step.line is Line.OUTPUTS:
                continue
            other = found.get(step.child)
            if other is None or self._closeness(step) < self._closeness(other):
                found[step.child] = step
        return found

    def _closeness(self, step: Step) -> tuple[int, int, str]:
        return _RANK[step.line], -self.order[step.parent], step.parent

    def chains(self, members: Sequence[Node]) -> list[list[Node]]:
        """Return a family's lines of succession, that of its oldest model first."""
        inside = {node.key for node in members}
        children: dict[str, list[Step]] = defaultdict(list)
        for node in members:
            step = self.primary.get(node.key)
            if step and step.parent in inside:
                children[step.parent].append(step)
        depth: dict[str, int] = {}
        for node in reversed(members):
            depth[node.key] = 1 + max((depth[s.child] for s in children[node.key]), default=0)
        heirs = {node.key: self._heir(node, children, depth) for node in members}
        continued = {heir for heir in heirs.values() if heir}
        chains = []
        for node in members:
            if node.key not in continued:
                line, key = [node], heirs[node.key]
                while key:
                    line.append(self.by_key[key])
                    key = heirs[key]
                chains.append(line)
        return chains

    def _heir(
        self, node: Node, children: dict[str, list[Step]], depth: dict[str, int]
    ) -> str | None:
        steps = children[node.key]
        heirs = [s for s in steps if s.line is Line.SUCCESSOR]
        if not heirs:
            heirs = [
                s
                for s in steps
                if s.line is Line.TUNED
                and children[s.child]
                and self.by_key[s.child].organization == node.organization
            ]
        return min(
            (s.child for s in heirs),
            key=lambda child: (-depth[child], self.order[child]),
            default=None,
        )


def _closest(steps: Iterable[Step]) -> list[Step]:
    """Keep one step between two models: the closest kind."""
    found: dict[tuple[str, str], Step] = {}
    for step in steps:
        other = found.get((step.child, step.parent))
        if other is None or _RANK[step.line] < _RANK[other.line]:
            found[step.child, step.parent] = step
    return list(found.values())
