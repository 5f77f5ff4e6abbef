"""Accounts: which claims and cookies count, how long a sign-in lasts, and what an account may see now."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer

from dashboard.door.accounts import LONGEST_SECONDS, USER_COOKIE, Account, SignIns, read_cookie, scope_of
from data_access import actions
from data_access.actions import Author
from data_access.database.engine import Database
from data_access.selection import Role, Scope
from tests.builders import ProgramBuilder
from tests.signing_in import claims_of, cookie_of, environment_of, oidc_of

OIDC = oidc_of(environment_of("http://127.0.0.1:9", 8501))
IDLE = 3600.0


def account(**claims: Any) -> Account | None:
    return Account.of({"is_logged_in": True, **claims_of("Ada@Example.org"), **claims}, trusts_email=False)


def read(header: str) -> dict[str, Any]:
    name, _, value = header.partition("=")
    return read_cookie({name: value}, OIDC.cookie_secret, OIDC.origin)


@pytest.mark.parametrize(
    ("said", "trusting", "verified"),
    [
        (True, False, True),
        ("true", False, True),
        (False, False, False),
        (False, True, False),
        ("false", True, False),
        (None, False, False),
        (None, True, True),
        (1, True, False),
        ("yes", True, False),
    ],
)
def test_an_address_counts_only_when_the_provider_confirms_it(said: Any, trusting: bool, verified: bool) -> None:
    """Nothing said counts only where the operator says so; “no” never does."""
    claims = {"is_logged_in": True, **claims_of("ada@example.org", email_verified=said)}
    found = Account.of(claims, trusts_email=trusting)
    assert found is not None
    assert found.verified is verified


@pytest.mark.parametrize("email", [None, "", "  ", 7, ["ada@example.org"]])
def test_an_account_without_an_address_is_nobody_known(email: Any) -> None:
    found = account(email=email)
    assert found is not None
    assert not found.verified


def test_a_cookie_is_read_as_it_was_signed_whole_or_in_chunks() -> None:
    assert read(cookie_of(OIDC, claims_of("ada@example.org")))["email"] == "ada@example.org"
    payload = json.dumps({**claims_of("ada@example.org"), "is_logged_in": True, "origin": OIDC.origin})
    parts = {USER_COOKIE: "chunks-2", f"{USER_COOKIE}_1": payload[:20], f"{USER_COOKIE}_2": payload[20:]}
    signed = {name: URLSafeTimedSerializer(OIDC.cookie_secret, salt=name).dumps(text) for name, text in parts.items()}
    cookies = {name: str(value) for name, value in signed.items()}
    assert read_cookie(cookies, OIDC.cookie_secret, OIDC.origin)["email"] == "ada@example.org"
    cookies[f"{USER_COOKIE}_2"] = cookies[f"{USER_COOKIE}_1"]  # a chunk in another's place
    assert read_cookie(cookies, OIDC.cookie_secret, OIDC.origin) == {}


def test_a_forged_foreign_or_old_cookie_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    good = cookie_of(OIDC, claims_of("ada@example.org"))
    elsewhere = environment_of("http://127.0.0.1:9", 8502)
    assert read(cookie_of(oidc_of(elsewhere), claims_of("ada@example.org"))) == {}
    guessed = oidc_of({**environment_of("http://127.0.0.1:9", 8501), "UPLIFT_SECRET": "guessed " * 8})
    assert read(cookie_of(guessed, claims_of("ada@example.org"))) == {}
    for forged in (good[:-3] + "abc", good.split(".")[0], f"{USER_COOKIE}=", f"{USER_COOKIE}=e30.x.y"):
        assert read(forged) == {}
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LONGEST_SECONDS + 5)
    assert read(good) == {}


@settings(max_examples=25)
@given(st.text(max_size=60))
def test_no_text_in_the_cookies_place_breaks_anything(text: str) -> None:
    assert read_cookie({USER_COOKIE: text}, OIDC.cookie_secret, OIDC.origin) == {}


def test_a_sign_in_lasts_as_long_as_it_is_used_and_the_idle_time_beyond() -> None:
    now = [1_000.0]
    sign_ins, ada = SignIns(lambda: now[0]), account(iat=1_000)
    assert ada is not None
    assert sign_ins.seconds_left(ada, IDLE) == IDLE
    now[0] += IDLE - 1
    sign_ins.use(ada)
    now[0] += IDLE - 1
    assert sign_ins.seconds_left(ada, IDLE) == 1
    now[0] += 1
    assert sign_ins.seconds_left(ada, IDLE) <= 0


def test_a_restart_may_end_a_sign_in_early_and_never_makes_one_longer() -> None:
    ada = account(iat=1_000)
    assert ada is not None
    assert SignIns(lambda: 1_000 + IDLE - 1).seconds_left(ada, IDLE) == 1
    assert SignIns(lambda: 1_000 + IDLE + 1).seconds_left(ada, IDLE) < 0


def test_who_has_signed_out_stays_out_with_every_copy_of_the_cookie() -> None:
    sign_ins, ada, later = SignIns(lambda: 1_000.0), account(iat=1_000), account(iat=1_001)
    assert ada is not None
    assert later is not None
    sign_ins.end(ada)
    assert sign_ins.seconds_left(ada, IDLE) == 0
    assert sign_ins.seconds_left(later, IDLE) > 0


def test_a_role_counts_from_the_moment_it_is_given_to_the_moment_it_is_taken(program: ProgramBuilder) -> None:
    database: Database = program.database
    pm, ada = Author("tests", Scope(Role.PM)), account()
    assert scope_of(ada, database).role is Role.PUBLIC
    actions.set_viewer(database, pm, "ada@example.org", "board")
    assert scope_of(ada, database, 7) == Scope(Role.BOARD, (), 7)
    assert scope_of(account(email_verified=False), database).role is Role.PUBLIC
    assert scope_of(None, database).role is Role.PUBLIC
    actions.remove_viewer(database, pm, "ada@example.org")
    assert scope_of(ada, database).role is Role.PUBLIC
