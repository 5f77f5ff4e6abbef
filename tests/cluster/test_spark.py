"""Apache Spark past one machine: every question on a master with two workers, and what happens when one is killed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data_access.database.engine import Database
from data_access.database.lake import reading
from data_access.database.lake.manifest import PROGRAM, read_snapshot
from data_access.database.lake.reading import Lake
from data_access.database.lake.session import LakeSession
from data_access.database.schema import contributions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.release.lake import write_lake
from data_access.selection import Period, Role, Scope, Selection
from sample_data.generator import write_program
from tests.cluster.spark import WORKERS, Spark, running_spark
from tests.data_access.questions.test_engines import answers

pytestmark = pytest.mark.cluster
SELECTION = Selection(Period(date(2023, 1, 1), date(2026, 10, 1)), date(2026, 9, 15))
MILLIONS = 10
# Rows made in the engine, by so many tasks that both workers are in the middle of some for many seconds.
QUERY = f"""
SELECT k, count(*) AS n, sum(v) AS total FROM (
    SELECT id % 97 AS k, (id * 7919) % 1000 AS v, sha2(CAST(id AS STRING), 512) AS h
    FROM range(0, {MILLIONS}000000, 1, 48)
) WHERE length(h) = 128 GROUP BY k ORDER BY k
"""  # noqa: S608  # our own text


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("program")
    write_program(folder / "bundle", events=400, contributions=4_000, people=300, seed=7)
    database = Database(f"sqlite:///{folder / 'program.db'}")
    initialise(database.program)
    assert run_import(database, [folder / "bundle"]).committed
    write_lake(database, folder / "lake")
    yield database
    database.close()


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    with running_spark(tmp_path_factory.mktemp("spark")) as running:
        yield running


def lake_of(database: Database) -> Path:
    return Path(str(database.program.url.database)).parent / "lake"


def test_each_question_answers_the_same_on_spark(
    program: Database, spark: Spark, caplog: pytest.LogCaptureFixture
) -> None:
    """In the same order, inside and outside, and nobody answers in its place."""
    lake = Database(program.url, lake=Lake(spark.url, lake_of(program), seconds=300))
    for scope in (Scope(Role.PM), Scope(Role.LEADERSHIP)):
        found, expected = (answers(database, SELECTION, scope) for database in (lake, program))
        assert [record.message for record in caplog.records if "lake" in record.message] == []
        assert found.keys() == expected.keys()
        assert {name: found[name] for name in found if found[name] != expected[name]} == {}
    lake.close()


def test_a_query_that_is_too_slow_is_stopped_there_too(program: Database, spark: Spark) -> None:
    """Whoever asked gets an answer from elsewhere; the engine does not go on with what nobody waits for."""
    folder = lake_of(program) / PROGRAM
    session = LakeSession(spark.url, folder, read_snapshot(folder), seconds=5)
    with pytest.raises(Exception, match="no answer within 5 seconds"):
        session.run(QUERY.replace("48)", "480)").replace(f"{MILLIONS}000000", "2000000000"), {})
    for _ in range(300):
        if "cancel" in spark.log("connect").lower():
            break
        time.sleep(0.2)
    assert "cancel" in spark.log("connect").lower()
    session.close()


def test_a_worker_killed_in_the_middle_of_a_query_costs_no_answer(program: Database, spark: Spark) -> None:
    """Over ten million rows: the other worker does its part again, and each sum is what arithmetic says."""
    folder = lake_of(program) / PROGRAM
    session = LakeSession(spark.url, folder, read_snapshot(folder), seconds=600)
    session.run("SELECT 1", {})
    done_before = spark.log("connect").count("Finished task")
    found: list[list[tuple[int, int, int]]] = []

    def ask() -> None:
        table = session.run(QUERY, {})
        found.append(list(zip(*(column.to_pylist() for column in table.columns), strict=True)))

    asking = threading.Thread(target=ask)
    asking.start()
    while spark.log("connect").count("Finished task") < done_before + 6:
        time.sleep(0.05)
    spark.kill(WORKERS[1])
    assert asking.is_alive()
    asking.join()
    numbers = range(MILLIONS * 1_000_000)
    expected = []
    for key in range(97):
        own = numbers[key::97]
        whole, rest = divmod(len(own), 1000)
        part = sum((number * 7919) % 1000 for number in own[:1000])
        expected.append((key, len(own), whole * part + sum((number * 7919) % 1000 for number in own[:rest])))
    assert found == [expected]
    assert "Lost executor" in spark.log("connect")
    session.close()


def test_a_killed_server_is_stood_in_for_and_asked_again_once_it_is_back(
    program: Database, spark: Spark, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With a token, too: the new server wants one, and who has a wrong one is answered from elsewhere."""
    monkeypatch.setattr(reading, "RESTS_SECONDS", 0.0)
    lake = Database(program.url, lake=Lake(spark.url, lake_of(program), seconds=120))
    total = select(func.sum(contributions.c.quantity))
    with program.program.connect() as connection:
        expected = connection.execute(total).scalar_one()

    def asked() -> tuple[bool, int]:
        caplog.clear()
        with lake.reading() as connection:
            found = int(connection.execute(total).scalar_one())
        return "the next best source" not in caplog.text, found

    assert asked() == (True, expected)
    spark.kill("connect")
    assert asked() == (False, expected)
    spark.start_connect()
    assert asked() == (True, expected)
    lake.close()
