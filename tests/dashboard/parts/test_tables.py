"""A table on a page: a column of any kind may hold nothing at all."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
import pytest

from dashboard.parts.paper import paper
from dashboard.parts.tables import as_read, config_of, why_not_100
from dashboard.subjects.requests.tables import WaitingRequest
from data_access.answers import AnswerColumn, Code, Day, Flag, Number, Parts, Share, Text, columns_of, table
from data_access.questions import QUESTIONS


class Mixed(NamedTuple):
    value: Annotated[Decimal | float | int | None, Number("Value")]
    share: Annotated[float | None, Share("Share")]
    code: Annotated[str | None, Code("Code")]


def on_paper_of(shown: pd.DataFrame, columns: Sequence[AnswerColumn]) -> dict[str, Any]:
    """What the page's script reads of the rows of a grid."""
    found = re.search(r'data-table="([^"]*)"', str(paper(shown, columns, "Rows", opens=False)))
    assert found
    read: dict[str, Any] = json.loads(html.unescape(found[1]))
    return read


@pytest.mark.parametrize("rows", [0, 1, 3])
@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_table_of_every_question_may_hold_nothing(name: str, rows: int) -> None:
    columns = QUESTIONS[name].columns
    dtypes = {column.name: column.dtype for column in columns if column.dtype}
    names = [column.name for column in columns]
    nothing = pd.DataFrame([[None] * len(columns)] * rows, columns=names, dtype=object)
    for frame in (nothing, nothing.astype(dtypes)):
        shown = as_read(frame, columns)
        assert shown.shape == (rows, len(columns))
        assert not shown.notna().any().any()
        on_paper = on_paper_of(shown, columns)
        assert on_paper["cells"] == [[None] * rows] * len(columns)
    assert all(config_of(column) for column in columns)


def test_a_queue_without_a_ceiling_an_event_or_a_purpose_is_shown() -> None:
    row = WaitingRequest("r1", "Ana", 14, "100 EUR", None, "No ceiling", None, None, None, "ana", None)
    shown = as_read(table(WaitingRequest, [row]), columns_of(WaitingRequest))
    assert shown["name"].tolist() == ["Ana"]
    assert shown[["share_after", "days_to_event", "category"]].isna().all().all()


def test_only_what_is_exactly_the_limit_is_shown_as_100_percent() -> None:
    found = [0.99, 0.996, 0.99999, 1.0, 1.00001, 1.004, 1.02, None]
    shown = as_read(table(Mixed, [Mixed(None, share, None) for share in found]), columns_of(Mixed))
    assert shown["share"].dropna().tolist() == [0.99, 0.996, 0.9999, 1, 1.0001, 1.004, 1.02]


class Shared(NamedTuple):
    group: Annotated[str, Text("Group")]
    part: Annotated[str, Text("Part")]
    share: Annotated[float | None, Share("Share", of_whole=Parts(by=("group",), but=("part", "all")))]
    of_time: Annotated[float | None, Share("Of the time")]


class Overlapping(NamedTuple):
    share: Annotated[float | None, Share("Share", of_whole=Parts(overlap="One thing is in several rows."))]


def test_a_table_of_thirds_says_why_its_shares_do_not_add_up_to_100() -> None:
    halves = [Shared("a", "x", 0.5, 1 / 3), Shared("a", "y", 0.5, 1 / 3), Shared("a", "all", 1.0, 1 / 3)]
    thirds = [Shared("b", part, 1 / 3, None) for part in "xyz"]
    assert why_not_100(table(Shared, halves), columns_of(Shared)) == ""
    assert why_not_100(table(Shared, [*halves, *thirds]), columns_of(Shared)) == (
        "Shares are rounded, so they do not add up to exactly 100%."
    )
    some_hidden = [thirds[0], thirds[1]._replace(share=None), thirds[2]]
    assert why_not_100(table(Shared, some_hidden), columns_of(Shared)) == ""
    assert why_not_100(table(Shared, []), columns_of(Shared)) == ""


def test_a_table_whose_rows_overlap_says_so() -> None:
    in_two, in_one = [(0.75,), (0.75,)], [(1 / 3,)] * 3
    columns = columns_of(Overlapping)
    assert why_not_100(table(Overlapping, in_two), columns) == "One thing is in several rows."
    assert why_not_100(table(Overlapping, in_one), columns).startswith("Shares are rounded")


def test_every_answer_that_divides_a_whole_declares_it() -> None:
    """Shares of money by part, of events by language and topic, of people by what they say, of what members receive."""
    declared = {
        (name, column.name)
        for name, question in QUESTIONS.items()
        for column in question.columns
        if isinstance(column, Share) and column.of_whole
    }
    assert declared == {
        ("attribute_shares", "share"),
        ("attribute_trend", "share"),
        ("budget_by", "share"),
        ("fairness", "share_of_amount"),
        ("fairness", "share_of_members"),
        ("languages_of_events", "share"),
        ("topics_covered", "share"),
    }


def test_numbers_of_several_kinds_are_rounded_and_what_is_missing_stays_missing() -> None:
    rows = [Mixed(Decimal("1.60"), 0.126, "at_risk"), Mixed(None, None, None), Mixed(2.4, 1.0, "met"), Mixed(3, 0, "")]
    shown = as_read(table(Mixed, rows), columns_of(Mixed))
    assert shown["value"].dropna().tolist() == [2, 2, 3]
    assert shown["share"].dropna().tolist() == [0.13, 1, 0]
    assert shown["code"].dropna().tolist() == ["at risk", "met", ""]
    assert shown.iloc[1].isna().all()


class OfEachKind(NamedTuple):
    name: Annotated[str, Text("Name")]
    share: Annotated[float, Share("Share")]
    value: Annotated[Decimal, Number("Value", decimals=1)]
    day: Annotated[date, Day("Day")]
    done: Annotated[bool, Flag("Done")]


def test_paper_holds_each_cell_as_data_and_hostile_words_as_words() -> None:
    rows = [OfEachKind('<b>"x"', 0.996, Decimal("1.25"), date(2026, 9, 5), done=True)]
    columns = columns_of(OfEachKind)
    made = on_paper_of(as_read(table(OfEachKind, rows), columns), columns)
    assert [cells[0] for cells in made["cells"]] == ['<b>"x"', 0.996, 1.25, "2026-09-05", True]
    assert [column["kind"] for column in made["columns"]] == ["text", "share", "number", "day", "flag"]
    assert "<b>" not in str(paper(table(OfEachKind, rows), columns, "Rows", opens=True))
