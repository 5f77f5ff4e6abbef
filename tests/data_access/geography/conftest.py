"""One gazetteer for all tests: the machine's own index, built at the first run and kept in the user's cache folder."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator

import pytest

from data_access.geography.gazetteer import Gazetteer, open_gazetteer
from data_access.geography.geocoder import GazetteerGeocoder
from data_access.geography.places import Locator
from tests.real_data import real_data

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def gazetteer() -> Iterator[Gazetteer]:
    """The finished index of this machine."""
    opened = open_gazetteer()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def geocoder(gazetteer: Gazetteer) -> GazetteerGeocoder:
    """The offline geocoder over it."""
    return GazetteerGeocoder(gazetteer)


@pytest.fixture
def locator(geocoder: GazetteerGeocoder) -> Locator:
    """A locator that asks the gazetteer alone."""
    return Locator([geocoder])


@pytest.fixture(scope="session")
def real_rows() -> Callable[[str], Rows]:
    """Reads a CSV file of the real data."""

    def read(name: str) -> Rows:
        with real_data(name).open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))

    return read


@pytest.fixture(scope="session")
def real_text() -> Callable[[str], str]:
    """Reads a text file of the real data."""

    def read(name: str) -> str:
        return real_data(name).read_text(encoding="utf-8", errors="replace")

    return read
