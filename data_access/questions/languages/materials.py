"""Which languages materials are in: written in them, or translated; and which languages are offered at all."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, select

from data_access.answers import Count, Share, Text, table
from data_access.database.schema import events, materials
from data_access.geography.language_reach import base_language
from data_access.narrowing import in_languages
from data_access.questions.languages.coverage import LANGUAGE_CODE, NOT_RECORDED, SEVERAL, languages_held, named
from data_access.questions.registry import EVENTS, question
from data_access.selection import EVERYBODY, Scope, Selection, SelectionError
from data_access.wording import say


class MaterialsInLanguage(NamedTuple):
    language: Annotated[str, LANGUAGE_CODE]
    name: Annotated[str, Text("Language")]
    materials: Annotated[int, Count("Materials", "materials")]
    originals: Annotated[int, Count("Original materials", "materials", help="Translated from no other material")]
    translations: Annotated[int, Count("Translations", "materials")]
    original_share: Annotated[float, Share("Originals", help="Of the materials in this language")]


# Published materials are as public as announced events: exact for everybody.
@question(roles=EVERYBODY, counts=EVENTS, columns=MaterialsInLanguage)
def materials_by_language(
    connection: Connection, selection: Selection, scope: Scope, *, kind: str = ""
) -> pd.DataFrame:
    """Materials per language, originals against translations, most first; "und": no language is recorded.

    Counted are materials published in the period, up to `as_of`. Filters narrow to materials of the events they choose,
    whatever the day of those; the filter by language looks at the material's own. `kind` narrows to one kind, such as
    "talk".
    """
    found = _materials(connection, selection, kind)
    rows = [
        MaterialsInLanguage(language, named(language), count, originals, count - originals, originals / count)
        for language, (count, originals) in sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    ]
    return table(MaterialsInLanguage, rows)


def _materials(connection: Connection, selection: Selection, kind: str = "") -> dict[str, tuple[int, int]]:
    """Materials and originals among them, per language."""
    conditions = published_in(selection)
    if kind:
        kinds = connection.execute(select(materials.c.kind).distinct().order_by(materials.c.kind)).scalars()
        known = [found for found in kinds if found]
        if kind not in known:
            hint = "Choose {kinds}." if known else "No material has a kind."
            hint = say(hint, kinds=", ".join(known[:8]))
            raise SelectionError(f"{kind[:60]!r} is not a kind of material. {hint}")
        conditions.append(materials.c.kind == kind)
    statement = (
        select(materials.c.language, func.count(), func.count().filter(materials.c.original_key.is_(None)))
        .where(*conditions)
        .group_by(materials.c.language)
    )
    found: dict[str, tuple[int, int]] = {}
    for tag, count, originals in connection.execute(statement):
        base = base_language(tag)
        before = found.get(base, (0, 0))
        found[base] = (before[0] + count, before[1] + originals)
    return found


def published_in(selection: Selection) -> list[ColumnElement[bool]]:
    """Conditions on `materials`: published in the period up to `as_of`, and of the events that filters choose."""
    published = materials.c.published_on
    conditions: list[ColumnElement[bool]] = [published <= selection.as_of]
    if not selection.is_all_time:
        conditions += [published >= selection.period.start, published < selection.period.end]
    if selection.language:
        conditions.append(in_languages(materials.c.language, selection.language))
    by_event = [item for item in selection.narrowed_by if item.name != "language"]
    if by_event:
        chosen = select(events.c.event_key).where(*(item.condition(getattr(selection, item.name)) for item in by_event))
        conditions.append(materials.c.event_key.in_(chosen))
    return conditions


def languages_offered(connection: Connection, selection: Selection) -> frozenset[str]:
    """The languages of the selection's events and of the materials published in it; without "not recorded"."""
    return (languages_held(connection, selection) | _materials(connection, selection).keys()) - {NOT_RECORDED, SEVERAL}
