"""Settings: every variable is checked when the program starts, and a wrong one names its remedy."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.server import ServerError, serve
from dashboard.settings import Settings, SettingsError
from dashboard.settings.addresses import is_loopback
from tests.signing_in import environment_of


def test_an_empty_environment_means_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()


def test_what_is_set_is_used() -> None:
    read = Settings.from_environment({"PORT": "9000", "UPLIFT_AS_OF": "2026-09-15", "UPLIFT_LOG_LEVEL": "debug"})
    assert (read.port, read.today(), read.log_level) == (9000, date(2026, 9, 15), "DEBUG")


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("PORT", "eighty", "whole number from 1 to 65535"),
        ("PORT", "70000", "whole number from 1 to 65535"),
        ("UPLIFT_AS_OF", "yesterday", "Write it like 2026-08-23"),
        ("UPLIFT_DATABASE_URL", "uplift.db", "try sqlite:///uplift.db"),
        ("UPLIFT_DATABASE_URL", "mysql://host/name", "SQLite or PostgreSQL"),
        ("UPLIFT_LOG_LEVEL", "loud", "choose from DEBUG"),
        ("UPLIFT_MAX_UPLOAD_MB", "-1", "whole number from 1 to 2048"),
    ],
)
def test_a_wrong_value_names_its_remedy(name: str, value: str, remedy: str) -> None:
    with pytest.raises(SettingsError, match=remedy) as raised:
        Settings.from_environment({name: value})
    assert name in str(raised.value)


@pytest.mark.parametrize(("address", "local"), [("127.0.0.1", True), ("::1", True), ("localhost", True)])
def test_loopback_addresses_are_known(address: str, local: bool) -> None:
    assert is_loopback(address) is local


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.4", "example.org", "::"])
def test_the_server_refuses_to_be_reached_from_elsewhere_before_sign_in_exists(address: str) -> None:
    assert not is_loopback(address)
    with pytest.raises(ServerError, match="sign-in is not configured"):
        serve(Settings(address=address))


@pytest.mark.parametrize("url", ["ftp://x/{z}", "https://host/tiles.png", "javascript:alert({z})", "https://h/{z}'\"<"])
def test_a_tile_address_that_is_none_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(SettingsError, match=r"UPLIFT_TILES_URL.*tile\.openstreetmap\.org"):
        Settings.from_environment({"UPLIFT_TILES_URL": url})


@pytest.mark.parametrize(
    "where",
    [
        {"UPLIFT_ADDRESS": "0.0.0.0"},
        {"UPLIFT_AUDIENCE": "public"},
        environment_of("https://id.example.org", 8501),
    ],
    ids=["another address", "the public", "sign-in"],
)
def test_errors_in_full_are_for_a_developers_own_machine_only(where: dict[str, str]) -> None:
    """And for nobody unless they ask for it."""
    assert not Settings.from_environment({}).dev
    assert Settings.from_environment({"UPLIFT_DEV": "yes"}).dev
    assert not Settings.from_environment(where).dev
    with pytest.raises(SettingsError, match="Unset UPLIFT_DEV"):
        Settings.from_environment({"UPLIFT_DEV": "yes", **where})


def test_borders_are_drawn_unless_the_operator_says_no() -> None:
    assert Settings.from_environment({}).map_borders
    assert not Settings.from_environment({"UPLIFT_MAP_BORDERS": "no"}).map_borders
    with pytest.raises(SettingsError, match="yes or no"):
        Settings.from_environment({"UPLIFT_MAP_BORDERS": "maybe"})
