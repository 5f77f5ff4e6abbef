"""Data quality in words: from the answer of `data_quality` to the finding and the headline numbers of the Data page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC

import pandas as pd

from dashboard.parts.shapes import Headline
from dashboard.words import numbers, periods
from dashboard.words.text import counted
from data_access.contract.tables import STATUSES
from data_access.selection import FILTERS, Selection


@dataclass(frozen=True, slots=True)
class Found:
    """One check with its result."""

    check: str
    label: str
    events: int
    share: float
    advice: str

    @property
    def shown(self) -> str:
        return f"{numbers.number(self.events)} ({numbers.percent(self.share)})"


def everything(selection: Selection) -> Selection:
    """All events of all time and of any status: what data quality is about unless the reader narrows it."""
    every: dict[str, tuple[str, ...]] = {item.name: () for item in FILTERS}
    return replace(selection, period=periods.ALL_TIME, status=STATUSES, **every)  # type: ignore[arg-type]


def found(answer: pd.DataFrame) -> tuple[int, list[Found]]:
    """The number of events checked, and the checks that found something, most events first."""
    total = int(answer.loc[answer["check"] == "all", "events"].iloc[0])
    rows = [
        Found(row["check"], row["label"], int(row["events"]), float(row["share"]), row["advice"])
        for row in answer.to_dict("records")
        if row["check"] != "all" and row["events"]
    ]
    return total, sorted(rows, key=lambda item: -item.events)


def finding(total: int, checks: list[Found]) -> str:
    """How complete the data is, in one sentence."""
    if not total:
        return "There are no events to check."
    events = counted(total, "event")
    if not checks:
        return f"{events}, and no check found anything to mend."
    worst = checks[0]
    return f"{events}; the largest gap: {worst.label[:1].lower()}{worst.label[1:]}, {worst.shown}."


def headlines(total: int, checks: list[Found], log: pd.DataFrame) -> list[Headline]:
    """Events, how many have place, language and attendance, and the imports so far."""
    missing = {item.check: item for item in checks}

    def share_with(check: str, label: str) -> Headline:
        count = missing[check].events if check in missing else 0
        note = f"{numbers.number(count)} without" if count else ""
        return Headline(label, numbers.percent(1 - count / total) if total else "–", note=note)

    latest = log.iloc[0] if len(log) else None
    when = numbers.short_day(latest["finished_at"].replace(tzinfo=UTC).date()) if latest is not None else "–"
    return [
        Headline("Events checked", numbers.number(total)),
        share_with("unknown_place", "With a known place"),
        share_with("missing_language", "With a language"),
        share_with("missing_attendance", "With attendance"),
        Headline("Last import", when, note=f"{counted(len(log), 'import')} so far"),
    ]
