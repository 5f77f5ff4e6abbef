"""Impact, in words and shapes: from answers to the finding, the headline numbers, the outcome chain and the changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from dashboard.parts.shapes import Bar, Headline, Panel, Step
from dashboard.words import numbers, periods
from dashboard.words.text import counted
from data_access.selection import Period, Selection

Kind = Literal["count", "people", "money"]
SMALL_BASE = 20
NOT_SHOWN = "–"
MOST_BARS = 24


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of the impact summary: its words, and which words say that it grew or shrank."""

    name: str
    label: str
    kind: Kind
    more: str = "more"
    less: str = "fewer"
    many: str = "many"


MEASURES: dict[str, Measure] = {
    item.name: item
    for item in (
        Measure("events", "Events", "count"),
        Measure("attendance", "Attendance", "count", less="less", many="much"),
        Measure("countries", "Countries", "count"),
        Measure("languages", "Languages", "count"),
        Measure("active_contributors", "Active contributors", "people"),
        Measure("new_contributors", "New contributors", "people"),
        Measure("spend", "Paid", "money", less="less", many="much"),
    )
}


@dataclass(frozen=True)
class Summary:
    """The answer of `impact_summary`, by measure."""

    table: pd.DataFrame
    currency: str

    def _of(self, measure: str, column: str) -> Any:
        found = self.table.loc[self.table["measure"] == measure, column].iloc[0]
        return None if found is None or found is pd.NA or found != found else found

    def value(self, measure: str) -> int | Decimal | None:
        found: int | Decimal | None = self._of(measure, "value")
        return found

    def previous(self, measure: str) -> int | Decimal | None:
        found: int | Decimal | None = self._of(measure, "previous")
        return found

    def note(self, measure: str) -> str:
        return str(self._of(measure, "note") or "")

    @property
    def compared(self) -> Period | None:
        words = str(self._of("events", "compared_with") or "")
        return Period.parse(words) if words else None

    @property
    def is_empty(self) -> bool:
        return not any(self.value(name) for name in MEASURES)

    def shown(self, measure: str) -> str:
        """The value as a reader sees it; a withheld count reads “fewer than 5”."""
        value = self.value(measure)
        if value is None:
            few = self.note(measure)
            return (
                "Fewer than " + few.removeprefix("fewer than ").split()[0]
                if few.startswith("fewer than")
                else NOT_SHOWN
            )
        return numbers.money(value, self.currency) if MEASURES[measure].kind == "money" else numbers.number(value)


def change_words(measure: Measure, value: int | Decimal | None, previous: int | Decimal | None) -> tuple[str, int]:
    """How a value changed, in words, and its direction (1, 0, −1): `12% more`, `3 fewer`, `new`, `the same`."""
    if value is None or previous is None:
        return "", 0
    if value == previous:
        return "the same", 0
    direction = 1 if value > previous else -1
    if previous == 0:
        return "new", 1
    word = measure.more if direction > 0 else measure.less
    if measure.kind != "money" and previous < SMALL_BASE:
        return f"{numbers.number(abs(float(value) - float(previous)))} {word}", direction
    ratio = value / previous
    if ratio >= 3:
        return f"{numbers.number(float(ratio))} times as {measure.many}", direction
    share = abs(float(ratio) - 1)
    return ("about the same", 0) if share < 0.005 else (f"{numbers.percent(round(share, 2))} {word}", direction)


def compared_words(selection: Selection, summary: Summary) -> str:
    """What the headline numbers are compared with, and whether the period can still grow."""
    if summary.compared is None:
        return "All data, so there is nothing before it to compare with."
    words = summary.compared.in_words()
    if selection.period.is_open(selection.as_of):
        before = periods.before_words(selection.period)
        return f"The period is still open, so it is compared with the same days of {before}: {words}."
    return f"Compared with {periods.before_words(selection.period)}: {words}."


def finding(selection: Selection, summary: Summary) -> str:
    """The page's answer in one sentence."""
    events, countries = summary.value("events") or 0, summary.value("countries") or 0
    so_far = " so far" if selection.period.is_open(selection.as_of) and summary.compared else ""
    said = f"{counted(int(events), 'event')} in {counted(int(countries), 'country', 'countries')}{so_far}"
    before = f"{'the same days of ' if so_far else ''}{periods.before_words(selection.period)}"
    words, _ = change_words(MEASURES["events"], events, summary.previous("events"))
    if words == "new":
        return f"{said}, and none in {before}."
    if words in ("the same", "about the same"):
        return f"{said}, {'about ' if 'about' in words else ''}as many events as in {before}."
    if not words:
        return f"{said}."
    return f"{said}, {words} events as in {before}." if "times" in words else f"{said}: {words} than in {before}."


def movers(changes: pd.DataFrame) -> str:
    """Where events grew and fell most, in a sentence; nothing when nothing moved."""
    placed = changes[changes["country"].astype("str").str.len() == 2]
    if placed.empty:
        return ""
    ordered = placed.sort_values("change", kind="stable").to_dict("records")
    least, most = ordered[0], ordered[-1]
    grew = f"{most['name']} grew most (from {most['before']} to {most['events']})" if most["change"] > 0 else ""
    fell = f"{least['name']} fell most (from {least['before']} to {least['events']})" if least["change"] < 0 else ""
    said = "; ".join(filter(None, [grew, fell]))
    return f"{said}." if said else ""


def headlines(summary: Summary, trends: dict[str, tuple[Bar, ...]]) -> list[Headline]:
    """The seven headline numbers, each against the period before."""
    made = []
    for measure in MEASURES.values():
        words, direction = change_words(measure, summary.value(measure.name), summary.previous(measure.name))
        note = summary.note(measure.name)
        if summary.value(measure.name) is None and note.startswith("fewer than"):
            note = ""
        note = note[:1].upper() + note[1:]
        made.append(
            Headline(measure.label, summary.shown(measure.name), words, direction, note, trends.get(measure.name, ()))
        )
    return made


def chain_steps(summary: Summary) -> list[Step]:
    """Money → events → attendance → new → active, each with its rate, and what the rate was before."""
    steps = [Step("paid", summary.shown("spend"))] if summary.value("spend") else []
    links: tuple[tuple[str, str, str, str, Any], ...] = (
        ("events", "events", "spend", " an event", lambda now, before: numbers.money(before / now, summary.currency)),
        ("attendance", "attendances", "events", " an event", lambda now, before: numbers.number(float(now / before))),
        (
            "new_contributors",
            "new contributors",
            "attendance",
            " attendances for a new one",
            lambda now, before: numbers.number(round(before / now)),
        ),
        (
            "active_contributors",
            "active contributors",
            "new_contributors",
            " active for each new",
            lambda now, before: numbers.number(float(now / before)),
        ),
    )
    for name, label, source, unit, ratio in links:
        if summary.shown(name) == NOT_SHOWN:
            continue
        rate = _rate(summary.value(name), summary.value(source), ratio)
        before = _rate(summary.previous(name), summary.previous(source), ratio)
        said = f"before: {before}" if rate and before else ""
        steps.append(Step(label, summary.shown(name), rate + unit if rate else "", said))
    return steps


def _rate(now: Any, source: Any, ratio: Any) -> str:
    return str(ratio(Decimal(now), Decimal(source))) if now and source else ""


def country_changes(now: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """Countries by how much their number of events changed: country, name, events, before, change, attendance."""
    columns = ["country", "name", "events", "before", "change", "attendance"]
    if before is None:
        return pd.DataFrame({column: [] for column in columns})
    merged = now.merge(before, on="country", how="outer", suffixes=("", "_before"))
    merged["name"] = merged["name"].fillna(merged["name_before"])
    merged["events"], merged["before"] = merged["events"].fillna(0), merged["events_before"].fillna(0)
    merged["change"] = merged["events"] - merged["before"]
    order = merged["change"].abs().rename("size")
    sorted_rows = merged.assign(size=order).sort_values(["size", "events", "name"], ascending=[False, False, True])
    return sorted_rows[columns].reset_index(drop=True)


def small_trends(panels: Sequence[Panel], selection: Selection) -> dict[str, tuple[Bar, ...]]:
    """The small trends of the headline numbers, by measure: the picture's rows, as bars from zero."""
    labels = {measure.label: name for name, measure in MEASURES.items()}
    return {labels[panel.label]: _small_trend(panel, selection) for panel in panels}


def _small_trend(panel: Panel, selection: Selection) -> tuple[Bar, ...]:
    shown = list(zip(panel.starts, panel.values, panel.open, strict=True))[-MOST_BARS:]
    highest = max((value for _, value, _ in shown if value), default=0.0) or 1.0
    return tuple(
        Bar(None if value is None else value / highest, start >= selection.period.start, is_open)
        for start, value, is_open in shown
    )
