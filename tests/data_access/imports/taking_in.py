"""Imports of small inputs in tests, and what came of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.report import ImportReport

OPTIONS = ImportOptions(as_of=date(2026, 8, 23))
Importing = Callable[..., ImportReport]


def rows(database: Database, *columns: Any) -> list[tuple[Any, ...]]:
    with database.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(select(*columns))), key=str)


def said(report: ImportReport) -> list[tuple[int | None, str | None, str]]:
    return [(problem.line, problem.column, problem.problem) for problem in report.hints]
