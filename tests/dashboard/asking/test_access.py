"""Who looks: only a viewer on the server's own machine may choose; everybody else is the public."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st

from dashboard import settings
from dashboard.asking import access
from dashboard.settings import Settings
from tests.dashboard.apptest import Dashboard

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("address", "ip", "headers", "local"),
    [
        ("127.0.0.1", None, {}, True),
        ("127.0.0.1", None, {"X-Forwarded-For": "203.0.113.9"}, False),
        ("127.0.0.1", None, {"Via": "1.1 proxy"}, False),
        ("127.0.0.1", "203.0.113.9", {}, False),
        ("0.0.0.0", None, {}, False),
    ],
)
def test_only_an_unproxied_loopback_viewer_is_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, address: str, ip: str | None, headers: dict[str, str], local: bool
) -> None:
    settings.enforce(Settings(address=address))
    monkeypatch.setattr(st, "context", SimpleNamespace(headers=headers, ip_address=ip))
    assert access.is_this_machine() is local


def test_looking_as_somebody_else_is_in_the_address_and_stays_on_the_next_page(
    monkeypatch: pytest.MonkeyPatch, busy: str
) -> None:
    shown = Dashboard(monkeypatch, busy).open("impact")
    shown.at.selectbox(key="view_as").set_value("board")
    shown.run()
    assert shown.query == {"as": "board"}
    shown.at.selectbox(key="view_as").set_value("pm")
    shown.run()
    assert shown.query == {}


def test_a_partner_looks_for_a_team(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    shown = Dashboard(monkeypatch, busy).open("impact")
    shown.at.selectbox(key="view_as").set_value("partner")
    shown.run()
    assert shown.query == {"as": "partner:team-a"}
    assert shown.at.multiselect(key="view_as_teams").value == ["team-a"]


def test_an_unknown_role_is_reported_and_left_out(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    shown = Dashboard(monkeypatch, busy).open(**{"as": "king"})
    assert "role was left out" in shown.at.warning[0].value


def test_a_custom_period_needs_both_ends_in_order(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    from datetime import date

    shown = Dashboard(monkeypatch, busy).open("impact")
    shown.at.selectbox(key="period").set_value("custom")
    shown.run()
    shown.at.date_input(key="first_day").set_value(date(2026, 1, 10))
    shown.run()
    assert shown.query == {"period": "2026-01-10..2026-07-01"}
    shown.at.date_input(key="last_day").set_value(date(2025, 1, 1))
    shown.run()
    assert shown.query == {"period": "2026-01-10..2026-07-01"}
    assert any("must not lie before" in caption.value for caption in shown.at.caption)
