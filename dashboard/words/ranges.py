"""Counts of people in words: one number for the PM, a range for everybody else."""

from __future__ import annotations

from dashboard.words import numbers


def people_words(at_least: int, at_most: int) -> str:
    """`12`, `10 to 14`, or `fewer than 5`."""
    if at_least == at_most:
        return numbers.number(at_least)
    if at_least == 0:
        return f"fewer than {numbers.number(at_most + 1)}"
    return f"{numbers.number(at_least)} to {numbers.number(at_most)}"
