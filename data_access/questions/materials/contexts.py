"""Whose context talks and materials come from: where their authors live, against where they are given."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Select, case, func, select

from data_access.answers import Count, Key, Share, Text, table
from data_access.database.prepared import attendances
from data_access.database.schema import events, materials, people
from data_access.geography.language_reach import base_language
from data_access.questions.languages.coverage import named
from data_access.questions.languages.materials import published_in
from data_access.questions.registry import PEOPLE, question
from data_access.questions.territories import Territory, territories
from data_access.selection import INSIDE, Scope, Selection, SelectionError
from data_access.statistics.intervals import wilson_interval

TALKS, MATERIALS = OF = ("talks", "materials")
REGION, COUNTRY, LANGUAGE, KIND, ORIGIN = BY = ("region", "country", "language", "kind", "origin")
ORIGINAL, TRANSLATION = "original", "translation"


class AuthorsOfAudience(NamedTuple):
    among: Annotated[
        str, Key("Audience", help="Region, country code, language code, kind, or origin; empty: not known")
    ]
    name: Annotated[str, Text("Where, or what", help="Empty: not known, or online")]
    works: Annotated[int, Count("Works", "works", help="Talks, or materials")]
    known: Annotated[
        int, Count("Known", "works", help="Where it was given, and where the author lives, are both known")
    ]
    same_country: Annotated[int, Count("Of the country", "works", help="The author lives where it was given")]
    same_region: Annotated[int, Count("Of the region", "works", help="Of another of its countries")]
    elsewhere: Annotated[int, Count("Elsewhere", "works")]
    share: Annotated[float | None, Share("From the country", help="Of those of which both places are known")]
    low: Annotated[float | None, Share("From", help="95% Wilson interval")]
    high: Annotated[float | None, Share("To")]
    region_share: Annotated[float | None, Share("From the region", help="Of the country, or of another of its region")]


@question(roles=INSIDE, counts=PEOPLE, columns=AuthorsOfAudience)
def authors_and_audiences(
    connection: Connection, selection: Selection, scope: Scope, *, of: str = TALKS, by: str = REGION
) -> pd.DataFrame:
    """How many talks, or materials, come from somebody who lives where they are given: most first, not known last.

    `of`: talks (appearances of a speaker at a held event) or materials (published in the period; their
    audience is that of their event). `by`: the region or country of the event, the language of the talk or material,
    for materials also their kind or origin (original, translation). Online events have no country, and homes are those
    of today: where one of the two is not known, nothing is counted as from elsewhere.
    """
    if of not in OF:
        raise SelectionError(f"{of!r} have no authors. Choose {' or '.join(OF)}.")
    offered = BY if of == MATERIALS else BY[:3]
    if by not in offered:
        raise SelectionError(f"{of} are not told by {by!r}. Choose from {', '.join(offered)}.")
    lands = {land.code: land for land in territories(connection, Selection(as_of=selection.as_of))}
    statement = _talks(selection, by) if of == TALKS else _materials(selection, by)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for label, given_in, home, number in connection.execute(statement):
        audience, author = lands.get(given_in or ""), lands.get(home or "")
        counts[_among(by, label, audience)][_relation(audience, author)] += number
    rows = [_row(among, _name(by, among, lands), count) for among, count in counts.items()]
    rows.sort(key=lambda row: (row.among == "", -row.works, row.among))
    return table(AuthorsOfAudience, rows)


def _talks(selection: Selection, by: str) -> Select[Any]:
    # A talk that is planned is none yet.
    held = replace(selection, status=("held",))
    label = attendances.c.language if by == LANGUAGE else attendances.c.located_country
    columns = (label.label("label"), attendances.c.located_country, people.c.home_country)
    return (
        select(*columns, func.count())
        .join_from(attendances, people, people.c.person_key == attendances.c.person_key)
        .where(attendances.c.role == "speaker", *attendances.beside(held.conditions()))
        .group_by(*columns)
    )


def _materials(selection: Selection, by: str) -> Select[Any]:
    of_origin = case((materials.c.original_key.is_(None), ORIGINAL), else_=TRANSLATION)
    labels: dict[str, Any] = {LANGUAGE: materials.c.language, KIND: materials.c.kind, ORIGIN: of_origin}
    columns = (
        labels.get(by, events.c.located_country).label("label"),
        events.c.located_country,
        people.c.home_country,
    )
    return (
        select(*columns, func.count())
        .join_from(materials, events, events.c.event_key == materials.c.event_key, isouter=True)
        .join(people, people.c.person_key == materials.c.author_key, isouter=True)
        .where(*published_in(selection))
        .group_by(*columns)
    )


def _among(by: str, label: str | None, audience: Territory | None) -> str:
    if by in (REGION, COUNTRY):
        return "" if audience is None else audience.region if by == REGION else audience.code
    return base_language(label) if by == LANGUAGE and label else label or ""


def _name(by: str, among: str, lands: dict[str, Territory]) -> str:
    if by == COUNTRY and among:
        return lands[among].name
    return named(among) if by == LANGUAGE and among else among


def _relation(audience: Territory | None, author: Territory | None) -> str:
    if audience is None or author is None:
        return "unknown"
    if audience.code == author.code:
        return "country"
    return "region" if audience.region == author.region else "elsewhere"


def _row(among: str, name: str, count: Counter[str]) -> AuthorsOfAudience:
    known = count.total() - count["unknown"]
    low, high = wilson_interval(count["country"], known) if known else (None, None)
    return AuthorsOfAudience(
        among=among,
        name=name,
        works=count.total(),
        known=known,
        same_country=count["country"],
        same_region=count["region"],
        elsewhere=count["elsewhere"],
        share=count["country"] / known if known else None,
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        region_share=(count["country"] + count["region"]) / known if known else None,
    )
