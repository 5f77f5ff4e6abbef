"""A question asked by another program, with parameters as text: read, answered, and recorded where it is of persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from data_access.database.engine import Database
from data_access.persons.reads import Read, record_read
from data_access.program import load_program
from data_access.questions.answering import answer_from, read_for
from data_access.questions.known_values import by_name
from data_access.questions.registry import Question, options_from
from data_access.selection import INSIDE, QUERY_NAMES, Scope, Selection, SelectionError


def refuse_unknown_names(question: Question, asked: Mapping[str, str]) -> None:
    """Raises SelectionError for a parameter that the question does not have: it would be left out without a word."""
    known = (*QUERY_NAMES, *question.options)
    for name in asked:
        if name not in known:
            raise SelectionError(f"{name[:40]!r} is not known here. It can be asked by {', '.join(known)}.")


def answer_by_text(
    database: Database, question: Question, scope: Scope, asked: Mapping[str, str], today: date, reader: str
) -> tuple[Selection, pd.DataFrame]:
    """What was understood, and the answer. Raises SelectionError for what is not valid, NotAllowed.

    `reader` is who is named where somebody inside reads of persons.
    """

    def understood(connection: Connection) -> tuple[Scope, Selection]:
        named = by_name(connection, {name: asked[name] for name in QUERY_NAMES if name in asked})
        own = replace(scope, min_group_size=load_program(connection).min_group_size)
        return own, Selection.from_query(named, Selection(as_of=today))

    scope, selection = read_for(database, scope, understood)
    found = answer_from(database, question, selection, scope, **options_from(question, asked))
    if question.is_personal and scope.role in INSIDE and len(found):
        record_read(database, Read(date.today(), reader, str(scope.role), question.name, "", len(found)))
    return selection, found
