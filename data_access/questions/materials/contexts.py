"""Whose context talks and materials come from: where their authors live, against where they are given."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Integer, Select, case, func, literal, literal_column, or_, select

from data_access.answers import Code, Count, Day, Key, Share, Text, fetch, table
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
MOST_ROWS = 1_000
_KEYS = ("event_key", "person_key", "work_key")
_NOTHING: ColumnElement[str] = literal_column("''")
_UNNAMED: ColumnElement[str | None] = func.nullif(_NOTHING, _NOTHING)


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
    _check(of, by)
    lands = _lands(connection, selection)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for label, given_in, home, number in connection.execute(_counted(_works(selection, of, by))):
        audience, author = lands.get(given_in or ""), lands.get(home or "")
        counts[_among(by, label, audience)][_relation(audience, author)] += number
    rows = [_row(among, _name(by, among, lands), count) for among, count in counts.items()]
    rows.sort(key=lambda row: (row.among == "", -row.works, row.among))
    return table(AuthorsOfAudience, rows)


class WorkOfAuthor(NamedTuple):
    person_key: Annotated[str | None, Key("Person key")]
    name: Annotated[str | None, Text("By")]
    home: Annotated[str | None, Text("Lives in", help="Country code")]
    event_key: Annotated[str | None, Key("Event key")]
    title: Annotated[str | None, Text("Event")]
    given_in: Annotated[str | None, Text("Where", help="Country code; empty: online, or not known")]
    work: Annotated[str | None, Text("Material", help="Empty: a talk")]
    done_on: Annotated[date, Day("On")]
    relation: Annotated[str, Code("The author lives", help="country: where it was given; region; elsewhere; unknown")]
    total: Annotated[int, Count("Works in all", "works", help="Listed or not")]


@question(roles=INSIDE, counts=PEOPLE, columns=WorkOfAuthor)
def works_of_audience(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    of: str = TALKS,
    by: str = REGION,
    among: str = "",
    limit: int = MOST_ROWS,
) -> pd.DataFrame:
    """The talks, or materials, that a row of `authors_and_audiences` counts, the newest first.

    `of` and `by` as there; `among` is the row's (its key; empty: the row of what is not known). `limit` at most (0:
    all).
    """
    _check(of, by)
    lands, works = _lands(connection, selection), _works(selection, of, by)
    label = works.selected_columns["label"]
    per_label = works.with_only_columns(label, func.count(), maintain_column_froms=True).group_by(label)
    # By region or country the label is the country of the audience.
    counted = {each: n for each, n in connection.execute(per_label) if _among(by, each, lands.get(each or "")) == among}
    here: list[ColumnElement[bool]] = [label.in_(sorted(each for each in counted if each is not None))]
    if None in counted:
        here.append(label.is_(None))
    # The newest first, then their names: most works are never listed.
    newest = works.where(or_(*here)).order_by(*_newest_first(works.selected_columns))
    each = (newest.limit(limit) if limit > 0 else newest).subquery("works")
    statement = (
        select(
            each.c.person_key,
            people.c.name,
            people.c.home_country.label("home"),
            each.c.event_key,
            events.c.title,
            events.c.located_country.label("given_in"),
            each.c.work,
            each.c.done_on,
            _NOTHING.label("relation"),
            literal(sum(counted.values()), Integer).label("total"),
        )
        .join_from(each, people, people.c.person_key == each.c.person_key, isouter=True)
        .join(events, events.c.event_key == each.c.event_key, isouter=True)
        .order_by(*_newest_first(each.c))
    )
    found = fetch(connection, statement, WorkOfAuthor)
    places = zip(found["given_in"], found["home"], strict=True)
    found["relation"] = [_relation(lands.get(there or ""), lands.get(home or "")) for there, home in places]
    return found


def _newest_first(works: Any) -> list[ColumnElement[Any]]:
    return [works["done_on"].desc(), *(func.coalesce(works[name], _NOTHING) for name in _KEYS)]


def _check(of: str, by: str) -> None:
    if of not in OF:
        raise SelectionError(f"{of!r} have no authors. Choose {' or '.join(OF)}.")
    offered = BY if of == MATERIALS else BY[:3]
    if by not in offered:
        raise SelectionError(f"{of} are not told by {by!r}. Choose from {', '.join(offered)}.")


def _lands(connection: Connection, selection: Selection) -> dict[str, Territory]:
    return {land.code: land for land in territories(connection, Selection(as_of=selection.as_of))}


def _counted(works: Select[Any]) -> Select[Any]:
    """How many works have the same label, place and home of the author."""
    each = works.subquery("works")
    columns = (each.c.label, each.c.given_in, people.c.home_country)
    return (
        select(*columns, func.count())
        .join_from(each, people, people.c.person_key == each.c.person_key, isouter=True)
        .group_by(*columns)
    )


def _works(selection: Selection, of: str, by: str) -> Select[Any]:
    """A row a work: label, given_in, person_key, event_key, work, work_key, done_on."""
    return _talks(selection, by) if of == TALKS else _materials(selection, by)


def _talks(selection: Selection, by: str) -> Select[Any]:
    # A talk that is planned is none yet.
    held = replace(selection, status=("held",))
    label = attendances.c.language if by == LANGUAGE else attendances.c.located_country
    return select(
        label.label("label"),
        attendances.c.located_country.label("given_in"),
        attendances.c.person_key,
        attendances.c.event_key,
        _UNNAMED.label("work"),
        _UNNAMED.label("work_key"),
        attendances.c.starts_on.label("done_on"),
    ).where(attendances.c.role == "speaker", *attendances.beside(held.conditions()))


def _materials(selection: Selection, by: str) -> Select[Any]:
    of_origin = case((materials.c.original_key.is_(None), ORIGINAL), else_=TRANSLATION)
    labels: dict[str, Any] = {LANGUAGE: materials.c.language, KIND: materials.c.kind, ORIGIN: of_origin}
    return (
        select(
            labels.get(by, events.c.located_country).label("label"),
            events.c.located_country.label("given_in"),
            materials.c.author_key.label("person_key"),
            materials.c.event_key,
            materials.c.title.label("work"),
            materials.c.material_key.label("work_key"),
            materials.c.published_on.label("done_on"),
        )
        .join_from(materials, events, events.c.event_key == materials.c.event_key, isouter=True)
        .where(*published_in(selection))
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
