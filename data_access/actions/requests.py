"""Decisions about money: approve, decline, mark as paid; by the board what is over the ceiling or an exception.

Two rules make it safe whatever happens at once. Each decision names the state of the request that its form was opened
on. And the ceilings are looked at in the same transaction, after the decision was written and before it is kept, under
the one write lock: of two who spend the same remainder, the second is refused or has to confirm.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from data_access.actions.record import (
    RULES,
    ActionRefused,
    Author,
    Changed,
    Rules,
    Snapshot,
    checked,
    keep_entry,
    past_day,
    who_changed,
    writing,
)
from data_access.actions.subjects import NOTHING, read_state, text_of, write_state
from data_access.contract.kinds import MONEY_SCALE
from data_access.database.engine import Database
from data_access.database.schema import ledger
from data_access.money.effect import OVER_THE_CEILING, Doubt, above_requested, effect
from data_access.money.ledger import (
    EVERYTHING,
    PAID,
    PENDING,
    FiscalYear,
    fiscal_year,
    fiscal_year_of,
    program_totals,
)
from data_access.program import Program, load_program
from data_access.recorded import REQUEST, State
from data_access.selection import INSIDE, NotAllowed, Role
from data_access.wording import amount_words, day_in_words, paragraph

# More than so many times the request is a slip of the finger, not a decision.
ABSURD = 10


class NeedsConfirmation(ActionRefused):
    """An action with warnings: the same call goes through when it confirms their codes."""

    def __init__(self, warnings: Collection[Doubt]) -> None:
        super().__init__(" ".join(warning.words for warning in warnings))
        self.codes = frozenset(warning.code for warning in warnings)


class NeedsTheBoard(ActionRefused):
    """Only the board may approve this; the request stays as it is."""


class NeedsTheManager(ActionRefused):
    """The program manager decides this, not the board; the request stays as it is."""


def request_snapshot(connection: Connection, request: str) -> Snapshot:
    """What a form about this request is opened on."""
    state = read_state(connection, "", REQUEST, request)
    return {} if state is None else {(REQUEST, request): text_of(state)}


def approve(
    database: Database,
    author: Author,
    request: str,
    *,
    opened: Snapshot,
    today: date,
    amount: object,
    decided_on: date | None = None,
    note: str = "",
    confirmed: Collection[str] = (),
) -> int:
    """Approve a pending request with an amount in its own currency: the PM what fits, the board what does not.

    Exactly 100 % is not over. Has to be confirmed: more than was requested, over the program's budget, an amount that
    no ceiling can be checked against for want of a rate; by the board: over the ceiling, and a request by anybody who
    is no graduated member on the day. Raises NeedsTheBoard, NeedsTheManager, NeedsConfirmation, Changed, ActionRefused,
    NotAllowed; nothing is then written.
    """
    granted = _amount("approved_amount", amount, "Approved amount")

    def change(before: dict[str, str], warnings: list[Doubt]) -> State:
        _must_be_pending(before)
        day = _decision_day(before, decided_on or today, today)
        requested = Decimal(before["requested_amount"])
        if granted > ABSURD * requested:
            given, wanted = amount_words(granted, before["currency"]), amount_words(requested)
            raise ActionRefused(
                f"Approved amount: {given} is more than {ABSURD} times the {wanted} requested. Check the decimals."
            )
        warnings += above_requested(granted, requested, before["currency"])
        return {**before, "decision": "approved", "decided_on": day, "approved_amount": str(granted)}

    return _decide(database, author, request, today, "approval", opened, change, note, confirmed, INSIDE)


def decline(
    database: Database,
    author: Author,
    request: str,
    *,
    opened: Snapshot,
    today: date,
    reason: str,
    decided_on: date | None = None,
) -> int:
    """Decline a pending request; the audit keeps the reason."""

    def change(before: dict[str, str], warnings: list[Doubt]) -> State:
        _must_be_pending(before)
        if not reason.strip():
            raise ActionRefused("Reason: a reason is needed, so that the member can learn it.")
        return {**before, "decision": "declined", "decided_on": _decision_day(before, decided_on or today, today)}

    return _decide(database, author, request, today, "decline", opened, change, reason, (), {Role.PM})


def mark_paid(
    database: Database,
    author: Author,
    request: str,
    *,
    opened: Snapshot,
    today: date,
    amount: object,
    paid_on: date | None,
    confirmed: Collection[str] = (),
) -> int:
    """Record what was paid for an approved request, at most what was approved, on the day of the decision or later.

    A payment counts in the fiscal year in which it is made: when that takes the member over that year's ceiling, it
    has to be confirmed.
    """
    paid = _amount("paid_amount", amount, "Paid amount")

    def change(before: dict[str, str], warnings: list[Doubt]) -> State:
        if before["paid_amount"] is not None and before["paid_on"] is not None:
            raise ActionRefused("This request is paid already. Undo that first, to correct it.")
        if before["decision"] != "approved" or before["approved_amount"] is None:
            raise ActionRefused("Only an approved request can be paid. Approve it first.")
        day = past_day("funding_requests", "paid_on", paid_on, "Paid on", today)
        if before["decided_on"] and day < before["decided_on"]:
            decided = day_in_words(date.fromisoformat(before["decided_on"]))
            raise ActionRefused(f"Paid on: the request was approved on {decided}; it cannot be paid before.")
        approved = Decimal(before["approved_amount"])
        if paid > approved:
            raise ActionRefused(
                f"Paid amount: {amount_words(paid, before['currency'])} is more than the {amount_words(approved)} "
                "approved. Undo the approval and approve the higher amount first."
            )
        return {**before, "paid_amount": str(paid), "paid_on": day}

    return _decide(database, author, request, today, "payment", opened, change, "", confirmed, {Role.PM})


def _amount(column: str, amount: object, label: str) -> Decimal:
    scaled = checked("funding_requests", column, amount, label)
    if not scaled:
        raise ActionRefused(f"{label}: an amount above zero is needed.")
    return Decimal(scaled) / MONEY_SCALE


def _must_be_pending(before: dict[str, str]) -> None:
    if before["decision"] in (None, "pending"):
        return
    if not before["decided_on"]:
        raise ActionRefused(f"This request was {before['decision']} already. Undo that first, then decide again.")
    day = day_in_words(date.fromisoformat(before["decided_on"]))
    raise ActionRefused(f"This request was {before['decision']} on {day} already. Undo that first, then decide again.")


def _decision_day(before: dict[str, str], day: date, today: date) -> str:
    decided = past_day("funding_requests", "decided_on", day, "Decided on", today)
    if decided < before["requested_on"]:
        made = day_in_words(date.fromisoformat(before["requested_on"]))
        raise ActionRefused(f"Decided on: the request was made on {made}; it cannot be decided before.")
    return decided


def _decide(
    database: Database,
    author: Author,
    request: str,
    today: date,
    action: str,
    opened: Snapshot,
    change: Callable[[dict[str, str], list[Doubt]], State],
    note: str,
    confirmed: Collection[str],
    roles: Collection[Role],
) -> int:
    why: str | None = checked("team_milestones", "note", note, "Note") if note.strip() else None
    with writing(database) as connection:
        _require(author, roles)
        before = read_state(connection, "", REQUEST, request)
        if not isinstance(before, dict):
            raise ActionRefused(f"There is no request {request[:60]!r}. Nothing was changed.")
        if text_of(before) != opened.get((REQUEST, request), NOTHING):
            raise Changed(who_changed(connection, author, "", REQUEST, request, before))
        warnings: list[Doubt] = []
        after = change(before, warnings)
        try:
            write_state(connection, "", REQUEST, request, after)
        except IntegrityError as cause:
            raise ActionRefused(
                "A payment of this request was recorded before, and is not in the request any more. It is not paid "
                "twice: nothing was changed. Look at “Recent decisions”, and ask who runs the database."
            ) from cause
        _check(connection, author, request, before, after, today, confirmed, warnings)
        said = next((doubt.recorded_as for doubt in warnings if doubt.for_board), action)
        return keep_entry(connection, author, "", said, REQUEST, request, before, after, note=why)


def _require(author: Author, roles: Collection[Role]) -> None:
    if author.scope.role not in roles:
        if Role.BOARD in roles:
            raise NotAllowed("This decision is open to the program manager and the board only. Nothing was changed.")
        raise NotAllowed("This decision is open to the program manager only. Nothing was changed.")


def _check(
    connection: Connection,
    author: Author,
    request: str,
    before: State,
    after: State,
    today: date,
    confirmed: Collection[str],
    warnings: list[Doubt],
) -> None:
    """Check what was just written against the years it counts in; raises as `approve` says."""
    if isinstance(after, dict) and after["decision"] == "approved":
        program = load_program(connection)
        spends = not isinstance(before, dict) or before["decision"] != "approved"
        if spends or _moves(program, before, after):
            for year, added in _burns(connection, program, request, today):
                day = date.fromisoformat(after["decided_on"] or after["requested_on"])
                written = None if added is None else Decimal(0)
                whose, currency = str(after["person_key"]), str(after["currency"])
                whole = program_totals(connection, year, today)
                found = effect(
                    connection, program, whose, written, currency, year=year, day=day, as_of=today, whole=whole
                )
                if spends:
                    warnings += found.doubts()
                else:
                    # What is paid was approved before: over the ceiling of its year is confirmed, and needs no board.
                    warnings += (replace(doubt, recorded_as="") for doubt in found.ceiling_doubts())
        if spends:
            _refuse_what_is_not_theirs(author, warnings)
    missing = [warning for warning in warnings if warning.code not in confirmed]
    if missing:
        raise NeedsConfirmation(missing)


def _refuse_what_is_not_theirs(author: Author, warnings: Collection[Doubt]) -> None:
    """Raises NeedsTheBoard when one of the doubts is the board's, and NeedsTheManager for the board when none is."""
    theirs = [warning for warning in warnings if warning.for_board]
    if author.scope.role is Role.BOARD:
        if not theirs:
            raise NeedsTheManager(
                "This request stays within the ceiling: the program manager decides it. The board decides what goes "
                "over a ceiling, and exceptions. Nothing was changed."
            )
    elif theirs:
        over = any(warning.recorded_as == OVER_THE_CEILING for warning in theirs)
        whose = "Only the board can approve more than the ceiling." if over else "Only the board can approve it."
        raise NeedsTheBoard(paragraph((*(warning.words for warning in theirs), whose, "Nothing was changed.")))


def _moves(program: Program, *states: State) -> bool:
    """Whether the payment that was made or taken back moves money to another fiscal year."""
    days = {state[name] for state in states if isinstance(state, dict) for name in ("decided_on", "paid_on")}
    return len({fiscal_year_of(date.fromisoformat(day), program).number for day in days if day}) > 1


def _burns(
    connection: Connection, program: Program, request: str, today: date
) -> Iterator[tuple[FiscalYear, Decimal | None]]:
    """The fiscal years in which the request now burns money, with the amount in the program's currency.

    What is paid counts in the year of its payment, what is approved and unpaid in the running one; where `today` is
    no day (`EVERYTHING`), in that of the approval.
    """
    wanted = (ledger.c.request_key == request, ledger.c.ends_on.is_(None), ledger.c.state != PENDING)
    rows = connection.execute(select(ledger.c.state, ledger.c.fiscal_year, ledger.c.amount).where(*wanted)).all()
    for state, number, amount in rows:
        stays = state == PAID or today == EVERYTHING
        yield fiscal_year(number, program) if stays else fiscal_year_of(today, program), amount


def _may_undo(connection: Connection, author: Author, request: str) -> None:
    _require(author, INSIDE)


def _after_undo(
    connection: Connection, author: Author, request: str, before: State, after: State, confirmed: Collection[str]
) -> None:
    if author.scope.role is Role.BOARD and not _settles_a_dispute(before, after):
        raise NotAllowed(
            "The board may take back an approval or a decline, so that the request waits again. Payments and declining "
            "are open to the program manager only. Nothing was changed."
        )
    _check(connection, author, request, before, after, EVERYTHING, confirmed, [])


def _settles_a_dispute(before: State, after: State) -> bool:
    """Whether a decision was taken back, or an approval restored; not a payment made or undone, nor a decline."""
    if not isinstance(before, dict) or not isinstance(after, dict) or before["paid_amount"] != after["paid_amount"]:
        return False
    return bool(after["decision"] != "declined")


RULES[REQUEST] = Rules(_may_undo, _after_undo)
