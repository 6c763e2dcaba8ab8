"""Dates as precise as their source, and no more.

The format is a subset of ISO 8601-2 (EDTF): ``2023``, ``2023-03``, ``2023-03-14``, with
``~`` for approximate, ``?`` for uncertain, and ``start/end`` for a span.
"""

import calendar
import datetime
import re

import msgspec

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?]?)")
_ONE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?[~?]?"
PATTERN = rf"^{_ONE}(/{_ONE})?$"
"""What an editor can tell of a date without knowing the calendar."""
EXPECTED = "a date such as 2023, 2023-03, 2023-03-14, 2022-11~ or 2023-02/2023-05"


class PartialDate(msgspec.Struct, frozen=True, omit_defaults=True):
    """A year, a month or a day; ``qualifier`` is ``~``, ``?`` or empty; ``end`` closes a span."""

    year: int
    month: int | None = None
    day: int | None = None
    qualifier: str = ""
    end: "PartialDate | None" = None

    def __str__(self) -> str:
        text = f"{self.year:04}"
        if self.month is not None:
            text += f"-{self.month:02}"
        if self.day is not None:
            text += f"-{self.day:02}"
        text += self.qualifier
        return f"{text}/{self.end}" if self.end else text

    @property
    def first_day(self) -> datetime.date:
        """The earliest day this date can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> datetime.date:
        """The latest day this date can mean."""
        if self.end:
            return self.end.last_day
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def precision(self) -> int:
        """0 for a day, 1 for a month, 2 for a year."""
        return 0 if self.day else 1 if self.month else 2

    @property
    def sort_key(self) -> tuple[datetime.date, int]:
        """Chronological: by the earliest day, a day before a month before a year."""
        return (self.first_day, self.precision)


def parse_date(text: str) -> PartialDate:
    """Return the date that ``text`` writes.

    Raises ValueError, with a message for the person who wrote it, when it is none.
    """
    start, slash, end = text.partition("/")
    date = _parse_one(start)
    if not slash:
        return date
    last = _parse_one(end)
    if last.first_day < date.first_day:
        raise ValueError(f"the span `{text}` ends before it starts")
    return msgspec.structs.replace(date, end=last)


def _parse_one(text: str) -> PartialDate:
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(f"`{text}` is not a date")
    year, month, day = (int(part) if part else None for part in match.groups()[:3])
    if not year:
        raise ValueError(f"`{text}` is not a date: years start at 0001")
    if month is not None and not 1 <= month <= 12:
        raise ValueError(f"`{text}` is not a date: there is no month {month}")
    if month is not None and day is not None:
        days = calendar.monthrange(year, month)[1]
        if not 1 <= day <= days:
            raise ValueError(
                f"`{text}` is not a date: {calendar.month_name[month]} {year} has {days} days"
            )
    return PartialDate(year, month, day, match.group(4))
