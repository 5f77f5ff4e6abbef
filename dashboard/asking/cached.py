"""The one caching boundary: answers are kept by database, data version, question, selection, scope and options."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd
import streamlit as st
from sqlalchemy import Connection

from dashboard import settings
from dashboard.asking import reads, run
from dashboard.settings.databases import database, works
from data_access.database.engine import Database, DataVersion
from data_access.persons.likeness import Alike, probably_same
from data_access.persons.reads import Read
from data_access.program import Program, is_sample, load_program
from data_access.questions import QUESTIONS
from data_access.questions.answering import read_for
from data_access.questions.options import FilterOptions, filter_options
from data_access.questions.own_teams import about_own_teams
from data_access.questions.registry import question_of
from data_access.questions.released import newest_released
from data_access.selection import INSIDE, Period, Role, Scope, Selection

Option = str | int | bool
Options = ParamSpec("Options")
Made = TypeVar("Made")
# Everything that decides an answer is in its key, in full: a frozen value's repr names each of its fields.
_IN_FULL: dict[str | type[Any], Callable[[Any], Any]] = {Selection: repr, Scope: repr, DataVersion: repr}


def current() -> Database:
    """The database that the settings name."""
    used = settings.current()
    return database(used.database_url, used.read_copy)


def look_at_version(scope: Scope) -> None:
    """Look for the newest change of what the scope is answered from, once a script run: all answers are of this one."""
    used = current()
    # What partners see of their own teams is as new as the program itself.
    own = used.version() if scope.exact or scope.teams else None
    run.remember(run.OWN_VERSION, own)
    run.remember(run.VERSION, own if scope.exact else used.released_version())
    works(settings.current())


def version(scope: Scope | None = None) -> DataVersion:
    """The version of what this run is answered from; for a scope about a partner's own teams, the program's."""
    own = scope is not None and scope.own_teams
    return cast(DataVersion, run.recall(run.OWN_VERSION if own else run.VERSION))


def program_version() -> DataVersion | None:
    """The program database's version, where this run shows anything of it as it is now."""
    return cast("DataVersion | None", run.recall(run.OWN_VERSION))


def answer(
    question: Callable[Concatenate[Connection, Selection, Scope, Options], pd.DataFrame],
    selection: Selection,
    scope: Scope,
    *args: Options.args,
    **options: Options.kwargs,
) -> pd.DataFrame:
    """The question's answer, asked at most once per data version; the caller's own copy."""
    used = settings.current()
    asked = cast(tuple[tuple[str, Option], ...], tuple(sorted(options.items())))

    def ask(by: Scope) -> pd.DataFrame:
        return _answer(used.database_url, used.read_copy, version(by), question.__name__, selection, by, asked)

    found, can = ask(scope), question_of(question).own_teams
    own = about_own_teams(can, scope, options)
    if can is not None and own is not None:
        return can.together(found, ask(own), scope)
    if QUESTIONS[question.__name__].is_personal and scope.role in INSIDE and len(found):
        note_read(question.__name__, scope, people=len(found))
    return found


def note_read(what: str, scope: Scope, *, about: str = "", people: int = 1) -> None:
    """Let it be recorded that this run's viewer read something about persons."""
    reads.note(current(), Read(date.today(), run.recall(run.READER), str(scope.role), what, about, people))


@st.cache_data(max_entries=500, show_spinner=False, hash_funcs=_IN_FULL)
def _answer(
    url: str,
    read_copy: Path | None,
    version: DataVersion,
    name: str,
    selection: Selection,
    scope: Scope,
    options: tuple[tuple[str, Option], ...],
) -> pd.DataFrame:
    def ask(connection: Connection) -> pd.DataFrame:
        return QUESTIONS[name].ask(connection, selection, scope, **dict(options))

    return _read(url, read_copy, scope, ask)


def _read(url: str, read_copy: Path | None, scope: Scope, read: Callable[[Connection], Made]) -> Made:
    """What is read for the scope, once for all sessions that wait for it; given up when the page that asked is left.

    Whoever else waits for it begins anew then: Streamlit's cache lets one compute, and the next one go on.
    """
    with run.while_wanted():
        return read_for(database(url, read_copy), scope, read)


def choices(scope: Scope) -> FilterOptions:
    """What the filters can offer to the scope, per data version."""
    used = settings.current()
    return _choices(used.database_url, used.read_copy, version(), scope.exact)


@st.cache_data(max_entries=4, show_spinner=False, hash_funcs=_IN_FULL)
def _choices(url: str, read_copy: Path | None, version: DataVersion, exact: bool) -> FilterOptions:
    return _read(url, read_copy, _seeing(exact), lambda each: filter_options(each, of_people=exact))


def program(scope: Scope) -> Program:
    """The program's own settings, per data version, from what the scope is answered from."""
    used = settings.current()
    return _program(used.database_url, used.read_copy, version(), scope.exact)


@st.cache_data(max_entries=4, show_spinner=False, hash_funcs=_IN_FULL)
def _program(url: str, read_copy: Path | None, version: DataVersion, exact: bool) -> Program:
    return _read(url, read_copy, _seeing(exact), load_program)


def holds_sample(scope: Scope) -> bool:
    """Whether what the scope is answered from is the sample program, per data version."""
    used = settings.current()
    return _holds_sample(used.database_url, used.read_copy, version(), scope.exact)


@st.cache_data(max_entries=4, show_spinner=False, hash_funcs=_IN_FULL)
def _holds_sample(url: str, read_copy: Path | None, version: DataVersion, exact: bool) -> bool:
    return _read(url, read_copy, _seeing(exact), is_sample)


def probable_same_persons(scope: Scope) -> list[Alike]:
    """The pairs of people who are probably one, per data version; that they were read is recorded."""
    found = _probable_same_persons(settings.current().database_url, version())
    if found:
        note_read("probable_same_persons", scope, people=2 * len(found))
    return found


@st.cache_data(max_entries=2, show_spinner="Looking for people with several keys…", hash_funcs=_IN_FULL)
def _probable_same_persons(url: str, version: DataVersion) -> list[Alike]:
    with database(url, None).program.connect() as connection:
        return probably_same(connection)


def released_quarter(scope: Scope, day: date) -> Period | None:
    """The last quarter that was released by the day, for who is answered from releases; None where none was."""
    used = settings.current()
    return None if scope.exact else _released_quarter(used.database_url, used.read_copy, version(), day)


@st.cache_data(max_entries=20, show_spinner=False, hash_funcs=_IN_FULL)
def _released_quarter(url: str, read_copy: Path | None, version: DataVersion, day: date) -> Period | None:
    newest = _read(url, read_copy, _seeing(exact=False), lambda each: newest_released(each, day))
    return None if newest is None else Period.quarter_of(newest - timedelta(days=1))


def _seeing(exact: bool) -> Scope:
    return Scope(Role.PM if exact else Role.PUBLIC)
