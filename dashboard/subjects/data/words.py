"""Data quality in words: from the answer of `data_quality` to the finding and the headline numbers of the Data page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from dashboard.parts.shapes import Headline
from dashboard.words import numbers, periods
from dashboard.words.counts import LEAST_BASE, with_share
from dashboard.words.sentences import EVENTS, Counted, say
from data_access.answers import rows
from data_access.contract.tables import STATUSES
from data_access.database.engine import DataVersion
from data_access.narrowing import FILTERS
from data_access.questions.data.quality import ALL, CheckResult
from data_access.selection import Selection

CHANGES_SO_FAR = Counted("{n} change of the data so far", "{n} changes of the data so far")


@dataclass(frozen=True, slots=True)
class Found:
    """One check with its result."""

    check: str
    label: str
    events: int
    share: float
    advice: str
    checked: int

    @property
    def shown(self) -> str:
        return with_share(self.events, self.checked)


EVERY, CHOSEN, QUALITY_OF = "All events", "Only what the filters choose", "quality_of"


def everything(selection: Selection) -> Selection:
    """All events of all time and of any status: what data quality is about unless the reader narrows it."""
    every: dict[str, tuple[str, ...]] = {item.name: () for item in FILTERS}
    return replace(selection, period=periods.ALL_TIME, status=STATUSES, **every)  # type: ignore[arg-type]


def found(answer: pd.DataFrame) -> tuple[int, list[Found]]:
    """The number of events checked, and the checks that found something, most events first."""
    results = rows(CheckResult, answer)
    total = next(row.events for row in results if row.check == ALL)
    doubts = [
        Found(row.check, row.label, row.events, row.share or 0.0, row.advice, total)
        for row in results
        if row.check != ALL and row.events
    ]
    return total, sorted(doubts, key=lambda item: -item.events)


NOTHING_TO_CHECK = "There are no events to check."
NOTHING_FOUND = "{events}, and no check found anything to mend."
LARGEST_GAP = "{events}; the largest gap: {label}, {shown}."


def finding(total: int, checks: list[Found]) -> str:
    """How complete the data is, in one sentence."""
    if not total:
        return NOTHING_TO_CHECK
    if not checks:
        return say(NOTHING_FOUND, events=EVENTS(total))
    worst = checks[0]
    label = f"{worst.label[:1].lower()}{worst.label[1:]}"
    return say(LARGEST_GAP, events=EVENTS(total), label=label, shown=worst.shown)


def headlines(total: int, checks: list[Found], version: DataVersion, so_far: int) -> list[Headline]:
    """Events, how many have place, language and attendance, and how many changes there were so far."""
    missing = {item.check: item for item in checks}

    def share_with(check: str, label: str) -> Headline:
        count = missing[check].events if check in missing else 0
        note = say("{n} without", n=count) if count else ""
        if not total:
            return Headline(label, "–")
        known = say("{n} of {all}", n=total - count, all=total)
        return Headline(label, numbers.percent(1 - count / total) if total >= LEAST_BASE else known, note=note)

    when = numbers.short_day(datetime.fromisoformat(version.imported_at).date()) if version.imported else "–"
    return [
        Headline("Events checked", numbers.number(total)),
        share_with("unknown_place", "With a known place"),
        share_with("missing_language", "With a language"),
        share_with("missing_attendance", "With attendance"),
        Headline("Last import", when, note=CHANGES_SO_FAR(so_far)),
    ]
