"""Materials one by one: what a bar of originals and translations is made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Integer, case, func, literal, select

from data_access.answers import Code, Count, Day, Key, Text, fetch
from data_access.database.schema import events, materials
from data_access.geography.language_reach import base_language
from data_access.geography.languages import language_name
from data_access.questions.languages.materials import published_in
from data_access.questions.registry import EVENTS, question
from data_access.selection import STAFF, Scope, Selection, SelectionError

ORIGINAL, TRANSLATION = ORIGINS = ("original", "translation")
# A kind that asks for the materials without one.
NO_KIND = "none"
MOST_ROWS = 1_000


class ListedMaterial(NamedTuple):
    material_key: Annotated[str, Key("Material key")]
    published_on: Annotated[date, Day("Published on")]
    title: Annotated[str, Text("Material")]
    kind: Annotated[str | None, Text("Kind", help="Empty: not recorded")]
    language: Annotated[str, Text("Language")]
    origin: Annotated[str, Code("Original or translated")]
    event_key: Annotated[str | None, Key("Event key")]
    event: Annotated[str | None, Text("For the event")]
    url: Annotated[str | None, Text("Address")]
    total: Annotated[int, Count("Materials in all", "materials", help="Listed or not")]


@question(roles=STAFF, counts=EVENTS, columns=ListedMaterial)
def materials_list(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    kind: str = "",
    language: str = "",
    origin: str = "",
    limit: int = MOST_ROWS,
) -> pd.DataFrame:
    """The materials that `materials_by_kind` and `materials_by_language` count, the newest first.

    `kind` leaves those of one kind ("none": without any), `language` those of a language by its code, `origin` the
    originals or the translations; empty: all. `limit` at most (0: all).
    """
    if origin not in ("", *ORIGINS):
        raise SelectionError(f"{origin!r} is not an origin. Choose {' or '.join(ORIGINS)}.")
    own = materials.c
    conditions = published_in(selection)
    if kind:
        conditions.append(func.coalesce(own.kind, "") == ("" if kind == NO_KIND else kind))
    if language:
        tags = connection.execute(select(own.language).distinct()).scalars()
        conditions.append(own.language.in_(sorted(tag for tag in tags if base_language(tag) == language)))
    of_origin = case((own.original_key.is_(None), ORIGINAL), else_=TRANSLATION)
    if origin:
        conditions.append(of_origin == origin)
    total = connection.execute(select(func.count()).select_from(materials).where(*conditions)).scalar_one()
    columns = (own.material_key, own.published_on, own.title, own.kind, own.language, own.event_key, own.url)
    newest = (
        select(*columns, of_origin.label("origin"))
        .where(*conditions)
        .order_by(own.published_on.desc(), own.material_key)
    )
    # The newest first, then their events: most materials are never listed.
    each = (newest.limit(limit) if limit > 0 else newest).subquery("listed")
    statement = (
        select(each, events.c.title.label("event"), literal(total, Integer).label("total"))
        .join_from(each, events, events.c.event_key == each.c.event_key, isouter=True)
        .order_by(each.c.published_on.desc(), each.c.material_key)
    )
    found = fetch(connection, statement, ListedMaterial)
    found["language"] = [language_name(base_language(tag)) for tag in found["language"]]
    return found
