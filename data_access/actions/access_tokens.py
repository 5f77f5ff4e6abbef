"""Making and ending tokens with which other programs ask questions: by the program manager, each in the audit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import delete, insert, select

from data_access.access_tokens import hash_of, new_secret
from data_access.actions.beginning import never_undone
from data_access.actions.record import RULES, ActionRefused, Author, keep_entry, writing
from data_access.actions.viewers import given_role
from data_access.database.engine import Database
from data_access.database.schema import access_tokens
from data_access.recorded import TOKEN
from data_access.selection import NotAllowed, Role
from data_access.viewers import teams_as_text

LONGEST_NAME, LONGEST = 60, timedelta(days=366)


def make_token(
    database: Database, author: Author, name: str, role: str, teams: Iterable[str], ends_on: date, today: date
) -> str:
    """Make a token and return it: it is told this once and kept nowhere. Raises ActionRefused, NotAllowed."""
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise ActionRefused(f"A token needs a name of at most {LONGEST_NAME} letters, such as “website”.")
    if not today < ends_on <= today + LONGEST:
        raise ActionRefused(f"{ends_on} is no end for it: choose a day after today and within a year.")
    secret = new_secret()
    with writing(database) as connection:
        _require_manager(author)
        if connection.execute(select(access_tokens.c.name).where(access_tokens.c.name == called)).first():
            raise ActionRefused(f"There is a token “{called}” already. End that one, or choose another name.")
        wanted = given_role(connection, role, teams)
        after = {"name": called, "role": role, "teams": teams_as_text(wanted), "ends_on": ends_on.isoformat()}
        row = {**after, "ends_on": ends_on, "made_on": today, "hash": hash_of(secret)}
        connection.execute(insert(access_tokens), row)
        keep_entry(connection, author, "", "token made", TOKEN, called, None, after, new_version=False)
    return secret


def end_token(database: Database, author: Author, name: str) -> None:
    """From now on the token opens nothing. Raises ActionRefused, NotAllowed."""
    with writing(database) as connection:
        _require_manager(author)
        row = connection.execute(select(access_tokens).where(access_tokens.c.name == name)).first()
        if row is None:
            raise ActionRefused(f"There is no token {name[:60]!r}. `uplift token list` names those that there are.")
        connection.execute(delete(access_tokens).where(access_tokens.c.name == name))
        before = {"name": row.name, "role": row.role, "teams": row.teams, "ends_on": row.ends_on.isoformat()}
        keep_entry(connection, author, "", "token ended", TOKEN, name, before, None, new_version=False)


def _require_manager(author: Author) -> None:
    if author.scope.role is not Role.PM:
        raise NotAllowed("Tokens are made and ended by the program manager. Nothing was changed.")


RULES[TOKEN] = never_undone("A token is ended, or a new one made: what was ended does not come back.")
