"""Who may have whom told of what, which addresses are refused, and the ledger of what was told; on both databases.

The program has one team, `docs`; its program manager is ada@example.org, bo@example.org is the team's partner.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from data_access import actions
from data_access.actions import ActionRefused, Author, deliveries
from data_access.database.engine import Database
from data_access.database.schema import audit, people, subscriptions
from data_access.persons.erase import By, erase
from data_access.persons.held import held_about
from data_access.selection import NotAllowed, Role, Scope
from data_access.subscriptions import TOPICS, all_subscriptions, known_feed, scope_of
from tests.recording_rows import stored
from tests.team_builders import TeamBuilder

TODAY = date(2026, 9, 15)
MOMENT = datetime(2026, 9, 15, 12)  # noqa: DTZ001  # UTC, as the ledger keeps it
ADA = Author("ada@example.org", Scope(Role.PM))
BO = Author("bo@example.org", Scope(Role.PARTNER, ("docs",)))
LEE = Author("lee@example.org", Scope(Role.LEADERSHIP))


@pytest.fixture
def program(either: Database) -> Database:
    TeamBuilder(either).add_team("docs")
    actions.set_viewer(either, ADA, ADA.name, "pm")
    actions.set_viewer(either, ADA, BO.name, "partner", ["docs"])
    actions.set_viewer(either, ADA, LEE.name, "leadership")
    return either


def subscribe(
    program: Database, by: Author, address: str, *topics: str, channel: str = "email", pace: str = "once", **more: str
) -> actions.Subscribed:
    return actions.subscribe(program, by, channel, address, topics, pace, today=TODAY, **more)


def keys(program: Database) -> set[str]:
    with program.program.connect() as connection:
        return {each.key for each in all_subscriptions(connection)}


HOSTILE = (
    "ada@example.org\r\nBcc: eve@example.org",
    "ada@example.org\nSubject: x",
    "ada@example.org\x00",
    "ada@exam ple.org",
    "ada @example.org",
    "ada@example.org, eve@example.org",
    "ada@example.org;eve@example.org",
    "<ada@example.org>",
    "Ada <ada@example.org>",
    "ada@example.org\u2028x",
    "\u202eada@example.org",
    "@example.org",
    "ada@example",
    f"{'a' * 65}@example.org",
    f"a@{'b' * 250}.org",
)
# The address itself, another secret of the environment, and names that no shell would take.
NO_WEBHOOK = ("https://hooks.example.org/secret", "UPLIFT_SMTP_PASSWORD", "UPLIFT_WEBHOOK_", "UPLIFT_WEBHOOK_x", "PATH")


def test_an_address_that_could_say_more_than_one_is_refused(program: Database) -> None:
    for address in HOSTILE:
        with pytest.raises(ActionRefused, match="is not an e-mail address"):
            subscribe(program, ADA, address, "release")
    for variable in NO_WEBHOOK:
        with pytest.raises(ActionRefused, match="name begins with UPLIFT_WEBHOOK_"):
            subscribe(program, ADA, variable, "release", channel="webhook")
    assert keys(program) == set()


def test_each_reader_has_their_own_and_the_manager_all(program: Database) -> None:
    own = subscribe(program, BO, BO.name, "teams", "release", pace="weekly")
    for attempt in (
        lambda: subscribe(program, BO, ADA.name, "release"),
        lambda: subscribe(program, BO, "UPLIFT_WEBHOOK_CHAT", "release", channel="webhook"),
        lambda: subscribe(program, BO, BO.name, "release", channel="feed", role="pm"),
        lambda: subscribe(program, Author("x@example.org", Scope(Role.PUBLIC)), "x@example.org", "release"),
        lambda: actions.unsubscribe(program, LEE, own.key),
    ):
        with pytest.raises((NotAllowed, ActionRefused)):
            attempt()
    assert keys(program) == {own.key}
    actions.unsubscribe(program, BO, own.key)
    assert keys(program) == set()
    # Undone by who it is for, and by nobody else but the manager.
    [*_, last] = stored(program, audit)
    with pytest.raises(NotAllowed):
        actions.undo(program, LEE, last["entry_id"])
    actions.undo(program, BO, last["entry_id"])
    assert keys(program) == {own.key}
    [first] = [row for row in stored(program, audit) if row["action"] == "subscribed"]
    words = "bo@example.org is told by e-mail, weekly, on Monday, of: Releases made, Teams ready or stalled"
    assert own.words == words
    assert first["author"] == BO.name


def test_nobody_is_told_what_their_role_may_not_know(program: Database) -> None:
    for address, role in ((BO.name, "partner"), (LEE.name, "leadership"), ("new@example.org", "")):
        for topic, about in TOPICS.items():
            if Role(role or "public") not in about.roles:
                with pytest.raises(ActionRefused, match="not open"):
                    subscribe(program, ADA, address, topic)
    with pytest.raises(ActionRefused, match="has a role here"):
        subscribe(program, ADA, LEE.name, "floor", role="pm")


def test_nobody_is_told_twice(program: Database) -> None:
    subscribe(program, ADA, ADA.name, "floor", "queue")
    with pytest.raises(ActionRefused, match="is told already of: Requests that wait"):
        subscribe(program, ADA, ADA.name, "queue", "data", pace="weekly")
    subscribe(program, ADA, ADA.name, "queue", channel="feed")


def test_messages_follow_the_table_of_viewers(program: Database) -> None:
    """Whoever loses a role is told no more by it; a role of one's own goes once the table has the address."""

    def role_of(address: str) -> Role:
        with program.program.connect() as connection:
            [found] = all_subscriptions(connection, address)
            return scope_of(connection, found, 5).role

    subscribe(program, ADA, LEE.name, "release")
    actions.set_viewer(program, ADA, LEE.name, "board")
    assert role_of(LEE.name) is Role.BOARD
    actions.remove_viewer(program, ADA, LEE.name)
    assert role_of(LEE.name) is Role.PUBLIC
    subscribe(program, ADA, "list@example.org", "floor", role="board")
    assert role_of("list@example.org") is Role.BOARD
    actions.set_viewer(program, ADA, "list@example.org", "leadership")
    actions.remove_viewer(program, ADA, "list@example.org")
    assert role_of("list@example.org") is Role.PUBLIC


def test_a_feeds_token_is_told_once_and_only_its_hash_is_kept(program: Database) -> None:
    made = subscribe(program, ADA, "Ada’s reader", "floor", channel="feed", role="pm")
    with program.program.connect() as connection:
        found = known_feed(connection, made.secret)
        assert known_feed(connection, made.secret[:-1]) is None
    assert found is not None
    assert found.address == "Ada’s reader"
    assert made.secret not in str([stored(program, subscriptions), stored(program, audit)])


def test_erasing_a_person_ends_their_messages(program: Database) -> None:
    """Theirs by the key that was given, or by an address that names them; and the address goes from the audit."""
    with program.writing() as connection:
        connection.execute(people.insert(), [{"person_key": "kim", "name": "Kim Doe"}])
    subscribe(program, ADA, "k.d@example.org", "release", person="kim")
    subscribe(program, ADA, "kim@example.org", "release")
    other = subscribe(program, ADA, "joakim@example.org", "release")
    with pytest.raises(ActionRefused, match="There is no person 'kin'"):
        subscribe(program, ADA, "x@example.org", "release", person="kin")
    with program.program.connect() as connection:
        assert "k.d@example.org" in held_about(connection, "kim").as_text()
    with program.writing() as connection:
        erase(connection, ["kim"], By("ada", "pm"), TODAY)
    assert keys(program) == {other.key}
    kept = str([stored(program, audit), stored(program, subscriptions)])
    assert "k.d@example.org" not in kept
    assert " kim@" not in kept.replace("'", " ").replace('"', " ")


def test_of_those_who_look_at_once_only_the_first_claims(either: Database) -> None:
    """Whoever looked before somebody else did has an old view: it is thrown away, not written over the newer one."""
    moment = MOMENT
    first = deliveries.take(either, "k", 0, moment)
    assert deliveries.take(either, "k", 1, moment) is None, "somebody has it"
    later = deliveries.take(either, "k", 1, moment + deliveries.HELD_FOR)
    assert deliveries.take(either, "k", 1, moment + 3 * deliveries.HELD_FOR) is None, "overtaken meanwhile"
    assert first is not None
    assert later is not None
    given = {"today": TODAY, "now": moment}
    claimed = deliveries.claim(either, "k", later, {"x": "floor"}, (), **given)  # type: ignore[arg-type]
    assert claimed is not None
    assert deliveries.claim(either, "k", first, {}, (), **given) is None  # type: ignore[arg-type]
    with either.program.connect() as connection:
        assert set(deliveries.told(connection, "k")) == {"x"}
    # Of a list that is cut off nothing is taken for gone; of a whole one it is, and comes back as new.
    for cut_off, left in ((("floor",), {"x"}), ((), set())):
        deliveries.claim(either, "k", later, {}, cut_off, **given)  # type: ignore[arg-type]
        with either.program.connect() as connection:
            assert set(deliveries.told(connection, "k")) == left


def test_who_dies_before_handing_over_is_followed_and_while_handing_over_is_not(either: Database) -> None:
    look = deliveries.take(either, "d", 0, MOMENT)
    assert look is not None
    given = {"today": TODAY, "now": MOMENT}
    claimed = deliveries.claim(either, "d", look, {"x": "floor"}, (), **given)  # type: ignore[arg-type]
    assert claimed is not None
    later = MOMENT + deliveries.HELD_FOR
    with either.program.connect() as connection:
        assert deliveries.to_try_again(connection, "d", MOMENT) == []
        assert deliveries.to_try_again(connection, "d", later) == [claimed.delivery]
    assert deliveries.begin_handing_over(either, claimed.delivery, MOMENT)
    assert not deliveries.begin_handing_over(either, claimed.delivery, MOMENT), "somebody else has it"
    with either.program.connect() as connection:
        assert deliveries.to_try_again(connection, "d", later) == []
        [newest] = deliveries.newest_deliveries(connection, ["d"]).values()
    assert not newest.unsure(MOMENT)
    assert newest.unsure(later + timedelta(seconds=1))
