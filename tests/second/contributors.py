"""Who contributed, how much and since when: levels, new and returning contributors, retention, the persona."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from data_access.selection import Period, Selection
from tests.second.bundle import Bundle, Contribution, Person
from tests.second.days import ONE_DAY, month_later, quarter_start, quarters
from tests.second.events import passes, status_of


def at_home(person: Person, asked: Selection) -> bool:
    """Country and region of a person are those of the home."""
    return (not asked.country or person.country in asked.country) and (
        not asked.region or person.region in asked.region
    )


def contributions_of(bundle: Bundle, asked: Selection, *, own: bool = True) -> dict[str, list[Contribution]]:
    """Each person's contributions up to the day, in order; `own`: only those in the teams and areas asked for."""
    found: dict[str, list[Contribution]] = defaultdict(list)
    for row in bundle.contributions:
        if row.day > asked.as_of or not at_home(bundle.people[row.person], asked):
            continue
        if own and ((asked.area and row.area not in asked.area) or (asked.team and row.team not in asked.team)):
            continue
        found[row.person].append(row)
    return {person: sorted(rows, key=lambda row: row.day) for person, rows in found.items()}


def first_contributions(bundle: Bundle, asked: Selection) -> dict[str, Contribution]:
    """The very first contribution of each person, where it is in the teams and areas asked for.

    Of several on the first day the largest one speaks, then the first by area, team and event.
    """
    found = {}
    for person, rows in contributions_of(bundle, asked, own=False).items():
        first = min(
            (row for row in rows if row.day == rows[0].day),
            key=lambda row: (-row.quantity, row.area.encode(), row.team.encode(), row.event.encode()),
        )
        here = (not asked.area or first.area in asked.area) and (not asked.team or first.team in asked.team)
        if here and (countable(asked) or _brought_about(bundle, first, asked)):
            found[person] = first
    return found


def countable(asked: Selection) -> bool:
    """Contributions have neither mode, scale nor space: the event that brought about a first one has."""
    return not (asked.mode or asked.scale or asked.space)


def _brought_about(bundle: Bundle, first: Contribution, asked: Selection) -> bool:
    event = bundle.events.get(first.event)
    of_event = Selection(mode=asked.mode, scale=asked.scale, space=asked.space)
    return event is not None and passes(event, of_event)


def active(bundle: Bundle, asked: Selection) -> int | None:
    """People with enough contributions in the window that ends on the last day of the period."""
    if not countable(asked):
        return None
    last = min(asked.period.end - ONE_DAY, asked.as_of)
    first = last - timedelta(days=bundle.settings.window_days - 1)
    made = {
        person: sum(row.quantity for row in rows if first <= row.day <= last)
        for person, rows in contributions_of(bundle, asked).items()
    }
    return sum(number >= bundle.settings.active_min for number in made.values())


def new(bundle: Bundle, asked: Selection) -> int | None:
    """New to the program: of their first day, one contribution at least is in the teams and areas asked for."""
    if not countable(asked):
        return None
    first = {person: rows[0].day for person, rows in contributions_of(bundle, asked, own=False).items()}
    here = {person: rows[0].day for person, rows in contributions_of(bundle, asked).items()}
    return sum(asked.period.start <= day < asked.period.end and day == first[person] for person, day in here.items())


def by_volume(bundle: Bundle, asked: Selection, at_least: tuple[int, ...]) -> dict[int, int | None]:
    if not countable(asked):
        return dict.fromkeys(at_least)
    made = [
        sum(row.quantity for row in rows if asked.period.start <= row.day < asked.period.end)
        for rows in contributions_of(bundle, asked).values()
    ]
    return {least: sum(number >= least for number in made) for least in at_least}


@lru_cache(maxsize=8)
def _levels(rows: tuple[tuple[str, date, int], ...], window: int, least: int) -> dict[str, date]:
    """The first day of each person on which the window that ends with it holds enough; rows by person and day."""
    found: dict[str, date] = {}
    recent: list[tuple[date, int]] = []
    before = None
    for person, day, quantity in rows:
        if person != before:
            recent, before = [], person
        recent = [entry for entry in recent if entry[0] > day - timedelta(days=window)] + [(day, quantity)]
        if person not in found and sum(number for _, number in recent) >= least:
            found[person] = day
    return found


def levels(bundle: Bundle, asked: Selection) -> tuple[dict[str, date], dict[str, date], dict[str, date]]:
    """The days on which people became casual, active and core."""
    settings = bundle.settings
    days = Counter[tuple[str, date]]()
    for row in bundle.contributions:
        if row.day <= asked.as_of:
            days[row.person, row.day] += row.quantity
    rows = tuple((person, day, number) for (person, day), number in sorted(days.items()))
    casual = _levels(rows, settings.window_days, 1)
    return (
        casual,
        _levels(rows, settings.window_days, settings.active_min),
        _levels(rows, settings.window_days, settings.core_min),
    )


def retention(bundle: Bundle, asked: Selection, months: int) -> dict[tuple[str, int], tuple[int, float, float]]:
    """Of each cohort month and month since: people, share active in exactly that month, share active then or later."""
    cohorts: dict[date, list[str]] = defaultdict(list)
    for person, first in first_contributions(bundle, asked).items():
        if asked.period.start <= first.day < asked.period.end:
            cohorts[first.day.replace(day=1)].append(person)
    done = {
        person: {row.day.replace(day=1) for row in rows}
        for person, rows in contributions_of(bundle, asked, own=False).items()
    }
    found = {}
    for cohort, people in cohorts.items():
        for since in range(months + 1):
            month = month_later(cohort, since)
            if month_later(month) > asked.as_of:
                break
            exactly = sum(month in done[person] for person in people)
            later = sum(max(done[person]) >= month for person in people)
            found[f"{cohort:%Y-%m}", since] = (len(people), exactly / len(people), later / len(people))
    return found


def brought_in(bundle: Bundle, asked: Selection) -> dict[str, list[Contribution]]:
    """Everything done by the people whose first contribution is in the teams and areas asked for."""
    chosen = first_contributions(bundle, asked)
    return {person: rows for person, rows in contributions_of(bundle, asked, own=False).items() if person in chosen}


def retention_overall(bundle: Bundle, asked: Selection, months: int) -> dict[int, tuple[int, float, float]]:
    """Of each month since the first contribution: all whose month is over, and the two shares."""
    people: Counter[int] = Counter()
    exactly: Counter[int] = Counter()
    later: Counter[int] = Counter()
    for (_, since), (number, active_then, active_later) in retention(bundle, asked, months).items():
        people[since] += number
        exactly[since] += round(active_then * number)
        later[since] += round(active_later * number)
    return {since: (people[since], exactly[since] / people[since], later[since] / people[since]) for since in people}


def trend(bundle: Bundle, asked: Selection) -> dict[str, tuple[int | None, int | None]]:
    """Of each month of the period from the first contribution on: active people at its end, and new ones in it."""
    first = min((row.day for row in bundle.contributions), default=asked.as_of)
    month = max(first, asked.period.start).replace(day=1)
    found = {}
    while countable(asked) and month < asked.period.end and month <= asked.as_of:
        span = replace(asked, period=Period(month, month_later(month)))
        found[f"{month:%Y-%m}"] = (active(bundle, span), new(bundle, span))
        month = month_later(month)
    return {name: found[name] for name in sorted(found)[-60:]}


def returning(bundle: Bundle, asked: Selection) -> dict[str, tuple[int, int, int, int]]:
    """Of each quarter that the period touches, as a whole: active, new, continuing and reactivated people."""
    touched = range(
        quarter_start(asked.period.start).toordinal(),
        month_later(quarter_start(asked.period.end - ONE_DAY), 3).toordinal(),
    )
    window = timedelta(days=bundle.settings.window_days)
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for rows in brought_in(bundle, asked).values():
        days = sorted({row.day for row in rows})
        back = {quarter_start(later) for earlier, later in pairwise(days) if later - earlier > window}
        for start in {quarter_start(day) for day in days if day.toordinal() in touched}:
            kind = 1 if start == quarter_start(days[0]) else 3 if start in back else 2
            name = f"{start.year}-Q{start.month // 3 + 1}"
            found[name][0] += 1
            found[name][kind] += 1
    return {name: (counts[0], counts[1], counts[2], counts[3]) for name, counts in found.items()}


@dataclass
class _Year:
    quarters: set[date]
    code: int = 0
    all: int = 0


def persona(bundle: Bundle, asked: Selection) -> dict[str, tuple[int, int, int, int, int, int]]:
    """Of each quarter: people, mission-driven, regular, in two areas, mostly not code, connected."""
    everyone = brought_in(bundle, asked)
    if not everyone:
        return {}
    first = max(asked.period.start, min(rows[0].day for rows in everyone.values()))
    last = min(asked.period.end - ONE_DAY, asked.as_of)
    over = [
        start
        for start in quarters(first, last)
        if asked.period.start <= start
        and month_later(start, 3) <= asked.period.end
        and month_later(start, 3) <= asked.as_of
    ][-8:]
    return {f"{start.year}-Q{start.month // 3 + 1}": _persona(bundle, asked, everyone, start) for start in over}


def _persona(
    bundle: Bundle, asked: Selection, everyone: dict[str, list[Contribution]], quarter: date
) -> tuple[int, int, int, int, int, int]:
    start, end = month_later(quarter, -9), month_later(quarter, 3)
    years: dict[str, _Year] = {}
    areas: dict[str, set[str]] = {}
    for person, rows in everyone.items():
        inside = [row for row in rows if start <= row.day < end]
        if inside:
            year = years[person] = _Year({quarter_start(row.day) for row in inside})
            year.all = sum(row.quantity for row in inside)
            year.code = sum(row.quantity for row in inside if row.area in bundle.code_areas)
            areas[person] = {row.area for row in rows if row.day < end}
    contributors = {row.person for row in bundle.contributions if row.day <= asked.as_of}
    guests: dict[str, set[str]] = defaultdict(set)
    for row in bundle.participations:
        event = bundle.events[row.event]
        if start <= event.day < end and status_of(event, asked.as_of) == "held" and row.person in contributors:
            guests[row.event].add(row.person)
    together = Counter(person for people in guests.values() if len(people) > 1 for person in people)
    tied = {
        person
        for tie in bundle.mentorships
        if tie.started_on < end and (tie.ended_on is None or tie.ended_on >= start)
        for person in (tie.mentor, tie.mentee)
    }
    regular = {person for person, year in years.items() if len(year.quarters) >= 3}
    broad = {person for person in years if len(areas[person]) >= 2}
    not_code = {person for person, year in years.items() if 2 * year.code < year.all}
    connected = {person for person in years if together[person] >= 2 or person in tied}
    driven = regular & broad & not_code & connected
    return len(years), len(driven), len(regular), len(broad), len(not_code), len(connected)
