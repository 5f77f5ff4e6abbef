"""The uplift program of the sample: cohorts, applications, memberships, and the events members hold each quarter.

Members are few even in large samples, so that plain objects are fine here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sample_data import events as ev
from sample_data import people as pe
from sample_data import places
from sample_data.draws import Array, Floats, below, cumulative, pick_one, stream
from sample_data.events import Events
from sample_data.people import People, person_key
from sample_data.timeline import Timeline

COHORTS = 10
FLOOR = 3
GRACE_QUARTERS = 1
_STRONG, _STEADY, _WEAK = range(3)
_COMPANIES = (
    "Brightwater Labs",
    "Northwind Software",
    "Kestrel Browser GmbH",
    "Open Harbour",
    "Tessera Analytics",
    "Lumen Maps",
)
# Events a quarter (0 to 8) by reliability.
_EVENTS_A_QUARTER = cumulative(
    (
        (0.00, 0.01, 0.02, 0.36, 0.27, 0.17, 0.10, 0.05, 0.02),
        (0.00, 0.01, 0.07, 0.58, 0.22, 0.09, 0.03, 0.00, 0.00),
        (0.10, 0.22, 0.30, 0.27, 0.08, 0.03, 0.00, 0.00, 0.00),
    )
)
_ROLES = ("organizer", "speaker", "facilitator", "mentor")
_ROLE_SHARES = cumulative((0.46, 0.44, 0.06, 0.04))


@dataclass(slots=True)
class Member:
    """A person's membership; days as in the timeline. `held` lists (event, role, rating or 0) in order of drawing."""

    person: int
    home: int
    cohort: int
    started: int
    reliability: int
    skill: float
    ended: int | None = None
    reason: str = ""
    hired_by: str = ""
    held: list[tuple[int, str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class SampleProgram:
    """Everything about the uplift program that other tables need."""

    members: tuple[Member, ...]
    cohorts: list[list[str | int]]
    applications: list[list[str | int | float]]


def member_goal(events: int, people: int) -> int:
    """How many members a program of that size has had; beyond 120 it grows with the root: PMs lead only so many."""
    goal = min(people * 0.05, events * 0.034)
    return round(goal if goal <= 120 else 120 * (goal / 120) ** 0.5)


def draw_program(timeline: Timeline, events: Events, people: People, seed: int) -> SampleProgram:
    """Ten half-yearly cohorts; the last is still being evaluated today."""
    rng = stream(seed, "members")
    goal = member_goal(len(events), len(people))
    growth = [0.6, 0.75, 0.85, 0.95, 1.05, 1.1, 1.15, 1.2, 1.25, 1.15]
    candidates, shares = _candidates(events, people)
    members: list[Member] = []
    taken: set[int] = set()
    cohorts: list[list[str | int]] = []
    applications: list[list[str | int | float]] = []
    for cohort in range(COHORTS):
        opens = timeline.month(4 + 6 * cohort)
        closes, trains, graduates = opens + 30, opens + 61, opens + 105
        places_open = max(1, round(goal / (COHORTS - 1) * growth[cohort] * 1.08)) if goal else 1
        key, when = f"c{cohort + 1:02d}", timeline.date(opens)
        season = "spring" if when.month <= 6 else "autumn"
        name = f"{when.year} {season} cohort"
        cohorts.append([key, name, *(timeline.text(day) for day in (opens, closes, trains, graduates)), places_open])
        if not len(candidates):
            continue
        wanted = round(places_open * (2.1 + 0.08 * cohort)) if goal else 1
        applicants = _applicants(rng, people, candidates, shares, taken, closes, wanted)
        for place, person in enumerate(applicants):
            promising = place < places_open
            row, started = _application(rng, timeline, len(applications), person, key, promising, opens, graduates)
            applications.append(row)
            if started is not None:
                taken.add(person)
                skill = 2.3 if rng.random() < 0.08 else 3.6 + 1.1 * rng.random()
                reliability = pick_one(rng, cumulative((0.5, 0.28, 0.22)))
                members.append(Member(person, int(people.home[person]), cohort, started, reliability, skill))
    calendar = _Calendar(timeline, events)
    for member in members:
        _live(rng, timeline, calendar, member)
    return SampleProgram(tuple(members), cohorts, applications)


def _candidates(events: Events, people: People) -> tuple[Array, Floats]:
    """People who could become members, those from active places and with staying power more often."""
    at = np.searchsorted(events.sorted_keys, (np.arange(len(places.cities()) + 1) + 1) * ev.DAY_SPAN)
    events_at = np.append(np.diff(at), 0)
    kind = people.temperament
    pull = np.select(
        [kind == pe.CORE, kind == pe.REGULAR, kind == pe.RETURNING, kind == pe.ACTIVE, kind == pe.CASUAL],
        [6, 5, 1.5, 2, 0.1],
    )
    weights = pull * np.sqrt(events_at[people.home])
    candidates = np.flatnonzero((people.home >= 0) & (weights > 0))
    return candidates, cumulative(weights[candidates]) if len(candidates) else np.ones(1)


def _applicants(
    rng: np.random.Generator,
    people: People,
    candidates: Array,
    shares: Floats,
    taken: set[int],
    closes: int,
    wanted: int,
) -> list[int]:
    """Different people who had joined two months before the close and are no members yet; fewer when they run out."""
    found: dict[int, None] = {}
    for draw in np.searchsorted(shares, rng.random(wanted * 8), side="right").tolist():
        person = int(candidates[min(draw, len(candidates) - 1)])
        if person not in taken and people.joined[person] <= closes - 60:
            found[person] = None
        if len(found) >= wanted:
            break
    return list(found)


def _application(
    rng: np.random.Generator,
    timeline: Timeline,
    number: int,
    person: int,
    cohort: str,
    promising: bool,
    opens: int,
    graduates: int,
) -> tuple[list[str | int | float], int | None]:
    """One row of `applications`, as far as it has come by today, and the first day of the membership it led to."""
    applied = opens + int(30 * rng.random() ** 0.6)  # most apply in the last days
    evaluated, decided = applied + 9 + below(rng, 16), opens + 38 + below(rng, 18)
    evaluated = min(evaluated, decided)
    score = round((68 if promising else 48) + 26 * rng.random() + (6 if promising else -4) * rng.random(), 1)
    chance = rng.random()
    decision = "accepted" if promising else "declined"
    if chance > 0.94:
        decision = "withdrawn"
    trained, graduated = opens + 61 + 20 + below(rng, 12), graduates
    finishes, dropped = rng.random() < 0.92, rng.random() < 0.5
    cells: list[str | int | float] = [f"a{number + 1:05d}", person_key(person), cohort, timeline.text(applied)]
    today = timeline.today
    cells += (
        [timeline.text(evaluated), score]
        if evaluated <= today and (decision != "withdrawn" or chance > 0.97)
        else ["", ""]
    )
    if decided > today:
        return [*cells, "pending", "", "", ""], None
    cells += [decision, timeline.text(decided)]
    if decision != "accepted" or trained > today or (not finishes and dropped):
        return [*cells, "", ""], None
    if not finishes or graduated > today:
        return [*cells, timeline.text(trained), ""], None
    return [*cells, timeline.text(trained), timeline.text(graduated)], min(graduated + 1 + below(rng, 12), today)


class _Calendar:
    """Finds events of a quarter: at home, in the country, online, anywhere."""

    def __init__(self, timeline: Timeline, events: Events) -> None:
        self._events = events
        self._timeline = timeline
        countries: dict[str, list[int]] = {}
        for number, city in enumerate(places.cities()):
            if city.weight > 0:
                countries.setdefault(city.country, []).append(number)
        self._same_country = countries
        self._everywhere = [number for numbers in countries.values() for number in numbers]

    def draw(self, rng: np.random.Generator, home: int, first: int, after: int) -> int:
        """An event between two days, near home more often than far away; -1 when the place drawn had none."""
        chance = rng.random()
        if chance < 0.66:
            place = home
        elif chance < 0.82:
            cities = self._same_country.get(places.cities()[home].country, [home])
            place = cities[below(rng, len(cities))]
        elif chance < 0.92:
            place = ev.ONLINE_PLACE
        else:
            place = self._everywhere[below(rng, len(self._everywhere))]
        ends = self._events.between(np.array([place]), np.array([first]), np.array([after]))
        low, high = int(ends[0][0]), int(ends[1][0])
        return int(self._events.order[low + below(rng, high - low)]) if high > low else -1


def _live(rng: np.random.Generator, timeline: Timeline, calendar: _Calendar, member: Member) -> None:
    """Quarter by quarter: events held and scheduled, until the membership ends or today is reached."""
    quarter = int(timeline.quarter[member.started])
    grace_left = GRACE_QUARTERS
    known: set[int] = set()
    age = 0
    while True:
        begin, after = timeline.quarter_bounds(quarter)
        begin, full = max(begin, member.started), member.started <= begin
        if begin > timeline.end:
            return
        wanted = pick_one(rng, _EVENTS_A_QUARTER[member.reliability])
        if not full:
            wanted = round(wanted * (after - begin) / 91)
        if begin > timeline.today:
            wanted = min(wanted, below(rng, 4))  # what is already on next quarter's calendar
        end = _end(rng, member, age, begin, after)
        horizon = after if end is None else min(end, after)
        _hold(rng, calendar, member, known, begin, min(horizon, timeline.end + 1), wanted)
        if full and begin <= timeline.today:
            missed = wanted < FLOOR and grace_left == 0
            grace_left = max(grace_left - 1, 0)
            if missed and end is None and rng.random() < (0.8 if member.reliability == _WEAK else 0.25):
                end, member.reason, member.hired_by = after + 4 + below(rng, 18), "below_floor", ""
        if end is not None and end <= timeline.today:
            member.ended = end
            return
        member.reason = member.hired_by = ""
        quarter, age = quarter + 1, age + 1


def _end(rng: np.random.Generator, member: Member, age: int, begin: int, after: int) -> int | None:
    """A day in the quarter on which the member leaves for a reason of their own; None for most."""
    if age < 2:
        return None
    chance = rng.random()
    day = begin + 10 + below(rng, max(after - begin - 10, 1))
    hazards = (("hired", 0.02), ("left", 0.03), ("conduct", 0.004), ("completed", 0.16 if age >= 8 else 0.0))
    for reason, odds in hazards:
        if chance < odds:
            member.reason = reason
            member.hired_by = _COMPANIES[below(rng, len(_COMPANIES))] if reason == "hired" else ""
            return day
        chance -= odds
    return None


def _hold(
    rng: np.random.Generator, calendar: _Calendar, member: Member, known: set[int], begin: int, after: int, wanted: int
) -> None:
    found = 0
    for _ in range(wanted * 6):
        if found >= wanted or after <= begin:
            return
        event = calendar.draw(rng, member.home, begin, after)
        if event < 0 or event in known:
            continue
        known.add(event)
        role = _ROLES[pick_one(rng, _ROLE_SHARES)]
        # Only organizers and speakers count toward the floor.
        found += role in ("organizer", "speaker")
        rated = rng.random() < 0.62
        rating = min(5, max(1, round(member.skill + 1.5 * (rng.random() - 0.5)))) if rated else 0
        member.held.append((event, role, rating))


def accepted_codes(timeline: Timeline, members: Sequence[Member]) -> dict[int, tuple[str, str]]:
    """Who accepted which version of the code of conduct and when: each at the start, most of them the newer one since.

    One in eleven has accepted none, though the program asks for it.
    """
    newer = max(timeline.today - 300, 0)
    found = {}
    for number, member in enumerate(members):
        if number % 11 == 3 or member.started > timeline.today:
            continue
        if member.started >= newer:
            found[member.person] = ("2", timeline.text(member.started))
        elif number % 7 and (member.ended is None or member.ended > newer + 40):
            found[member.person] = ("2", timeline.text(min(newer + number % 40, timeline.today)))
        else:
            found[member.person] = ("1", timeline.text(member.started))
    return found


def _grace(timeline: Timeline, number: int, member: Member) -> tuple[str, str]:
    """Two months of grace of their own, for one in twelve of those who have been members for a while."""
    if number % 12 != 5 or member.ended is not None or member.started > timeline.today - 200:
        return "", ""
    return timeline.text(timeline.today - 100), timeline.text(timeline.today - 40)


def membership_rows(timeline: Timeline, members: Sequence[Member]) -> list[list[str]]:
    """The `memberships` table."""
    rows = []
    for number, member in enumerate(members):
        ended = "" if member.ended is None else timeline.text(member.ended)
        row = [
            f"m{number + 1:05d}",
            person_key(member.person),
            f"c{member.cohort + 1:02d}",
            timeline.text(member.started),
        ]
        rows.append([*row, ended, member.reason, member.hired_by, *_grace(timeline, number, member)])
    return rows
