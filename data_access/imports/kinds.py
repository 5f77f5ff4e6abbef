"""How the data contract describes itself: kinds of cells, columns and tables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell may hold; `data_access.imports.cells` has one parser for each."""

    KEY = "key"
    TEXT = "text"
    LABEL = "label"
    DATE = "date"
    DATETIME = "datetime"
    MONTH_DAY = "month-day"
    FISCAL_YEAR = "fiscal year"
    COUNTRY = "country"
    LANGUAGE = "language"
    LANGUAGES = "languages"
    TOPICS = "topics"
    CURRENCY = "currency"
    MONEY = "amount"
    RATE = "rate"
    INTEGER = "whole number"
    NUMBER = "number"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    FLAG = "yes or no"
    CHOICE = "choice"
    URL = "web address"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `required` cells must be filled; an empty optional cell becomes `default` ("not given" is NULL)."""

    name: str
    kind: Kind
    required: bool = False
    default: str | int | None = None
    choices: tuple[str, ...] = ()
    references: str | None = None
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `key` names the columns that identify a row; `spans` are (from, to) dates that must be in order."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    spans: tuple[tuple[str, str], ...] = ()

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)
