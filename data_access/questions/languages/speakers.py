"""People who speak each language, small groups protected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from data_access.answers import Code, Count, Day, Text, typed
from data_access.database.schema import person_languages
from data_access.geography.language_reach import base_language
from data_access.privacy.small_groups import Sum, shown_counts
from data_access.questions.contributors.activity import joined_after
from data_access.questions.event_map.members import active_on
from data_access.questions.languages.coverage import LANGUAGE_CODE, languages_held, named
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import EARLIEST, EVERYBODY, LATEST, Period, Scope, Selection

EVERYONE, MEMBERS = "everyone", "members"


class LanguageSpeakers(NamedTuple):
    group: Annotated[str, Code("Group", help="everyone known to the program, or its active members")]
    language: Annotated[str, LANGUAGE_CODE]
    name: Annotated[str, Text("Language")]
    people: Annotated[int | None, Count("People", "people", help="The middle of the range; empty: too few to show")]
    at_least: Annotated[int, Count("At least", "people")]
    at_most: Annotated[int, Count("At most", "people")]
    counted_on: Annotated[date, Day("Counted on")]


@question(roles=EVERYBODY, counts=PEOPLE, columns=LanguageSpeakers, released=Released((Windows.EVERYTHING,)))
def language_people(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """People who speak each language: everyone known to the program, and its active members (staff only).

    Known is who has joined by then, or of whom it is not recorded when. People say what they speak; who says nothing is
    in no row, who speaks two languages in two. Released are ranges, as of the end of a quarter, without a row for a
    language in which no event was ever held and which fewer than the minimum group speak.
    """
    found = {group: people_by_language(connection, selection.as_of, group) for group in (EVERYONE, MEMBERS)}
    spoken = sorted(found[EVERYONE])
    keys = [(group, language, named(language)) for group in found for language in spoken]
    everyone, members = ([found[group].get(language, 0) for language in spoken] for group in (EVERYONE, MEMBERS))
    # Whoever knows both learns how many are no members.
    others = [whole - part for whole, part in zip(everyone, members, strict=True)]
    sums = [Sum(at, (at + len(spoken), at + 2 * len(spoken))) for at in range(len(spoken))]
    counted = shown_counts([*everyone, *members, *others], scope, sums).head(len(keys))
    frame = pd.DataFrame(keys, columns=["group", "language", "name"], dtype=object)
    shown = typed(LanguageSpeakers, pd.concat([frame, counted], axis=1).assign(counted_on=selection.as_of))
    if not scope.exact:
        everything = replace(selection, period=Period(EARLIEST, LATEST))
        ever = languages_held(connection, everything)
        shown = shown[(shown["at_least"] > 0) | shown["language"].isin(ever)]
    return shown.sort_values(["group", "at_most", "language"], ascending=[True, False, True], ignore_index=True)


def people_by_language(connection: Connection, day: date, group: str = EVERYONE) -> dict[str, int]:
    """People of the group on the day who speak each language. Exact: callers protect it."""
    spoken = person_languages.c.language
    tags = connection.execute(select(spoken).distinct()).scalars().all()
    bases = Counter(base_language(tag) for tag in tags)
    person = person_languages.c.person_key
    chosen = [person.in_(active_on(day)) if group == MEMBERS else person.not_in(joined_after(day))]
    counted = connection.execute(select(spoken, func.count()).where(*chosen).group_by(spoken))
    found: Counter[str] = Counter()
    twice = {base for base, number in bases.items() if number > 1}
    for tag, count in counted:
        if base_language(tag) not in twice:
            found[base_language(tag)] = count
    # Somebody who names both pt and pt-BR speaks one language: only such languages are counted by different people.
    if twice:
        several = {tag: base_language(tag) for tag in tags if base_language(tag) in twice}
        either = or_(*(spoken == tag for tag in several))
        each = select(one_language(several).label("language"), person).where(either, *chosen).subquery("each")
        counts = select(each.c.language, func.count(each.c.person_key.distinct())).group_by(each.c.language)
        for language, number in connection.execute(counts):
            found[language] = number
    return dict(found)


def one_language(bases: Mapping[str, str]) -> ColumnElement[str]:
    """The language of a row of `person_languages`, by what each tag is a variant of: pt for pt-BR."""
    spoken = person_languages.c.language
    variants = {tag: base for tag, base in bases.items() if tag != base}
    return case(variants, value=spoken, else_=spoken) if variants else spoken
