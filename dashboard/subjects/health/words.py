"""Health in words: the finding, the headline numbers, and each indicator with its threshold, trend and next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from dashboard.parts.shapes import Headline
from dashboard.words import numbers
from dashboard.words.sentences import DAYS, MEMBERS, PEOPLE, TEAMS, Counted, listed, say
from data_access.questions.health import thresholds as early
from data_access.questions.health.indicators import Indicator
from data_access.questions.health.judging import BETTER, CLOSER, FINE, NO_DATA, SAME, UNKNOWN, WARNING, WORSE
from data_access.selection import Role, Scope

# Distinct by shape and word, not by colour alone.
SIGNS = {WARNING: "✕", CLOSER: "▲", FINE: "✓", UNKNOWN: "?"}
HEADS = {
    WARNING: Counted("{n} warning", "{n} warnings"),
    CLOSER: Counted("{n} to look closer at", "{n} to look closer at"),
    FINE: Counted("{n} fine", "{n} fine"),
    UNKNOWN: Counted("{n} not known", "{n} not known"),
}
REQUESTS = Counted("{n} request", "{n} requests")
DISPUTES = Counted("{n} dispute", "{n} disputes")
INDICATORS = Counted("{n} indicator", "{n} indicators")
_COUNTED = {
    early.REQUESTS: REQUESTS,
    early.DAYS: DAYS,
    early.MEMBERS: MEMBERS,
    early.TEAMS: TEAMS,
    early.PEOPLE: PEOPLE,
    early.DISPUTES: DISPUTES,
}
ABOUT = {
    early.WORKLOAD: "Workload",
    early.QUALITY: "Quality",
    early.CONDUCT: "Behaviour and disputes",
    early.TRIPS: "Travel",
    early.DEPENDENCE: "Dependence",
}
OWNERS = {early.PM: "Program manager", early.BOARD: "Board", early.PARTNER: "Partner of the team"}


class HealthStep(NamedTuple):
    """What to do about an indicator, the page or part of this page (#…) where one does it, and its name."""

    words: str
    where: str
    page: str


STEPS = {
    "queue": HealthStep("Decide the oldest first; what is over a ceiling is for the board.", "requests", "Requests"),
    "oldest": HealthStep("Decide it today, or say what is missing.", "requests", "Requests"),
    "decision_days": HealthStep("Keep an hour for decisions twice a week.", "requests", "Requests"),
    "keeping_up": HealthStep(
        "Agree with the program manager on what somebody else takes over.", "#pm-work", "By quarter"
    ),
    "members": HealthStep("Name a second program manager, or start the next cohort later.", "members", "Members"),
    "partner_teams": HealthStep("Give one of the teams to another partner.", "teams", "Teams"),
    "leaving": HealthStep("Talk to who is at risk before the quarter ends.", "members", "Members"),
    "rating": HealthStep("Repeat the training in speaking and facilitating.", "members", "Members"),
    "low_ratings": HealthStep("Offer each of them a mentor, or somebody to speak with.", "#help", "Who needs help"),
    "conduct": HealthStep("Look at each case: was the code of conduct known, who was hurt?", "members", "Members"),
    "open_disputes": HealthStep("Share them out: one for each member of the board.", "#disputes", "Disputes"),
    "oldest_dispute": HealthStep("Decide it, or tell those concerned when you will.", "#disputes", "Disputes"),
    "long_trips": HealthStep("Ask who lives nearer before the next one is approved.", "#trips", "Long trips"),
    "carriers": HealthStep("Let people of the second row lead something small.", "funnel", "Funnel"),
    "one_person": HealthStep("Find a second person for the busiest tasks.", "#dependence", "Teams"),
    "coordinator": HealthStep("Hand over a task a month: coordinating is finding others.", "#dependence", "Teams"),
    "runway": HealthStep("Approve less for the rest of the year, or ask for more.", "budget", "Budget"),
    "silent": HealthStep("Write to each of them this week.", "#silent", "Members without a trace"),
}
# What has to be imported before an indicator can be told.
NEEDED = {
    early.WORKLOAD: "Needs funding requests, memberships and teams.",
    early.QUALITY: "Needs ratings of participations.",
    early.CONDUCT: "Needs memberships, and disputes.",
    early.TRIPS: "Needs travel requests with their events.",
    early.DEPENDENCE: "Needs contributions of teams, memberships and a budget.",
}
TOO_FEW = "Fewer than {n} arrived: too few to judge."


def value_words(row: Indicator, value: float | None) -> str:
    """A value in the unit of its row: `89 days`, `56%`, `3.93 of 5`; a dash for what is not known."""
    if value is None:
        return "–"
    if row.unit == early.SHARE:
        return numbers.percent(value)
    if row.unit == early.STARS:
        return say("{rating} of 5", rating=numbers.ratio(value))
    counted = _COUNTED[row.unit]
    return counted(round(value)) if value == int(value) else say(counted.other, n=value)


def now_words(row: Indicator) -> str:
    """The value now."""
    return value_words(row, row.now)


_OF = {
    "keeping_up": REQUESTS,
    "decision_days": Counted("over {n} decision", "over {n} decisions"),
    "partner_teams": Counted("{n} partner", "{n} partners"),
    "leaving": MEMBERS,
    "rating": Counted("{n} rating", "{n} ratings"),
    "low_ratings": Counted("{n} rating", "{n} ratings"),
    "long_trips": Counted("{n} long trip", "{n} long trips"),
    "carriers": Counted("{n} contributor", "{n} contributors"),
    "one_person": TEAMS,
    "coordinator": Counted("{n} coordinator", "{n} coordinators"),
    "silent": MEMBERS,
}
_MISSING = {
    "decision_days": Counted("{n} decided on an unknown day", "{n} decided on unknown days"),
    "partner_teams": Counted("{n} team without a partner", "{n} teams without a partner"),
    "rating": Counted("{n} contribution not rated", "{n} contributions not rated"),
    "long_trips": Counted("{n} trip without a place or attendance", "{n} trips without a place or attendance"),
    "one_person": Counted("{n} team with too little work to say", "{n} teams with too little work to say"),
    "coordinator": Counted(
        "{n} team without one, or with too little work", "{n} teams without one, or too little work"
    ),
}


def base_words(row: Indicator) -> str:
    """What the value is of, its interval, and what could not be looked at."""
    if row.indicator == "keeping_up" and row.now is None and row.base:
        return say(TOO_FEW, n=early.FEWEST)
    parts = []
    if row.unit == early.SHARE and row.base and row.now is not None:
        hits = round(row.now * row.base)
        parts.append(say("{hits} of {base}", hits=hits, base=_OF[row.indicator](row.base)))
    elif row.base and row.indicator in _OF:
        parts.append(say("of {base}" if row.indicator in _PART_OF else "{base}", base=_OF[row.indicator](row.base)))
    if row.low is not None and row.high is not None:
        ends = (value_words(row, end) for end in (row.low, row.high))
        parts.append(say("95% interval {low} to {high}", **dict(zip(("low", "high"), ends, strict=True))))
    if row.missing and row.indicator in _MISSING:
        parts.append(_MISSING[row.indicator](row.missing))
    return "; ".join(parts)


# Whose value is a count of some among the base.
_PART_OF = frozenset({"carriers", "one_person", "coordinator"})
_LIMITS = {
    early.ABOVE: "more than {limit}",
    early.BELOW: "less than {limit}",
}


def threshold_words(row: Indicator) -> str:
    """From where on it warns: `more than 30 days`."""
    if row.threshold is None:
        return "–"
    if row.beyond == early.ABOVE and row.threshold == 0:
        return "any"
    return say(_LIMITS[row.beyond], limit=value_words(row, row.threshold))


_TRENDS = {
    WORSE: "Worse: {before} before",
    BETTER: "Better: {before} before",
    SAME: "As before",
}


def trend_words(row: Indicator) -> str:
    """Against the same length of time before."""
    if row.indicator == "partner_teams":
        return "Not dated"
    if row.trend == NO_DATA:
        return "No data before"
    return say(_TRENDS[row.trend], before=value_words(row, row.before))


def step_words(row: Indicator) -> str:
    """What to do: nothing where all is well; what to import where nothing is known."""
    if row.state == FINE:
        return ""
    if row.state == UNKNOWN:
        return NEEDED[row.family]
    return STEPS[row.indicator].words


def is_known(rows: Sequence[Indicator]) -> bool:
    """Whether anything can be told."""
    return any(row.state != UNKNOWN for row in rows)


def finding(rows: Sequence[Indicator]) -> str:
    """How many warn, and how many of those got worse."""
    warn = [row for row in rows if row.state == WARNING]
    known = [row for row in rows if row.state != UNKNOWN]
    if not is_known(rows):
        return "Nothing can be told yet about the program’s health."
    if not warn:
        return say("No warning among {indicators}.", indicators=INDICATORS(len(known)))
    worse = sum(row.trend == WORSE for row in warn)
    is_compared = any(row.trend != NO_DATA for row in warn)
    return say(
        _FINDINGS[(len(warn) > 1) + 2 * bool(worse)] if is_compared else _NO_DATA_BEFORE,
        warnings=HEADS[WARNING](len(warn)),
        indicators=INDICATORS(len(known)),
        worse=worse,
    )


_NO_DATA_BEFORE = "{warnings} among {indicators}; there are no data before to compare with."
# By whether there are several warnings, and whether any got worse.
_FINDINGS = (
    "{warnings} among {indicators}, not worse than before.",
    "{warnings} among {indicators}, none of them worse than before.",
    "{warnings} among {indicators}, worse than before.",
    "{warnings} among {indicators}, {worse} of them worse than before.",
)


_FOR = {
    early.PM: Counted("{n} is for the program manager", "{n} are for the program manager"),
    early.BOARD: Counted("{n} is for the board", "{n} are for the board"),
    early.PARTNER: Counted("{n} is for the partners of teams", "{n} are for the partners of teams"),
}


def more(rows: Sequence[Indicator]) -> str:
    """Who has to act on the warnings."""
    whose = Counter(row.owner for row in rows if row.state == WARNING)
    said = [counted(whose[owner]) for owner, counted in _FOR.items() if whose[owner]]
    return say("Of the warnings, {whose}.", whose=listed(said)) if said else ""


def headlines(rows: Sequence[Indicator], scope: Scope) -> list[Headline]:
    """Indicators by state, those that got worse, and the viewer's own."""
    states = Counter(row.state for row in rows)
    own = early.BOARD if scope.role is Role.BOARD else early.PM
    mine = sum(row.state == WARNING and row.owner == own for row in rows)
    worse = sum(row.trend == WORSE for row in rows)
    return [
        Headline("Warnings", numbers.number(states[WARNING]), note="beyond their threshold"),
        Headline("For you", numbers.number(mine), note="warnings to act on"),
        Headline("Look closer", numbers.number(states[CLOSER]), note="beyond, but it may be chance"),
        Headline("Worse than before", numbers.number(worse), note="beyond their threshold or not"),
        Headline("Not known", numbers.number(states[UNKNOWN]), note="data are missing"),
    ]
