"""Small groups: what a count of people may show to whom.

Method: for everyone but the PM, a count of people is answered only for whole calendar quarters and without further
filters, counts under `min_group_size` are withheld, and the others are rounded to the nearest multiple of
`min_group_size` (deterministic controlled rounding; Willenborg and de Waal, Elements of Statistical Disclosure Control,
2001, chapter 9). Guarantee: one answer leaves an interval of `min_group_size` values. Limit: answers for overlapping
spans of quarters, taken together, can narrow that interval; suppression that is checked over all linked tables is the
next step, and until then only one question breaks a count of people down: `country_gaps`, for staff, counts members by
home country on the first day of a quarter, each count rounded or withheld by itself and no exact total beside them.
"""

from __future__ import annotations

from dataclasses import replace

from data_access.selection import Scope, Selection


def people_selection(selection: Selection, scope: Scope) -> Selection | None:
    """The selection for which the scope may see a count of people: itself, whole quarters, or None (withheld)."""
    if scope.sees_small_groups:
        return selection
    if selection.narrowed_by:
        return None
    return replace(selection, period=selection.period.whole_quarters())


def shown_count(count: int, scope: Scope) -> int | None:
    """The count as the scope may see it; None reads "fewer than `min_group_size`"."""
    if scope.sees_small_groups:
        return count
    size = scope.min_group_size
    return None if count < size else (count + size // 2) // size * size
