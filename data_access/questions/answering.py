"""What a viewer is answered from: the program's own tables, the release, or for a partner's own teams a bit of both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from data_access.database.engine import Database
from data_access.questions.own_teams import about_own_teams
from data_access.questions.registry import Question
from data_access.selection import Scope, Selection


@contextmanager
def connection_for(database: Database, scope: Scope) -> Iterator[Connection]:
    """What the scope is answered from: the program for who may see exact counts, the release for everybody else.

    Raises NoReleaseError while there is no release.
    """
    with database.reading() if scope.exact else database.outside() as connection:
        yield connection


def answer_from(
    database: Database, question: Question, selection: Selection, scope: Scope, **options: Any
) -> pd.DataFrame:
    """The question's answer for a viewer; a partner's own teams as they are now, the others as released."""
    live = question.live and scope.exact
    with database.program.connect() if live else connection_for(database, scope) as connection:
        found = question.ask(connection, selection, scope, **options)
    own = about_own_teams(question.own_teams, scope, options)
    if question.own_teams is None or own is None:
        return found
    with connection_for(database, own) as connection:
        return question.own_teams.together(found, question.ask(connection, selection, own, **options), scope)
