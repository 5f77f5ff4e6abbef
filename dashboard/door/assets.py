"""Our style sheet and scripts, each under an address that names its content: a browser asks once, until it changes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

FOLDER = Path(__file__).resolve().parent.parent / "assets"


def address(name: str) -> str:
    """`/assets/uplift.css?v=3f2a…`."""
    return f"/assets/{name}?v={_fingerprint(name)}"


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


class Assets(StaticFiles):
    """The folder; what is asked for by its content stays with the browser for good."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: MutableMapping[str, Any],
        status_code: int = 200,
    ) -> Response:
        """The file with how long it may stay."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        asked = QueryParams(scope.get("query_string", b"")).get("v")
        same = asked == _fingerprint(Path(full_path).relative_to(FOLDER).as_posix())
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if same else "no-cache"
        return response
