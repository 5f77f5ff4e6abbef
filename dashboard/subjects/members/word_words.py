"""What to talk about with somebody who needs a word: one sentence a person, and by when."""

from __future__ import annotations

from typing import NamedTuple

from dashboard.words.sentences import DAYS, EVENTS, QUARTERS, say
from data_access.questions.members.conduct import MissingAcceptance
from data_access.questions.members.missed import MissedRun
from data_access.questions.members.standing import MemberStanding
from data_access.questions.members.waiting import WaitingApplication


class Word(NamedTuple):
    """Whom, by when or since when, and about what."""

    key: str
    name: str
    when: str
    words: str


_AT_RISK = {
    False: "{held} of {floor} held and {scheduled} scheduled: {needed} more to schedule.",
    True: "{held} of {floor} held and {scheduled} scheduled: {needed} more to schedule, or to mark as held: {unmarked} "
    "past ones are not marked.",
}


def at_risk(row: MemberStanding) -> Word:
    """What saves the quarter."""
    said = say(
        _AT_RISK[bool(row.unconfirmed)],
        held=row.held,
        floor=EVENTS(row.floor),
        scheduled=row.scheduled,
        needed=row.floor - row.held - row.scheduled,
        unmarked=row.unconfirmed,
    )
    return Word(row.person_key, row.name or row.person_key, say("{days} left", days=DAYS(row.days_left)), said)


def missed(row: MissedRun) -> Word:
    """For how long the floor was missed, and how this quarter goes."""
    said = say(
        "Missed {quarters} in a row, since {day}. This quarter: {state}, with {events} held.",
        quarters=QUARTERS(row.missed),
        day=row.first_missed,
        state=row.state.replace("_", " "),
        events=EVENTS(row.held),
    )
    return Word(row.person_key, row.name or row.person_key, "", said)


def waiting(row: WaitingApplication) -> Word:
    """Which step an application waits for, and since when."""
    template = "Waits for {step} since {day} ({cohort})." if row.cohort else "Waits for {step} since {day}."
    said = say(template, step=row.step.replace("_", " "), day=row.since, cohort=row.cohort or "")
    return Word(row.person_key, row.name or row.person_key, DAYS(row.days), said)


def conduct(row: MissingAcceptance) -> Word:
    """Which version was accepted last, if any."""
    template = "Accepted version {accepted}; the newest is {newest}." if row.accepted else "Accepted no version so far."
    said = say(template, accepted=row.accepted or "", newest=row.newest)
    return Word(row.person_key, row.name or row.person_key, "", said)
