"""What is costly to work out, kept in this process until the data change that it is made of."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Select, select

from data_access.database.schema import imports

Kept = TypeVar("Kept")
MOST_KEPT = 12
_kept: OrderedDict[Hashable, object] = OrderedDict()
_lock = threading.Lock()


def until_import(connection: Connection, make: Callable[[Connection], Kept], *about: Hashable) -> Kept:
    """The result of `make`, made once for each database, import and `about`; nobody may write into it.

    Decisions and other edits through the dashboard leave it as it is: only for what they do not change.
    """
    return _kept_since(connection, make, _NEWEST.where(imports.c.kind != "edit"), about)


def until_change(connection: Connection, make: Callable[[Connection], Kept], *about: Hashable) -> Kept:
    """As `until_import`, but made again after whatever is recorded too."""
    return _kept_since(connection, make, _NEWEST, about)


_NEWEST = select(imports.c.import_id, imports.c.finished_at).order_by(imports.c.import_id.desc()).limit(1)


def _kept_since(
    connection: Connection, make: Callable[[Connection], Kept], newest: Select[Any], about: tuple[Hashable, ...]
) -> Kept:
    version = connection.execute(newest).first()
    if version is None:
        return make(connection)
    url = connection.engine.url.render_as_string(hide_password=True)
    key = (url, version.import_id, version.finished_at, make.__qualname__, *about)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return cast(Kept, _kept[key])
    made = make(connection)
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made
