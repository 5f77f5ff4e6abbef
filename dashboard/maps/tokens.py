"""The token in a map address: what the map shows, the selection and the viewer's scope, signed and good for hours."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from data_access.selection import Role, Scope, Selection, SelectionError

# A token made twice within these seconds is the same text: the browser keeps what it has, a rerun changes nothing.
STEP = 6 * 3600
LIFETIME = 2 * STEP
LONGEST = 8_000

WHAT = (
    *("events", "planned", "members", "rate", "gap", "change", "reach", "languages", "languages_online"),
    "diversity",
)
PUBLISHED = ("held", "held_rate", "reached")


class BadToken(Exception):
    """Forged, expired, from elsewhere, or not a token at all."""


@dataclass(frozen=True, slots=True)
class MapRequest:
    """What a map address asks for, with the question's options, and on whose behalf. Hashable: a cache key."""

    what: str
    selection: Selection
    scope: Scope
    options: tuple[tuple[str, str], ...] = ()


class _ByTheStep(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(super().get_timestamp()) // STEP * STEP


class _ForReading(TimestampSigner):
    pass


class Tokens:
    """Signs and reads tokens for one database. The secret is UPLIFT_SECRET, or drawn by each process for itself."""

    def __init__(self, database_url: str, secret: str | bytes) -> None:
        salt = f"map:{hashlib.sha256(database_url.encode()).hexdigest()}"
        options: dict[str, Any] = {"salt": salt, "signer_kwargs": {"digest_method": hashlib.sha256}}
        self._signing = URLSafeTimedSerializer(secret, signer=_ByTheStep, **options)
        self._reading = URLSafeTimedSerializer(secret, signer=_ForReading, **options)

    def sign(self, asked: MapRequest) -> str:
        """Letters, digits, `-`, `_` and `.` only: fit for an address and for a script."""
        query = {**asked.selection.to_query(), "as_of": asked.selection.as_of.isoformat()}
        scope = asked.scope
        who = [str(scope.role), list(scope.teams), scope.min_group_size]
        signed = self._signing.dumps([asked.what, query, *who, dict(asked.options)])
        return signed if isinstance(signed, str) else signed.decode()

    def read(self, token: str) -> MapRequest:
        """What was signed. Raises BadToken, without a reason."""
        if len(token) > LONGEST:
            raise BadToken
        try:
            what, query, role, teams, size, options = self._reading.loads(token, max_age=LIFETIME)
            selection = Selection.from_query(query, Selection(as_of=date.fromisoformat(query["as_of"])))
            scope = Scope(Role(role), tuple(teams), int(size))
            asked = MapRequest(what, selection, scope, tuple((str(name), str(of)) for name, of in options.items()))
        except (BadData, SelectionError, ValueError, TypeError, KeyError, AttributeError) as cause:
            raise BadToken from cause
        if what not in WHAT:
            raise BadToken
        return asked


_DRAWN = secrets.token_bytes(32)


def for_database(url: str) -> Tokens:
    """The tokens of this process, or of all processes that share UPLIFT_SECRET."""
    return Tokens(url, os.environ.get("UPLIFT_SECRET", "").strip() or _DRAWN)
