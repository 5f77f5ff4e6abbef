"""Views under a name: kept, renamed, shared and given up by whoever made them; read by who may see them.

Like what is put off, they change nothing of the program: no audit entry, no new data version.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from data_access.actions.record import ActionRefused, Author, writing
from data_access.database.engine import Database
from data_access.database.schema import saved_views
from data_access.selection import STAFF, NotAllowed, Role
from data_access.wording import say

LONGEST_NAME, LONGEST_QUERY, MOST_VIEWS = 80, 4_000, 100


class SavedView(NamedTuple):
    """A view: a page's address and its parameters; `own` if the reader made it."""

    view_key: str
    name: str
    page: str
    query: dict[str, str]
    shared: bool
    own: bool


def views_for(connection: Connection, viewer: str) -> list[SavedView]:
    """A viewer's own views and what others share, by name. Whether the page is open to them, the caller knows."""
    own = saved_views.c
    mine = own.owner == viewer[:200]
    listed = select(own.view_key, own.name, own.page, own.query, own.shared, own.owner).where(or_(mine, own.shared))
    found = [
        SavedView(row.view_key, row.name, row.page, _query(row.query), row.shared, row.owner == viewer[:200])
        for row in connection.execute(listed)
    ]
    return sorted(found, key=lambda view: (not view.own, view.name.casefold(), view.view_key))


def _query(text: str) -> dict[str, str]:
    return {str(name): str(value) for name, value in json.loads(text).items()}


def save_view(
    database: Database, author: Author, *, name: str, page: str, query: Mapping[str, str], shared: bool, today: date
) -> str:
    """Keep a page's view under a name of the author's own; returns its key. Raises ActionRefused, NotAllowed."""
    _require_staff(author)
    words, text = _name(name), json.dumps(dict(query), ensure_ascii=False, sort_keys=True)
    if len(text) > LONGEST_QUERY:
        raise ActionRefused("This view chooses too much to be kept. Take some filters away.")
    key, own = f"view-{uuid.uuid4().hex[:16]}", saved_views.c
    row = {"view_key": key, "owner": author.name[:200], "name": words, "page": page[:60], "query": text}
    with writing(database) as connection:
        count = select(func.count()).where(own.owner == row["owner"])
        if connection.execute(count).scalar_one() >= MOST_VIEWS:
            raise ActionRefused(say("You keep {n} views already. Delete one first.", n=MOST_VIEWS))
        _require_free(connection, row["owner"], words)
        connection.execute(insert(saved_views).values(**row, shared=shared, made_on=today))
    return key


def rename_view(database: Database, author: Author, key: str, name: str) -> None:
    """Give one's own view another name. Raises ActionRefused, NotAllowed."""
    words = _name(name)
    with writing(database) as connection:
        row = _own(connection, author, key)
        if words != row.name:
            _require_free(connection, row.owner, words)
            connection.execute(update(saved_views).where(saved_views.c.view_key == key).values(name=words))


def share_view(database: Database, author: Author, key: str, shared: bool) -> None:
    """Share one's own view with who may open its page, or keep it for oneself. Raises ActionRefused, NotAllowed."""
    with writing(database) as connection:
        _own(connection, author, key)
        connection.execute(update(saved_views).where(saved_views.c.view_key == key).values(shared=shared))


def delete_view(database: Database, author: Author, key: str) -> None:
    """Give up one's own view; the program manager may also give up what others share. Raises the same."""
    with writing(database) as connection:
        _own(connection, author, key, or_shared=author.scope.role is Role.PM)
        connection.execute(delete(saved_views).where(saved_views.c.view_key == key))


def _own(connection: Connection, author: Author, key: str, *, or_shared: bool = False) -> Row[Any, Any, Any]:
    _require_staff(author)
    own = saved_views.c
    row = connection.execute(select(own.owner, own.name, own.shared).where(own.view_key == key)).first()
    if row is None or not (row.owner == author.name[:200] or row.shared):
        raise ActionRefused("There is no such view; it may have been deleted. Nothing was changed.")
    if row.owner != author.name[:200] and not (or_shared and row.shared):
        raise NotAllowed("Only who made a view may change it. Nothing was changed.")
    return row


def _name(name: str) -> str:
    words = " ".join(name.split())
    if not words:
        raise ActionRefused("Name: give the view a name.")
    if len(words) > LONGEST_NAME or not words.isprintable():
        raise ActionRefused(say("Name: at most {most} characters, and plain text.", most=LONGEST_NAME))
    return words


def _require_free(connection: Connection, owner: str, name: str) -> None:
    own = saved_views.c
    if connection.execute(select(own.view_key).where(own.owner == owner, own.name == name)).first():
        raise ActionRefused(say("You have a view “{name}” already. Choose another name, or delete it.", name=name))


def _require_staff(author: Author) -> None:
    if author.scope.role not in STAFF:
        raise NotAllowed("Only who has a role here can keep views.")
