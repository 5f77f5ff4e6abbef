"""What the rows of events say about themselves in words, and where they contradict themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from data_access.geography.folding import fold
from data_access.geography.online_words import is_online

Columns = dict[str, list[Any]]
Hint = tuple[int, str, str, str, str]
"""Index of the row, column, value, what is wrong, what to do."""

_VERY_LONG_DAYS = 60

_CANCELLED = """
cancelled canceled abgesagt entfällt annulé annulée annulés cancelado cancelada cancelados canceladas anulado anulada
suspendido suspendida annullato annullata cancellato geannuleerd afgelast avlyst aflyst inställt inställd peruttu
odwołane odwołany zrušeno zrušené zrušený otkazano отменено отменён отменена iptal anulat ακυρώθηκε dibatalkan
中止 取消 已取消 キャンセル 취소 취소됨 ملغى
"""
_POSTPONED = """
postponed rescheduled verschoben vertagt reporté reportée aplazado aplazada pospuesto pospuesta adiado adiada
posticipato posticipata rimandato rinviato uitgesteld verplaatst udsat utsatt uppskjutet siirretty przełożone odloženo
odložené перенесено отложено ertelendi amânat αναβλήθηκε ditunda 延期 연기 مؤجل
"""
_WORDS = {form: "cancelled" for word in _CANCELLED.split() for form in (word, fold(word))} | {
    form: "postponed" for word in _POSTPONED.split() for form in (word, fold(word))
}
_MARKS = " \t[](){}【】〔〕［］（）<>«»*!|/:：;.,~…_-–—\"'“”"
_OPENING = frozenset("【〔［（[(")
# The word is set apart by a sign or a bracket: "Cancelled trains" is a talk about trains.
_APART = re.compile(r"[\[({【〔［（*|:：!_/]|\s[-–—]\s|\s[-–—]$|^[-–—]")


@lru_cache(maxsize=1)
def _fused() -> re.Pattern[str]:
    """A word in brackets that no blank follows: "【中止】春の会"."""
    return re.compile(r"[【〔［（\[(]\s*(\w+)\s*[】〕］）\])]")


def said_in(title: str) -> tuple[str, bool]:
    """("cancelled", "postponed" or "", whether that is beyond doubt) as a title says it before or behind the name."""
    parts = title.split(None, 1)
    if not parts:
        return "", False
    first, last = parts[0].strip(_MARKS), title.rsplit(None, 1)[-1].strip(_MARKS)
    word = first.partition(":")[0]
    for candidate in (word, last):
        if says := _WORDS.get(candidate.casefold(), ""):
            rest = title.replace(candidate, " ", 1)
            apart = bool(_APART.search(rest)) or title.strip(_MARKS) == candidate
            return says, apart or (candidate.isupper() and not title.isupper())
    if title[0] in _OPENING and (match := _fused().match(title)):
        return _WORDS.get(match[1].casefold(), ""), True
    return "", False


@dataclass(frozen=True, slots=True)
class InWords:
    """What the rows of a batch say in words: by row, ("cancelled" or "postponed", whether beyond doubt)."""

    titles: dict[int, tuple[str, bool]]
    filled: set[str]


def fill_in(columns: Columns, bad: set[int]) -> InWords:
    """Fill in what a row says in words: online for its city or venue, cancelled in its title."""
    titles = {
        index: says
        for index, title in enumerate(columns["title"])
        if type(title) is str and (says := said_in(title))[0] and index not in bad
    }
    filled = set()
    statuses, modes = columns["status"], columns["mode"]
    for index, says in titles.items():
        if statuses[index] is None and says == ("cancelled", True):
            statuses[index] = "cancelled"
            filled.add("status")
    named = [city or venue for city, venue in zip(columns["city"], columns["venue"], strict=True)]
    online = {place for place in set(named) if type(place) is str and is_online(place)}
    if online:
        for index, place in enumerate(named):
            if place in online and modes[index] is None and index not in bad:
                modes[index] = "online"
                filled.add("mode")
    return InWords(titles, filled)


def event_hints(columns: Columns, said: InWords, bad: set[int]) -> Iterator[Hint]:
    """Points that are none, and words and times that contradict each other, for the rows not in `bad`."""
    longitudes, modes = columns["longitude"], columns["mode"]
    for index, latitude in enumerate(columns["latitude"]):
        if (latitude is None) != (longitudes[index] is None):
            yield index, "latitude", "", "half a point", "Give both latitude and longitude, or neither."
        elif latitude is not None and modes[index] == "online":
            problem = "an online event that also carries a point"
            remedy = "The point is not used. Set the mode to hybrid if people also met there."
            yield index, "mode", "online", problem, remedy
    statuses = columns["status"]
    for index, (says, _) in said.titles.items():
        if statuses[index] != "cancelled":
            stands = statuses[index] or "decided by its date"
            problem = f"the title says that the event was {says}; its status is {stands}"
            remedy = "Set the status to cancelled if it did not take place on this day."
            yield index, "title", columns["title"][index], problem, remedy
    days = columns["starts_on"], columns["ends_on"], columns["starts_at"], columns["ends_at"]
    for index, (starts_on, ends_on, starts_at, ends_at) in enumerate(zip(*days, strict=True)):
        if (starts_at or ends_at or (ends_on and ends_on != starts_on)) and index not in bad:
            yield from ((index, *hint) for hint in _contradictions(starts_on, ends_on, starts_at, ends_at))


def _contradictions(
    starts_on: str, ends_on: str | None, starts_at: str | None, ends_at: str | None
) -> Iterator[tuple[str, str, str, str]]:
    """(column, value, problem, remedy) of an event's ISO dates and times that do not fit together."""
    if ends_on and ends_on > starts_on:
        lasts = (date.fromisoformat(ends_on) - date.fromisoformat(starts_on)).days + 1
        if lasts > _VERY_LONG_DAYS:
            yield "ends_on", ends_on, f"the event lasts {lasts:,} days", "Check the year of its end."
    if starts_at and not starts_at.startswith(starts_on):
        problem = f"starts_at is on another day than starts_on ({starts_on})"
        yield "starts_at", starts_at, problem, "starts_on counts; correct whichever is wrong."
    if ends_at and ends_on and not ends_at.startswith(ends_on) and ends_at[11:19] != "00:00:00":
        problem = f"ends_at is on another day than ends_on ({ends_on})"
        yield "ends_at", ends_at, problem, "ends_on counts; correct whichever is wrong."
    if starts_at and ends_at and datetime.fromisoformat(ends_at) < datetime.fromisoformat(starts_at):
        problem = f"ends_at lies before starts_at ({starts_at})"
        yield "ends_at", ends_at, problem, "The days count; correct whichever time is wrong."
