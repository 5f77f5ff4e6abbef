"""The few expressions that each engine spells its own way, so that every question stays one Core statement."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Boolean, Date, Integer, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class month_of(FunctionElement[str]):
    """The month of a date column as text: `2019-03`."""

    inherit_cache = True
    type: TypeEngine[str] = String()


@compiles(month_of, "sqlite")
def _month_sqlite(element: month_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"substr({compiler.process(element.clauses, **kw)}, 1, 7)"


@compiles(month_of, "postgresql")
def _month_postgresql(element: month_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **kw)}, 'YYYY-MM')"


@compiles(month_of, "duckdb")
def _month_duckdb(element: month_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"strftime({compiler.process(element.clauses, **kw)}, '%Y-%m')"


class day_number(FunctionElement[int]):
    """A date as a number of days (since 1970): their differences are days, the same on every engine."""

    inherit_cache = True
    type: TypeEngine[int] = Integer()


@compiles(day_number)
def _day_number(element: day_number, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(({compiler.process(element.clauses, **kw)}) - DATE '1970-01-01' AS INTEGER)"


@compiles(day_number, "sqlite")
def _day_number_sqlite(element: day_number, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(julianday({compiler.process(element.clauses, **kw)}) - 2440587.5 AS INTEGER)"


class month_number(FunctionElement[int]):
    """The month of a date as a number: 12 × year + month − 1, so that differences are months."""

    inherit_cache = True
    type: TypeEngine[int] = Integer()


@compiles(month_number)
def _month_number(element: month_number, compiler: SQLCompiler, **kw: Any) -> str:
    day = compiler.process(element.clauses, **kw)
    return f"CAST(12 * EXTRACT(YEAR FROM {day}) + EXTRACT(MONTH FROM {day}) - 1 AS INTEGER)"


@compiles(month_number, "sqlite")
def _month_number_sqlite(element: month_number, compiler: SQLCompiler, **kw: Any) -> str:
    day = compiler.process(element.clauses, **kw)
    return f"(12 * CAST(substr({day}, 1, 4) AS INTEGER) + CAST(substr({day}, 6, 2) AS INTEGER) - 1)"


class bytewise(FunctionElement[str]):
    """Text that is ordered by its bytes, whatever the language of the database."""

    inherit_cache = True
    type: TypeEngine[str] = String()


@compiles(bytewise)
def _bytewise(element: bytewise, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


@compiles(bytewise, "postgresql")
def _bytewise_postgresql(element: bytewise, compiler: SQLCompiler, **kw: Any) -> str:
    return f'({compiler.process(element.clauses, **kw)} COLLATE "C")'


class year_of(FunctionElement[int]):
    """The calendar year of a date column, as a whole number."""

    inherit_cache = True
    type: TypeEngine[int] = Integer()


@compiles(year_of)
def _year(element: year_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(extract(year FROM {compiler.process(element.clauses, **kw)}) AS INTEGER)"


@compiles(year_of, "sqlite")
def _year_sqlite(element: year_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(substr({compiler.process(element.clauses, **kw)}, 1, 4) AS INTEGER)"


class month_day_of(FunctionElement[str]):
    """The month and day of a date column as text: `03-31`."""

    inherit_cache = True
    type: TypeEngine[str] = String()


@compiles(month_day_of, "sqlite")
def _month_day_sqlite(element: month_day_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"substr({compiler.process(element.clauses, **kw)}, 6, 5)"


@compiles(month_day_of, "postgresql")
def _month_day_postgresql(element: month_day_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **kw)}, 'MM-DD')"


@compiles(month_day_of, "duckdb")
def _month_day_duckdb(element: month_day_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"strftime({compiler.process(element.clauses, **kw)}, '%m-%d')"


class day_literal(ColumnElement[Any]):
    """A date written into the statement: an untyped parameter would be text to PostgreSQL inside VALUES and UNION."""

    inherit_cache = False
    type = Date()

    def __init__(self, iso: str) -> None:
        self.iso = iso


@compiles(day_literal)
def _day_literal(element: day_literal, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST('{element.iso}' AS DATE)"


@compiles(day_literal, "sqlite")
def _day_literal_sqlite(element: day_literal, compiler: SQLCompiler, **kw: Any) -> str:
    return f"'{element.iso}'"


class matches(FunctionElement[bool]):
    """Whether a pattern is found in a text: of classes, groups and repetitions, which every engine reads alike."""

    inherit_cache = True
    type: TypeEngine[bool] = Boolean()


@compiles(matches)
def _matches(element: matches, compiler: SQLCompiler, **kw: Any) -> str:
    return f"regexp_matches({compiler.process(element.clauses, **kw)})"


@compiles(matches, "sqlite")
def _matches_sqlite(element: matches, compiler: SQLCompiler, **kw: Any) -> str:
    # Python's own, which SQLAlchemy makes known to each connection.
    return "({} REGEXP {})".format(*(compiler.process(clause, **kw) for clause in element.clauses))


@compiles(matches, "postgresql")
def _matches_postgresql(element: matches, compiler: SQLCompiler, **kw: Any) -> str:
    return "({} ~ {})".format(*(compiler.process(clause, **kw) for clause in element.clauses))


class mostly(FunctionElement[bool]):
    """A condition that holds for most rows: SQLite takes any range for a narrow one and would walk its index."""

    inherit_cache = True
    type: TypeEngine[bool] = Boolean()


@compiles(mostly)
def _mostly(element: mostly, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


@compiles(mostly, "sqlite")
def _mostly_sqlite(element: mostly, compiler: SQLCompiler, **kw: Any) -> str:
    return f"likely({compiler.process(element.clauses, **kw)})"


class years_after(FunctionElement[date]):
    """The same day so many years after a date; 29 February becomes 1 March where there is none."""

    inherit_cache = True
    type: TypeEngine[date] = Date()


@compiles(years_after)
def _years_after(element: years_after, compiler: SQLCompiler, **kw: Any) -> str:
    day, years = (compiler.process(clause, **kw) for clause in element.clauses)
    there = f"CAST(({day}) + ({years}) * INTERVAL '1 year' AS DATE)"
    moved = f"extract(day FROM {day}) = 29 AND extract(month FROM {day}) = 2 AND extract(day FROM {there}) = 28"
    return f"(CASE WHEN {moved} THEN CAST({there} + INTERVAL '1 day' AS DATE) ELSE {there} END)"


@compiles(years_after, "sqlite")
def _years_after_sqlite(element: years_after, compiler: SQLCompiler, **kw: Any) -> str:
    day, years = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"date({day}, ({years}) || ' years')"
