"""What Uplift is made of: `make sbom` lists every locked package with its licence, `make audit` looks for advisories.

Both read the lock files and what is installed, and ask no server. The list is CycloneDX 1.6 (JSON), the same each time
for the same lock; the advisories are OSV records in a file or folder that somebody has put there.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from data_access.wording import counted

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = (PROJECT / "requirements.lock", PROJECT / "tests" / "requirements.lock")
_PINNED = re.compile(r"([A-Za-z0-9_.-]+)==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"    # (?:via | {2})([A-Za-z0-9_.-]+)")
# What metadata says in other words than SPDX's identifiers.
SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Whose metadata names none, or not which; as their licence files and projects say.
NAMED = {
    "altair": "BSD-3-Clause",
    "colorama": "BSD-3-Clause",
    "currencyconverter": "Apache-2.0",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "scipy": "BSD-3-Clause",
    "streamlit-folium": "MIT",
    "xstatic-leaflet": "BSD-2-Clause",
}


class SupplyError(Exception):
    """The list cannot be made, or the advisories not be read; the message names the file and the way out."""


@dataclass(frozen=True, slots=True)
class Locked:
    """One pinned package of a lock file, with the hashes of its files and the packages that need it."""

    name: str
    version: str
    hashes: tuple[str, ...]
    needed_by: tuple[str, ...]

    @property
    def ref(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(lock: Path) -> list[Locked]:
    """What a lock file pins, in its order."""
    found: list[Locked] = []
    for block in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8")):
        if pinned := _PINNED.match(block):
            needed_by = tuple(normal(name) for name in _VIA.findall(block))
            found.append(Locked(normal(pinned[1]), pinned[2], tuple(_HASH.findall(block)), needed_by))
    return found


def licence_of(name: str) -> str:
    """The SPDX identifier or expression of a package's licence; "" where nothing names one."""
    if name in NAMED:
        return NAMED[name]
    try:
        own = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if "License-Expression" in own:
        return str(own["License-Expression"])
    classified = [line.rpartition(" :: ")[2] for line in own.get_all("Classifier") or [] if line.startswith("License")]
    for said in (*(own.get_all("License") or []), *classified):
        if said and len(said) < 50 and "\n" not in said:
            return SPDX.get(str(said), str(said))
    return ""


def sbom(packages: Sequence[Locked]) -> dict[str, Any]:
    """The CycloneDX document. Raises SupplyError where a licence is not known."""
    licences = {item.name: licence_of(item.name) for item in packages}
    if unknown := sorted(name for name, licence in licences.items() if not licence):
        raise SupplyError(f"No licence is known of {', '.join(unknown)}. Name it in {Path(__file__).name}.")
    own = metadata.metadata("uplift")
    root = f"pkg:generic/uplift@{own['Version']}"
    needs: dict[str, list[str]] = {ref: [] for ref in (*(item.ref for item in packages), root)}
    refs = {item.name: item.ref for item in packages} | {"uplift": root}
    for item in packages:
        for name in item.needed_by:
            if name in refs:
                needs[refs[name]].append(item.ref)
    components = [
        {
            "type": "library",
            "bom-ref": item.ref,
            "name": item.name,
            "version": item.version,
            "purl": item.ref,
            "hashes": [{"alg": "SHA-256", "content": digest} for digest in item.hashes],
            "licenses": [_as_licence(licences[item.name])],
        }
        for item in packages
    ]
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(components, sort_keys=True))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "uplift",
                "version": own["Version"],
                "licenses": [_as_licence(licence_of("uplift"))],
            }
        },
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(found)} for ref, found in sorted(needs.items())],
    }


def _as_licence(licence: str) -> dict[str, Any]:
    return {"expression": licence} if " " in licence else {"license": {"id": licence}}


def advisories(path: Path) -> Iterator[dict[str, Any]]:
    """The OSV records in a file (one, a list, or under `vulns`), or in all .json files of a folder."""
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    for file in files:
        try:
            held = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as cause:
            raise SupplyError(f"{file} cannot be read as OSV records in JSON: {cause}.") from cause
        records = held.get("vulns", [held]) if isinstance(held, dict) else held
        if not isinstance(records, list) or not all(isinstance(one, dict) and "id" in one for one in records):
            raise SupplyError(f"{file} holds no OSV records: each needs an `id` and what is `affected`.")
        yield from (one for one in records if not one.get("withdrawn"))


def is_affected(item: Locked, advisory: dict[str, Any]) -> bool:
    """Whether the advisory names this version of this package."""
    for affected in advisory.get("affected", []):
        package = affected.get("package", {})
        if package.get("ecosystem") != "PyPI" or normal(package.get("name", "")) != item.name:
            continue
        if item.version in affected.get("versions", []):
            return True
        ranges = [found["events"] for found in affected.get("ranges", []) if found.get("type") != "GIT"]
        if any(_within(item.version, events) for events in ranges):
            return True
    return False


def _within(version: str, events: Sequence[dict[str, str]]) -> bool:
    """OSV's rule: the last event at or before the version decides; versions are ordered as PEP 440 says."""
    inside, own = False, Version(version)
    for at, kind in sorted((Version(text), kind) for event in events for kind, text in event.items()):
        if kind == "introduced" and own >= at:
            inside = True
        elif (kind == "fixed" and own >= at) or (kind == "last_affected" and own > at):
            inside = False
    return inside


def audit(path: Path | None, packages: Sequence[Locked]) -> int:
    """Print which advisories meet a locked package; 0: none, or no file was named, 1: some."""
    if path is None:
        print("No advisory file is named: nothing was checked. Get OSV records for PyPI, and call")
        print("make audit ADVISORIES=path, with a file of them or a folder of files.")
        return 0
    read = list(advisories(path))
    try:
        found = [(item, advisory) for item in packages for advisory in read if is_affected(item, advisory)]
    except InvalidVersion as cause:
        raise SupplyError(f"{path} holds an advisory with a version that is none: {cause}. Mend the file.") from cause
    for item, advisory in found:
        print(f"{item.name} {item.version}: {advisory['id']} {advisory.get('summary', '')}".rstrip())
    records = counted(len(read), "{n} advisory read", "{n} advisories read")
    print(f"{records}, {len(packages)} locked packages, {counted(len(found), '{n} match', '{n} matches')}.")
    return 1 if found else 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("sbom").add_argument("target", type=Path)
    commands.add_parser("audit").add_argument("path", type=Path, nargs="?")
    given = parser.parse_args(arguments)
    try:
        if given.command == "audit":
            return audit(given.path, list({item.ref: item for lock in LOCKS for item in locked(lock)}.values()))
        packages = locked(LOCKS[0])
        given.target.write_text(json.dumps(sbom(packages), indent=1) + "\n", encoding="utf-8")
    except SupplyError as problem:
        print(problem, file=sys.stderr)
        return 2
    by_licence = Counter(licence_of(item.name) for item in packages).most_common()
    print(f"{given.target}: {len(packages)} packages. " + ", ".join(f"{licence} {n}" for licence, n in by_licence))
    return 0


if __name__ == "__main__":
    sys.exit(main())
