"""Amounts as people write them: ``175B``, ``~1.8T``, ``65B..70B``, ``3.1e23``, ``USD 11.02``."""

import re
from decimal import Decimal

import msgspec

_SUFFIXES = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:([eE])\+?(\d{1,2}))?([KMBT]?)")
MONEY_PATTERN = r"^[A-Z]{3} \d+(\.\d+)?$"
_MONEY = re.compile(r"([A-Z]{3}) (\d+(?:\.\d+)?)")
_NUMBER_FORM = r"(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE]\+?\d{1,2})?[KMBT]?"
PATTERN = rf"^~?({_NUMBER_FORM}|{_NUMBER_FORM}\.\.({_NUMBER_FORM})?|\.\.{_NUMBER_FORM})$"
"""What an editor can tell of an amount without understanding it."""
EXPECTED = "an amount such as 175B, 6.7B, 2048, ~1.8T, 65B..70B or 3.1e23"
EXPECTED_MONEY = "an amount with its currency, such as USD 11.02"

Number = int | float


class Quantity(msgspec.Struct, frozen=True, omit_defaults=True):
    """A count, exact or not; ``low`` equals ``high`` unless it is a range.

    An open range has no ``low`` (at most) or no ``high`` (at least).
    """

    low: Number | None
    high: Number | None
    approximate: bool = False

    def __str__(self) -> str:
        mark = "~" if self.approximate else ""
        if self.low == self.high:
            return mark + format_number(self.high)
        return f"{mark}{format_number(self.low)}..{format_number(self.high)}"

    @property
    def is_exact(self) -> bool:
        """Whether it is one number and not an approximate one."""
        return not self.approximate and self.low == self.high

    @property
    def middle(self) -> Number:
        """One number to place it by on a scale: for a range, its middle."""
        if self.low is None or self.high is None:
            return self.high if self.low is None else self.low  # type: ignore[return-value]
        return self.low if self.low == self.high else (self.low + self.high) / 2


class Size(msgspec.Struct, frozen=True, omit_defaults=True):
    """Parameters: in all, and those active for one token in a mixture of experts."""

    total: Quantity
    active: Quantity | None = None

    def __str__(self) -> str:
        return f"{self.total} ({self.active} active)" if self.active else str(self.total)


class Money(msgspec.Struct, frozen=True):
    """An amount in a currency (ISO 4217); the amount keeps the digits it was written with."""

    currency: str
    amount: str

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"


def parse_quantity(text: str) -> Quantity:
    """Return the amount that ``text`` writes.

    Raises ValueError, with a message for the person who wrote it, when it is none.
    """
    approximate = text.startswith("~")
    low_text, dots, high_text = text.removeprefix("~").partition("..")
    if not dots:
        number = _parse_number(low_text, text)
        return Quantity(number, number, approximate)
    if not low_text and not high_text:
        raise ValueError(f"`{text}` is not an amount")
    low = _parse_number(low_text, text) if low_text else None
    high = _parse_number(high_text, text) if high_text else None
    if low is not None and high is not None and low >= high:
        raise ValueError(f"the range `{text}` ends at or before its start")
    return Quantity(low, high, approximate)


def _parse_number(text: str, whole: str) -> Number:
    match = _NUMBER.fullmatch(text)
    if not match:
        raise ValueError(f"`{whole}` is not an amount")
    digits, fraction, _, exponent, suffix = match.groups()
    value = Decimal(digits.replace(",", "") + (fraction or "")) * _SUFFIXES[suffix]
    if exponent:
        return float(value * 10 ** int(exponent))
    return int(value) if value == int(value) and value < 2**63 else float(value)


def parse_money(text: str) -> Money:
    """Return the amount of money that ``text`` writes; raises ValueError when it is none."""
    match = _MONEY.fullmatch(text)
    if not match:
        raise ValueError(f"`{text}` is not an amount of money")
    return Money(match.group(1), match.group(2))


def format_number(number: Number | None) -> str:
    """Return ``number`` as a quantity writes it: the shortest suffix form that loses nothing."""
    if number is None:
        return ""
    if isinstance(number, float) and (number >= 1e15 or number != int(number)):
        return f"{number:.15g}".replace("e+", "e")
    value = int(number)
    for suffix in "TBMK":
        scaled = Decimal(value) / _SUFFIXES[suffix]
        if scaled >= 1 and (text := f"{scaled.normalize():f}") and len(text) <= 5:
            return text + suffix
    return str(value)
