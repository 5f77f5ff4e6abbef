"""Counts of people in words: one number for the PM, a range for everybody else."""

from __future__ import annotations

from dashboard import theme


def people_words(at_least: int, at_most: int) -> str:
    """`12`, `10 to 14`, or `fewer than 5`."""
    if at_least == at_most:
        return theme.number(at_least)
    if at_least == 0:
        return f"fewer than {theme.number(at_most + 1)}"
    return f"{theme.number(at_least)} to {theme.number(at_most)}"
