"""What a reader may want to lay beside a model: the best known others of its time."""

from collections import defaultdict

from llm_history.content.records import Model
from llm_history.history import History, headline_date

_KNOWN, _NEAR = 6, 2
"""How many models of a quarter and a mark are considered, and from how many quarters around."""
_ALIKE, _OTHERS = 4, 2
"""How many are named that were released as far as the model itself, and otherwise."""
_PAIRS = 6


class _Field:
    def __init__(self, history: History) -> None:
        self.history = history
        self.weight = {model.id: self._weight(model) for model in history.models}
        self.known: dict[tuple[int, bool], list[Model]] = defaultdict(list)
        for model in sorted(history.models, key=lambda m: (-self.weight[m.id], m.id)):
            quarter = _quarter(model)
            group = self.known[quarter or 0, self._open(model)]
            if quarter and len(group) < _KNOWN:
                group.append(model)

    def _weight(self, model: Model) -> int:
        """Return how much has to do with a model: what builds on it, measured it, is about it."""
        history, key = self.history, f"models/{model.id}"
        about = len(history.notes_about.get(key, ())) + len(history.events_about.get(key, ()))
        return len(history.incoming.get(key, ())) + len(model.results) + 2 * about

    def _open(self, model: Model) -> bool:
        return self.history.mark(model) == "open"

    def around(self, model: Model) -> tuple[str, ...]:
        quarter, makers = _quarter(model), {role.id for role in model.organization}
        if not quarter:
            return ()
        found: list[str] = []
        for is_open, most in ((self._open(model), _ALIKE), (not self._open(model), _OTHERS)):
            others = [
                (-self.weight[other.id] / (1 + abs(at - quarter)), other.id)
                for at in range(quarter - _NEAR, quarter + _NEAR + 1)
                for other in self.known.get((at, is_open), ())
                if other is not model and makers.isdisjoint(r.id for r in other.organization)
            ]
            found += [key for _, key in sorted(others)[:most]]
        return tuple(found)


def _quarter(model: Model) -> int:
    date = headline_date(model)
    return date.year * 4 + ((date.month or 6) - 1) // 3 if date else 0


def rivals(history: History) -> dict[str, tuple[str, ...]]:
    """Return, for each model, the ids of some others of its time, by other makers."""
    field = _Field(history)
    return {model.id: field.around(model) for model in history.models}


def famous_pairs(history: History) -> list[tuple[Model, Model]]:
    """Return, for each of the last years, the best known models of two makers."""
    weight = _Field(history).weight
    by_year: dict[int, list[Model]] = defaultdict(list)
    for model in sorted(history.models, key=lambda m: (-weight[m.id], m.id)):
        if date := headline_date(model):
            by_year[date.year].append(model)
    found = []
    for _, (best, *others) in sorted(by_year.items())[-_PAIRS:]:
        makers = {role.id for role in best.organization}
        rival = next((m for m in others if makers.isdisjoint(r.id for r in m.organization)), None)
        if rival:
            found.append((best, rival))
    return found
