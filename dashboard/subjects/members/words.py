"""Members in words: the finding, the headline numbers, and what the Members page calls states and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from dashboard.parts.shapes import Headline
from dashboard.words import numbers
from dashboard.words.periods import quarter_name
from dashboard.words.ranges import people_words
from dashboard.words.sentences import DAYS, EVENTS, MEMBERS, Counted, listed, say
from data_access.questions.members import achieved as did
from data_access.questions.members.recognition import Achievement
from data_access.questions.members.standing import AT_RISK, GRACE, LEFT, MET, MISSED, ON_TRACK
from data_access.questions.members.summary import FloorCount
from data_access.selection import Period

# Distinct by shape and word, not by colour alone.
SIGNS = {MET: "●", ON_TRACK: "◆", AT_RISK: "▲", MISSED: "✕", GRACE: "○", LEFT: "□"}
END_REASONS = {
    "below_floor": "Below the floor",
    "left": "Left",
    "conduct": "Conduct",
    "hired": "Hired",
    "completed": "Completed",
}
MORE = {"cohorts": "Cohorts", "hires": "Hired by companies", "leaving": "Leaving", "bench": "The bench"}
NOT_RECORDED = "Not recorded"
THANKS = {
    did.FIRST_TALK: "First talk",
    did.TENTH_EVENT: "10th event",
    did.NEW_LANGUAGE: "New language",
    did.ANNIVERSARY: "Anniversary as a member",
    did.FIRST_CONTRIBUTION: "First contribution",
    did.TENTH: "10th contribution",
    did.HUNDREDTH: "100th contribution",
    did.NEW_AREA: "New area",
    did.CORE: "Became core",
    did.CONTRIBUTOR_ANNIVERSARY: "Anniversary as a contributor",
    "other": "Something else",
}
ACHIEVED = {
    did.FIRST_TALK: Counted("{n} first talk", "{n} first talks"),
    did.TENTH_EVENT: Counted("{n} 10th event", "{n} 10th events"),
    did.NEW_LANGUAGE: Counted("{n} new language", "{n} new languages"),
    did.ANNIVERSARY: Counted("{n} anniversary", "{n} anniversaries"),
}
MET_IT = Counted("{n} member met", "{n} members met")
HAVE_MET = Counted("{n} has met", "{n} have met")
ARE_ON_TRACK = Counted("{n} is on track", "{n} are on track")
ARE_AT_RISK = Counted("{n} is at risk", "{n} are at risk")


def quarter(day: date) -> str:
    """`2026 Q4`."""
    return quarter_name(Period.quarter_of(day))


def by_state(summary: Iterable[FloorCount], day: date) -> Counter[str]:
    """Members by state in the quarter that holds the day; exact counts only."""
    start = Period.quarter_of(day).start
    return Counter({row.state: row.people or 0 for row in summary if row.quarter == start})


def finding(summary: Sequence[FloorCount], as_of: date, floor: int) -> str:
    """Who has met the floor of this quarter, and who is at risk while there is time."""
    now = by_state(summary, as_of)
    values = {
        "members": MEMBERS(now.total()),
        "quarter": quarter(as_of),
        "have_met": HAVE_MET(now[MET]),
        "events": EVENTS(floor),
        "are_on_track": ARE_ON_TRACK(now[ON_TRACK]),
        "days": DAYS((Period.quarter_of(as_of).end - as_of).days),
    }
    if not now[AT_RISK]:
        return say(
            "{members} in {quarter}: {have_met} the floor of {events}, {are_on_track}, "
            "nobody is at risk with {days} left.",
            **values,
        )
    return say(
        "{members} in {quarter}: {have_met} the floor of {events}, {are_on_track}, {are_at_risk} with {days} left.",
        are_at_risk=ARE_AT_RISK(now[AT_RISK]),
        **values,
    )


def more(summary: Sequence[FloorCount], as_of: date) -> str:
    """How the quarter before ended: who was in grace or left without meeting the floor is in neither number."""
    last = Period.quarter_of(as_of).previous().start
    before = by_state(summary, last)
    if not before[MET] + before[MISSED]:
        return ""
    return say(
        "In {quarter}, {met} it and {missed} missed it.",
        quarter=quarter(last),
        met=MET_IT(before[MET]),
        missed=before[MISSED],
    )


def members_now(summary: Sequence[FloorCount], as_of: date) -> int:
    """All members of the quarter that holds the day, whatever their state."""
    return sum(by_state(summary, as_of).values())


def headlines(summary: Sequence[FloorCount], as_of: date) -> list[Headline]:
    """Members by state this quarter, and who missed the one before."""
    now, last = by_state(summary, as_of), Period.quarter_of(as_of).previous().start
    return [
        Headline("Met", numbers.number(now[MET]), note="this quarter"),
        Headline("On track", numbers.number(now[ON_TRACK]), note="with what is scheduled"),
        Headline("At risk", numbers.number(now[AT_RISK]), note="too little is scheduled"),
        Headline("In grace", numbers.number(now[GRACE]), note="it does not count yet"),
        Headline("Left", numbers.number(now[LEFT]), note="before the quarter’s last day"),
        Headline("Missed last quarter", numbers.number(by_state(summary, last)[MISSED]), note=quarter(last)),
    ]


def finding_in_ranges(summary: Sequence[FloorCount], floor: int) -> str:
    """How many members met the floor and missed it in the last quarter that is over."""
    last = summary[-1].quarter
    people = {row.state: people_words(row.at_least, row.at_most) for row in summary if row.quarter == last}
    return say(
        "In {quarter}, {met} members met the floor of {events}; {missed} missed it.",
        quarter=quarter(last),
        met=people[MET],
        events=EVENTS(floor),
        missed=people[MISSED],
    )


def thanks_words(achievements: Iterable[Achievement]) -> str:
    """`In the chosen period: 3 first talks and 2 new languages.`"""
    counts = Counter(row.what for row in achievements)
    achieved = [counted(counts[what]) for what, counted in ACHIEVED.items() if counts[what]]
    return say("In the chosen period: {achieved}.", achieved=listed(achieved))
