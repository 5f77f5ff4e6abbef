"""What the product is made of: every locked package with its licence, and advisories that meet one of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.commands.supply import LOCKS, Locked, is_affected, licence_of, locked, main

PACKAGE = Locked("uvicorn", "0.54.0", (), ())


def advisory(*events: dict[str, str], name: str = "uvicorn", **more: Any) -> dict[str, Any]:
    affected = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    return {"id": "PYSEC-2026-1", "summary": "It leaks", "affected": [affected | more]}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.parent.name)
def test_every_pinned_line_of_a_lock_is_read(lock: Path) -> None:
    pinned = [line for line in lock.read_text().splitlines() if not line.startswith((" ", "#")) and "==" in line]
    found = locked(lock)
    assert len(found) == len(pinned) > 50
    assert all(item.hashes and item.needed_by for item in found)


def test_every_locked_package_has_a_licence() -> None:
    """Whoever adds one without any in its metadata names it."""
    assert [item.name for item in locked(LOCKS[0]) if not licence_of(item.name)] == []


def test_the_bill_of_materials_lists_each_package_once_and_what_needs_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "sbom.json"
    assert main(["sbom", str(target)]) == 0
    assert f"{len(locked(LOCKS[0]))} packages. MIT " in capsys.readouterr().out
    made = json.loads(target.read_text())
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.6", 1)
    components = made["components"]
    refs = [item["bom-ref"] for item in components]
    assert len(refs) == len(set(refs)) == len(locked(LOCKS[0]))
    assert all(
        item["licenses"] and item["hashes"] and item["purl"].startswith("pkg:pypi/") for item in made["components"]
    )
    needs = {item["ref"].partition("@")[0]: item["dependsOn"] for item in made["dependencies"]}
    assert needs.keys() == {ref.partition("@")[0] for ref in [*refs, made["metadata"]["component"]["bom-ref"]]}
    assert any(ref.startswith("pkg:pypi/streamlit@") for ref in needs["pkg:generic/uplift"])
    assert [ref.partition("@")[0] for ref in needs["pkg:pypi/uvicorn"]] == ["pkg:pypi/click", "pkg:pypi/h11"]
    assert "://" not in target.read_text(), "no address of anybody"
    again = tmp_path / "again.json"
    assert main(["sbom", str(again)]) == 0
    assert again.read_bytes() == target.read_bytes()


@pytest.mark.parametrize(
    ("found", "meets"),
    [
        (advisory({"introduced": "0"}, {"fixed": "0.54.1"}), True),
        (advisory({"introduced": "0"}, {"fixed": "0.54"}), False),
        (advisory({"introduced": "0.9"}), True),
        (advisory({"introduced": "0.100"}), False),
        (advisory({"introduced": "0"}, {"last_affected": "0.54.0"}), True),
        (advisory({"introduced": "0"}, {"last_affected": "0.53.9"}), False),
        (advisory({"introduced": "0"}, {"fixed": "0.1"}, {"introduced": "0.50"}, {"fixed": "1.0"}), True),
        (advisory({"introduced": "0.54.0"}, {"fixed": "0.54.0.post1"}), True),
        (advisory({"introduced": "0.54.1rc1"}), False),
        (advisory({"introduced": "0"}, name="UVI.corn"), False),
        (advisory({"introduced": "0"}, name="Uvicorn"), True),
        (advisory({"introduced": "9"}, versions=["0.54.0"]), True),
        (advisory({"introduced": "0"}, package={"ecosystem": "npm", "name": "uvicorn"}), False),
    ],
)
def test_an_advisory_meets_the_versions_that_it_names(found: dict[str, Any], meets: bool) -> None:
    assert is_affected(PACKAGE, found) is meets


def test_an_audit_fails_on_a_match_and_says_what_it_did_not_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = next(item.version for item in locked(LOCKS[0]) if item.name == "uvicorn")
    (tmp_path / "folder").mkdir()
    one, none = tmp_path / "folder" / "one.json", tmp_path / "none.json"
    one.write_text(json.dumps(advisory({"introduced": "0"})))
    none.write_text(json.dumps([advisory({"introduced": "99"}), advisory({"introduced": "0"}) | {"withdrawn": "2026"}]))
    for given, status, says in (
        ([], 0, "nothing was checked"),
        ([str(none)], 0, "1 advisory read"),
        ([str(tmp_path / "folder")], 1, f"uvicorn {version}: PYSEC-2026-1 It leaks"),
    ):
        assert main(["audit", *given]) == status
        assert says in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", [None, "{", "[1]", "[]x", '{"vulns": 3}', json.dumps(advisory({"introduced": "?"}))]
)
def test_an_advisory_file_that_cannot_be_read_is_named_and_no_check_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    file = tmp_path / "osv.json"
    if content is not None:
        file.write_text(content)
    assert main(["audit", str(file)]) == 2
    assert "osv.json" in capsys.readouterr().err
