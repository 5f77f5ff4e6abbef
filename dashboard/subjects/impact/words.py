"""Impact, in words and shapes: from answers to the finding, the headline numbers, the outcome chain and the changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

import pandas as pd

from dashboard.parts import aims
from dashboard.parts.shapes import Bar, Headline, Panel, Step
from dashboard.words import numbers, periods
from dashboard.words.measures import LABELS
from dashboard.words.ranges import about_money
from dashboard.words.sentences import COUNTRIES, EVENTS, say, sentence_case
from data_access.answers import rows
from data_access.privacy.amounts import rounded
from data_access.questions.impact.measuring import ABOUT, ABOUT_RELEASED, FEW_PEOPLE, FEW_RELEASED
from data_access.questions.impact.summary import ImpactMeasure
from data_access.questions.impact.targets import TargetProgress
from data_access.selection import Period, Selection

SMALL_BASE = 20
NOT_SHOWN = "–"
MOST_BARS = 24

Quantity = int | Decimal


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of the impact summary: its label, and what its headline says of how it grew or shrank."""

    name: str
    label: str
    kind: Literal["count", "money"] = "count"
    more: str = "{n} more"
    fewer: str = "{n} fewer"
    times: str = "{n} times as many"


_LESS, _MUCH = "{n} less", "{n} times as much"
MEASURES: dict[str, Measure] = {
    item.name: item
    for item in (
        Measure("events", LABELS["events"]),
        Measure("attendance", LABELS["attendance"], fewer=_LESS, times=_MUCH),
        Measure("countries", LABELS["countries"]),
        Measure("languages", LABELS["languages"]),
        Measure("active_contributors", LABELS["active_contributors"]),
        Measure("new_contributors", LABELS["new_contributors"]),
        Measure("spend", LABELS["spend"], "money", fewer=_LESS, times=_MUCH),
    )
}


@dataclass(frozen=True)
class ImpactSummary:
    """The answer of `impact_summary`, by measure, and what its values are written with."""

    measures: Mapping[str, ImpactMeasure]
    currency: str
    min_group_size: int

    @classmethod
    def of(cls, answer: pd.DataFrame, currency: str, min_group_size: int) -> ImpactSummary:
        return cls({row.measure: row for row in rows(ImpactMeasure, answer)}, currency, min_group_size)

    def value(self, measure: str) -> Quantity | None:
        return self.measures[measure].value

    def previous(self, measure: str) -> Quantity | None:
        return self.measures[measure].previous

    def base(self, link: ChainLink, *, before: bool = False) -> Quantity | None:
        """What a link's rate is of: another measure, or the events that report this one."""
        if link.source == REPORTING:
            if self.window(link.measure) is not None:
                return None
            found = self.measures[link.measure]
            return found.reporting_before if before else found.reporting
        if self.measures[link.source].window != self.measures[link.measure].window:
            return None  # of other days
        return self.previous(link.source) if before else self.value(link.source)

    def change(self, measure: str) -> HowChanged:
        """How the measure changed; with no record as old as the days it is compared with, that there is none."""
        if self.compared is not None and self.measures[measure].records_since is not None:
            return HowChanged("no data")
        return how_changed(MEASURES[measure], self.value(measure), self.previous(measure))

    def is_few(self, measure: str) -> bool:
        """Whether the count is withheld because it is of too few people."""
        return self.measures[measure].value is None and self._notes(measure, FEW_PEOPLE, FEW_RELEASED)

    def is_about(self, measure: str) -> bool:
        """Whether the value is a released one: the middle of a range, or an amount to two figures."""
        return self._notes(measure, ABOUT, ABOUT_RELEASED)

    def _notes(self, measure: str, of_the_period: str, of_other_days: str) -> bool:
        window = self.window(measure)
        expected = of_other_days.format(size=self.min_group_size, window=window.in_words()) if window else ""
        return self.measures[measure].note in (of_the_period.format(size=self.min_group_size), expected or None)

    def window(self, measure: str) -> Period | None:
        """The days of a released value; None where they are those of the period."""
        words = self.measures[measure].window
        return Period.parse(words) if words else None

    @property
    def compared(self) -> Period | None:
        words = self.measures["events"].compared_with
        return Period.parse(words) if words else None

    @property
    def is_empty(self) -> bool:
        return not any(self.value(name) for name in MEASURES)

    def shown(self, measure: str) -> str:
        """The value as a reader sees it; a withheld count reads “Fewer than 5”, a released one “about 200”."""
        if self.is_few(measure):
            return say("Fewer than {n}", n=self.min_group_size)
        value = self.value(measure)
        if value is None:
            return NOT_SHOWN
        shown = numbers.money(value, self.currency) if MEASURES[measure].kind == "money" else numbers.number(value)
        return say("about {amount}", amount=shown) if value and self.is_about(measure) else shown


class HowChanged(NamedTuple):
    """How a value changed: the kind of change, by how much as shown, and its direction (1, 0, −1)."""

    kind: Literal["unknown", "no data", "same", "about the same", "new", "more", "fewer", "times"]
    amount: str = ""
    direction: int = 0


def how_changed(measure: Measure, value: Quantity | None, previous: Quantity | None) -> HowChanged:
    """How a value changed: small ones by so many, large ones by a share, and from three times on by a factor."""
    if value is None or previous is None:
        return HowChanged("unknown")
    if value == previous:
        return HowChanged("same")
    if previous == 0:
        return HowChanged("new", direction=1)
    if measure.kind != "money" and previous < SMALL_BASE:
        return _grown(value > previous, numbers.number(abs(Decimal(value) - previous)))
    ratio = float(value / previous)
    if ratio >= 3:
        return HowChanged("times", numbers.number(ratio), 1)
    share = abs(ratio - 1)
    if share < 0.005:
        return HowChanged("about the same")
    return _grown(ratio > 1, numbers.percent(round(share, 2)))


def _grown(has_grown: bool, amount: str) -> HowChanged:
    return HowChanged("more", amount, 1) if has_grown else HowChanged("fewer", amount, -1)


def change_words(measure: Measure, change: HowChanged) -> str:
    """`12% more`, `3 fewer`, `new`, `the same`."""
    templates = {
        "unknown": "",
        "no data": "no data before",
        "same": "the same",
        "about the same": "about the same",
        "new": "new",
        "more": measure.more,
        "fewer": measure.fewer,
        "times": measure.times,
    }
    return say(templates[change.kind], n=change.amount)


NO_DATA_BEFORE = "No data before {day}, so there is nothing to compare with."
NO_DATA_BEFORE_HERE = "No data before {day} that match the filters, so there is nothing to compare with."
NOTHING_BEFORE = "All data, so there is nothing before it to compare with."
COMPARED = "Compared with {before}: {days}."
COMPARED_OPEN = "The period is still open, so it is compared with the same days of {before}: {days}."


def compared_words(selection: Selection, summary: ImpactSummary) -> str:
    """What the headline numbers are compared with, and whether the period can still grow."""
    if summary.compared is None:
        return NOTHING_BEFORE
    if since := summary.measures["events"].records_since:
        return say(NO_DATA_BEFORE_HERE if selection.narrowed_by else NO_DATA_BEFORE, day=since)
    template = COMPARED_OPEN if selection.period.is_open(selection.over_by) else COMPARED
    return say(template, before=periods.before_words(selection.period), days=summary.compared.in_words())


FINDINGS = {
    "unknown": "{events} in {countries}.",
    "no data": "{events} in {countries}; no data before.",
    "same": "{events} in {countries}, as many events as in {before}.",
    "about the same": "{events} in {countries}, about as many events as in {before}.",
    "new": "{events} in {countries}, and none in {before}.",
    "more": "{events} in {countries}: {n} more than in {before}.",
    "fewer": "{events} in {countries}: {n} fewer than in {before}.",
    "times": "{events} in {countries}, {n} times as many events as in {before}.",
}
FINDINGS_SO_FAR = {
    "unknown": "{events} in {countries} so far.",
    "no data": "{events} in {countries} so far; no data before.",
    "same": "{events} in {countries} so far, as many events as in the same days of {before}.",
    "about the same": "{events} in {countries} so far, about as many events as in the same days of {before}.",
    "new": "{events} in {countries} so far, and none in the same days of {before}.",
    "more": "{events} in {countries} so far: {n} more than in the same days of {before}.",
    "fewer": "{events} in {countries} so far: {n} fewer than in the same days of {before}.",
    "times": "{events} in {countries} so far, {n} times as many events as in the same days of {before}.",
}


def finding(selection: Selection, summary: ImpactSummary) -> str:
    """The page's answer in one sentence."""
    events, countries = summary.value("events") or 0, summary.value("countries") or 0
    change = summary.change("events")
    is_open = selection.period.is_open(selection.over_by) and summary.compared is not None
    return say(
        (FINDINGS_SO_FAR if is_open else FINDINGS)[change.kind],
        events=EVENTS(int(events)),
        countries=COUNTRIES(int(countries)),
        n=change.amount,
        before=periods.before_words(selection.period),
    )


def headlines(
    summary: ImpactSummary, trends: dict[str, tuple[Bar, ...]], aimed: Sequence[TargetProgress] = ()
) -> list[Headline]:
    """The seven headline numbers, each against the period before and with its target that runs."""
    made = []
    for measure in MEASURES.values():
        change = summary.change(measure.name)
        note = sentence_case(summary.measures[measure.name].note)
        if summary.is_few(measure.name) or summary.is_about(measure.name):
            window = summary.window(measure.name)
            note = say("As released: {window}", window=window.in_words()) if window else ""
        trend = trends.get(measure.name, ())
        shown = summary.shown(measure.name)
        tile = Headline(measure.label, shown, change_words(measure, change), change.direction, note, trend)
        made.append(aims.with_target(tile, aims.running(aimed, measure.name), summary.currency))
    return made


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One link of the outcome chain: its step, and the rate at which it follows from the step before it."""

    measure: str
    label: str
    source: str
    rate: str
    figure: Callable[[Decimal, Decimal, str], str]


REPORTING = "reporting"
LINKS = (
    ChainLink(
        "events", "events", "spend", "{rate} an event", lambda now, source, unit: numbers.money(source / now, unit)
    ),
    ChainLink(
        "attendance",
        "attendances",
        REPORTING,
        "{rate} an event that reports it",
        lambda now, source, _: _times(now, source),
    ),
    ChainLink(
        "new_contributors",
        "new contributors",
        "attendance",
        "{rate} attendances for a new one",
        lambda now, source, _: numbers.number(round(source / now)),
    ),
    ChainLink(
        "active_contributors",
        "active contributors",
        "new_contributors",
        "{rate} active for each new",
        lambda now, source, _: _times(now, source),
    ),
)


def _times(now: Decimal, source: Decimal) -> str:
    return numbers.number(float(now / source))


def chain_steps(summary: ImpactSummary) -> list[Step]:
    """Money → events → attendance → new → active, each with its rate, and what the rate was before."""
    steps = [Step("paid", summary.shown("spend"))] if summary.value("spend") else []
    for link in LINKS:
        shown = summary.shown(link.measure)
        if shown == NOT_SHOWN:
            continue
        rate = _rate(summary, link)
        before = _rate(summary, link, before=True) if summary.change(link.measure).kind != "no data" else ""
        steps.append(
            Step(
                link.label,
                shown,
                say(link.rate, rate=rate) if rate else "",
                say("before: {rate}", rate=before) if rate and before else "",
            )
        )
    return steps


def _rate(summary: ImpactSummary, link: ChainLink, *, before: bool = False) -> str:
    now = summary.previous(link.measure) if before else summary.value(link.measure)
    source = summary.base(link, before=before)
    if not now or not source:
        return ""
    if link.source == "spend" and summary.is_about("spend"):
        return about_money(rounded(Decimal(source) / Decimal(now)), summary.currency)
    return link.figure(Decimal(now), Decimal(source), summary.currency)


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
