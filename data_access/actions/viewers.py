"""Who may look, in which role: as the program manager decides; one program manager always stays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from sqlalchemy import Connection, func, select, update

from data_access.actions.changes import KeptChange, newest_changes
from data_access.actions.record import (
    RULES,
    ActionRefused,
    Author,
    Changed,
    Rules,
    Snapshot,
    keep_entry,
    who_changed,
    writing,
)
from data_access.actions.subjects import NOTHING, read_state, text_of, write_state
from data_access.database.engine import Database
from data_access.database.schema import subscriptions, teams, viewers
from data_access.recorded import VIEWER, State, in_words, role_words
from data_access.selection import STAFF, NotAllowed, Role
from data_access.subscriptions import WEBHOOK
from data_access.viewers import NotAnEmail, parse_email, teams_as_text


def viewers_snapshot(connection: Connection) -> Snapshot:
    """What a form about viewers is opened on."""
    emails = connection.execute(select(viewers.c.email)).scalars().all()
    return {(VIEWER, email): text_of(read_state(connection, "", VIEWER, email)) for email in emails}


def set_viewer(
    database: Database,
    author: Author,
    email: str,
    role: str,
    team_keys: Iterable[str] = (),
    *,
    opened: Snapshot | None = None,
) -> str:
    """Let an account in, or change what it may see; returns what was done, in words.

    Without `opened` nobody looked at a form, and what is there is changed. Raises ActionRefused, Changed, NotAllowed.
    """
    key = _email(email)

    def change(connection: Connection, before: State) -> State:
        wanted = given_role(connection, role, team_keys)
        after = {"email": key, "role": str(role), "teams": teams_as_text(wanted)}
        if after == before:
            raise ActionRefused(f"{key} is {role_words(after)} already.")
        return after

    return _write(database, author, key, "viewer", opened, change)


def remove_viewer(database: Database, author: Author, email: str, *, opened: Snapshot | None = None) -> str:
    """Take an account's role away; it then may see what is public. Returns what was done, in words."""
    key = _email(email)

    def change(connection: Connection, before: State) -> State:
        if before is None:
            raise ActionRefused(f"{key} has no role. `uplift viewer list` names those who have.")
        return None

    return _write(database, author, key, "viewer removed", opened, change)


def given_role(connection: Connection, role: str, team_keys: Iterable[str]) -> tuple[str, ...]:
    """The teams that go with a role that can be given. Raises ActionRefused where they do not fit."""
    wanted = tuple(sorted({team.strip() for team in team_keys if team.strip()}))
    if role not in STAFF:
        raise ActionRefused(
            f"{role[:40]!r} is not a role to give. Choose pm, board, leadership or partner; "
            "everybody else may see what is public already."
        )
    if role == Role.PARTNER and not wanted:
        raise ActionRefused("A partner needs a team: name at least one.")
    if role != Role.PARTNER and wanted:
        raise ActionRefused(f"Only a partner has teams. Leave out {', '.join(wanted)}, or choose partner.")
    for team in wanted:
        _require_team(connection, team)
    return wanted


def viewer_changes(connection: Connection) -> list[KeptChange]:
    """The newest changes, newest first."""
    return newest_changes(connection, VIEWER)


def _email(text: str) -> str:
    try:
        return parse_email(text)
    except NotAnEmail as problem:
        raise ActionRefused(str(problem)) from problem


def _require_team(connection: Connection, team: str) -> None:
    if connection.execute(select(teams.c.team_key).where(teams.c.team_key == team)).first():
        return
    known = connection.execute(select(teams.c.team_key).order_by(teams.c.team_key).limit(13)).scalars().all()
    if not known:
        raise ActionRefused(f"There is no team {team[:60]!r}. Import it first.")
    listed = ", ".join(known[:12])
    if len(known) > 12:
        raise ActionRefused(f"There is no team {team[:60]!r}. The teams are: {listed} ….")
    raise ActionRefused(f"There is no team {team[:60]!r}. The teams are: {listed}.")


def _write(
    database: Database,
    author: Author,
    key: str,
    action: str,
    opened: Snapshot | None,
    change: Callable[[Connection, State], State],
) -> str:
    with writing(database) as connection:
        _may_change(connection, author, key)
        before = read_state(connection, "", VIEWER, key)
        if opened is not None and text_of(before) != opened.get((VIEWER, key), NOTHING):
            raise Changed(who_changed(connection, author, "", VIEWER, key, before))
        after = change(connection, before)
        write_state(connection, "", VIEWER, key, after)
        _settle(connection, author, key, before, after, ())
        # Who may look is no data of the program: what it says stays as of its last import.
        keep_entry(connection, author, "", action, VIEWER, key, before, after, new_version=False)
        return in_words(VIEWER, before, after, names_people=True)


def _may_change(connection: Connection, author: Author, key: str) -> None:
    if author.scope.role is not Role.PM:
        raise NotAllowed("Who may look is decided by the program manager. Nothing was changed.")


def _settle(
    connection: Connection, author: Author, key: str, before: State, after: State, confirmed: Collection[str]
) -> None:
    _one_stays(connection, key, before, after)
    # Messages follow the table of viewers alone from now on, not a role that the address was given apart.
    own = subscriptions.c
    messages = (own.address == key, own.channel != WEBHOOK)
    connection.execute(update(subscriptions).where(*messages).values(role="", teams=""))


def _one_stays(connection: Connection, key: str, before: State, after: State) -> None:
    def is_manager(state: State) -> bool:
        return isinstance(state, dict) and state["role"] == Role.PM

    left = connection.execute(select(func.count()).where(viewers.c.role == Role.PM)).scalar_one()
    if is_manager(before) and not is_manager(after) and not left:
        raise ActionRefused(
            f"{key} is the last program manager: nobody could give roles any more. Give somebody else that role first."
        )


RULES[VIEWER] = Rules(_may_change, _settle, new_version=False)
