"""The one caching boundary: answers are kept by database, data version, question, selection, scope and options."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd
import streamlit as st
from sqlalchemy import Connection

from dashboard import settings
from dashboard.asking import reads, run
from dashboard.settings.databases import database
from data_access.database.engine import Database, DataVersion
from data_access.persons.reads import Read
from data_access.program import Program, load_program
from data_access.questions import QUESTIONS
from data_access.questions.options import FilterOptions, filter_options
from data_access.selection import INSIDE, Scope, Selection

Option = str | int | bool
Options = ParamSpec("Options")
Made = TypeVar("Made")
# Everything that decides an answer is in its key, in full: a frozen value's repr names each of its fields.
_IN_FULL: dict[str | type[Any], Callable[[Any], Any]] = {Selection: repr, Scope: repr, DataVersion: repr}


def current() -> Database:
    """The database that the settings name."""
    used = settings.current()
    return database(used.database_url, used.read_copy)


def look_at_version() -> DataVersion:
    """Ask the database for its newest import, once a script run: all answers of the run are of this version."""
    version = current().version()
    run.remember(run.VERSION, version)
    return version


def version() -> DataVersion:
    """The data version of this run."""
    return cast(DataVersion, run.recall(run.VERSION))


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
    found = _answer(used.database_url, used.read_copy, version(), question.__name__, selection, scope, asked)
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
    with database(url, read_copy).reading() as connection:
        return QUESTIONS[name].ask(connection, selection, scope, **dict(options))


def choices() -> FilterOptions:
    """What the filters can offer, per data version."""
    used = settings.current()
    return _choices(used.database_url, used.read_copy, version())


@st.cache_data(max_entries=4, show_spinner=False, hash_funcs=_IN_FULL)
def _choices(url: str, read_copy: Path | None, version: DataVersion) -> FilterOptions:
    with database(url, read_copy).reading() as connection:
        return filter_options(connection)


def program() -> Program:
    """The program's own settings, per data version."""
    used = settings.current()
    return _program(used.database_url, used.read_copy, version())


@st.cache_data(max_entries=4, show_spinner=False, hash_funcs=_IN_FULL)
def _program(url: str, read_copy: Path | None, version: DataVersion) -> Program:
    with database(url, read_copy).reading() as connection:
        return load_program(connection)
