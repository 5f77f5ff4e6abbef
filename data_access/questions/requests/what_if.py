"""What a request would do if it were approved: to the ceiling, the budget, the map; and what speaks for and against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from statistics import median
from typing import Any

import pandas as pd
from geopy.distance import geodesic
from sqlalchemy import Connection, Row, select

from data_access.database.memory import until_import
from data_access.database.schema import event_languages, ledger
from data_access.geography.languages import language_name
from data_access.money.ledger import (
    EVERYTHING,
    PENDING,
    FiscalYear,
    Standing,
    fiscal_year_of,
    program_totals,
    standings,
)
from data_access.money.rates import SAME, Rates
from data_access.program import Program, load_program
from data_access.questions.event_map.gaps import FEWER, MORE, country_gaps
from data_access.questions.event_map.members import language_fit
from data_access.questions.frames import TEXT, records, typed
from data_access.questions.members.standing import AT_RISK, MISSED, NAMED, standing_now
from data_access.questions.registry import question
from data_access.questions.requests.comparable import comparable_events, event_costs
from data_access.questions.requests.nearer import event_point, nearer, point_of, request_asked, spoken_by
from data_access.recorded import amount_words
from data_access.selection import Period, Scope, Selection, SelectionError, day_in_words

FINE, WATCH, STOP, UNKNOWN = VERDICTS = ("fine", "look closer", "over", "not known")
NEAR_CEILING = Decimal("0.9")
TIMES_THE_MEDIAN = 2
MONEY, SHARE, KM, RATIO, COUNT = "money", "share", "km", "ratio", "count"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is called, its value and unit, what to make of it, and how it came about."""

    figure: str
    label: str
    value: Any
    unit: str
    verdict: str
    explanation: str


@question(NAMED)
def what_if(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    request: str = "",
    amount: str = "",
    far_km: int = 3_000,
) -> pd.DataFrame:
    """What would change if a request were approved on `as_of`, and what speaks for and against it.

    One row a figure: figure, label, value, unit (money in the program's currency, share, km, ratio, count), verdict
    (fine, look closer, over, not known), explanation. Figures: amount, ceiling_after (exactly 100 % is not over),
    budget_after, floor, distance, cost_per_attendee, gap_ratio, language_fit, nearer_members. `amount` is in the
    request's own currency; all that is requested unless given. For a request that is decided already the money is what
    it is now. Paid and committed money is all that is recorded, the same as the decision itself is held against.

    Distance is the WGS84 geodesic from home to event; beyond `far_km` it wants a closer look. Cost per attendee
    compares with the latest 200 events of the same scale and region (online: online) that were held in the two years
    before, have attendance and money approved; more than twice their median wants a closer look. The gap ratio is that
    of `country_gaps` over the year before.
    """
    row = request_asked(connection, request)
    program = load_program(connection)
    case_ = _Case(connection, selection, scope, row, program, _asked(row, amount))
    figures = [case_.amount()]
    if program.currency:
        figures += [case_.ceiling(), case_.budget()]
    figures += [case_.floor(), case_.distance(far_km)]
    if program.currency:
        figures.append(case_.cost_per_attendee())
    figures += [case_.gap(), case_.language(), case_.nearer_members()]
    columns = ["figure", "label", "value", "unit", "verdict", "explanation"]
    table = pd.DataFrame([[getattr(item, name) for name in columns] for item in figures], columns=columns, dtype=object)
    return typed(table, **dict.fromkeys((name for name in columns if name != "value"), TEXT))


def _asked(row: Row[Any], amount: str) -> Decimal:
    if not amount:
        return Decimal(row.approved_amount if row.approved_amount is not None else row.requested_amount)
    try:
        asked = Decimal(amount)
        if not asked.is_finite() or asked <= 0:
            raise InvalidOperation
    except InvalidOperation:
        raise SelectionError(f"{amount[:40]!r} is not an amount above zero. Write it like 1133.32.") from None
    return asked


class _Case:
    """One request and what is known around it."""

    def __init__(
        self,
        connection: Connection,
        selection: Selection,
        scope: Scope,
        row: Row[Any],
        program: Program,
        asked: Decimal,
    ) -> None:
        self.connection, self.selection, self.scope = connection, selection, scope
        self.row, self.program, self.asked = row, program, asked
        self.is_pending = row.decision in (None, "pending")
        self.rate = Rates(connection, program.currency).at(row.currency, selection.as_of) if program.currency else None
        self.own = self.rate.convert(asked) if self.rate else None

    def amount(self) -> Figure:
        row, words = self.row, amount_words(self.asked, self.row.currency)
        if self.asked != row.requested_amount:
            words += f" of the {amount_words(row.requested_amount)} requested"
        if self.rate is None:
            words += f". No exchange rate is known for {row.currency} on {day_in_words(self.selection.as_of)}"
            return Figure("amount", "Amount", None, MONEY, UNKNOWN, f"{words}.")
        if self.rate.source != SAME:
            source = "the program’s own rate" if self.rate.source == "operator" else f"{self.rate.source} rate"
            words += f", at {self.rate.value} ({source} of {day_in_words(self.rate.on)})"
        if not self.is_pending:
            words += f". It is {row.decision} already, so nothing is added below"
        above = self.asked > row.requested_amount
        return Figure("amount", "Amount", self.own, MONEY, WATCH if above else FINE, f"{words}.")

    def ceiling(self) -> Figure:
        year, person = self._year(), self.row.person_key
        own = standings(self.connection, self.program, year, EVERYTHING, [person])[person]
        return self._after("ceiling_after", "Ceiling after", own, year, "ceiling is set for this member")

    def budget(self) -> Figure:
        year = self._year()
        whole = program_totals(self.connection, year, EVERYTHING)
        return self._after("budget_after", "Program budget after", whole, year, "budget is recorded")

    def _year(self) -> FiscalYear:
        return fiscal_year_of(self.selection.as_of, self.program)

    def _after(self, name: str, label: str, own: Standing, year: FiscalYear, missing: str) -> Figure:
        added = Decimal(0) if not self.is_pending else self.own
        if own.ceiling is None or added is None or own.ceiling == 0:
            why = "No exchange rate is known for this amount" if added is None else f"No {missing}"
            return Figure(name, label, None, SHARE, UNKNOWN, f"{why} in the fiscal year {year.number}.")
        after = own.paid + own.committed + added
        words = f"Paid {_money(own.paid)} + committed {_money(own.committed)}"
        if self.is_pending:
            words += f" + this {_money(added)}"
        words += f" = {_money(after)} of {_money(own.ceiling, self.program.currency)}"
        left = own.ceiling - after
        words += f"; {_money(left)} left" if left >= 0 else f"; {_money(-left)} over it"
        if besides := own.pending - self._own_pending(year):
            words += f". Other requests of {_money(besides)} are pending"
        if own.unknown:
            words += f". {own.unknown} amounts without a known rate are not in it"
        share = after / own.ceiling
        verdict = STOP if share > 1 else WATCH if share >= NEAR_CEILING or own.unknown else FINE
        return Figure(name, label, float(share), SHARE, verdict, f"{words}.")

    def _own_pending(self, year: FiscalYear) -> Decimal:
        """What this request is in the year's pending money, at the rate of its own day."""
        ours = (ledger.c.request_key == self.row.request_key, ledger.c.fiscal_year == year.number)
        wanted = select(ledger.c.amount).where(*ours, ledger.c.state == PENDING, ledger.c.ends_on.is_(None))
        return self.connection.execute(wanted).scalar() or Decimal(0)

    def floor(self) -> Figure:
        now = standing_now(self.connection, self.row.person_key, self.program, self.selection.as_of)
        if now is None:
            return Figure(
                "floor", "Floor this quarter", None, COUNT, WATCH, "This person is not a member this quarter."
            )
        floor = self.program.floor_events_per_quarter
        words = (
            f"{now.state.capitalize()}: {now.held} held and {now.scheduled} scheduled of {floor} events, "
            f"{now.days_left} days left in the quarter."
        )
        verdict = WATCH if now.state in (AT_RISK, MISSED) else FINE
        return Figure("floor", "Floor this quarter", now.held + now.scheduled, COUNT, verdict, words)

    def distance(self, far_km: int) -> Figure:
        there, home, label = event_point(self.row), point_of(self.row), "Distance from home"
        if there is None or home is None:
            why = self._no_place() if there is None else "The member’s home has no known place"
            return Figure("distance", label, None, KM, FINE if self.row.mode == "online" else UNKNOWN, f"{why}.")
        km = float(geodesic(home, there).km)
        words = f"From {self.row.home_city or 'home'} to {self.row.city or 'the event'}, as the crow flies."
        if km > far_km:
            words += f" More than {far_km:,} km: is somebody nearer?"
        return Figure("distance", label, km, KM, WATCH if km > far_km else FINE, words)

    def _no_place(self) -> str:
        if self.row.event_key is None:
            return "The request names no event"
        return "The event is online" if self.row.mode == "online" else "The event has no known place"

    def cost_per_attendee(self) -> Figure:
        name, label = "cost_per_attendee", "Cost per attendee"
        if self.row.event_key is None:
            return Figure(name, label, None, MONEY, UNKNOWN, "The request names no event.")
        compared = comparable_events(self.connection, self.row, self.selection.as_of)
        others = self._others_of_the_event()
        cost = None if others is None or self.own is None else others + self.own
        among = f"{len(compared)} comparable events" if len(compared) != 1 else "1 comparable event"
        usual = median([each.cost / each.attendance for each in compared]) if compared else None
        attendance, guessed = self.row.attendance, ""
        if not attendance and compared:
            attendance = round(median([each.attendance for each in compared]))
            guessed = ", the median of comparable events, as none is given"
        against = (
            f" The median of {among} is {_money(usual, self.program.currency)}."
            if usual is not None
            else " No comparable event is known."
        )
        if cost is None or not attendance:
            why = "No exchange rate is known for an amount" if cost is None else "The attendance is not known"
            return Figure(name, label, None, MONEY, UNKNOWN, f"{why}.{against}")
        value = cost / Decimal(attendance)
        words = (
            f"{_money(cost, self.program.currency)} for all requests of the event ÷ {attendance} attendees{guessed}."
        )
        high = usual is not None and value > TIMES_THE_MEDIAN * usual
        verdict = WATCH if high else UNKNOWN if usual is None else FINE
        return Figure(name, label, value.quantize(Decimal("0.01")), MONEY, verdict, words + against)

    def _others_of_the_event(self) -> Decimal | None:
        """What is paid or approved for the event besides this request; None with an amount without a rate."""
        costs = event_costs(self.connection, [self.row.event_key], without=self.row.request_key)
        return costs.get(self.row.event_key, Decimal(0))

    def gap(self) -> Figure:
        code, label = self.row.located_country, "Events there against expected"
        if code is None or self.row.mode == "online":
            return Figure("gap_ratio", label, None, RATIO, UNKNOWN, f"{self._no_place()}.")
        as_of = self.selection.as_of
        rows = until_import(self.connection, lambda found: _gaps(found, as_of), "gaps", as_of)
        row = rows.get(code)
        if row is None or pd.isna(row["ratio"]):
            return Figure(
                "gap_ratio", label, None, RATIO, UNKNOWN, "Nothing can be expected there: no inhabitants known."
            )
        words = (
            f"{row['events']} events in {row['name']} in the year before; {row['expected']:.1f} were to be expected "
            f"by inhabitants (95% interval of the ratio {row['low']:.2f} to {row['high']:.2f})."
        )
        meaning = {FEWER: " The country has fewer than expected: an event fills a gap.", MORE: " It has more already."}
        verdict = WATCH if row["verdict"] == MORE else FINE
        words += meaning.get(row["verdict"], f" Verdict: {row['verdict']}.")
        return Figure("gap_ratio", label, float(row["ratio"]), RATIO, verdict, words)

    def language(self) -> Figure:
        label, code = "Knows the language", self.row.located_country
        tags = spoken_by(self.connection, self.row.person_key)[self.row.person_key]
        wanted = select(event_languages.c.language).where(event_languages.c.event_key == self.row.event_key)
        held_in = sorted(self.connection.execute(wanted).scalars()) if self.row.event_key else []
        names = ", ".join(language_name(tag) for tag in sorted(tags)) or "no languages given"
        words = f"The member speaks {names}." if tags else "The member’s languages are not known."
        if held_in:
            words += f" The event is in {', '.join(language_name(tag) for tag in held_in)}."
        fit, share = language_fit(tags, code) if code else (None, None)
        if fit is None:
            return Figure("language_fit", label, None, SHARE, UNKNOWN, words)
        words += f" {round((share or 0) * 100)}% of the inhabitants know the best-known of the member’s languages."
        return Figure("language_fit", label, share, SHARE, FINE if fit else WATCH, words)

    def nearer_members(self) -> Figure:
        label = "Members who live nearer"
        if event_point(self.row) is None or point_of(self.row) is None:
            return Figure("nearer_members", label, None, COUNT, UNKNOWN, "The event or the home has no known place.")
        found = nearer(self.connection, self.selection, self.row)
        first = ", ".join(f"{each['name'] or each['person_key']} ({each['distance_km']:,.0f} km)" for each in found[:3])
        words = f"Nearest: {first}." if found else "Nobody lives nearer by 50 km or more."
        fitting = [each for each in found if each["language_fit"] and (each["remaining"] or 0) > 0]
        if found:
            words += f" {len(fitting)} of the {len(found)} nearest speak a main language there and have money left."
        return Figure("nearer_members", label, len(found), COUNT, WATCH if fitting else FINE, words)


def _money(amount: Decimal, currency: str = "") -> str:
    """The amount to the cent; in full where that would make nothing of something."""
    rounded = amount.quantize(Decimal("0.01"))
    return amount_words(rounded if rounded or not amount else amount, currency)


def _gaps(connection: Connection, as_of: date) -> dict[str, dict[str, Any]]:
    tomorrow = as_of + timedelta(days=1)
    year = Selection(Period(tomorrow - timedelta(days=365), tomorrow), as_of)
    return {row["country"]: row for row in records(country_gaps(connection, year, Scope.everything()))}
