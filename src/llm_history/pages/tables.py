"""Tables whose columns have their widths from the start.

A browser that has to find the widths itself widens columns while a long table still comes
in, and everything beside them moves.
"""

from collections.abc import Iterable

from llm_history.pages import labels
from llm_history.pages.figures.metrics import text_width
from llm_history.pages.language import Language
from llm_history.pages.views import Cell, ColumnWidth, TableView

_BODY, _SMALL, _HEAD = 14, 13, 12
"""Pixels of the type of cells, of the words of statuses and of headings."""
_EXPANDED = 1.15
"""How much wider the face of texts is than that of labels."""
_PADDING, _MARK, _STATUS, _GAP = 17, 20, 18, 9
"""Pixels between columns, of a mark, of the square of a status, and before this."""
_STEP = 8
"""Widths are whole steps of half a rem: one class of the style sheet each."""
_MOST, _MOST_NUMERIC, _MOST_NARROW = 30, 22, 14
"""The widest that a column may be, one of numbers, and any on a phone; what is longer wraps."""


def make_table(
    language: Language,
    *,
    label: str,
    columns: tuple[str, ...],
    numeric: tuple[bool, ...],
    rows: tuple[tuple[Cell, ...], ...],
) -> TableView:
    """Return a table, with the widths that its texts need."""
    widths = tuple(
        _width(
            heading, {row[index] for row in rows}, language, most=_MOST_NUMERIC if number else _MOST
        )
        for index, (heading, number) in enumerate(zip(columns, numeric, strict=True))
    )
    return TableView(label=label, columns=columns, numeric=numeric, rows=rows, widths=widths)


def _width(heading: str, cells: Iterable[Cell], language: Language, *, most: int) -> ColumnWidth:
    whole, broken = _measure(heading, _HEAD), _longest_word(heading, _HEAD)
    for cell in cells:
        mark = _MARK if cell.mark else 0
        status = _status(cell, language)
        whole = max(whole, mark + _measure(cell.text, _BODY) + status)
        broken = max(broken, mark + _longest_word(cell.text, _BODY), status)
    return ColumnWidth(wide=min(_steps(whole), most), narrow=min(_steps(broken), _MOST_NARROW))


def _status(cell: Cell, language: Language) -> float:
    if not cell.status:
        return 0
    word = language.gettext(labels.STATUSES[cell.status])
    return _STATUS + _measure(word, _SMALL) + (_GAP if cell.text else 0)


def _steps(pixels: float) -> int:
    return -(-int(pixels + _PADDING) // _STEP)


def _longest_word(text: str, size: float) -> float:
    return max((_measure(word, size) for word in text.split()), default=0)


def _measure(text: str, size: float) -> float:
    return text_width(text, size=size) * _EXPANDED
