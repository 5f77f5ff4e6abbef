"""What a columnar copy holds ready is what the tables it is made of say; a copy that lacks it is passed over."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from data_access.database.columnar import CopyLimits, limit_copies, open_copy
from data_access.database.engine import Database
from data_access.database.prepared import PREPARED, events_together
from data_access.database.read_copy import write_read_copy
from data_access.database.schema import (
    challenges,
    contributor_levels,
    event_topics,
    events,
    memberships,
    participations,
    people,
)
from data_access.selection import Period, Selection

FIRST = date(2024, 1, 1)
WHO = ("ann", "bo", "cy", "dee")
DAYS = st.integers(0, 400).map(lambda day: FIRST + timedelta(days=day))
HAPPENED = st.lists(st.tuples(DAYS, st.sampled_from(["held", None, "planned", "cancelled"])), min_size=1, max_size=5)
ROLES = st.sampled_from(["organizer", "speaker", "attendee"])
TOOK_PART = st.sets(st.tuples(st.integers(0, 4), st.sampled_from(WHO), ROLES), max_size=14)


@pytest.fixture
def program(database: Database) -> Database:
    with database.writing() as connection:
        connection.execute(insert(people), [{"person_key": who} for who in WHO])
        connection.execute(insert(memberships), {"membership_key": "m", "person_key": "bo", "started_on": FIRST})
    return database


def rows(database: Database, statement: Any) -> Counter[tuple[Any, ...]]:
    with database.reading() as connection:
        return Counter(tuple(row) for row in connection.execute(statement))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HAPPENED, TOOK_PART, st.lists(st.none() | DAYS, min_size=4, max_size=4))
def test_a_copy_prepares_what_the_program_would_join(
    program: Database, happened: list[Any], took_part: set[Any], contributed: list[Any]
) -> None:
    """Table by table, on any program; whoever was together is counted here person by person."""
    took_part = {row for row in took_part if row[0] < len(happened)}
    with program.writing() as connection:
        for table in (participations, event_topics, challenges, contributor_levels, events):
            connection.execute(delete(table))
        for number, (day, status) in enumerate(happened):
            row = {"event_key": f"e{number}", "title": "E", "starts_on": day, "status": status, "city": "Oslo"}
            connection.execute(insert(events), row)
        connection.execute(insert(event_topics), {"event_key": "e0", "topic": "web"})
        connection.execute(insert(challenges), {"challenge_key": "c", "event_key": "e0", "title": "C"})
        for number, who, role in took_part:
            row = {"event_key": f"e{number}", "person_key": who, "role": role}
            connection.execute(insert(participations), row)
        for who, day in zip(WHO, contributed, strict=True):
            row = {"person_key": who, "joined_on": FIRST, "casual_on": day}
            connection.execute(insert(contributor_levels), row)
    with TemporaryDirectory() as folder:
        write_read_copy(program.program, Path(folder) / "copy.duckdb")
        copied = Database(program.url, Path(folder) / "copy.duckdb")
        assert copied.reads_from_copy()
        for prepared in PREPARED:
            if prepared is not events_together:
                of_quarter = Selection(Period.parse("2024-Q2"), date(2024, 12, 31)).conditions()
                chosen = [prepared.beside(of_quarter)] if "starts_on" in prepared.c else []
                for statement in (select(prepared), *(select(prepared).where(*each) for each in chosen)):
                    assert rows(copied, statement) == rows(program, statement)
        found = rows(copied, select(events_together))
        copied.close()
    assert found == together(happened, took_part, dict(zip(WHO, contributed, strict=True)))


def together(happened: list[Any], took_part: set[Any], casual: dict[str, Any]) -> Counter[tuple[Any, ...]]:
    """person, quarter, since when (if after the quarter), events: of all pairs at each event."""
    counts: dict[tuple[Any, ...], int] = defaultdict(int)
    for number, (day, status) in enumerate(happened):
        there = {who for event, who, _ in took_part if event == number and casual[who]}
        if status not in ("held", None):
            continue
        for who in there:
            both = [max(casual[who], casual[other]) for other in there - {who}]
            if both:
                quarter = Period.quarter_of(day)
                since = min(both) if min(both) >= quarter.end else None
                counts[who, quarter.start.year * 12 + quarter.start.month - 1, since] += 1
    return Counter((*key, number) for key, number in counts.items())


def test_a_copy_of_an_older_version_is_passed_over(program: Database, tmp_path: Path) -> None:
    """What questions read now is not in it: the program answers until it is written again."""
    path = tmp_path / "copy.duckdb"
    write_read_copy(program.program, path)
    with duckdb.connect(str(path)) as copy:
        copy.execute("DROP TABLE attendances")
    older = Database(program.url, path)
    assert not older.reads_from_copy()
    write_read_copy(program.program, path)
    assert older.reads_from_copy()
    older.close()


def test_a_copy_takes_no_more_than_it_may(program: Database, tmp_path: Path) -> None:
    write_read_copy(program.program, tmp_path / "copy.duckdb")
    limit_copies(CopyLimits(memory_mb=512, threads=1))
    try:
        with open_copy(tmp_path / "copy.duckdb").connect() as connection:
            taken = "SELECT current_setting('memory_limit'), current_setting('threads')"
            assert tuple(connection.exec_driver_sql(taken).one()) == ("488.2 MiB", 1)
    finally:
        limit_copies(CopyLimits())
