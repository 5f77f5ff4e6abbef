"""Tokens: they carry what was signed, and nothing else is believed."""

from __future__ import annotations

import re
from datetime import date

import pytest
from itsdangerous import URLSafeTimedSerializer

from dashboard.maps import tokens
from dashboard.maps.tokens import BadToken, MapRequest, Tokens
from data_access.selection import Period, Role, Scope, Selection

HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} ${alert(1)} ` </script> C:\\path\\2019 {% raw %} \u202egnp"
REQUEST = MapRequest(
    "events",
    Selection(period=Period.parse("2019"), as_of=date(2026, 9, 15), country=("DE", "FR"), team=(HOSTILE,)),
    Scope(Role.PARTNER, ("team-a",), 7),
    (("population", "members"), ("value", HOSTILE)),
)


def test_a_token_gives_back_what_was_signed() -> None:
    assert Tokens("sqlite://", "s").read(Tokens("sqlite://", "s").sign(REQUEST)) == REQUEST


def test_the_day_is_kept_over_midnight() -> None:
    today = MapRequest("rate", Selection(), Scope.everything())
    assert tokens.for_database("x").read(tokens.for_database("x").sign(today)).selection.as_of == date.today()


def test_a_token_is_fit_for_an_address_and_a_script_whatever_the_filters() -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]+", Tokens("sqlite://", "s").sign(REQUEST))


def test_the_same_question_has_the_same_token() -> None:
    """A rerun must not make the browser load everything again."""
    assert Tokens("sqlite://", "s").sign(REQUEST) == Tokens("sqlite://", "s").sign(REQUEST)


@pytest.mark.parametrize("change", ["", "a", "x" * 10_000, "..", "null", "W10.aaaa.bbbb"])
def test_what_is_no_token_is_refused(change: str) -> None:
    with pytest.raises(BadToken):
        Tokens("sqlite://", "s").read(change)


def test_a_changed_token_is_refused() -> None:
    token = Tokens("sqlite://", "s").sign(REQUEST)
    for position in (0, len(token) // 2, len(token) - 5):
        other = "A" if token[position] != "A" else "B"
        with pytest.raises(BadToken):
            Tokens("sqlite://", "s").read(token[:position] + other + token[position + 1 :])


@pytest.mark.parametrize(("url", "secret"), [("sqlite://", "other"), ("sqlite:///else.db", "s")])
def test_a_token_of_another_secret_or_database_is_refused(url: str, secret: str) -> None:
    with pytest.raises(BadToken):
        Tokens("sqlite://", "s").read(Tokens(url, secret).sign(REQUEST))


def test_a_token_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    token = Tokens("sqlite://", "s").sign(REQUEST)
    monkeypatch.setattr(tokens._ForReading, "get_timestamp", lambda self: int(__import__("time").time()) + 13 * 3600)
    with pytest.raises(BadToken):
        Tokens("sqlite://", "s").read(token)


@pytest.mark.parametrize(
    "payload",
    [
        ["everything", {"as_of": "2026-01-01"}, "pm", [], 5],
        ["events", {"as_of": "soon"}, "pm", [], 5],
        ["events", {"as_of": "2026-01-01"}, "king", [], 5],
        ["events", {"as_of": "2026-01-01", "period": "never"}, "pm", [], 5],
        [1],
        {},
    ],
)
def test_what_was_signed_wrongly_is_refused(payload: object) -> None:
    ours = Tokens("sqlite://", "s")
    signer = ours._signing
    assert isinstance(signer, URLSafeTimedSerializer)
    with pytest.raises(BadToken):
        ours.read(str(signer.dumps(payload)))


def test_the_secret_comes_from_the_environment_or_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPLIFT_SECRET", "shared")
    shared = tokens.for_database("u").sign(REQUEST)
    assert Tokens("u", "shared").read(shared) == REQUEST
    monkeypatch.delenv("UPLIFT_SECRET")
    with pytest.raises(BadToken):
        tokens.for_database("u").read(shared)
