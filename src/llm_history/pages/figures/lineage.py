"""The map of who was built on whom: families as bands, lines of descent as tracks in them.

The layout is computed from the steps alone and always comes out the same. A family's
models fall into *chains*, lines of succession that are drawn straight; a chain that branches
off leaves its parent at once and then keeps to its own track, so that no line runs through
a model it has nothing to do with.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from llm_history.history.lineage import Line, Step
from llm_history.pages.figures.descent import Descent, Node
from llm_history.pages.figures.metrics import text_width

COMPACT_ABOVE = 150
"""With more models, units are smaller, most labels hidden and family names inline."""
_BRANCH, _MERGE, _LEAD = 26, 34, 12
_BAND_GAP, _TOP, _NAME = 14, 24, 20
_ROUNDS = 60


class Spot(msgspec.Struct, frozen=True):
    """Where a model stands, in pixels, and where its label is: ``above``, ``below`` or hidden."""

    key: str
    x: int
    y: int
    label: str
    flipped: bool


class Curve(msgspec.Struct, frozen=True):
    """A drawn step; ``inside`` tells whether both ends are of one family."""

    step: Step
    path: str
    inside: bool


class Band(msgspec.Struct, frozen=True):
    """A family's place; the key of the last band, for families of one, is empty."""

    key: str
    top: int
    height: int
    x: int


class Map(msgspec.Struct, frozen=True):
    """A finished map."""

    width: int
    height: int
    spots: tuple[Spot, ...]
    curves: tuple[Curve, ...]
    bands: tuple[Band, ...]
    ticks: tuple[tuple[int, int], ...]
    compact: bool


class Style(msgspec.Struct, frozen=True):
    """Measures in pixels: of the whole map, of its gutter for names, of a unit of height."""

    width: int
    gutter: int = 104
    unit: int = 15
    compact: bool = False


class _Chain:
    """Models in a straight line; ``interval`` is what it takes of its track, in pixels."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.labels: dict[str, tuple[str, bool]] = {}
        self.interval = (0.0, 0.0)
        self.units = 2
        self.track = 0

    @property
    def head(self) -> Node:
        return self.nodes[0]


def draw_map(nodes: Sequence[Node], steps: Iterable[Step], style: Style) -> Map:
    """Return the map of some models and the steps between them."""
    return _Layout(nodes, steps, style).map()


class _Layout:
    def __init__(self, nodes: Sequence[Node], steps: Iterable[Step], style: Style) -> None:
        self.style = style
        self.descent = Descent(nodes, steps)
        self.nodes, self.steps = self.descent.nodes, self.descent.steps
        self.order, self.primary = self.descent.order, self.descent.primary
        self.family = self._families()
        self.x = self._time_scale()
        self.prominent = self._prominent()

    def _families(self) -> dict[str, str]:
        """Return each model's band: its family; empty for a lone one with few connections."""
        families = self.descent.family
        members = Counter(families.values())
        outward: Counter[str] = Counter()
        for step in self.steps:
            outward[step.child] += 1
            outward[step.parent] += 1
        return {
            key: family if members[family] > 1 or outward[key] >= 2 else ""
            for key, family in families.items()
        }

    def _time_scale(self) -> dict[str, int]:
        """Return the x of each model: a year is the wider the more happened in it.

        Places are whole pixels, which take less to write; a child stays right of its parents.
        """
        parents: dict[str, list[str]] = defaultdict(list)
        for step in self.steps:
            parents[step.child].append(step.parent)
        counts = Counter(int(node.time // 12) for node in self.nodes)
        first, last = min(counts), max(counts)
        widths = {year: max(0.8, counts[year] ** 0.5) for year in range(first, last + 1)}
        # The first year starts with its first model, the last ends with its last.
        begin = max(first * 12, self.nodes[0].time - 1)
        finish = min(last * 12 + 12, self.nodes[-1].time + 1)
        widths[first] *= max((min(finish, first * 12 + 12) - begin) / 12, 0.1)
        if last > first:
            widths[last] *= max((finish - last * 12) / 12, 0.1)
        room = self.style.width - self.style.gutter - 76
        scale = room / sum(widths.values())
        self.starts, x = {}, float(self.style.gutter)
        for year, width in widths.items():
            self.starts[year] = x
            x += width * scale
        found: dict[str, int] = {}
        for node in self.nodes:
            year = int(node.time // 12)
            low, high = max(begin, year * 12), min(finish, year * 12 + 12)
            share = (node.time - low) / max(high - low, 0.1)
            x = self.starts[year] + share * widths[year] * scale + 8
            after = (found[parent] + 1 for parent in parents[node.key])
            found[node.key] = max(round(x), *after, 0)
        return found

    # --- Where everything goes ---

    def _label(self, chain: _Chain) -> None:
        """Put labels above the line where there is room, else below, else nowhere."""
        above = below = float("-inf")
        for node in chain.nodes:
            x, width = self.x[node.key], text_width(node.name)
            flipped = x + width > self.style.width - 4
            start, end = (x + 4 - width, x + 4) if flipped else (x - 4, x - 4 + width)
            place = "hidden"
            if self._is_named(node, chain):
                if start > above + 6:
                    place, above = "above", end
                elif start > below + 6:
                    place, below = "below", end
            chain.labels[node.key] = (place, flipped)

    def _is_named(self, node: Node, chain: _Chain) -> bool:
        heads_a_line = node is chain.head and len(chain.nodes) >= 3
        return not self.style.compact or heads_a_line or node.key in self.prominent

    def _prominent(self) -> frozenset[str]:
        """Return the models that a compact map names: those with the most children."""
        degree = Counter(step.parent for step in self.steps)
        best = sorted(self.nodes, key=lambda node: (-degree[node.key], self.order[node.key]))
        return frozenset(node.key for node in best[: max(1, len(best) // 9)])

    def _measure(self, chain: _Chain, merges: dict[str, int]) -> None:
        """Set what a chain takes of its track: from its parent to its last label or merge."""
        self._label(chain)
        step = self.primary.get(chain.head.key)
        same = step and self.family[step.parent] == self.family[chain.head.key]
        start: float = self.x[step.parent if step and same else chain.head.key]
        start -= 0 if same else _LEAD
        ends = []
        for node in chain.nodes:
            place, flipped = chain.labels[node.key]
            width = text_width(node.name) if place != "hidden" and not flipped else 8
            ends.append(max(self.x[node.key] + width, merges.get(node.key, 0)))
            if flipped and place != "hidden":
                start = min(start, self.x[node.key] - text_width(node.name))
        hangs = any(place == "below" for place, _ in chain.labels.values())
        chain.units = 3 if hangs else 2
        chain.interval = (start, max(ends))

    def _assign_tracks(self, chains: list[_Chain]) -> int:
        """Give every chain a free track near its parent's; return the height in units."""
        place_of: dict[str, _Chain] = {}
        placed: list[_Chain] = []
        trunk, *rest = chains
        for chain in (trunk, *sorted(rest, key=lambda c: (c.interval[0], self.order[c.head.key]))):
            step = self.primary.get(chain.head.key)
            parent = place_of.get(step.parent) if step else None
            wanted = parent.track if parent else 0
            chain.track = _nearest_free(chain, placed, wanted)
            placed.append(chain)
            for node in chain.nodes:
                place_of[node.key] = chain
        return max(chain.track + chain.units for chain in placed)

    def _merges(self) -> dict[str, int]:
        """Return up to where a model's line runs on to join another chain of its family."""
        found: dict[str, int] = {}
        for step in self.steps:
            if self._is_merge(step):
                found[step.parent] = max(found.get(step.parent, 0), self.x[step.child])
        return found

    def _is_merge(self, step: Step) -> bool:
        same = self.family[step.child] == self.family[step.parent] != ""
        return (
            same
            and self.primary.get(step.child) != step
            and step.line in (Line.SUCCESSOR, Line.TUNED)
        )

    def map(self) -> Map:
        """Return the finished map."""
        merges = self._merges()
        blocks: dict[str, tuple[list[_Chain], int]] = {}
        for family in dict.fromkeys(self.family[node.key] for node in self.nodes):
            members = [node for node in self.nodes if self.family[node.key] == family]
            lines = self.descent.chains(members) if family else [[node] for node in members]
            chains = [_Chain(line) for line in lines]
            for chain in chains:
                self._measure(chain, merges)
            blocks[family] = (chains, self._assign_tracks(chains))
        self.line_of = {
            node.key: chain.head.key
            for chains, _ in blocks.values()
            for chain in chains
            for node in chain.nodes
        }
        tops = self._stack(blocks) if not self.style.compact else self._skyline(blocks)
        spots = tuple(
            self._spot(node, chain, tops[family])
            for family, (chains, _) in blocks.items()
            for chain in chains
            for node in chain.nodes
        )
        at = {spot.key: (spot.x, spot.y) for spot in spots}
        heights = {key: units * self.style.unit for key, (_, units) in blocks.items()}
        bands = tuple(
            Band(key, tops[key], heights[key] + _BAND_GAP, self._start(blocks[key][0]))
            for key in sorted(tops, key=lambda key: (tops[key], key))
        )
        return Map(
            width=self.style.width,
            height=int(max(band.top + band.height for band in bands)),
            spots=tuple(sorted(spots, key=lambda spot: self.order[spot.key])),
            curves=tuple(self._curve(step, at) for step in self.steps),
            bands=bands,
            ticks=tuple((round(x), year) for year, x in self.starts.items()),
            compact=self.style.compact,
        )

    def _start(self, chains: list[_Chain]) -> int:
        return min(self.x[chain.head.key] for chain in chains)

    def _spot(self, node: Node, chain: _Chain, top: int) -> Spot:
        place, flipped = chain.labels[node.key]
        y = top + (chain.track + 1.4) * self.style.unit
        return Spot(node.key, self.x[node.key], round(y), place, flipped)

    # --- Bands of families ---

    def _stack(self, blocks: dict[str, tuple[list[_Chain], int]]) -> dict[str, int]:
        """Stack families so that those that are connected lie near each other."""
        weights: Counter[tuple[str, str]] = Counter()
        for step in self.steps:
            a, b = self.family[step.parent], self.family[step.child]
            if a != b and a and b:
                weights[min(a, b), max(a, b)] += 1 if step.line is Line.ARCHITECTURE else 2
        connected = {family for pair in weights for family in pair}
        order = [f for f in blocks if f in connected]
        order = _climb(order, weights, {f: blocks[f][1] for f in blocks})
        order += [f for f in blocks if f not in connected and f]
        order += [""] if "" in blocks else []
        tops, y = {}, _TOP
        for family in order:
            tops[family] = y
            y += blocks[family][1] * self.style.unit + _BAND_GAP
        return tops

    def _skyline(self, blocks: dict[str, tuple[list[_Chain], int]]) -> dict[str, int]:
        """Pack families, the largest first, each as high up as its span of time allows."""
        tops: dict[str, int] = {}
        taken: list[tuple[float, float, int, int]] = []
        sizes = {f: sum(len(c.nodes) for c in chains) for f, (chains, _) in blocks.items()}
        for family in sorted(blocks, key=lambda f: (f == "", -sizes[f], f)):
            chains, units = blocks[family]
            start = min(chain.interval[0] for chain in chains) - 6
            end = max(chain.interval[1] for chain in chains) + 6
            end = max(end, start + text_width(family, bold=True) + _BRANCH)
            above = _NAME if family else self.style.unit
            height = above + units * self.style.unit + self.style.unit // 2
            y = _TOP
            while clash := [b for s, e, t, b in taken if s < end and e > start
                            and t < y + height and b > y]:  # fmt: skip
                y = min(clash)
            tops[family] = y + above
            taken.append((start, end, y, y + height))
        return tops

    # --- Lines ---

    def _curve(self, step: Step, at: dict[str, tuple[int, int]]) -> Curve:
        (x1, y1), (x2, y2) = at[step.parent], at[step.child]
        same = self.family[step.child] == self.family[step.parent] != ""
        dx, dy = x2 - x1, y2 - y1
        if self.line_of[step.parent] == self.line_of[step.child]:
            path = f"H{x2}"
        elif y1 == y2:  # both on one track, but with others between them: pass below these
            dip = self.style.unit
            path = f"c{_LEAD} {dip} {dx - _LEAD} {dip} {dx} 0"
        elif same and self.primary.get(step.child) == step and dx >= _BRANCH:
            path = f"{_bend(_BRANCH, dy)}H{x2}"
        elif self._is_merge(step) and dx >= _MERGE:
            path = f"H{x2 - _MERGE}{_bend(_MERGE, dy)}"
        else:
            reach = max(12, dx // 2)
            path = f"c{reach} 0 {dx - reach} {dy} {dx} {dy}"
        path = f"M{x1} {y1}{path}"
        return Curve(step, path, same)


def _bend(width: int, height: int) -> str:
    """Return the curve from one track to another, which leaves and ends level."""
    return f"c{width // 2} 0 {width // 2} {height} {width} {height}"


def _nearest_free(chain: _Chain, placed: Iterable[_Chain], wanted: int) -> int:
    """Return the track nearest to ``wanted``, downwards first, where a chain fits."""
    start, end = chain.interval
    clashing = [o for o in placed if o.interval[0] < end + 4 and o.interval[1] > start - 4]

    def is_free(track: int) -> bool:
        return all(track + chain.units <= o.track or track >= o.track + o.units for o in clashing)

    below = next(t for t in range(wanted, wanted + 10_000) if is_free(t))
    above = next((t for t in range(wanted, -1, -1) if is_free(t)), None)
    return above if above is not None and wanted - above < below - wanted else below


def _climb(order: list[str], weights: Counter[tuple[str, str]], units: dict[str, int]) -> list[str]:
    """Move single families up or down while the lines between families get shorter."""

    def length(candidate: list[str]) -> float:
        middle, y = {}, 0.0
        for family in candidate:
            middle[family] = y + units[family] / 2
            y += units[family] + 1
        return sum(weight * abs(middle[a] - middle[b]) for (a, b), weight in weights.items())

    best = length(order)
    for _ in range(_ROUNDS):
        improved = False
        for family in list(order):
            rest = [other for other in order if other != family]
            candidates = [[*rest[:at], family, *rest[at:]] for at in range(len(order))]
            candidate = min(candidates, key=length)
            if (score := length(candidate)) < best - 1e-9:
                order, best, improved = candidate, score, True
        if not improved:
            break
    return order
