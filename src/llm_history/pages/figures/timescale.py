"""Time as a number, for drawings: months since year 0, with fractions for days."""

import calendar
from collections.abc import Iterable

import msgspec

from llm_history.content.dates import PartialDate


def month_number(date: PartialDate) -> int:
    """Return the month of a date's first day: ``2023-03`` is ``2023 * 12 + 2``."""
    return date.year * 12 + (date.month or 1) - 1


def when(date: PartialDate) -> tuple[float, float]:
    """Return the span that a date can mean, in months; a day is a point."""
    month = month_number(date)
    if date.day and date.month:
        days = calendar.monthrange(date.year, date.month)[1]
        point = month + (date.day - 1) / days
        return (point, point)
    return (month, month + (1 if date.month else 12))


class TimeScale(msgspec.Struct, frozen=True):
    """A linear scale of time; ``start`` and ``end`` are months."""

    start: float
    end: float

    def percent(self, month: float) -> float:
        """Return where a moment stands on the scale, in percent of its length."""
        return round((month - self.start) / (self.end - self.start) * 100, 2)

    @property
    def years(self) -> range:
        """The years that begin within the scale."""
        return range(-(-int(self.start) // 12), int(-(-self.end // 12)))


def whole_years(dates: Iterable[PartialDate]) -> TimeScale:
    """Return a scale of whole years around some dates; of one empty year without any."""
    months = [month_number(date) for date in dates] or [0]
    return TimeScale(min(months) // 12 * 12, (max(months) // 12 + 1) * 12)


def scale_around(months: list[int]) -> TimeScale:
    """Return a scale with room for some months: a season before them, two months after."""
    return TimeScale(min(months) - 3, max(months) + 3)
