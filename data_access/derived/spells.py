"""When somebody was active: the spells of days on which the window that ends then holds enough contributions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

_FIRST = date(1970, 1, 1)
Spell = tuple[str, str, str]


def spells_of(done: Iterable[tuple[str, int, int]], window_days: int, enough: int) -> Iterator[Spell]:
    """Each spell as person, first and last day (ISO), of rows (person, day since 1970, quantity) by person and day.

    Read row by row: windows in SQL would sort every row several times, which takes three times as long.
    """
    whose, begins, ends, held = "", None, 0, 0
    recent: deque[tuple[int, int]] = deque()  # the fewest last days that hold enough
    for person, day, quantity in done:
        if person != whose:
            if begins is not None:
                yield _spell(whose, begins, ends)
            whose, begins, held = person, None, 0
            recent.clear()
        recent.append((day, quantity))
        held += quantity
        while held - recent[0][1] >= enough:
            held -= recent.popleft()[1]
        if held < enough or recent[0][0] <= day - window_days:
            continue
        if begins is not None and day > ends + 1:
            yield _spell(whose, begins, ends)
            begins = None
        begins = day if begins is None else begins
        ends = recent[0][0] + window_days - 1
    if begins is not None:
        yield _spell(whose, begins, ends)


def _spell(person: str, begins: int, ends: int) -> Spell:
    return person, (_FIRST + timedelta(days=begins)).isoformat(), (_FIRST + timedelta(days=ends)).isoformat()
