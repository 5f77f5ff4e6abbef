"""Dated contributions: a plain mapping, written for millions of rows."""

from __future__ import annotations

import time

import pytest

from data_access.imports.readers import contributions
from data_access.imports.rows import Record
from tests.data_access.imports.readers.conftest import MakeSource, Read

HEADER = "person,date,area,count,project"


def test_a_row_becomes_a_contribution_with_its_quantity_and_no_person(read: Read) -> None:
    outcome = read(contributions, ("c.csv", f"{HEADER}\np1,2019-05-01,coding,3,nautilus\n"))
    assert outcome.only("contributions") == {
        "person_key": "p1",
        "contributed_on": "2019-05-01",
        "area": "coding",
        "quantity": "3",
        "project": "nautilus",
    }
    assert set(outcome.records) == {"contributions"}


def test_columns_may_stand_in_any_order_and_the_project_may_be_missing(read: Read) -> None:
    outcome = read(contributions, ("c.csv", "count,area,person,date\n3,coding,p1,2019-05-01\n"))
    found = outcome.only("contributions")
    assert (found["person_key"], found["quantity"], found["project"]) == ("p1", "3", "")


@pytest.mark.slow
def test_rows_come_while_the_file_is_being_read(source: MakeSource) -> None:
    text = "\n".join([HEADER, *(f"p{n},2019-05-01,coding,1,x" for n in range(300_000))])
    file = source("c.csv", text)
    first = next(iter(contributions.read([file])))
    assert isinstance(first, Record)
    started = time.perf_counter()
    assert sum(1 for _ in contributions.read([file])) == 300_000
    # Ten times slower than measured on two shared cores: a guard against an accident, not a benchmark.
    assert time.perf_counter() - started < 6
