"""What the map's addresses answer with: cells, shades of countries, circles and words, kept per data version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from dashboard.maps import tokens
from dashboard.maps.cells import Points, is_tile, thinned, tile
from dashboard.maps.memory import Kept
from dashboard.maps.shades import SHADES
from dashboard.settings import Settings
from dashboard.settings.databases import database
from dashboard.words.numbers import locale_of_request
from dashboard.words.sentences import say, sentence_case
from data_access.answers import rows
from data_access.database.engine import Database, DataVersion
from data_access.geography.languages import language_name
from data_access.program import load_program
from data_access.questions.answering import read_for
from data_access.questions.event_map.members import members_by_place
from data_access.questions.event_map.reach import last_twelve_months
from data_access.questions.events.counts import events_by_place
from data_access.questions.options import filter_options
from data_access.questions.people.diversity_map import CountryDiversity, diversity_by_country
from data_access.questions.registry import question_of
from data_access.questions.territories import anywhere
from data_access.selection import Period, Scope

Asking = Callable[..., pd.DataFrame]
CELLS: dict[str, tuple[Asking, str]] = {
    "events": (events_by_place, "events"),
    "planned": (events_by_place, "events"),
    "members": (members_by_place, "members"),
}
MOST_KEPT = 160


class NoSuchThing(Exception):
    """Answered with 404, without a reason."""


class Answers:
    """Answers for one server; each question is asked once per data version, selection and scope."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.kept = Kept(MOST_KEPT)

    def version(self, scope: Scope) -> DataVersion:
        """The newest change of what the scope is answered from."""
        return self._database().version() if scope.exact else self._database().released_version()

    def cells(self, asked: tokens.MapRequest, version: DataVersion, z: int, x: int, y: int) -> dict[str, Any]:
        """One tile of a layer of cells."""
        if asked.what not in CELLS or not is_tile(z, x, y):
            raise NoSuchThing
        return tile(self._points(asked, version), z, x, y)

    def shades(self, asked: tokens.MapRequest, version: DataVersion) -> dict[str, Any]:
        """Every country's class, with the classes and a sentence each."""
        if asked.what not in SHADES:
            raise NoSuchThing
        question, shade = SHADES[asked.what]
        made: dict[str, Any] = self.kept.get(
            ("shades", version, asked, locale_of_request()), lambda: shade(self._ask(question, asked)).as_data()
        )
        return made

    def reach(self, asked: tokens.MapRequest, version: DataVersion) -> dict[str, Any]:
        """Where the events of the twelve months are that `urban_reach` looks at: the middles of the circles."""
        if asked.what != "reach":
            raise NoSuchThing
        selection = anywhere(replace(asked.selection, period=last_twelve_months(asked.selection), status=("held",)))
        points = self._points(replace(asked, what="events", selection=selection), version)
        return {"km": 100, "at": thinned(points)}

    def words(self, asked: tokens.MapRequest, version: DataVersion) -> dict[str, Any]:
        """What a picture of the map says about itself; and how many it shows in all."""
        words: dict[str, Any] = self.kept.get(
            ("words", version, asked, locale_of_request()), lambda: self._words(asked, version)
        )
        return words

    def _words(self, asked: tokens.MapRequest, version: DataVersion) -> dict[str, Any]:
        options, program = read_for(
            self._database(), asked.scope, lambda each: (filter_options(each, of_people=False), load_program(each))
        )
        names = options.names()
        names["language"] = {tag: language_name(tag) for tag in names.get("language", {})}
        selection = asked.selection
        parts = [words for name, words in selection.parts_in_words(names) if name != "status"]
        period = "From tomorrow on" if asked.what == "planned" else sentence_case(selection.period.in_words())
        if told := rows(CountryDiversity, self._ask(diversity_by_country, asked)) if asked.what == "diversity" else ():
            period = sentence_case(Period.parse(told[0].window).in_words())
            parts = [*dict(asked.options).values(), *(parts if asked.scope.inside else ())]
        found: dict[str, Any] = {
            "period": ", ".join([period, *parts]),
            "source": say("{program} · outlines: Natural Earth", program=program.name),
            "as_of": say("as of {day}", day=selection.as_of),
        }
        if asked.what in CELLS:
            found["total"] = self._points(asked, version).total
        return found

    def _points(self, asked: tokens.MapRequest, version: DataVersion) -> Points:
        question, counted = CELLS[asked.what]
        points: Points = self.kept.get(
            ("points", version, question, asked.selection, asked.scope),
            lambda: Points.of(self._ask(question, asked), counted),
        )
        return points

    def _ask(self, question: Asking, asked: tokens.MapRequest) -> pd.DataFrame:
        def ask(connection: Connection) -> pd.DataFrame:
            return question_of(question).ask(connection, asked.selection, asked.scope, **dict(asked.options))

        return read_for(self._database(), asked.scope, ask)

    def _database(self) -> Database:
        return database(self.settings.database_url, self.settings.read_copy)
