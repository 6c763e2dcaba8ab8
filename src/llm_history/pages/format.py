"""Amounts and other values as a reader sees them."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from llm_history.content.dates import PartialDate
from llm_history.content.facts import Text
from llm_history.content.quantities import Money, Number, Quantity, Size
from llm_history.content.records import Modalities, Modality, Record
from llm_history.pages import labels
from llm_history.pages.language import Language

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
APPROXIMATE = "≈ "


def format_count(number: Number) -> str:
    """Return a count with its decimal suffix and at most two decimals: ``6.7B``, ``540.35B``."""
    for factor, suffix in ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K")):
        if number >= factor:
            scaled = Decimal(str(number)) / factor
            return f"{_trim(scaled)}{suffix}"
    return _trim(Decimal(str(number)))


def _trim(value: Decimal) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text if value < 1000 else f"{value:,.0f}"


def format_tokens(number: Number) -> str:
    """Return a context window in full: ``32,768``."""
    return f"{int(number):,}"


def short_tokens(number: Number) -> str:
    """Return a context window in a word: ``2K`` for 2,048, ``128K`` for 128,000, ``1M``.

    What ends in three noughts is counted in thousands, though 1,024 may divide it too.
    """
    count = int(number)
    for base in (1000, 1024):
        if count % base == 0 and count >= base:
            thousands = count // base
            if thousands >= base and thousands % base == 0:
                return f"{thousands // base}M"
            return f"{thousands}K"
    return f"{count:,}"


def format_power(number: Number) -> str:
    """Return a large amount as ``3.1 × 10²³``."""
    mantissa, exponent = f"{number:.3e}".split("e")
    digits = mantissa.rstrip("0").rstrip(".")
    power = f"10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    return power if digits == "1" else f"{digits} × {power}"


def format_quantity(
    quantity: Quantity,
    language: Language,
    number: Callable[[Number], str] = format_count,
    unit: str = "",
) -> str:
    """Return an amount, with ``≈`` before what is not exact and ``–`` within a range."""
    mark = APPROXIMATE if quantity.approximate else ""
    low, high = quantity.low, quantity.high
    if low is None and high is not None:
        text = language.gettext("at most %(amount)s", amount=number(high))
    elif low is not None and (high is None or low == high):
        text = number(low)
        text = language.gettext("at least %(amount)s", amount=text) if high is None else text
    else:
        text = " – ".join(number(end) for end in (low, high) if end is not None)
    return f"{mark}{text}{unit}"


def format_value(name: str, value: Any, language: Language) -> str:  # noqa: ANN401, PLR0911 - any fact's value
    """Return the value of the fact called ``name`` as text."""
    if isinstance(value, Size):
        return _size(value, language)
    if isinstance(value, Quantity):
        if name == "training_compute":
            return format_quantity(value, language, format_power, " FLOP")
        if name in ("training_tokens", "size"):
            return format_quantity(value, language)
        return format_quantity(value, language, format_tokens)
    if isinstance(value, PartialDate):
        return language.date(value)
    if isinstance(value, Text):
        return language.text(value)[0]
    if isinstance(value, Money):
        return format_money(value)
    if isinstance(value, Modalities):
        return f"{_modalities(value.input, language)} → {_modalities(value.output, language)}"
    if name == "languages":
        return ", ".join(language.name_of(tag) for tag in value)
    return _word(name, str(value), language)


def _word(name: str, value: str, language: Language) -> str:
    if name == "architecture":
        return language.gettext(labels.ARCHITECTURES[value])
    return language.country(value) if name == "country" else value


def _size(size: Size, language: Language) -> str:
    total = format_quantity(size.total, language)
    if not size.active:
        return total
    active = format_quantity(size.active, language)
    return language.gettext("%(total)s, %(active)s active", total=total, active=active)


def _modalities(modalities: tuple[Modality, ...], language: Language) -> str:
    return " + ".join(language.gettext(labels.MODALITIES[name]) for name in modalities)


def format_money(money: Money) -> str:
    """Return ``$11.02``, or the currency's code before the amount."""
    sign = {"USD": "$", "EUR": "€", "GBP": "£", "KRW": "₩"}.get(money.currency)
    whole, dot, cents = money.amount.partition(".")
    amount = f"{int(whole):,}{dot}{cents}"
    return f"{sign}{amount}" if sign else f"{money.currency} {amount}"


def other_names(record: Record) -> tuple[str, ...]:
    """Return what else a record is called, without mere spellings of a name that stands there."""
    found = {_spelling(record.name): record.name}
    for name in record.also_known_as:
        found.setdefault(_spelling(name), name)
    return tuple(found.values())[1:]


def _spelling(name: str) -> str:
    return re.sub(r"[\s\-_.,]+", "", name).casefold()


def license_name(identifier: str) -> str:
    """Return a licence as a reader knows it."""
    return (
        identifier.removeprefix("LicenseRef-").replace("-", " ")
        if identifier.startswith("LicenseRef-")
        else identifier
    )
