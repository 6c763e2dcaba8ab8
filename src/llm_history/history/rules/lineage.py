"""Descent: chains that fork, edges given twice, licences that got looser on the way."""

from collections import defaultdict

from llm_history.content.records import Edge, Model, Relation
from llm_history.diagnostics import Rule, Severity
from llm_history.history.review import Review

FORKED = Rule("LH309", "forked-succession", Severity.WARNING)
LOOSER_LICENCE = Rule("LH311", "looser-licence", Severity.WARNING)
TWICE = Rule("LH322", "duplicate-edge", Severity.WARNING)

_INHERITS: frozenset[Relation] = frozenset(
    {
        "fine-tuned-from", "adapter-of", "continued-pretraining-of", "initialized-from",
        "merged-from", "quantized-from", "pruned-from",
    }
)  # fmt: skip
"""What is made this way holds the weights of its parent."""
_PERMISSIVE = ("Apache-", "MIT", "BSD-", "CC0-", "CC-BY-3", "CC-BY-4", "ISC", "Unlicense", "ODC-By")


def check_edges(review: Review) -> None:
    """Report edges that are given twice."""
    for model in review.models:
        _twice(review, model)


def check_licences(review: Review) -> None:
    """Report models that allow more than those whose weights they hold."""
    for model in review.models:
        for number, edge in enumerate(model.lineage):
            if edge.relation in _INHERITS:
                _licence(review, model, number, edge)


def check_forks(review: Review) -> None:
    """Report a model that follows two others, one of which already follows the other.

    Two lines that part are history; a line that also takes a short cut past its own step is
    an edge that was left standing when the model in between was added.
    """
    steps: dict[str, dict[str, int]] = defaultdict(dict)
    for model in review.models:
        for number, edge in enumerate(model.lineage):
            target = review.index.find(edge.to, "models")
            if edge.relation == "successor-of" and target and not edge.note:
                steps[model.id][target.record.id] = number
    for model in review.models:
        own = steps[model.id]
        for parent, number in own.items():
            others = (o for o in own if o not in (parent, model.id) and parent in steps.get(o, {}))
            between = next(others, None)
            if between and parent != model.id:
                _short_cut(review, model, number, own[between])


def _short_cut(review: Review, model: Model, number: int, other: int) -> None:
    parent, between = (review.index.find(model.lineage[n].to) for n in (number, other))
    if parent is None or between is None:
        return
    review.report(
        FORKED,
        review.place(model, ("lineage", number, "to")),
        f"{model.name} succeeds both {parent.name} and {between.name}, which itself succeeds "
        f"{parent.name}",
        "delete this edge; or say in its `note:` why both stand",
        related=(("the other step", review.place(model, ("lineage", other, "to"))),),
    )


def _twice(review: Review, model: Model) -> None:
    seen: dict[tuple[str, str], int] = {}
    for number, edge in enumerate(model.lineage):
        first = seen.setdefault((edge.relation, edge.to), number)
        if first != number:
            review.report(
                TWICE,
                review.place(model, ("lineage", number, "to")),
                f"this edge is given twice: {edge.relation} `{edge.to}`",
                "keep one, with the citations of both",
                related=(("first given here", review.place(model, ("lineage", first, "to"))),),
            )


def _licence(review: Review, model: Model, number: int, edge: Edge) -> None:
    target = review.index.find(edge.to, "models")
    parent = target.record if target else None
    if not isinstance(parent, Model) or edge.note or _share_a_maker(model, parent):
        return
    own, inherited = _strictness(model), _strictness(parent)
    if own is None or inherited is None or own[0] >= inherited[0]:
        return
    phase = next(n for n, p in enumerate(model.access) if p.license == own[1])
    if model.access[phase].note:
        return
    other = next(n for n, p in enumerate(parent.access) if p.license == inherited[1])
    review.report(
        LOOSER_LICENCE,
        review.place(model, ("access", phase, "license")),
        f"{model.name} is {edge.relation.replace('-', ' ')} {parent.name}, whose weights stand "
        f"under {inherited[1]}; {own[1]} allows more than that",
        "correct the licence, or say in a `note:` beside it how it came to be looser",
        related=(("the parent's licence", review.place(parent, ("access", other, "license"))),),
    )


def _share_a_maker(model: Model, parent: Model) -> bool:
    """Whoever made a model may also give it away under other terms."""
    makers = {role.id for role in parent.organization}
    return any(role.id in makers for role in model.organization)


def _strictness(model: Model) -> tuple[int, str] | None:
    """Return how little the licences of a model's own weights allow, and the loosest of them.

    0 is anything at all, 1 share-alike or the maker's own terms, 2 no commercial use.
    """
    licences = [
        phase.license
        for phase in model.access
        if phase.kind == "weights" and phase.license and phase.state in ("gated", "public")
    ]
    found = [(_rank(licence), licence) for licence in licences]
    return min(found, default=None)


def _rank(licence: str) -> int:
    words = licence.casefold().replace("-", " ").split()
    if "nc" in words or any("noncommercial" in w or "research" in w for w in words):
        return 2
    return 0 if licence.startswith(_PERMISSIVE) else 1
