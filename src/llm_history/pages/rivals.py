"""What a reader may want to lay beside a model: the best known others of its time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from llm_history.content.records import Model
from llm_history.history import History, headline_date
from llm_history.history.access import Mark
from llm_history.history.derived import remembered

_KNOWN, _NEAR = 6, 2
"""How many models of a quarter and a mark are considered, and from how many quarters around."""
_ALIKE, _OTHERS = 4, 2
"""How many are named that were released as far as the model itself, and otherwise."""
_NEXT = 1
"""How many are named that followed one of these in its family, soon after the model."""
_PAIRS = 6
Weights = Mapping[str, int]
"""How well models are known, by their ids."""
Named = tuple[str, str]
"""The id and the name of a model."""


def weigh(history: History) -> Weights:
    """Return how much has to do with each model: what builds on it, measured it, is about it."""
    return {model.id: _weight(model, history) for model in history.measured}


def _weight(model: Model, history: History) -> int:
    key = f"models/{model.id}"
    about = len(history.notes_about.get(key, ())) + len(history.events_about.get(key, ()))
    return history.built_on.get(key, 0) + len(model.results) + 2 * about


class _Field:
    def __init__(
        self, models: tuple[Model, ...], weights: Weights, marks: Mapping[str, Mark]
    ) -> None:
        self.weights = weights
        self.quarters = {model.id: _quarter(model) for model in models}
        self.makers = {model.id: {role.id for role in model.organization} for model in models}
        self.opened = {model.id for model in models if marks[model.id] is Mark.OPEN}
        self.known: dict[tuple[int, bool], list[Model]] = defaultdict(list)
        for model in sorted(models, key=lambda m: (-weights[m.id], m.id)):
            quarter = self.quarters[model.id]
            group = self.known[quarter, model.id in self.opened]
            if quarter and len(group) < _KNOWN:
                group.append(model)
        self.families: dict[str, list[Model]] = defaultdict(list)
        for model in models:
            if model.family:
                self.families[model.family].append(model)

    def around(self, model: Model) -> tuple[Named, ...]:
        quarter, makers = self.quarters[model.id], self.makers[model.id]
        if not quarter:
            return ()
        found: list[Model] = []
        is_open = model.id in self.opened
        for alike, most in ((True, _ALIKE), (False, _OTHERS)):
            others = [
                (-self.weights[other.id] / (1 + abs(at - quarter)), other.id, other)
                for at in range(quarter - _NEAR, quarter + _NEAR + 1)
                for other in self.known.get((at, is_open is alike), ())
                if other is not model and makers.isdisjoint(self.makers[other.id])
            ]
            found += [other for _, _, other in sorted(others, key=lambda o: o[:2])[:most]]
        found += self._next(model, quarter, found)
        return tuple((other.id, other.name) for other in found)

    def _next(self, model: Model, quarter: int, named: list[Model]) -> list[Model]:
        """Return what followed some models in their families within the same time."""
        families = dict.fromkeys(other.family for other in named if other.family)
        found = [
            other
            for family in families
            for other in self.families[family]
            if quarter <= self.quarters[other.id] <= quarter + _NEAR
            and (other.id in self.opened) == (model.id in self.opened)
            and other not in named
            and self.makers[other.id].isdisjoint(self.makers[model.id])
        ]
        return sorted(found, key=lambda m: (-self.weights[m.id], m.id))[:_NEXT]


def _quarter(model: Model) -> int:
    date = headline_date(model)
    return date.year * 4 + ((date.month or 6) - 1) // 3 if date else 0


class Rivals(Mapping[str, tuple[Named, ...]]):
    """For each model, some others of its time, by other makers: found when they are asked for."""

    def __init__(
        self, models: tuple[Model, ...], weights: Weights, marks: Mapping[str, Mark]
    ) -> None:
        self._models = {model.id: model for model in models}
        self._field = _Field(models, weights, marks)
        self._found: dict[str, tuple[Named, ...]] = {}

    def __getitem__(self, key: str) -> tuple[Named, ...]:
        if key not in self._found:
            self._found[key] = self._field.around(self._models[key])
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __len__(self) -> int:
        return len(self._models)


rivals = remembered(Rivals)


@remembered
def famous_pairs(models: tuple[Model, ...], weights: Weights) -> tuple[tuple[Named, Named], ...]:
    """Return, for each of the last years, the best known models of two makers' families."""
    by_year: dict[int, list[Model]] = defaultdict(list)
    for model in sorted(models, key=lambda m: (-weights[m.id], m.id)):
        date = headline_date(model)
        if date and model.family:
            by_year[date.year].append(model)
    found = []
    for _, (best, *others) in sorted(by_year.items())[-_PAIRS:]:
        makers = {role.id for role in best.organization}
        rival = next((m for m in others if makers.isdisjoint(r.id for r in m.organization)), None)
        if rival:
            found.append(((best.id, best.name), (rival.id, rival.name)))
    return tuple(found)
