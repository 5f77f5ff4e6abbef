"""Cells of CSV files that a spreadsheet would run as formulas: guarded when written, and freed again when read back."""

from __future__ import annotations

import re

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?(\d[\d.,]*|[.,]\d+)([eE][+-]?\d+)?")


def cell(value: object) -> object:
    """A cell for a CSV file: text that a spreadsheet would run gets a leading apostrophe; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and _runs(value) else value


def freed(text: str) -> str:
    """The text of a cell that `cell` wrote."""
    return text[1:] if text.startswith("'") and _runs(text[1:]) else text


def _runs(text: str) -> bool:
    return text.lstrip(" ").startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text.strip(" "))
