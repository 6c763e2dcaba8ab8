"""The lineage as a log: one row a model, with the lanes of their lines of succession.

This is the form for phones, screen readers and paper.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from llm_history.history.lineage import Step
from llm_history.pages.figures.descent import Descent, Node

LOG_LANES = 10


class LogRow(msgspec.Struct, frozen=True):
    """A model in the log: its lane (none beyond the tenth) and the lines in its row.

    Its own lane runs on ``above`` and ``below`` it. Other lanes pass ``through`` or start
    here as ``branches``: each is a lane, the model at its head, and whether it is a trunk,
    which is a line of more than one model.
    """

    key: str
    head: str
    trunk: bool
    lane: int | None
    through: tuple[tuple[int, str, bool], ...]
    above: bool
    below: bool
    branches: tuple[tuple[int, str, bool], ...]


def draw_log(nodes: Sequence[Node], steps: Iterable[Step]) -> tuple[LogRow, ...]:
    """Return the models in order, with the lanes of their chains beside them."""
    if not nodes:
        return ()
    descent = Descent(nodes, steps)
    families: dict[str, list[Node]] = defaultdict(list)
    for node in descent.nodes:
        families[descent.family[node.key]].append(node)
    spans = []
    for members in families.values():
        for chain in descent.chains(members):
            step = descent.primary.get(chain[0].key)
            inside = step and descent.family[step.parent] == descent.family[chain[0].key]
            first = descent.order[step.parent if step and inside else chain[0].key]
            spans.append((first, descent.order[chain[-1].key], chain, bool(inside)))
    spans.sort(key=lambda span: (span[0], span[1]))
    busy: list[int] = []
    lane_of: dict[str, int | None] = {}
    for first, last, chain, _ in spans:
        lane = next((i for i, until in enumerate(busy) if until < first), len(busy))
        if lane >= LOG_LANES:
            lane_of[chain[0].key] = None
            continue
        busy[lane : lane + 1] = [last]
        lane_of[chain[0].key] = lane
    return _log_rows(descent, spans, lane_of)


def _log_rows(
    descent: Descent,
    spans: list[tuple[int, int, list[Node], bool]],
    lane_of: dict[str, int | None],
) -> tuple[LogRow, ...]:
    through: dict[int, list[tuple[int, str, bool]]] = defaultdict(list)
    branches: dict[int, list[tuple[int, str, bool]]] = defaultdict(list)
    own: dict[str, LogRow] = {}
    for first, last, chain, inside in spans:
        head, trunk = chain[0].key, len(chain) > 1
        lane = lane_of[head]
        rows = {descent.order[node.key] for node in chain}
        for node in chain:
            row = descent.order[node.key]
            above, below = row > min(rows) or inside, row < last
            own[node.key] = LogRow(node.key, head, trunk, lane, (), above, below, ())
        if lane is None:
            continue
        if inside:
            branches[first].append((lane, head, trunk))
        for row in set(range(first + 1, last)) - rows:
            through[row].append((lane, head, trunk))
    return tuple(
        msgspec.structs.replace(
            own[node.key], through=tuple(sorted(through[row])), branches=tuple(branches[row])
        )
        for row, node in enumerate(descent.nodes)
    )
