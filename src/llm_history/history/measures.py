"""What of models can be measured: sizes, tokens, context, compute and prices as numbers."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from llm_history.content.dates import PartialDate
from llm_history.content.facts import Citation, Claim, Fact, Status
from llm_history.content.quantities import Money, Quantity, Size
from llm_history.content.records import Model, ModelFacts, Variant, named_facts
from llm_history.history import headline_date
from llm_history.history.derived import derived
from llm_history.history.index import full_variant_name


class Value(msgspec.Struct, frozen=True):
    """One measured value of a model or of its variant.

    ``number`` places it on a scale; ``low`` and ``high`` are the ends of a range or the
    least and the most that is claimed. A silent fact has no number: its ``status`` says why.
    """

    model: Model
    variant: Variant | None
    date: PartialDate | None
    number: float | None
    low: float | None
    high: float | None
    status: Status
    approximate: bool
    cite: tuple[Citation, ...]
    fact: Fact[Size] | Fact[Quantity] | None = None

    @property
    def name(self) -> str:
        """The model, with the variant if the value is a variant's."""
        return (
            self.model.name if self.variant is None else full_variant_name(self.model, self.variant)
        )


class Measure(msgspec.Struct, frozen=True):
    """Something that models have more or less of; ``key`` is its address on the site."""

    key: str
    fact: str
    values: Callable[[Model], tuple[Value, ...]]


def _number(value: object) -> Quantity | None:
    if isinstance(value, Size):
        return value.total
    return value if isinstance(value, Quantity) else None


def fact_values(name: str) -> Callable[[Model], tuple[Value, ...]]:
    """Return what yields the values of a fact: its variants' own, else the model's."""

    @derived
    def values(model: Model) -> Iterator[Value]:
        date = headline_date(model)
        found: list[tuple[Variant | None, Any]] = [
            (v, fact) for v in model.variants if (fact := getattr(v.facts, name))
        ]
        own = getattr(model.facts, name)
        if own is not None and not found:
            found.append((None, own))
        for variant, fact in found:
            yield _value(model, variant, date, fact)

    return values


def _value(
    model: Model,
    variant: Variant | None,
    date: PartialDate | None,
    fact: Fact[Size] | Fact[Quantity],
) -> Value:
    claims: list[tuple[Claim[Size] | Claim[Quantity], Quantity]] = [
        (claim, number) for claim in fact.standing if (number := _number(claim.value))
    ]
    best = next((pair for pair in claims if pair[0] is fact.best), claims[0] if claims else None)
    if best is None:
        cite = fact.best.cite
        return Value(model, variant, date, None, None, None, fact.status, False, cite, fact)
    claim, quantity = best
    ends = [end for _, q in claims for end in (q.low, q.high) if end is not None]
    return Value(
        model, variant, date, float(quantity.middle), min(ends), max(ends), fact.status,
        not quantity.is_exact, claim.cite, fact,
    )  # fmt: skip


def _amount(money: Money | None) -> float | None:
    return float(money.amount) if money and money.currency == "USD" else None


@derived
def _prices(model: Model) -> Iterator[Value]:
    """Yield list prices of input, in US dollars for a million tokens."""
    for price in model.prices:
        amount = _amount(price.input)
        if amount is None or price.start is None or price.per.lower() != "1m tokens":
            continue
        status = Status.OFFICIAL
        yield Value(model, None, price.start, amount, amount, amount, status, False, price.cite)


SIZES = Measure("parameters", "parameters", fact_values("parameters"))
MEASURES: tuple[Measure, ...] = (
    SIZES,
    Measure("training-tokens", "training_tokens", fact_values("training_tokens")),
    Measure("context-window", "context_window", fact_values("context_window")),
    Measure("training-compute", "training_compute", fact_values("training_compute")),
    Measure("price", "price", _prices),
)
"""What charts and records are about."""


def own_facts(model: Model) -> Iterator[tuple[Variant | None, ModelFacts]]:
    """Yield a model's facts and those of its variants."""
    yield None, model.facts
    for variant in model.variants:
        yield variant, variant.facts


def stated_facts(model: Model) -> Iterator[tuple[Variant | None, str, Fact[object]]]:
    """Yield every fact that a model or one of its variants states, by name."""
    for variant, facts in own_facts(model):
        for name, fact in named_facts(facts):
            yield variant, name, fact
