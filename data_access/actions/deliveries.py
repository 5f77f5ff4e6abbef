"""The ledger of messages: what each subscription was told, so that nothing is told twice, and what became of it.

A subscription is taken before anything is worked out for it, and what is new is claimed, in one transaction, before it
is sent: of two who do so at once one sends. Whoever dies before handing over is followed by a retry; whoever dies while
handing over is not, because nobody knows whether it arrived: that is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, or_, select, update

from data_access.actions.record import writing
from data_access.database.bulk import CHUNK_ROWS
from data_access.database.engine import Database
from data_access.database.schema import deliveries, subscription_looks, told_items

CLAIMED, HANDING_OVER, SENT, FAILED, GIVEN_UP = "claimed", "handing_over", "sent", "failed", "given_up"
# What was taken or claimed by whoever died is free again after that time; a message is handed over in less.
HELD_FOR = timedelta(minutes=10)
BACK_OFF = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12), timedelta(hours=24))
KEPT_FOR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message: `items` were told by it; `unsure`: whoever handed it over died, and nobody knows if it arrived."""

    number: int
    subscription: str
    made_at: datetime
    state: str
    items: int
    attempts: int
    tried_at: datetime
    next_try_at: datetime | None
    problem: str | None

    def unsure(self, now: datetime) -> bool:
        return self.state == HANDING_OVER and self.tried_at < now - HELD_FOR


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is to be sent now: by which delivery, which items, and how many are still so that were told before."""

    delivery: int
    items: frozenset[str]
    before: int


def seen_on(connection: Connection, key: str) -> date | None:
    """The day on which a subscription was last looked after, by the day that was then today."""
    own = subscription_looks.c
    return connection.execute(select(own.seen_on).where(own.subscription_key == key)).scalar()


def looks_so_far(connection: Connection) -> dict[str, int]:
    """How often each subscription was taken; to be read before what there is to tell is worked out."""
    own = subscription_looks.c
    return _pairs(connection, select(own.subscription_key, own.looks))


def take(database: Database, key: str, known: int, now: datetime) -> int | None:
    """Take a subscription, to look what is new for it; None where somebody else has it, or had it meanwhile.

    `known` is how often it had been taken before what there is to tell was worked out: who was overtaken has an old
    view of it, and would tell again what is over by now. `now` is in UTC.
    """
    own = subscription_looks.c
    with writing(database) as connection:
        row = connection.execute(select(own.looks, own.taken_until).where(own.subscription_key == key)).first()
        if (row.looks if row else 0) != known:
            return None
        if row is None:
            new = {"subscription_key": key, "looks": 1, "taken_until": now + HELD_FOR}
            connection.execute(insert(subscription_looks), new)
            return 1
        if row.taken_until is not None and row.taken_until > now:
            return None
        _look(connection, key, looks=row.looks + 1, taken_until=now + HELD_FOR)
        return int(row.looks) + 1


def give_back(database: Database, key: str, look: int) -> None:
    """Done with a subscription that was taken."""
    own = subscription_looks.c
    with writing(database) as connection:
        these = and_(own.subscription_key == key, own.looks == look)
        connection.execute(update(subscription_looks).where(these).values(taken_until=None))


def told(connection: Connection, key: str) -> dict[str, datetime]:
    """What a subscription was told of and is still so, with when (UTC)."""
    own = told_items.c
    return _pairs(connection, select(own.item, own.told_at).where(own.subscription_key == key))


def claim(
    database: Database,
    key: str,
    look: int,
    found: Mapping[str, str],
    cut_off: Collection[str],
    *,
    today: date,
    now: datetime,
    stop_hash: str | None = None,
    state: str = CLAIMED,
) -> Claimed | None:
    """Claim what is new of `found` (item → kind), and forget what is no longer so; None: nothing new, or not ours.

    Of kinds that were `cut_off` (more there are than were looked for) nothing is forgotten.
    """
    with writing(database) as connection:
        if not _is_ours(connection, key, look):
            return None
        before: dict[str, str] = _pairs(
            connection, select(told_items.c.item, told_items.c.kind).where(told_items.c.subscription_key == key)
        )
        _forget(connection, key, [item for item, kind in before.items() if item not in found and kind not in cut_off])
        _look(connection, key, seen_on=today)
        new = sorted(found.keys() - before.keys())
        if not new:
            return None
        row = {"subscription_key": key, "made_at": now, "tried_at": now, "state": state, "items": len(new)}
        made = connection.execute(insert(deliveries).values(**row, attempts=1, stop_hash=stop_hash))
        number = int(made.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted
        common = {"subscription_key": key, "told_at": now, "delivery_id": number}
        connection.execute(insert(told_items), [{**common, "item": item, "kind": found[item]} for item in new])
        return Claimed(number, frozenset(new), len(found) - len(new))


def claim_again(
    database: Database,
    key: str,
    look: int,
    number: int,
    found: Mapping[str, str],
    cut_off: Collection[str],
    *,
    now: datetime,
    stop_hash: str | None,
) -> Claimed | None:
    """Claim a delivery that failed: what it was to tell and is still so. None: nothing is, or it is not ours to send.

    What is over was never told: it is new if it comes back.
    """
    own = deliveries.c
    with writing(database) as connection:
        waits = connection.execute(select(own.delivery_id).where(own.delivery_id == number, _waits(now))).first()
        if waits is None or not _is_ours(connection, key, look):
            return None
        mine = (told_items.c.subscription_key == key, told_items.c.delivery_id == number)
        items = _pairs(connection, select(told_items.c.item, told_items.c.kind).where(*mine))
        _forget(connection, key, [item for item, kind in items.items() if item not in found and kind not in cut_off])
        still = frozenset(items) & frozenset(found)
        this = update(deliveries).where(own.delivery_id == number)
        if not still:
            connection.execute(this.values(state=GIVEN_UP, next_try_at=None, items=0, problem=None))
            return None
        values = {"state": CLAIMED, "attempts": own.attempts + 1, "tried_at": now, "next_try_at": None}
        connection.execute(this.values(**values, items=len(still), stop_hash=stop_hash))
        return Claimed(number, still, len(found) - len(still))


def begin_handing_over(database: Database, number: int, now: datetime) -> bool:
    """From here on nobody sends it again, whatever happens; False: it is not ours any more."""
    own = deliveries.c
    with writing(database) as connection:
        ours = update(deliveries).where(own.delivery_id == number, own.state == CLAIMED)
        return connection.execute(ours.values(state=HANDING_OVER, tried_at=now)).rowcount == 1


def settle(database: Database, number: int, problem: str | None, *, final: bool, now: datetime) -> Delivery:
    """Keep what became of it: sent, or failed with a problem, to be tried again unless that is `final`."""
    own = deliveries.c
    with writing(database) as connection:
        attempts = connection.execute(select(own.attempts).where(own.delivery_id == number)).scalar_one()
        if problem is None:
            state, again = SENT, None
        elif final or attempts > len(BACK_OFF):
            state, again = GIVEN_UP, None
        else:
            state, again = FAILED, now + BACK_OFF[attempts - 1]
        values = {"state": state, "problem": problem, "next_try_at": again, "tried_at": now}
        connection.execute(update(deliveries).where(own.delivery_id == number).values(**values))
        return _delivery(connection, number)


def to_try_again(connection: Connection, key: str, now: datetime) -> list[int]:
    """The deliveries of a subscription that failed and whose time has come, or that nobody handed over."""
    own = deliveries.c
    statement = select(own.delivery_id).where(own.subscription_key == key, _waits(now)).order_by(own.delivery_id)
    return list(connection.execute(statement).scalars())


def newest_deliveries(connection: Connection, keys: Iterable[str]) -> dict[str, Delivery]:
    """The newest of each subscription that has one."""
    own = deliveries.c
    newest = (
        select(func.max(own.delivery_id)).where(own.subscription_key.in_(list(keys))).group_by(own.subscription_key)
    )
    rows = connection.execute(select(*_COLUMNS).where(own.delivery_id.in_(newest)))
    return {row[1]: Delivery(*row) for row in rows}


def forget_old_deliveries(database: Database, now: datetime) -> None:
    """Forget what went out more than a year ago."""
    with writing(database) as connection:
        connection.execute(delete(deliveries).where(deliveries.c.made_at < now - KEPT_FOR))


_COLUMNS = tuple(
    deliveries.c[name]
    for name in (
        *("delivery_id", "subscription_key", "made_at", "state", "items"),
        *("attempts", "tried_at", "next_try_at", "problem"),
    )
)


def _delivery(connection: Connection, number: int) -> Delivery:
    return Delivery(*connection.execute(select(*_COLUMNS).where(deliveries.c.delivery_id == number)).one())


def _pairs(connection: Connection, statement: Select[Any]) -> dict[str, Any]:
    return {row[0]: row[1] for row in connection.execute(statement)}


def _waits(now: datetime) -> ColumnElement[bool]:
    own = deliveries.c
    failed = and_(own.state == FAILED, own.next_try_at <= now)
    return or_(failed, and_(own.state == CLAIMED, own.tried_at <= now - HELD_FOR))


def _is_ours(connection: Connection, key: str, look: int) -> bool:
    own = subscription_looks.c
    return connection.execute(select(own.looks).where(own.subscription_key == key)).scalar() == look


def _look(connection: Connection, key: str, **values: object) -> None:
    connection.execute(update(subscription_looks).where(subscription_looks.c.subscription_key == key).values(**values))


def _forget(connection: Connection, key: str, items: list[str]) -> None:
    for start in range(0, len(items), CHUNK_ROWS):
        gone = told_items.c.item.in_(items[start : start + CHUNK_ROWS])
        connection.execute(delete(told_items).where(told_items.c.subscription_key == key, gone))
