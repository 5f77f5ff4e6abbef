"""What a viewer is answered from: the program's own tables, the release, or for a partner's own teams a bit of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pandas as pd
from sqlalchemy import Connection

from data_access.database.engine import CopyUnreadable, Database
from data_access.database.leaving import while_reader_stays
from data_access.questions.own_teams import about_own_teams
from data_access.questions.registry import Question
from data_access.selection import Scope, Selection

Read = TypeVar("Read")


@contextmanager
def connection_for(database: Database, scope: Scope) -> Iterator[Connection]:
    """What the scope is answered from: the program for who may see exact counts, the release for everybody else.

    Raises NoReleaseError while there is no release, ReaderLeft where whoever asked has gone meanwhile.
    """
    with database.reading() if scope.exact else database.outside() as connection, while_reader_stays(connection):
        yield connection


def read_for(database: Database, scope: Scope, read: Callable[[Connection], Read]) -> Read:
    """What `read` returns on the connection for the scope; where a copy turns out to be damaged, on the next best."""
    try:
        with connection_for(database, scope) as connection:
            return read(connection)
    except CopyUnreadable:
        with connection_for(database, scope) as connection:
            return read(connection)


def answer_from(
    database: Database, question: Question, selection: Selection, scope: Scope, **options: Any
) -> pd.DataFrame:
    """The question's answer for a viewer; a partner's own teams as they are now, the others as released."""

    def ask(connection: Connection) -> pd.DataFrame:
        return question.ask(connection, selection, scope, **options)

    if question.live and scope.exact:
        with database.program.connect() as connection, while_reader_stays(connection):
            found = ask(connection)
    else:
        found = read_for(database, scope, ask)
    own = about_own_teams(question.own_teams, scope, options)
    if question.own_teams is None or own is None:
        return found
    of_own = read_for(database, own, lambda connection: question.ask(connection, selection, own, **options))
    return question.own_teams.together(found, of_own, scope)
