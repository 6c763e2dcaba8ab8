"""The order in which the fields of a record stand, and how a file is brought into it.

A field moves with everything below it and with the comments right above it; nothing within
it is touched.
"""

from llm_history.content.yaml import Mapping, Scalar, parse
from llm_history.diagnostics import Problems, SourceText

ORDER = (
    "name", "also_known_as", "no_auto_link", "formerly", "kind", "family", "organization", "cite",
    "summary", "type", "on", "about", "importance", "dates", "access", "architecture",
    "modalities", "parameters", "training_tokens", "training_compute", "context_window",
    "training_cost", "vocabulary", "hardware", "layers", "d_model", "heads", "languages",
    "knowledge_cutoff", "size", "license", "founded", "country", "parent", "hue", "measures",
    "metric", "comparable_only_within", "variants", "lineage", "results", "prices", "links",
    "checked",
)  # fmt: skip
"""The fields of all kinds of records, as a reader wants to meet them."""

_RANK = {name: number for number, name in enumerate(ORDER)}


def misplaced(root: Mapping) -> Scalar | None:
    """Return the first key that stands after one it belongs before."""
    highest = -1
    for key, _ in root.pairs:
        rank = _RANK.get(key.value, highest)
        if rank < highest:
            return key
        highest = rank
    return None


def in_order(source: SourceText) -> str:
    """Return the text of a record with its fields in order, or as it is if that is not safe."""
    problems = Problems()
    root = parse(source, problems)
    if problems.found or not isinstance(root, Mapping) or misplaced(root) is None:
        return source.text
    if any(key.column for key, _ in root.pairs) or "&" in source.text:
        return source.text  # an anchor has to stand before what refers to it
    lines = source.text.splitlines(keepends=True)
    if len(lines) < len(source.lines) - 1 or lines[root.line][:1] in "{[":
        return source.text
    blocks = _blocks(root, lines)
    ranked, highest = [], 0
    for (key, _), block in zip(root.pairs, blocks[1:], strict=True):
        highest = _RANK.get(key.value, highest)  # an unknown key stays behind the one before it
        ranked.append((highest, block))
    ordered = [block for _, block in sorted(ranked, key=lambda pair: pair[0])]
    text = blocks[0] + "".join(_ended(ordered, lines[0]))
    return text if _says_the_same(root, text, source.path) else source.text


def _blocks(root: Mapping, lines: list[str]) -> list[str]:
    """Return what stands before the first field, then each field with the comments above it."""
    starts = []
    for number, (key, _) in enumerate(root.pairs):
        start = key.line
        while number and lines[start - 1].startswith("#"):
            start -= 1
        starts.append(start)
    ends = [*starts[1:], len(lines)]
    blocks = ["".join(lines[a:b]) for a, b in zip(starts, ends, strict=True)]
    return ["".join(lines[: starts[0]]), *blocks]


def _ended(blocks: list[str], example: str) -> list[str]:
    """Give the block that stood last, and may lack it, a line end like the others'."""
    end = "\r\n" if example.endswith("\r\n") else "\n"
    return [block if block.endswith(("\n", "\r")) else block + end for block in blocks]


def _says_the_same(root: Mapping, text: str, path: str) -> bool:
    """Whether a text has the same fields with the same values, all of them."""
    problems = Problems()
    again = parse(SourceText(path, text), problems)
    if problems.found or not isinstance(again, Mapping):
        return False
    return _plain(root) == _plain(again) and misplaced(again) is None


def _plain(node: object) -> object:
    """Return a node's value without its places."""
    if isinstance(node, Mapping):
        return {key.value: _plain(value) for key, value in node.pairs}
    items = getattr(node, "items", None)
    if items is not None:
        return [_plain(item) for item in items]
    return getattr(node, "value", None)
