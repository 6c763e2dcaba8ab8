"""What people write for dates, amounts and ids, and how it is written here.

Each function returns the canonical form of what can only mean one thing, or nothing.
"""

import functools
import re
from collections.abc import Callable

from babel import Locale
from babel.core import get_global

from llm_history.content.dates import parse_date
from llm_history.content.quantities import parse_money, parse_quantity

_LONGEST = 100
"""What is longer is no date and no amount; some patterns take the square of its length."""
_MONTHS = {
    name: number
    for number, name in enumerate(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(), 1
    )
}  # fmt: skip
_NUMERIC = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ]\d{1,2}:\d{2}.*)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])([0-3]\d)")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)? )?([A-Za-z]{3,9})\.?,? (\d{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_KOREAN = re.compile(r"(\d{4})년(?: ?(\d{1,2})월(?: ?(\d{1,2})일)?)?")
_ABOUT = re.compile(
    r"(?:c\.|ca\.?|circa|about|around|approximately|approx\.?|~) ?(.+)", re.IGNORECASE
)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_DATE_SPAN = re.compile(r"(\S+)(?: to | ?[–—] ?|\.\.| - )(\S+)")


def as_date(text: str) -> str:
    """Return ``2023-03-14`` for ``14 March 2023``, ``2023/3/14`` and the like.

    A day and a month that are both numbers are left alone, unless the year comes first or one
    of them can be no month.
    """
    if len(text) > _LONGEST:
        return ""
    text = " ".join(text.split())
    if (about := _ABOUT.fullmatch(text)) and (date := _one_date(about[1])):
        return _valid(parse_date, f"{date}~")
    if date := _one_date(text):
        return _valid(parse_date, date)
    if span := _DATE_SPAN.fullmatch(text):
        start, end = _one_date(span[1]), _one_date(span[2])
        return _valid(parse_date, f"{start}/{end}") if start and end else ""
    return ""


def _one_date(text: str) -> str:
    if match := _NUMERIC.fullmatch(text) or _COMPACT.fullmatch(text) or _KOREAN.fullmatch(text):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, name, year = match.groups()
        month = _month(name)
    elif match := _MONTH_FIRST.fullmatch(text):
        name, day, year = match.groups()
        month = _month(name)
    elif match := _YEAR_LAST.fullmatch(text):
        day, month = sorted(match.groups()[:2], key=int, reverse=True)
        year = match[3]
        if int(day) <= 12:  # either could be the month
            return ""
    else:
        return text if re.fullmatch(r"\d{4}", text) else ""
    if month == "":
        return ""
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])


def _month(name: str) -> str:
    names = "january february march april may june july august september october november december"
    full = next((n for n in names.split() if n.startswith(name.lower().removesuffix("."))), "")
    return str(_MONTHS[full[:3]]) if full and len(name) >= 3 else ""


_WORDS = {
    "k": "K", "thousand": "K", "m": "M", "million": "M", "mn": "M", "b": "B", "billion": "B",
    "bn": "B", "g": "B", "t": "T", "trillion": "T", "tn": "T",
}  # fmt: skip
_AMOUNT = re.compile(
    rf"(~?)([\d.,_ ]*\d)(?:[ -]?({'|'.join(sorted(_WORDS, key=len, reverse=True))}))?"
    r"(?: (?:tokens?|parameters|params|flops?)| ?%)?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(~?)(\S+?)(?: ?[–—] ?| to | - |-|\.\.\.)(\S+)")
_AT_LEAST = re.compile(r"(?:>=?|≥|at least|over|more than) ?(.+)|(.+)\+", re.IGNORECASE)
_AT_MOST = re.compile(r"(?:<=?|≤|at most|up to|under|less than) ?(.+)", re.IGNORECASE)
_POWER = re.compile(r"(\d+(?:\.\d+)?) ?[x×*] ?10\^?(\d{1,2})")


def as_quantity(text: str) -> str:
    """Return ``175B`` for ``175 billion``, ``65B..70B`` for ``65-70B`` and the like."""
    if len(text) > _LONGEST:
        return ""
    text = " ".join(text.split())
    meant = _one_amount(text)
    if about := _ABOUT.fullmatch(text):
        meant = f"~{as_quantity(about[1]).removeprefix('~')}"
    elif power := _POWER.fullmatch(text):
        meant = f"{power[1]}e{power[2]}"
    elif least := _AT_LEAST.fullmatch(text):
        meant = f"{as_quantity(least[1] or least[2])}.."
    elif most := _AT_MOST.fullmatch(text):
        meant = f"..{as_quantity(most[1])}"
    elif not meant and (span := _RANGE.fullmatch(text)):
        meant = _range(*span.groups())
    return _valid(parse_quantity, meant)


def _range(about: str, low: str, high: str) -> str:
    low, high = _one_amount(low), _one_amount(high)
    if low.isdigit() and high and high[-1] in "KMBT":
        low += high[-1]  # `65-70B` are 65B to 70B
    return f"{about}{low}..{high}" if low and high else ""


def _one_amount(text: str) -> str:
    match = _AMOUNT.fullmatch(text)
    if not match:
        return text if _valid(parse_quantity, text) else ""
    about, digits, unit = match.groups()
    plain = re.sub(r"[_ ]", "", digits)
    return _valid(parse_quantity, about + plain + _WORDS.get((unit or "").lower(), ""))


_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW"}


def as_money(text: str) -> str:
    """Return ``USD 11.02`` for ``$11.02`` and ``11.02 USD``."""
    text = text.strip()
    number = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    if match := re.fullmatch(rf"(US\$|[$€£¥₩]) ?{number}", text):
        return _valid(parse_money, f"{_SIGNS[match[1]]} {match[2].replace(',', '')}")
    if match := re.fullmatch(rf"([A-Za-z]{{3}}) ?{number}", text):
        return _valid(parse_money, f"{match[1].upper()} {match[2].replace(',', '')}")
    if match := re.fullmatch(rf"{number} ?([A-Za-z]{{3}})", text):
        return _valid(parse_money, f"{match[2].upper()} {match[1].replace(',', '')}")
    return ""


def as_id(text: str) -> str:
    """Return ``gpt-4`` for ``GPT 4``: the id that a name most likely has."""
    return re.sub(r"[^a-z0-9.]+", "-", text.casefold()).strip("-.")


def as_language(text: str) -> str:
    """Return ``ko`` for ``Korean`` and ``한국어``, ``ja`` for ``jp``, ``en-US`` for ``en_us``."""
    first, _, rest = text.strip().replace("_", "-").partition("-")
    if is_language(first.lower()):
        region = rest.upper() if len(rest) == 2 else rest
        return f"{first.lower()}-{region}" if rest else first.lower()
    if named := _language_names().get(text.strip().casefold()):
        return named
    likely = get_global("likely_subtags").get(f"und_{first.upper()}", "")
    return str(likely).partition("_")[0] if len(first) == 2 and not rest else ""


def is_language(subtag: str) -> bool:
    """Whether a language has this subtag; of three letters there are more than anyone lists."""
    if len(subtag) == 2:
        return subtag in Locale("en").languages
    return bool(re.fullmatch("[a-z]{3}", subtag))


@functools.cache
def _language_names() -> dict[str, str]:
    """Tags by the names of their languages, in English and in Korean."""
    return {
        name.casefold(): tag.replace("_", "-")
        for locale in ("ko", "en")
        for tag, name in Locale(locale).languages.items()
    }


def as_flag(text: str) -> str:
    """Return ``true`` or ``false`` for the words that mean it."""
    word = text.casefold()
    if word in ("true", "yes", "on", "y", "1"):
        return "true"
    return "false" if word in ("false", "no", "off", "n", "0") else ""


def _valid(parse: Callable[[str], object], text: str) -> str:
    """Return ``text`` if its own parser accepts it."""
    try:
        parse(text)
    except ValueError:
        return ""
    return text
