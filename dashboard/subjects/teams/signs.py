"""Risks that the data show, in words: what was found against what, since when, and what to do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated, NamedTuple

import pandas as pd

from dashboard.words import numbers
from dashboard.words.sentences import DAYS, Counted, listed, say
from data_access.answers import Key, Text, table
from data_access.questions.teams.risks import DetectedRisk

CONTRIBUTIONS = Counted("the only contribution", "the {n} contributions")
NEWCOMERS = Counted("{n} newcomer", "{n} newcomers")
ACTIVE = Counted("{n} active contributor", "{n} active contributors")
CORE = Counted("{n} core contributor", "{n} core contributors")
# On a card there is room for a few words.
SHORT = {
    "not_delegating": "one person makes most",
    "pathway_gaps": "gap in the pathway",
    "no_new_core": "no new core",
    "core_leaving": "core is leaving",
    "prototype_too_large": "prototype too large",
    "no_renewal": "no renewal",
}
NEXT = {
    "not_delegating": "Hand one recurring task to a second person this month, and stay away from it.",
    "pathway_gaps": "Ask three who stopped there what was missing, and change one thing about the step.",
    "no_new_core": "Ask the most active people what they would run if they were asked; then ask them.",
    "core_leaving": "Speak with each of those who left, and with those who still carry their work.",
    "no_coordinator": "Agree with the manager on a name, a day, and the hours a week for it.",
    "prototype_too_large": "Invite nobody more until the first run is over; find a second person who welcomes.",
    "no_renewal": "Put one small event into the next six weeks.",
}


def evidence(row: DetectedRisk) -> str:
    """What was found, against its threshold, in a sentence."""
    return _EVIDENCE[row.risk](row)


def _not_delegating(row: DetectedRisk) -> str:
    return say(
        "One person made {share} of {contributions} of the last 365 days; more than half is a risk.",
        share=numbers.percent(row.value),
        contributions=CONTRIBUTIONS(row.base or 0),
    )


def _pathway_gaps(row: DetectedRisk) -> str:
    to_core = row.step == "core"
    template = (
        "{share} of {people} became core (99% interval: up to {high}), against {usual} in the other teams."
        if to_core
        else "{share} of {people} became active (99% interval: up to {high}), against {usual} in the other teams."
    )
    return say(
        template,
        share=numbers.percent(row.value),
        people=(ACTIVE if to_core else NEWCOMERS)(row.base or 0),
        high=numbers.percent(row.high or 0),
        usual=numbers.percent(row.threshold),
    )


def _no_new_core(row: DetectedRisk) -> str:
    return say(
        "Nobody has newly become core for {days}; {threshold} are a risk while a team grows.",
        days=DAYS(round(row.value)),
        threshold=round(row.threshold),
    )


def _core_leaving(row: DetectedRisk) -> str:
    base = row.base or 0
    return say(
        "{kept} of {core} of a year ago still contribute; fewer than {least} is a risk.",
        kept=round(row.value * base),
        core=CORE(base),
        least=numbers.percent(row.threshold),
    )


def _no_coordinator(row: DetectedRisk) -> str:
    template = (
        "{days} in this stage without a coordinator; the stage is about finding one within {threshold}."
        if row.threshold
        else "{days} in this stage without a coordinator; a pathway needs one from its first day."
    )
    return say(template, days=DAYS(round(row.value)), threshold=DAYS(round(row.threshold)))


def _prototype_too_large(row: DetectedRisk) -> str:
    return say(
        "{people} people have come since the team started its pathway; a prototype takes at most {most}.",
        people=round(row.value),
        most=round(row.threshold),
    )


def _no_renewal(row: DetectedRisk) -> str:
    return say(
        "The team’s last event is {days} ago; without one for {threshold} a community loses energy.",
        days=DAYS(round(row.value)),
        threshold=round(row.threshold),
    )


_EVIDENCE = {
    "not_delegating": _not_delegating,
    "pathway_gaps": _pathway_gaps,
    "no_new_core": _no_new_core,
    "core_leaving": _core_leaving,
    "no_coordinator": _no_coordinator,
    "prototype_too_large": _prototype_too_large,
    "no_renewal": _no_renewal,
}


def since(row: DetectedRisk) -> str:
    """Since when it has been so; empty where that is not known."""
    if row.since is None:
        return ""
    # It is looked for in steps of a quarter.
    return say("at least since {day}" if row.risk == "not_delegating" else "since {day}", day=row.since)


def on_cards(found: Iterable[DetectedRisk]) -> dict[str, str]:
    """By team, a few words on what the data show: `In the data: no new core and core is leaving`.

    A card says already whether there is a coordinator.
    """
    by_team: dict[str, list[str]] = defaultdict(list)
    for row in found:
        if row.risk in SHORT and SHORT[row.risk] not in by_team[row.team]:
            by_team[row.team].append(SHORT[row.risk])
    return {team: say("In the data: {risks}", risks=listed(names)) for team, names in by_team.items() if names}


class RiskInWords(NamedTuple):
    team: Annotated[str, Key("Team key")]
    name: Annotated[str, Text("Team")]
    words: Annotated[str, Text("Risk")]
    evidence: Annotated[str, Text("Evidence")]
    since: Annotated[str, Text("Since")]
    recorded: Annotated[str, Text("In the list of risks")]


def in_words(found: Iterable[DetectedRisk]) -> pd.DataFrame:
    """The risks as people read them."""
    recorded = {True: "Recorded too", False: "Not recorded"}
    rows = [(row.team, row.name, row.words, evidence(row), since(row), recorded[row.recorded]) for row in found]
    return table(RiskInWords, rows)
