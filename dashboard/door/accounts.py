"""Accounts: who the provider says somebody is, how long their sign-in lasts, and what they may see now."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from data_access.database.engine import Database
from data_access.selection import Role, Scope
from data_access.viewers import known_viewer, same_email

USER_COOKIE = "_streamlit_user"
# Never set in a browser: the door puts it in the place of a sign-in that has ended.
ENDED_COOKIE = "uplift_ended"
# What Streamlit gives its cookie; sign-ins end long before, when nobody uses them.
LONGEST_SECONDS = 30 * 24 * 3600
MOST_KEPT = 20_000
_CHUNKS = "chunks-"


@dataclass(frozen=True, slots=True)
class Account:
    """One sign-in. `email` is compared as `same_email` does; `key` is the same for all tabs of one sign-in."""

    email: str
    verified: bool
    key: str
    signed_at: float

    @classmethod
    def of(cls, claims: Mapping[str, Any], trusts_email: bool) -> Account | None:
        """From the claims of the ID token, as the cookie and `st.user` hold them; None for nobody."""
        if not claims.get("is_logged_in"):
            return None
        email, said = claims.get("email"), claims.get("email_verified")
        verified = said is True or said == "true" or (said is None and trusts_email)
        one = [claims.get(name) for name in ("iss", "sub", "iat", "nonce")]
        key = hashlib.sha256(json.dumps(one, default=str).encode()).hexdigest()
        signed_at = claims.get("iat")
        known = isinstance(email, str) and bool(email.strip())
        return cls(
            same_email(str(email)) if known else "",
            known and verified,
            key,
            float(signed_at) if isinstance(signed_at, int | float) else 0.0,
        )


def read_cookie(cookies: Mapping[str, str], secret: str, origin: str) -> dict[str, Any]:
    """The claims in Streamlit's signed cookie, whole or in chunks; {} for one that is missing, forged, old, foreign."""

    def signed(name: str) -> str:
        serializer = URLSafeTimedSerializer(secret, salt=name)
        return str(serializer.loads(cookies[name], max_age=LONGEST_SECONDS))

    try:
        text = signed(USER_COOKIE)
        if text.startswith(_CHUNKS):
            count = int(text.removeprefix(_CHUNKS))
            text = "".join(signed(f"{USER_COOKIE}_{number}") for number in range(1, min(count, 20) + 1))
        claims = json.loads(text)
    except (KeyError, BadData, ValueError):
        return {}
    return claims if isinstance(claims, dict) and claims.get("origin") == origin else {}


class SignIns:
    """How long each sign-in of this process was not used, and which ones were ended."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._used: OrderedDict[str, float] = OrderedDict()
        self._ended: OrderedDict[str, float] = OrderedDict()

    def seconds_left(self, account: Account, idle: float) -> float:
        """Until it ends if nobody uses it; 0 or less once it has ended.

        One that this process has not seen (it was started since) counts as last used when it was made: a restart may
        end a sign-in early, and never makes one longer.
        """
        with self._lock:
            if account.key in self._ended:
                return 0.0
            return self._used.get(account.key, account.signed_at) + idle - self.clock()

    def use(self, account: Account) -> None:
        """Somebody did something."""
        with self._lock:
            self._used[account.key] = self.clock()
            self._used.move_to_end(account.key)
            if len(self._used) > MOST_KEPT:
                self._used.popitem(last=False)

    def end(self, account: Account) -> None:
        """Signed out: in every tab, and for whoever has copied the cookie."""
        with self._lock:
            self._used.pop(account.key, None)
            self._ended[account.key] = self.clock()
            if len(self._ended) > MOST_KEPT:
                self._ended.popitem(last=False)


SIGN_INS = SignIns()


def scope_of(account: Account | None, database: Database, min_group_size: int = 5) -> Scope:
    """What an account may see at this moment; what the public may see for nobody and for an unknown one.

    Asked of the program database each time: a role that was taken away is gone with the next run and request.
    """
    if account is not None and account.verified:
        with database.program.connect() as connection:
            known = known_viewer(connection, account.email)
        if known is not None:
            return known.scope(min_group_size)
    return Scope(Role.PUBLIC, min_group_size=min_group_size)
