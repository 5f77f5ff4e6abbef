"""DuckDB's dialect for reading columnar copies: duckdb_engine's, with SQLAlchemy's cache of compiled statements."""

from __future__ import annotations

from duckdb_engine import Dialect


class CopyDialect(Dialect):
    """Statements are compiled once: a question of forty statements spends a tenth of its time on compiling them.

    duckdb_engine turns that cache off, only to silence a warning of SQLAlchemy's. What it compiles never depends on
    bound values: it is PostgreSQL's compiler, and SQLAlchemy keeps statements of that one.
    """

    driver = "copied"
    supports_statement_cache = True
