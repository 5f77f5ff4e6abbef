"""Tokens with which other programs ask questions: the table `access_tokens`, which holds their hashes alone."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Row, select

from data_access.database.schema import access_tokens
from data_access.selection import STAFF, Role, Scope, split_list

PREFIX = "uplift_"  # by which scanners of leaked secrets, and people, know what it is


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a token is called and may; `ends_on` is the first day on which it opens nothing. `teams`: a partner's."""

    name: str
    role: Role
    teams: tuple[str, ...]
    made_on: date
    ends_on: date

    def scope(self, min_group_size: int) -> Scope:
        """What may be asked with it."""
        return Scope(self.role, self.teams, min_group_size)


def new_secret() -> str:
    """A token to hand over: 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is kept of a token. Nobody guesses 256 random bits: a slow hash would only slow each request."""
    return hashlib.sha256(secret.encode()).hexdigest()


def known_token(connection: Connection, secret: str, today: date) -> AccessToken | None:
    """What a token opens today; None for one that is not known, was ended or is over."""
    row = connection.execute(select(access_tokens).where(access_tokens.c.hash == hash_of(secret))).first()
    return None if row is None or row.role not in STAFF or row.ends_on <= today else _token(row)


def all_tokens(connection: Connection) -> list[AccessToken]:
    """Those that were made and not ended, by name, whether or not they are over."""
    rows = connection.execute(select(access_tokens).order_by(access_tokens.c.name))
    return [_token(row) for row in rows if row.role in STAFF]


def _token(row: Row[tuple[object, ...]]) -> AccessToken:
    return AccessToken(row.name, Role(row.role), split_list(row.teams), row.made_on, row.ends_on)
