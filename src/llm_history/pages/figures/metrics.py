"""How wide a label is, in pixels, before any browser has drawn it."""

import json
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

LABEL_SIZE = 12
"""Labels of figures are set in 12 px at 85 % width."""
_UNKNOWN = 600
"""Thousandths of an em for a character that the face lacks and that is not wide."""


@cache
def _advances() -> dict[str, dict[str, int]]:
    """Advances of Archivo; the file is written by ``docs/fonts/cut_archivo.py``."""
    text = (Path(__file__).parent / "archivo.json").read_text("utf-8")
    advances: dict[str, dict[str, int]] = json.loads(text)
    return advances


@lru_cache(16384)
def text_width(text: str, *, bold: bool = False, size: float = LABEL_SIZE) -> float:
    """Return the width of a label in pixels, rounded up to a tenth.

    Hangul and other wide characters come from a system font and are one em wide.
    """
    advances = _advances()["600" if bold else "500"]
    total = 0
    for character in unicodedata.normalize("NFC", text):
        wide = unicodedata.east_asian_width(character) in "WF"
        total += advances.get(character, 1000 if wide else _UNKNOWN)
    return -(-total * size // 100) / 10
