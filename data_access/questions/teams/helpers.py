"""Who could help a team: active people with a language, a home or an area that it needs, who are not in it yet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, or_, select

from data_access.answers import Count, Day, Flag, Key, Text, empty, fetch
from data_access.database.schema import contributions, people, person_languages
from data_access.narrowing import countries_in, in_languages
from data_access.program import load_program
from data_access.questions.event_map.members import active_on
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection

ACTIVE_DAYS = 365


class PossibleHelper(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    home_city: Annotated[str | None, Text("City")]
    home_country: Annotated[str | None, Text("Country code")]
    fits: Annotated[int, Count("Fits", "needs", help="How many of the needs: language, place, area")]
    speaks: Annotated[bool | None, Flag("Speaks it", help="Empty: no language is asked for")]
    lives_there: Annotated[bool | None, Flag("Lives there", help="Empty: no country or region is asked for")]
    in_area: Annotated[
        int | None, Count("In the area", "contributions", help="Of the last year; empty: none asked for")
    ]
    contributions: Annotated[int, Count("Contributions", "contributions", help="Of the last year, in any area")]
    last_on: Annotated[date | None, Day("Last contribution", help="Of the last year")]
    member: Annotated[bool, Flag("Member")]


@question(roles=INSIDE, counts=PEOPLE, columns=PossibleHelper)
def who_could_help(connection: Connection, selection: Selection, scope: Scope, *, limit: int = 20) -> pd.DataFrame:
    """Whom to ask for a team that needs a language, people of a place, or a skill: who fits most needs first.

    The filters say what is needed: language, country and region, focus area; with `team` whoever contributed to it
    within the program's window is left out. Asked are people who contributed within a year of `as_of`, and members.
    Who fits as many needs is in the order of contributions in the area, then of all. Where nothing is needed the answer
    is empty. The period does not matter.
    """
    needs = (selection.language, selection.country or selection.region, selection.area)
    if not any(needs):
        return empty(PossibleHelper)
    done, day = contributions.c, selection.as_of
    lately = and_(done.contributed_on > day - timedelta(days=ACTIVE_DAYS), done.contributed_on <= day)
    in_area = case((done.area.in_(selection.area), done.quantity), else_=0) if selection.area else literal(0)
    work = (
        select(
            done.person_key,
            func.sum(done.quantity).label("quantity"),
            func.sum(in_area).label("in_area"),
            func.max(done.contributed_on).label("last_on"),
        )
        .where(lately)
        .group_by(done.person_key)
        .cte("work")
    )
    own = people.c.person_key
    member = own.in_(active_on(day))
    speaking = select(person_languages.c.person_key).where(
        in_languages(person_languages.c.language, selection.language)
    )
    fits = {
        "speaks": own.in_(speaking) if selection.language else None,
        "lives_there": _at_home(selection),
        "in_area": func.coalesce(work.c.in_area, 0) > 0 if selection.area else None,
    }
    number = sum((case((fit, 1), else_=0) for fit in fits.values() if fit is not None), literal(0)).label("fits")
    quantity = func.coalesce(work.c.quantity, 0)
    area_quantity = func.coalesce(work.c.in_area, 0)
    statement = (
        select(
            own,
            people.c.name,
            people.c.home_city,
            people.c.home_country,
            number,
            _flag(fits["speaks"]).label("speaks"),
            _flag(fits["lives_there"]).label("lives_there"),
            (area_quantity if selection.area else literal(None)).label("in_area"),
            quantity.label("contributions"),
            work.c.last_on,
            _flag(member).label("member"),
        )
        .join_from(people, work, work.c.person_key == own, isouter=True)
        .where(or_(work.c.person_key.is_not(None), member), or_(*(fit for fit in fits.values() if fit is not None)))
        .order_by(number.desc(), area_quantity.desc(), quantity.desc(), own)
    )
    if selection.team:
        since = day - timedelta(days=load_program(connection).window_days)
        in_team = and_(done.team_key.in_(selection.team), done.contributed_on > since, done.contributed_on <= day)
        statement = statement.where(own.not_in(select(done.person_key).where(in_team)))
    if limit > 0:
        statement = statement.limit(limit)
    return fetch(connection, statement, PossibleHelper)


def _at_home(selection: Selection) -> ColumnElement[bool] | None:
    home, wanted = people.c.home_country, list[ColumnElement[bool]]()
    if selection.country:
        wanted.append(home.in_(selection.country))
    if selection.region:
        wanted.append(home.in_(countries_in(selection.region)))
    return and_(*wanted) if wanted else None


def _flag(fit: ColumnElement[bool] | None) -> ColumnElement[Any]:
    """1 or 0, which every engine's answers read as yes and no; NULL where nothing was asked."""
    return literal(None) if fit is None else case((fit, 1), else_=0)
