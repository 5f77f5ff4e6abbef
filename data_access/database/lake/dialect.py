"""The same statements for an engine that speaks Spark Connect: how it spells types and functions, and a small DBAPI."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.engine import default
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import NullPool
from sqlalchemy.sql import compiler
from sqlalchemy.sql.compiler import OPERATORS
from sqlalchemy.sql.selectable import ScalarSelect, SelectBase

from data_access.database import sql

# Runs a statement with named parameters and returns the whole answer.
Run = Callable[[str, dict[str, Any]], pa.Table]


class EngineError(Exception):
    """What the engine could not do. Named as the DBAPI wants it."""


class _Types(compiler.GenericTypeCompiler):
    def visit_VARCHAR(self, type_: Any, **kw: Any) -> str:  # noqa: N802
        return "STRING"

    visit_TEXT = visit_CHAR = visit_NVARCHAR = visit_VARCHAR  # noqa: N815

    def visit_FLOAT(self, type_: Any, **kw: Any) -> str:  # noqa: N802
        return "DOUBLE"  # FLOAT has 32 bits there

    visit_DOUBLE = visit_DOUBLE_PRECISION = visit_REAL = visit_FLOAT  # noqa: N815

    def visit_INTEGER(self, type_: Any, **kw: Any) -> str:  # noqa: N802
        return "INT"

    def visit_DATETIME(self, type_: Any, **kw: Any) -> str:  # noqa: N802
        return "TIMESTAMP_NTZ"


class _Names(compiler.IdentifierPreparer):
    def __init__(self, dialect: Any) -> None:
        super().__init__(dialect, initial_quote="`", final_quote="`", escape_quote="`")


_Compiler: Any = compiler.SQLCompiler  # parts of it have no types


class _Statements(_Compiler):  # type: ignore[misc]
    def _generate_prefixes(self, stmt: Any, prefixes: Any, **kw: Any) -> Any:
        kept = [prefix for prefix in prefixes if str(prefix[0]) != "MATERIALIZED"]
        return super()._generate_prefixes(stmt, kept, **kw)

    def visit_in_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._in(binary, operator, "EXISTS", **kw)

    def visit_not_in_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._in(binary, operator, "NOT EXISTS", **kw)

    def _in(self, binary: Any, operator: Any, exists: str, **kw: Any) -> str:
        """In what is selected, IN (SELECT …) is not planned, and EXISTS is; keys are compared, which are never NULL."""
        if not kw.get("within_columns_clause") or not isinstance(binary.right, SelectBase | ScalarSelect):
            return f"({self._generate_generic_binary(binary, OPERATORS[operator], **kw)})"
        found = self.process(binary.right, **kw | {"within_columns_clause": False})
        key = self.process(binary.left, **kw)
        same = f"SELECT 1 FROM {found} AS found(found_key) WHERE found_key = {key}"  # noqa: S608  # compiled by us
        return f"({key} IS NOT NULL AND {exists} ({same}))"

    def visit_frame_clause(self, frameclause: Any, **kw: Any) -> str:
        return str(
            super().visit_frame_clause(frameclause, **kw | {"literal_binds": True})
        )  # a parameter is refused there


class SparkConnectDialect(default.DefaultDialect):
    """Reads only: nothing is created, written or committed."""

    name = "spark"
    driver = "connect"
    preparer: Any = _Names
    statement_compiler = _Statements
    type_compiler_cls = _Types
    default_paramstyle = "named"  # one name, one parameter: GROUP BY x + :p is then the expression that was selected
    supports_statement_cache = True
    supports_native_boolean = True
    supports_native_decimal = True
    supports_sane_rowcount = False
    supports_default_values = False
    postfetch_lastrowid = False
    div_is_floordiv = False

    @classmethod
    def import_dbapi(cls) -> Any:
        return DBAPI

    def initialize(self, connection: Any) -> None:
        self.server_version_info = (0,)
        self.default_schema_name = None


DBAPI = SimpleNamespace(
    paramstyle="named",
    apilevel="2.0",
    threadsafety=2,
    **dict.fromkeys(("Error", "DatabaseError", "OperationalError", "ProgrammingError", "InterfaceError"), EngineError),
    **dict.fromkeys(("DataError", "IntegrityError", "InternalError", "NotSupportedError"), EngineError),
)
registry.register("spark.connect", __name__, "SparkConnectDialect")


def engine_of(run: Run) -> Engine:
    """An engine whose statements are run so."""
    return create_engine("spark+connect://", creator=lambda: _Connection(run), poolclass=NullPool, hide_parameters=True)


class _Connection:
    def __init__(self, run: Run) -> None:
        self._run = run

    def cursor(self) -> _Cursor:
        return _Cursor(self._run)

    def commit(self) -> None:
        """There is nothing to commit, roll back or close: the session is shared."""

    rollback = close = commit


class _Cursor:
    arraysize = 1000
    rowcount = -1
    lastrowid = None

    def __init__(self, run: Run) -> None:
        self._run = run
        self.description: list[tuple[Any, ...]] | None = None
        self._rows: list[tuple[Any, ...]] = []
        self._at = 0

    def execute(self, statement: str, parameters: Any = None) -> None:
        table = self._run(statement, dict(parameters or {}))
        self.description = [(name, *[None] * 6) for name in table.schema.names]
        self._rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
        self._at = 0

    def fetchmany(self, size: int | None = None) -> Sequence[tuple[Any, ...]]:
        first, self._at = self._at, self._at + (size or self.arraysize)
        return self._rows[first : self._at]

    def fetchall(self) -> Sequence[tuple[Any, ...]]:
        return self.fetchmany(len(self._rows) or 1)

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(iter(self.fetchmany(1)), None)

    def close(self) -> None:
        self._rows = []


@compiles(sql.month_of, "spark")
def _month(element: sql.month_of, compiler: compiler.SQLCompiler, **kw: Any) -> str:
    return f"date_format({compiler.process(element.clauses, **kw)}, 'yyyy-MM')"


@compiles(sql.month_day_of, "spark")
def _month_day(element: sql.month_day_of, compiler: compiler.SQLCompiler, **kw: Any) -> str:
    return f"date_format({compiler.process(element.clauses, **kw)}, 'MM-dd')"


@compiles(sql.day_number, "spark")
def _day_number(element: sql.day_number, compiler: compiler.SQLCompiler, **kw: Any) -> str:
    return f"unix_date({compiler.process(element.clauses, **kw)})"


@compiles(sql.matches, "spark")
def _matches(element: sql.matches, compiler: compiler.SQLCompiler, **kw: Any) -> str:
    return "({} RLIKE {})".format(*(compiler.process(clause, **kw) for clause in element.clauses))


@compiles(sql.years_after, "spark")
def _years_after(element: sql.years_after, compiler: compiler.SQLCompiler, **kw: Any) -> str:
    day, years = (compiler.process(clause, **kw) for clause in element.clauses)
    there = f"add_months({day}, CAST(12 * ({years}) AS INT))"
    moved = f"extract(day FROM {day}) = 29 AND extract(month FROM {day}) = 2 AND extract(day FROM {there}) = 28"
    return f"(CASE WHEN {moved} THEN date_add({there}, 1) ELSE {there} END)"
