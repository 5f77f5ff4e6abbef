"""The manifest of a published folder: the SHA-256 of every file, so that whoever changes one is found out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

MANIFEST_FILE = "manifest.json"


class ManifestError(Exception):
    """There is no manifest to check by; the message says the way out."""


def manifest_file(files: Mapping[str, bytes], about: Mapping[str, str]) -> bytes:
    """The manifest of these files (by path within the folder), with a few facts about the publication."""
    kept = {name: about[name] for name in ("title", "published_at", "data_version", "format")}
    listed = {name: {"sha256": fingerprint(files[name]), "bytes": len(files[name])} for name in sorted(files)}
    return (json.dumps({**kept, "files": listed}, ensure_ascii=False, indent=1) + "\n").encode()


def fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest as written. Raises ManifestError where there is none, or it is not one."""
    path = folder / MANIFEST_FILE
    try:
        found = json.loads(path.read_bytes())
        if all(isinstance(entry["sha256"], str) for entry in found["files"].values()):
            return dict(found)
    except FileNotFoundError as cause:
        raise ManifestError(f"{folder} has no {MANIFEST_FILE}: it was not written by `uplift publish`.") from cause
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as cause:
        raise ManifestError(f"{path} cannot be read: it was changed. Publish again to get a whole one.") from cause
    raise ManifestError(f"{path} is not a manifest: it was changed. Publish again to get a whole one.")


def files_in(folder: Path) -> set[str]:
    """Every file below the folder by its path within it; links are files of their own and are not followed."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}


def problems(folder: Path) -> list[str]:
    """What is not as it was published, a sentence a file; empty when all is as it was. Raises ManifestError."""
    listed = read_manifest(folder)["files"]
    there = files_in(folder) - {MANIFEST_FILE}
    found = [f"{name} is missing." for name in sorted(listed.keys() - there)]
    found += [f"{name} is not part of the publication." for name in sorted(there - listed.keys())]
    for name in sorted(listed.keys() & there):
        path = folder / PurePosixPath(name)
        if path.is_symlink() or ".." in PurePosixPath(name).parts:
            found.append(f"{name} is a link, not a file.")
        elif fingerprint(path.read_bytes()) != listed[name]["sha256"]:
            found.append(f"{name} was changed.")
    return found
