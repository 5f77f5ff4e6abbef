"""What a page still needs, in words."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.words.sentences import listed, say
from data_access.questions.data.needs import PageNeed

NEEDS = "{page} still needs {things}."
TABLES, COLUMN, EITHER_COLUMN = "the table {table}", "the column {column} of {table}", "{columns} of {table}"


def lacking(needs: Sequence[PageNeed], page: str) -> list[PageNeed]:
    """What the page has none of; of a table that is empty, only that."""
    of_page = [need for need in needs if need.page == page and not need.having]
    empty = {need.table for need in of_page if not need.rows}
    whole = {need.table for need in of_page if not need.column}
    return [need for need in of_page if not (need.column and need.table in empty & whole)]


def needs_words(page: str, missing: Sequence[PageNeed]) -> str:
    """`Languages still needs the column languages of events and the table materials.`"""
    return say(NEEDS, page=page, things=listed([thing(need) for need in missing]))


def thing(need: PageNeed) -> str:
    """What is needed: a table, a column of it, or one of a few columns."""
    if not need.column:
        return say(TABLES, table=need.table)
    if ", " in need.column:
        return say(EITHER_COLUMN, columns=need.column.replace(", ", " or "), table=need.table)
    return say(COLUMN, column=need.column, table=need.table)
