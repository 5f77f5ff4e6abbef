"""Random programs, as files and as the database they were imported into; and what is asked of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.selection import Period, Selection
from sample_data.generator import write_program
from tests.second.bundle import Bundle, read
from tests.second.stirring import DAYS, stir

__all__ = ["DAYS", "STORY_ENDS", "Program", "make", "more_selections", "selections"]
STORY_ENDS = date(2026, 9, 15)


class Program:
    """Not a data class: a failing example would be shown with the whole bundle written out."""

    def __init__(self, bundle: Bundle, database: Database) -> None:
        self.bundle, self.database = bundle, database


def make(folder: Path, seed: int, *, events: int = 300, contributions: int = 3_000, people: int = 250) -> Program:
    """A program with much in it that is odd; the same seed makes the same one."""
    write_program(folder / "bundle", events=events, contributions=contributions, people=people, seed=seed)
    stir(folder / "bundle", seed, members=min(people // 4, 40), requests=max(people // 2, 40))
    database = Database(f"sqlite:///{folder / 'p.db'}")
    initialise(database.program)
    report = run_import(database, [folder / "bundle"], ImportOptions(as_of=STORY_ENDS, releases=False))
    assert report.committed, [problem for problem in report.problems if problem.severity == "error"][:3]
    return Program(read(folder / "bundle"), database)


def selections(day: date) -> tuple[Selection, ...]:
    """Everything; a year at a few homes; odd days of some areas. More of each kind follow."""
    before = Period.parse(str(day.year - 1))
    return (
        Selection(as_of=day),
        Selection(before, day, region=("Western Europe", "Northern America")),
        Selection(Period(date(day.year - 2, 2, 17), date(day.year, 11, 5)), day, area=("localization", "coding")),
    )


def more_selections(day: date) -> tuple[Selection, ...]:
    year = day.year
    return (
        Selection(Period.parse(str(year)), day, country=("IN", "BR", "US")),
        Selection(as_of=day, team=("engine", "localization")),
        Selection(Period(date(year - 1, 5, 20), date(year, 5, 21)), day, mode=("in_person",), area=("support", "QA")),
        Selection(Period.parse(f"{year}-02"), day, scale=("micro",)),
        Selection(Period.parse(f"{year - 1}-Q3"), day, space=("berlin", "tokyo")),
        Selection(Period(date(year - 3, 7, 15), date(year - 2, 7, 15)), day),
    )
