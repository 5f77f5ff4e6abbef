"""Funding of the sample: requests for members' events, what was approved and paid, ceilings, the program's budgets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from sample_data import events as ev
from sample_data import places
from sample_data.draws import below, stream
from sample_data.events import Events, event_key
from sample_data.members import Member
from sample_data.people import person_key
from sample_data.rates import CURRENCY_OF, PROGRAM_CURRENCY, WITHOUT_RATE, Converter, as_text, in_minor_units, scale_of
from sample_data.timeline import Timeline

CEILING = 2500
_GUESTS = (13, 45, 110)


@dataclass(slots=True)
class Request:
    """A funding request; amounts in minor units of its currency, days as in the timeline."""

    member: int
    event: int
    category: str
    requested: int
    currency: str
    requested_on: int
    decision: str = "pending"
    decided: int | None = None
    approved: int | None = None
    paid: int | None = None
    paid_on: int | None = None

    def settled(self) -> tuple[int, int]:
        """The amount that burns the ceiling, and the day whose rate and fiscal year apply."""
        if self.decision != "approved" or self.decided is None:
            return 0, self.requested_on
        if self.paid is not None and self.paid_on is not None:
            return self.paid, self.paid_on
        return self.approved or 0, self.decided


@dataclass(frozen=True)
class SampleMoney:
    """All requests, and members' own ceilings: (fiscal year, member) → dollars."""

    requests: list[Request]
    overrides: dict[tuple[int, int], int]


def draw_money(
    timeline: Timeline, events: Events, members: tuple[Member, ...], converter: Converter, seed: int
) -> SampleMoney:
    """Requests in order of their day, and overridden ceilings; this year some burn nearly, exactly or more than it."""
    rng = stream(seed, "money")
    overrides: dict[tuple[int, int], int] = {}
    requests: list[Request] = []
    year = timeline.as_of.year
    for number, member in enumerate(members):
        last = year if member.ended is None else timeline.date(member.ended).year
        for fiscal_year in range(timeline.date(member.started).year, last + 1):
            if rng.random() < 0.07:
                overrides[fiscal_year, number] = (3000, 3500, 4000, 1800)[below(rng, 4)]
        spent: dict[int, float] = {}
        for event, role, _ in sorted(member.held, key=lambda held: int(events.day[held[0]])):
            if member.ended is None or events.day[event] <= member.ended:
                for request in _asks(rng, timeline, events, number, member, event, role, converter):
                    _decide(rng, timeline, events, request, spent, overrides, converter)
                    requests.append(request)
    _stretch(timeline, members, requests, overrides, converter)
    requests += _without_rate(timeline, events, members, rng)
    requests.sort(key=lambda request: (request.requested_on, request.member, request.event, request.category))
    return SampleMoney(requests, overrides)


def _asks(
    rng: np.random.Generator,
    timeline: Timeline,
    events: Events,
    number: int,
    member: Member,
    event: int,
    role: str,
    converter: Converter,
) -> Iterable[Request]:
    """What a member asks for one event: travel and a bed far from home, food and supplies for events of their own."""
    place, scale, day = int(events.place[event]), int(events.scale[event]), int(events.day[event])
    home = places.cities()[member.home]
    currency = CURRENCY_OF.get(home.country, PROGRAM_CURRENCY)
    wishes: list[tuple[str, float]] = []
    if place == ev.ONLINE_PLACE:
        if rng.random() < 0.06:
            wishes.append(("other", 20 + 40 * rng.random()))
    elif place != member.home:
        distance = places.distance_km(member.home, place)
        if distance > 60:
            wishes.append(("travel", (28 + distance**0.78 * 0.75) * (0.75 + 0.6 * rng.random())))
            if distance > 180 and rng.random() < 0.72:
                nights = 1 + scale + below(rng, 2)
                wishes.append(("lodging", nights * (48 + 62 * rng.random())))
        elif rng.random() < 0.5:
            wishes.append(("travel", 6 + 20 * rng.random()))
    if place != ev.ONLINE_PLACE and role == "organizer" and (place == member.home or rng.random() < 0.15):
        guests = _GUESTS[scale] * (0.6 + 0.9 * rng.random())
        if rng.random() < 0.55:
            wishes.append(("catering", guests * (3.5 + 4.5 * rng.random())))
        if rng.random() < 0.3:
            wishes.append(("supplies", (18 + guests * 1.4) * (0.5 + 1.2 * rng.random())))
    for category, dollars in wishes:
        requested_on = day - 12 - below(rng, 40)
        if requested_on < member.started or rng.random() < 0.05:
            requested_on = max(day - below(rng, 10), member.started)
        if requested_on <= timeline.today:
            amount = dollars / converter.rate(currency, timeline.date(requested_on))
            estimated = category in ("travel", "catering", "supplies") and rng.random() < 0.6
            what = _named(category, number + event)
            yield Request(number, event, what, in_minor_units(amount, currency, estimated), currency, requested_on)


def _named(category: str, chance: int) -> str:
    """Some supplies are swag, and much of what is asked for online is a training."""
    if category == "supplies" and chance % 5 < 2:
        return "swag"
    return "training" if category == "other" and chance % 2 else category


def _decide(
    rng: np.random.Generator,
    timeline: Timeline,
    events: Events,
    request: Request,
    spent: dict[int, float],
    overrides: dict[tuple[int, int], int],
    converter: Converter,
) -> None:
    """Decide a request as far as its time has come; the queue moves slower in the PM's busy months."""
    busy = timeline.date(request.requested_on).month in (5, 9, 10)
    # The queue has grown lately: that is one of the things to be seen.
    recent = request.requested_on > timeline.today - 75
    decided = request.requested_on + 2 + int((24 if recent else 14 if busy else 8) * -np.log(1 - rng.random() * 0.97))
    chance, exact, late = rng.random(), rng.random(), rng.random()
    forgotten = rng.random() < 0.03
    if decided > timeline.today or (forgotten and request.requested_on > timeline.today - 240):
        return
    request.decided = decided
    if chance < 0.035:
        request.decision = "withdrawn"
        return
    fiscal_year = timeline.date(decided).year
    cost = converter.dollars(request.requested, request.currency, timeline.date(decided))
    ceiling = overrides.get((fiscal_year, request.member), CEILING)
    over = spent.get(fiscal_year, 0.0) + cost > ceiling
    if chance < 0.12 or (over and chance < 0.93):
        request.decision = "declined"
        return
    request.decision = "approved"
    # Larger amounts are now and then approved in part.
    part = in_minor_units(request.requested / scale_of(request.currency) * (0.5 + 0.4 * late), request.currency, True)
    request.approved = request.requested if exact < 0.82 else min(part, request.requested)
    spent[fiscal_year] = spent.get(fiscal_year, 0.0) + cost
    paid_on = max(int(events.day[request.event]), decided) + 6 + int(28 * late)
    if paid_on <= timeline.today and exact < 0.97 and events.day[request.event] <= timeline.today:
        # What is paid is what the receipts say, at most what was approved.
        request.paid = request.approved if late < 0.6 else int(request.approved * (0.78 + 0.5 * (late - 0.6)))
        request.paid_on = paid_on


def burned(timeline: Timeline, requests: Iterable[Request], converter: Converter, year: int) -> dict[int, float]:
    """Dollars paid and committed in a fiscal year, by member."""
    found: dict[int, float] = {}
    for request in requests:
        amount, day = request.settled()
        if amount and timeline.date(day).year == year:
            found[request.member] = found.get(request.member, 0.0) + converter.dollars(
                amount, request.currency, timeline.date(day)
            )
    return found


def _without_rate(
    timeline: Timeline, events: Events, members: tuple[Member, ...], rng: np.random.Generator
) -> list[Request]:
    """Supplies bought across the border from Kampala, in the currency that has no rate: to be listed, not counted."""
    kampala = places.city_number("Kampala")
    nearest = sorted(range(len(members)), key=lambda n: (places.distance_km(kampala, members[n].home), n))
    there: list[tuple[int, int]] = []
    elsewhere: list[tuple[int, int]] = []
    for number in nearest:
        member = members[number]
        last = min(timeline.today - 40, timeline.today if member.ended is None else member.ended)
        for found, known in ((there, events.at(kampala)), (elsewhere, sorted(event for event, _, _ in member.held))):
            found += [(number, event) for event in known if member.started + 20 < events.day[event] <= last][:1]
    requests = []
    for number, event in (there or elsewhere)[:2]:
        requested = (24 + below(rng, 60)) * 100_000
        decided = int(events.day[event]) - 6
        request = Request(
            number, event, "supplies", requested, WITHOUT_RATE, decided - 12, "approved", decided, requested
        )
        request.paid, request.paid_on = requested, decided + 30
        requests.append(request)
    return requests


def _stretch(
    timeline: Timeline,
    members: tuple[Member, ...],
    requests: list[Request],
    overrides: dict[tuple[int, int], int],
    converter: Converter,
) -> None:
    """Bring some present members to 90–100 % of this year's ceiling, a few over it, and one to exactly 100 %."""
    year = timeline.as_of.year
    now = burned(timeline, requests, converter, year)
    own = {number: [request for request in requests if request.member == number] for number in now}
    present = [n for n in sorted(now, key=lambda n: (-now[n], n)) if members[n].ended is None and now[n] > 150]
    in_dollars = [n for n in present if all(request.currency == PROGRAM_CURRENCY for request in own[n])]
    below_ceiling = [n for n in in_dollars if now[n] < overrides.get((year, n), CEILING)]
    exact = below_ceiling[0] if below_ceiling else None
    targets = (0.97, 1.12, 0.93, 1.04, 0.99, 0.955)
    for place, number in enumerate(n for n in present[: len(present) // 2 + 1] if n != exact):
        if place >= max(len(targets), len(present) // 9):
            break
        ceiling = overrides.get((year, number), CEILING)
        wanted = targets[place % len(targets)]
        if not _adjust(timeline, own[number], year, wanted * ceiling - now[number], converter):
            # Where no single receipt can make the difference, the person has a ceiling of their own.
            overrides[year, number] = max(round(now[number] / wanted / 50) * 50, 100)
    if exact is not None:
        _fill_up(timeline, members[exact], exact, own[exact], requests, overrides)


def _adjust(timeline: Timeline, own: list[Request], year: int, dollars: float, converter: Converter) -> bool:
    """Change this year's largest approved amount so that the burn changes by so many dollars, if credible."""
    settled = [request for request in own if request.settled()[0] and timeline.date(request.settled()[1]).year == year]
    largest = max(settled, key=lambda r: converter.dollars(r.settled()[0], r.currency, timeline.date(r.settled()[1])))
    amount, day = largest.settled()
    change = dollars / converter.rate(largest.currency, timeline.date(day)) * scale_of(largest.currency)
    changed = round(amount + change)
    if not 0.45 * amount < changed < 2.0 * amount:
        return False
    if largest.paid is not None:
        largest.paid = changed
    largest.approved = changed
    largest.requested = max(largest.requested, changed)
    return True


def _fill_up(
    timeline: Timeline,
    member: Member,
    number: int,
    own: list[Request],
    requests: list[Request],
    overrides: dict[tuple[int, int], int],
) -> None:
    """A last approved request takes the member to the ceiling, to the cent."""
    year = timeline.as_of.year
    cents = sum(amount for amount, day in (r.settled() for r in own) if amount and timeline.date(day).year == year)
    ceiling = overrides.get((year, number), CEILING)
    if ceiling * 100 - cents > 60_000:
        ceiling = overrides[year, number] = (cents // 50_000 + 1) * 500
    first_of_year = (timeline.as_of.replace(month=1, day=1) - timeline.start).days
    decided = max(timeline.today - 9, first_of_year)
    requested_on = max(decided - 6, min(member.started, decided))
    last_event = own[-1].event
    rest = ceiling * 100 - cents
    requests.append(
        Request(number, last_event, "other", rest, PROGRAM_CURRENCY, requested_on, "approved", decided, rest)
    )


def request_rows(timeline: Timeline, requests: list[Request], members: tuple[Member, ...]) -> list[list[str]]:
    """The `funding_requests` table."""
    rows = []
    for number, request in enumerate(requests):
        key, person = f"f{number + 1:06d}", person_key(members[request.member].person)
        row = [key, person, event_key(request.event), request.category, as_text(request.requested, request.currency)]
        row += [request.currency, timeline.text(request.requested_on), request.decision]
        row.append("" if request.decided is None else timeline.text(request.decided))
        row += ["" if minor is None else as_text(minor, request.currency) for minor in (request.approved, request.paid)]
        rows.append([*row, "" if request.paid_on is None else timeline.text(request.paid_on)])
    return rows


def budget_rows(
    timeline: Timeline, money: SampleMoney, members: tuple[Member, ...], converter: Converter
) -> list[list[str | int]]:
    """The `budgets` table: the program's, a little above or below what is spent, then members' own ceilings."""
    rows: list[list[str | int]] = []
    last = timeline.as_of.year
    for year in range(timeline.start.year, last + 1):
        spent = sum(burned(timeline, money.requests, converter, year).values())
        if not spent:
            continue
        gone = (timeline.as_of - timeline.as_of.replace(month=1, day=1)).days / 365 if year == last else 1.0
        plan = spent / max(gone, 0.2) * (1.25, 1.08, 0.97, 1.15, 1.05)[year % 5]
        rows.append([year, f"{max(round(plan / 500), 2) * 500}.00", PROGRAM_CURRENCY, "", _approved(timeline, year)])
    for (year, number), ceiling in sorted(money.overrides.items()):
        rows.append([year, f"{ceiling}.00", PROGRAM_CURRENCY, person_key(members[number].person), ""])
    return rows


def _approved(timeline: Timeline, year: int) -> str:
    """When the board approved the year's budget: in its January."""
    day = date(year, 1, 18)
    return day.isoformat() if day <= timeline.as_of else ""
