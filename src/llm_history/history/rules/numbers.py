"""Numbers that cannot be, or that no neighbour is anywhere near."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from llm_history.content import yaml
from llm_history.content.quantities import Quantity, Size
from llm_history.content.records import Benchmark, Model
from llm_history.diagnostics import Rule, Severity
from llm_history.history import headline_date, without_words
from llm_history.history.checks import model_facts
from llm_history.history.derived import derived, remembered
from llm_history.history.review import Review

VARIANT_EXCEEDS = Rule("LH310", "variant-exceeds-model", Severity.WARNING)
OFF_BY_THOUSAND = Rule("LH312", "off-by-a-thousand", Severity.WARNING)
SCORE_RANGE = Rule("LH317", "score-out-of-range")
FOREIGN_RESULT = Rule("LH323", "result-of-another-model")

_COMPARED = ("parameters", "context_window", "training_tokens")
_NEIGHBOURS = 3
_YEARS = 2


def check(review: Review) -> None:
    """Report numbers that contradict others of their model, or the scale of a benchmark."""
    for model in review.models:
        _variants(review, model)
        _results(review, model)


def check_neighbours(review: Review) -> None:
    """Report numbers that stand alone by a factor of 1,000."""
    models = tuple(without_words(model)[0] for model in review.models)
    for stray in _strays(models):
        _report(review, stray)


def _quantity(value: object) -> Quantity | None:
    if isinstance(value, Size):
        return value.total
    return value if isinstance(value, Quantity) else None


def _variants(review: Review, model: Model) -> None:
    """A model that states its sizes as a range has no variant above it."""
    own = model.facts.parameters
    claimed = _quantity(own.known) if own else None
    if claimed is None or claimed.high is None or claimed.approximate:
        return
    for number, variant in enumerate(model.variants):
        fact = variant.facts.parameters
        if fact and (fact.best.note or (own and own.best.note)):
            continue
        size = _quantity(fact.known) if fact else None
        if size and size.low is not None and size.low > claimed.high * 1.05:
            review.report(
                VARIANT_EXCEEDS,
                review.place(model, ("variants", number, "parameters", 0, "value")),
                f"{variant.name} has {size} parameters, more than the {claimed} of {model.name}",
                "correct one of the two",
                related=(("the model's own", review.place(model, ("parameters", 0, "value"))),),
            )


def _results(review: Review, model: Model) -> None:
    own = {model.id, *(variant.id for variant in model.variants)}
    for number, result in enumerate(model.results):
        if result.of and result.of not in own and review.index.find(result.of, "models"):
            review.report(
                FOREIGN_RESULT,
                review.place(model, ("results", number, "of")),
                f"`{result.of}` is neither {model.name} nor one of its variants",
                "move the result to the record of that model",
            )
        target = review.index.find(result.benchmark, "benchmarks")
        benchmark = target.record if target else None
        span = benchmark.metric.range if isinstance(benchmark, Benchmark) and benchmark.metric \
            else None  # fmt: skip
        value = result.value.middle
        if span and benchmark and not (_low(span) <= value <= _high(span)):
            review.report(
                SCORE_RANGE,
                review.place(model, ("results", number, "value")),
                f"{result.value} is no score of {benchmark.name}: it runs from {span.low} to "
                f"{span.high}",
                "correct the score, or the `range:` of the benchmark",
                related=(("the range", review.place(benchmark, ("metric", "range"))),),
            )


def _low(span: Quantity) -> float:
    return float("-inf") if span.low is None else span.low


def _high(span: Quantity) -> float:
    return float("inf") if span.high is None else span.high


class _Stated(msgspec.Struct, frozen=True):
    """A number that a model or one of its variants states."""

    model: Model
    where: yaml.Path
    written: str
    number: float
    year: int


@derived
def _stated(model: Model) -> Iterator[tuple[str, _Stated]]:
    """Yield the numbers that a model states of what is compared, with the name of each fact."""
    date = headline_date(model)
    if date is None:
        return
    for where, facts in model_facts(model):
        for name in _COMPARED:
            fact = getattr(facts, name)
            for place, claim in enumerate(fact.claims if fact else ()):
                quantity = _quantity(claim.value)
                if quantity and quantity.middle > 0 and not claim.note:
                    path = (*where, name, place, "value")
                    number = float(quantity.middle)
                    yield name, _Stated(model, path, str(quantity), number, date.year)


class _Group:
    """Numbers that stand beside each other, smallest first."""

    def __init__(self, stated: Sequence[_Stated]) -> None:
        self.stated = stated

    def surrounds(self, model: Model) -> bool:
        """Whether there are enough of other models to compare one with."""
        others = (each for each in self.stated if each.model is not model)
        return len(tuple(islice(others, _NEIGHBOURS))) == _NEIGHBOURS

    def span(self, model: Model) -> tuple[float, float]:
        """The smallest and the largest number of other models; zeros if there is none."""
        others = (each.number for each in self.stated if each.model is not model)
        downwards = (each.number for each in reversed(self.stated) if each.model is not model)
        return next(others, 0.0), next(downwards, 0.0)

    def middle(self, model: Model) -> _Stated:
        """The one in the middle among those of other models."""
        others = [each for each in self.stated if each.model is not model]
        return others[len(others) // 2]


class _Stray(msgspec.Struct, frozen=True):
    """A number, of a ``fact``, that is ``factor`` times more or less than a neighbour's."""

    fact: str
    each: _Stated
    other: _Stated
    direction: str
    factor: float


@remembered
def _strays(models: tuple[Model, ...]) -> tuple[_Stray, ...]:
    """Return the numbers that would be among their neighbours' if they were 1,000 times others.

    Neighbours are the models of its family; what was usual in its years has a say as well.
    """
    stated: dict[str, list[_Stated]] = {name: [] for name in _COMPARED}
    for model in models:
        for name, found in _stated(model):
            stated[name].append(found)
    return tuple(stray for name in _COMPARED for stray in _strays_among(stated[name], name))


def _strays_among(stated: Sequence[_Stated], name: str) -> Iterator[_Stray]:
    by_family: dict[str, list[_Stated]] = defaultdict(list)
    by_year: dict[int, list[_Stated]] = defaultdict(list)
    for each in sorted(stated, key=lambda each: each.number):
        if each.model.family:
            by_family[each.model.family].append(each)
        for year in range(each.year - _YEARS, each.year + _YEARS + 1):
            by_year[year].append(each)
    families = {family: _Group(found) for family, found in by_family.items()}
    years = {year: _Group(found) for year, found in by_year.items()}
    for each in stated:
        family, around = families.get(each.model.family or ""), years[each.year]
        near = family if family and family.surrounds(each.model) else around
        if near.surrounds(each.model):
            yield from _compared(name, each, near, around)


def _compared(name: str, each: _Stated, near: _Group, around: _Group) -> Iterator[_Stray]:
    least, most = near.span(each.model)
    if least / 30 <= each.number <= most * 30:
        return
    lowest, highest = around.span(each.model)
    if each.number > max(most * 30, highest * 2) and _among(each.number / 1000, least, most):
        other = near.middle(each.model)
        yield _Stray(name, each, other, "more", each.number / other.number)
    elif each.number < min(least / 30, lowest) and _among(each.number * 1000, least, most):
        other = near.middle(each.model)
        yield _Stray(name, each, other, "less", other.number / each.number)


def _report(review: Review, stray: _Stray) -> None:
    each, other = stray.each, stray.other
    review.report(
        OFF_BY_THOUSAND,
        review.place(each.model, each.where),
        f"{each.written} is about {stray.factor:,.0f} times {stray.direction} than the "
        f"{stray.fact.replace('_', ' ')} of the models around it",
        "is a K, M, B or T missing or too many? If it is right, say so in a `note:`",
        related=((f"{other.model.name}, for one", review.place(other.model, other.where)),),
    )


def _among(number: float, least: float, most: float) -> bool:
    return least / 3 <= number <= most * 3
