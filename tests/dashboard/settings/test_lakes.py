"""The lake's settings: what works together, and what is refused with the way out and without the token."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.settings import Settings, SettingsError

LAKE = {"UPLIFT_LAKE_PATH": "/srv/lake"}


def test_a_lake_is_a_folder_and_the_engine_that_reads_it() -> None:
    assert Settings.from_environment({}).lake is None
    only_written = Settings.from_environment(LAKE).lake
    assert only_written
    assert (only_written.path, only_written.url, only_written.seconds) == (Path("/srv/lake"), "", 5.0)
    url = "sc://spark.example.org:15002/;use_ssl=true;token=hidden"
    read = Settings.from_environment(LAKE | {"UPLIFT_LAKE_URL": url, "UPLIFT_LAKE_SECONDS": "60"})
    assert read.lake
    assert (read.lake.url, read.lake.seconds) == (url, 60.0)
    assert "hidden" not in repr(read)
    assert Settings.from_environment(LAKE | {"UPLIFT_AUDIENCE": "public"}).lake is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"UPLIFT_LAKE_URL": "sc://localhost"}, "name the folder"),
        (LAKE | {"UPLIFT_LAKE_URL": "spark://localhost:7077"}, "write it like sc://"),
        (LAKE | {"UPLIFT_LAKE_URL": "sc://"}, "write it like sc://"),
        (LAKE | {"UPLIFT_LAKE_URL": "sc://host:no/"}, "write it like sc://"),
        (LAKE | {"UPLIFT_LAKE_URL": "sc://host/path;token=hidden"}, "write it like sc://"),
        (LAKE | {"UPLIFT_LAKE_URL": "sc://host:15002/;token=hidden"}, "use_ssl=true"),
        (LAKE | {"UPLIFT_LAKE_SECONDS": "soon"}, "whole number of seconds"),
    ],
)
def test_a_lake_that_cannot_work_is_refused(given: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says) as refused:
        Settings.from_environment(given)
    assert "hidden" not in str(refused.value)
