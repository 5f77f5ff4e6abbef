"""What a request would do to the money: the amount itself, the ceiling, the budget, the cost of its event."""

from __future__ import annotations

from decimal import Decimal
from statistics import median

from sqlalchemy import select

from data_access.database.schema import ledger
from data_access.money.effect import above_requested
from data_access.money.ledger import PENDING, PROGRAM, FiscalYear, Standing, in_year
from data_access.money.rates import SAME
from data_access.questions.requests.comparable import comparable_events, event_costs
from data_access.questions.requests.figures import (
    BOARD,
    COUNT,
    FINE,
    MONEY,
    SHARE,
    STOP,
    UNKNOWN,
    WATCH,
    Case,
    WhatIfFigure,
)
from data_access.wording import amount_words, counted, paragraph, say

NEAR_CEILING = Decimal("0.9")
TIMES_THE_MEDIAN = 2
CENT = Decimal("0.01")
# By whether the request is pending, and whether it fits.
_SUMS = {
    (True, True): "Paid {paid} + committed {committed} + this {added} = {after} of {ceiling}; {difference} left.",
    (True, False): "Paid {paid} + committed {committed} + this {added} = {after} of {ceiling}; {difference} over it.",
    (False, True): "Paid {paid} + committed {committed} = {after} of {ceiling}; {difference} left.",
    (False, False): "Paid {paid} + committed {committed} = {after} of {ceiling}; {difference} over it.",
}


def amount(case: Case) -> WhatIfFigure:
    """What is looked at, in the program's currency, and at which rate."""
    row, words = case.row, amount_words(case.given, case.row.currency)
    if case.given != row.requested_amount:
        words = say("{amount} of the {requested} requested", amount=words, requested=amount_words(row.requested_amount))
    if case.rate is None:
        no_rate = say(
            "{amount}. No exchange rate is known for {currency} on {day}.",
            amount=words,
            currency=row.currency,
            day=case.selection.as_of,
        )
        return WhatIfFigure("amount", "Amount", None, MONEY, UNKNOWN, no_rate)
    rate = {"amount": words, "rate": case.rate.value, "source": case.rate.source, "day": case.rate.on}
    template = {
        SAME: "{amount}.",
        "operator": "{amount}, at {rate} (the program’s own rate of {day}).",
    }.get(case.rate.source, "{amount}, at {rate} ({source} rate of {day}).")
    sentences = [say(template, **rate)]
    if not case.is_pending:
        sentences.append(say("It is {decision} already, so nothing is added below.", decision=row.decision))
    above = case.given > row.requested_amount
    return WhatIfFigure("amount", "Amount", case.own, MONEY, WATCH if above else FINE, paragraph(sentences))


def decision(case: Case) -> WhatIfFigure:
    """What has to be confirmed before it is approved, in the words in which the decision asks for it."""
    name, label = "to_approve", "To be confirmed"
    if not case.is_pending:
        return WhatIfFigure(name, label, 0, COUNT, FINE, "It is decided already.")
    doubts = [*above_requested(case.given, case.row.requested_amount, case.row.currency), *case.effect.doubts()]
    if not doubts:
        return WhatIfFigure(name, label, 0, COUNT, FINE, "Nothing: the program manager may approve it.")
    board = any(doubt.for_board for doubt in doubts)
    who = "Only the board can approve it." if board else "The program manager may approve it."
    words = paragraph((*(doubt.words for doubt in doubts), who))
    return WhatIfFigure(name, label, len(doubts), COUNT, BOARD if board else WATCH, words)


def ceiling(case: Case) -> WhatIfFigure:
    """How far the member's ceiling would be used up."""
    position, name, label = case.effect.position, "ceiling_after", "Ceiling after"
    if position.why_no_ceiling:
        verdict = BOARD if case.is_pending else UNKNOWN
        return WhatIfFigure(name, label, None, SHARE, verdict, position.why_no_ceiling)
    missing = "No ceiling is set for this member in the fiscal year {year}."
    if position.ceiling_unknown:
        missing = "No exchange rate is known for this member’s own ceiling of the fiscal year {year}."
    return _after(case, name, label, position.standing, missing)


def budget(case: Case) -> WhatIfFigure:
    """How far the program's budget would be used up."""
    missing = "No budget is recorded in the fiscal year {year}."
    return _after(case, "budget_after", "Program budget after", case.effect.whole or Standing(PROGRAM, None), missing)


def _after(case: Case, name: str, label: str, own: Standing, missing: str) -> WhatIfFigure:
    added, year = case.effect.added, case.year
    if own.ceiling is None or added is None:
        if added is None:
            missing = "No exchange rate is known for this amount in the fiscal year {year}."
        return WhatIfFigure(name, label, None, SHARE, UNKNOWN, say(missing, year=str(year.number)))
    after = own.paid + own.committed + added
    sums = say(
        _SUMS[case.is_pending, after <= own.ceiling],
        paid=_money(own.paid),
        committed=_money(own.committed),
        added=_money(added),
        after=_money(after),
        ceiling=_money(own.ceiling, case.program.currency),
        difference=_money(abs(own.ceiling - after)),
    )
    own_pending, own_unknown = _own_pending(case, year)
    others, others_unknown = own.pending - own_pending, own.pending_unknown - own_unknown
    pending = say("Other requests of {amount} are pending.", amount=_money(others))
    pending_unknown = counted(
        others_unknown,
        "{n} other request without a known rate is pending.",
        "{n} other requests without a known rate are pending.",
    )
    unknown = counted(
        own.unknown,
        "{n} amount without a known rate is not in it.",
        "{n} amounts without a known rate are not in it.",
    )
    waits = (pending if others else "", pending_unknown if others_unknown else "")
    explained = paragraph([sums, *waits, unknown if own.unknown else ""])
    near = after >= NEAR_CEILING * own.ceiling and after > 0
    verdict = STOP if after > own.ceiling else WATCH if near or own.unknown else FINE
    # Of a ceiling of zero there is no share.
    share = float(after / own.ceiling) if own.ceiling else None
    return WhatIfFigure(name, label, share, SHARE, verdict, explained)


def _own_pending(case: Case, year: FiscalYear) -> tuple[Decimal, int]:
    """What this request is in the year's pending money, at the rate of its own day, and in those without one."""
    ours = (ledger.c.request_key == case.row.request_key, in_year(year, case.selection.as_of))
    found = case.connection.execute(select(ledger.c.amount).where(*ours, ledger.c.state == PENDING)).first()
    return (Decimal(0), 0) if found is None else (found.amount or Decimal(0), int(found.amount is None))


def cost_per_attendee(case: Case) -> WhatIfFigure:
    """What the event costs for each who attends, next to the median of comparable events."""
    name, label = "cost_per_attendee", "Cost per attendee"
    if case.row.event_key is None:
        return WhatIfFigure(name, label, None, MONEY, UNKNOWN, "The request names no event.")
    compared = comparable_events(case.connection, case.row, case.selection.as_of)
    usual, against = None, "No comparable event is known."
    if compared:
        usual = median([each.cost / each.attendance for each in compared])
        against = say(
            "The median of {events} is {cost}.",
            events=counted(len(compared), "{n} comparable event", "{n} comparable events"),
            cost=_money(usual, case.program.currency),
        )
    attendance, template = case.row.attendance, "{cost} for all requests of the event ÷ {attendees}."
    if not attendance and compared:
        attendance = round(median([each.attendance for each in compared]))
        template = (
            "{cost} for all requests of the event ÷ {attendees}, the median of comparable events, as none is given."
        )
    others = _others_of_the_event(case)
    if others is None or case.own is None or not attendance:
        no_rate = others is None or case.own is None
        why = "No exchange rate is known for an amount." if no_rate else "The attendance is not known."
        return WhatIfFigure(name, label, None, MONEY, UNKNOWN, paragraph([why, against]))
    cost = others + case.own
    value = cost / Decimal(attendance)
    attendees = counted(attendance, "{n} attendee", "{n} attendees")
    explained = say(template, cost=_money(cost, case.program.currency), attendees=attendees)
    high = usual is not None and value > TIMES_THE_MEDIAN * usual
    verdict = WATCH if high else UNKNOWN if usual is None else FINE
    return WhatIfFigure(name, label, value.quantize(CENT), MONEY, verdict, paragraph([explained, against]))


def _others_of_the_event(case: Case) -> Decimal | None:
    """What is paid or approved for the event in other requests; None with an amount without a rate."""
    costs = event_costs(case.connection, [case.row.event_key], case.selection.as_of, without=case.row.request_key)
    return costs.get(case.row.event_key, Decimal(0))


def _money(amount: Decimal, currency: str = "") -> str:
    """The amount to the cent; in full where that would make nothing of something."""
    rounded = amount.quantize(CENT)
    return amount_words(rounded if rounded or not amount else amount, currency)
