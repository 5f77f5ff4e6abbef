"""What happened, in words: each kind of entry on a time line, and the finding of each page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.parts.shapes import Headline, HowTold
from dashboard.words import numbers
from dashboard.words.sentences import EVENTS, MONTHS, PEOPLE, Counted, say
from data_access.questions.named.entries import COUNTRY, EVENT, PERSON, SPACE, TEAM, TimelineEntry
from data_access.questions.named.names import NameFound
from data_access.questions.named.person import ROLES

VISITORS = Counted("{n} visitor", "{n} visitors")
CONTRIBUTIONS = Counted("{n} contribution", "{n} contributions")
NEW_CONTRIBUTORS = Counted("{n} new contributor", "{n} new contributors")
DAYS_AWAY = Counted("after {n} day away", "after {n} days away")
DONE = Counted("{n} done", "{n} done")
ANSWERS = Counted("{n} answer", "{n} answers")
PLANNED = Counted("{n} event planned", "{n} events planned")
MILESTONES = Counted("{n} milestone", "{n} milestones")
_STEPS, _EVENTS, _MONEY, _WORK, _PRACTICE, _PLACES = "Steps", "Events", "Money", "Work", "Practice", "Places"

TOLD: Mapping[str, HowTold] = {
    "joined": HowTold(_STEPS, "Joined"),
    "code_accepted": HowTold(_STEPS, "Accepted the code of conduct, version"),
    "attributes_given": HowTold(_STEPS, "Consented to what is held of attributes", ANSWERS),
    "became_casual": HowTold(_STEPS, "Became a casual contributor"),
    "became_active": HowTold(_STEPS, "Became an active contributor", PEOPLE),
    "became_core": HowTold(_STEPS, "Became a core contributor", PEOPLE),
    "left_core": HowTold(_STEPS, "Last contributed, and is no longer core", PEOPLE),
    "came_back": HowTold(_STEPS, "Came back", DAYS_AWAY),
    "applied": HowTold(_STEPS, "Applied"),
    "evaluated": HowTold(_STEPS, "Application evaluated"),
    "application_accepted": HowTold(_STEPS, "Application accepted"),
    "application_declined": HowTold(_STEPS, "Application declined"),
    "application_withdrawn": HowTold(_STEPS, "Application withdrawn"),
    "trained": HowTold(_STEPS, "Trained"),
    "graduated": HowTold(_STEPS, "Graduated"),
    "became_member": HowTold(_STEPS, "Became a member"),
    "membership_ended": HowTold(_STEPS, "Membership ended", coded=True),
    "contributed": HowTold(_WORK, "Contributed", CONTRIBUTIONS, monthly=True),
    "attendee": HowTold(_EVENTS, "Attended"),
    "facilitator": HowTold(_EVENTS, "Facilitated"),
    "mentor": HowTold(_EVENTS, "Mentored at"),
    "organizer": HowTold(_EVENTS, "Organized"),
    "speaker": HowTold(_EVENTS, "Spoke at"),
    "planned_role": HowTold(_EVENTS, "Planned:", coded=True),
    "requested": HowTold(_MONEY, "Requested", coded=True),
    "approved": HowTold(_MONEY, "Approved", coded=True),
    "declined": HowTold(_MONEY, "Declined", coded=True),
    "paid": HowTold(_MONEY, "Paid", coded=True),
    "training": HowTold(_PRACTICE, "Took part in the training"),
    "published": HowTold(_WORK, "Published"),
    "thanked": HowTold(_PRACTICE, "Thanked", coded=True),
    "need_raised": HowTold(_PRACTICE, "Needed"),
    "need_met": HowTold(_PRACTICE, "Need met"),
    "mentors": HowTold(_PRACTICE, "Began to mentor"),
    "mentored_by": HowTold(_PRACTICE, "Mentored by"),
    "coordinates": HowTold(_STEPS, "Appointed coordinator of"),
    "stage": HowTold(_STEPS, "Entered the stage"),
    "milestone": HowTold(_STEPS, "Reached the milestone"),
    "risk_raised": HowTold(_PRACTICE, "Risk raised"),
    "risk_closed": HowTold(_PRACTICE, "Risk closed"),
    "coordinator": HowTold(_STEPS, "Coordinator appointed:"),
    "newcomers": HowTold(_WORK, "Newcomers", NEW_CONTRIBUTORS, monthly=True),
    "event_held": HowTold(_EVENTS, "Held", VISITORS),
    "event_planned": HowTold(_EVENTS, "Planned:"),
    "event_cancelled": HowTold(_EVENTS, "Cancelled:"),
    "day_held": HowTold(_EVENTS, "Held", VISITORS),
    "day_planned": HowTold(_EVENTS, "Planned for this day"),
    "day_cancelled": HowTold(_EVENTS, "Cancelled"),
    "by_team": HowTold(_EVENTS, "By the team"),
    "at_space": HowTold(_EVENTS, "At the space"),
    "by_speaker": HowTold(_EVENTS, "Speaker:"),
    "by_organizer": HowTold(_EVENTS, "Organizer:"),
    "by_mentor": HowTold(_EVENTS, "Mentor:"),
    "by_facilitator": HowTold(_EVENTS, "Facilitator:"),
    "known_attendees": HowTold(_EVENTS, "Recorded as attending", PEOPLE),
    "task_before": HowTold(_PRACTICE, "Task before the event", DONE),
    "task_during": HowTold(_PRACTICE, "Task during the event", DONE),
    "task_after": HowTold(_PRACTICE, "Task after the event", DONE),
    "contributed_after": HowTold(_WORK, "Contributed because of it, for the first time", PEOPLE, monthly=True),
    "events_held": HowTold(_EVENTS, "Events held", EVENTS, monthly=True),
    "first_event": HowTold(_PLACES, "The first event:"),
    "new_town": HowTold(_PLACES, "The first event in"),
    "quiet_until": HowTold(_PLACES, "The first event after a quiet time", MONTHS),
    "quiet_since": HowTold(_PLACES, "No event up to this day", MONTHS),
    "space_opened": HowTold(_PLACES, "Space opened"),
    "space_closed": HowTold(_PLACES, "Space closed"),
    "pilot_started": HowTold(_STEPS, "Pilot began"),
    "pilot_ended": HowTold(_STEPS, "Pilot’s last day"),
    "pilot_ends": HowTold(_STEPS, "Pilot’s last day, still to come"),
    "note_roadmap": HowTold(_PRACTICE, "On the roadmap"),
    "roadmap_done": HowTold(_PRACTICE, "Done, of the roadmap"),
    "note_challenge": HowTold(_PRACTICE, "Challenge"),
    "note_lesson": HowTold(_PRACTICE, "Lesson"),
    "note_verdict": HowTold(_PRACTICE, "Verdict"),
    "known_visitors": HowTold(_EVENTS, "Recorded as visitors", PEOPLE, monthly=True),
}
# What the page of each kind counts first: the entries, and what they are called.
TILES: Mapping[str, Mapping[str, str]] = {
    PERSON: {"speaker": "Spoke", "organizer": "Organized", "attendee": "Attended", "paid": "Payments"},
    TEAM: {"event_held": "Events held", "milestone": "Milestones", "became_core": "Became core", "stage": "Stages"},
    EVENT: {"by_speaker": "Speakers", "by_organizer": "Organizers", "requested": "Requests", "paid": "Payments"},
    COUNTRY: {"new_town": "Further towns", "event_planned": "Planned", "quiet_until": "Quiet times"},
    SPACE: {"event_held": "Events held", "event_planned": "Planned", "note_lesson": "Lessons"},
}
QUESTIONS: Mapping[str, str] = {
    PERSON: "What do we know of a person?",
    TEAM: "What happened in a team?",
    EVENT: "What led to an event, and what came of it?",
    COUNTRY: "What happened in a country?",
    SPACE: "What happened at a space?",
}
UNKNOWN: Mapping[str, str] = {
    PERSON: "Nobody with this key is known here.",
    TEAM: "No team with this key is known here.",
    EVENT: "No event with this key is known here.",
    COUNTRY: "No country with this code is known.",
    SPACE: "No space with this key is known here.",
}
LOOK_FOR: Mapping[str, str] = {
    PERSON: "Look for a person by name or key.",
    TEAM: "Look for a team by its name.",
    EVENT: "Look for an event by its title.",
    COUNTRY: "Look for a country by its name.",
    SPACE: "Look for a space by its name.",
}
HOW_TO_LOOK = "Write some of its name below, or press Ctrl-K (on a Mac ⌘K) on any page."
_EVER = "{name}: {events} and {contributions} so far."
_STAGE = "{name}: “{stage}” since {day}, {events} held, {milestones} reached."
_NO_STAGE = "{name}: {events} held, {milestones} reached."
_HELD = "{name} was held on {day}."
_HELD_WITH = "{name} was held on {day} with {visitors}."
_AHEAD = "{name} is planned for {day}."
_OVER = "{name} was planned for {day}; what became of it is not recorded."
_CANCELLED = "{name}, planned for {day}, was cancelled."
_HELD_SINCE = "{name}: {events} held since {day}, {planned}."
_NONE_HELD = "{name}: no event yet, {planned}."


def finding(thing: NameFound, entries: Sequence[TimelineEntry], day: date) -> str:
    """The page in a sentence; `day` is the one asked about."""
    newest = {entry.what: entry for entry in reversed(entries)}
    counts = {what: entry.in_all for what, entry in newest.items()}
    name = thing.name
    if thing.kind == PERSON:
        made = sum(entry.number or 0 for entry in entries if entry.what == "contributed")
        events = sum(counts.get(role, 0) for role in ROLES)
        return say(_EVER, name=name, events=EVENTS(events), contributions=CONTRIBUTIONS(made))
    if thing.kind == TEAM:
        told = {"name": name, "events": EVENTS(counts.get("event_held", 0))}
        told["milestones"] = MILESTONES(counts.get("milestone", 0))
        stage = newest.get("stage")
        return say(_STAGE, stage=stage.words, day=stage.happened_on, **told) if stage else say(_NO_STAGE, **told)
    if thing.kind == EVENT:
        return _event(thing, newest, day)
    planned = PLANNED(counts.get("event_planned", 0))
    held = [entry for entry in entries if entry.what in ("events_held", "event_held")]
    if not held:
        return say(_NONE_HELD, name=name, planned=planned)
    many = sum(entry.number or 0 for entry in held) if thing.kind == COUNTRY else counts["event_held"]
    first = min(entry.happened_on for entry in entries if entry.what in ("first_event", "event_held"))
    return say(_HELD_SINCE, name=name, events=EVENTS(many), day=first, planned=planned)


def _event(thing: NameFound, newest: Mapping[str, TimelineEntry], day: date) -> str:
    said = {"name": thing.name, "day": thing.day}
    if held := newest.get("day_held"):
        return say(_HELD, **said) if held.number is None else say(_HELD_WITH, visitors=VISITORS(held.number), **said)
    if "day_cancelled" in newest:
        return say(_CANCELLED, **said)
    return say(_AHEAD if thing.day and thing.day > day else _OVER, **said)


def tiles(kind: str, entries: Sequence[TimelineEntry]) -> list[Headline]:
    """How many entries there are of those that count first; what does not occur is left out."""
    counts = {entry.what: entry.in_all for entry in entries}
    shown = [(label, counts[what]) for what, label in TILES[kind].items() if what in counts]
    return [Headline(label, numbers.number(count)) for label, count in shown]
