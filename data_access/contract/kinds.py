"""How the data contract describes itself: kinds of cells, columns and tables, and short ways to write columns down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MONEY_SCALE = 10_000  # money is kept as whole ten-thousandths: no currency has more decimals


class Kind(StrEnum):
    """What a cell may hold; `data_access.contract.cells` has one parser for each."""

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


def key_column(name: str) -> Column:
    return Column(name, Kind.KEY, required=True)


def reference_column(name: str, table: str, *, required: bool = False) -> Column:
    return Column(name, Kind.KEY, required=required, references=table)


def text_column(name: str, *, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, required=required)


def label_column(name: str, *, required: bool = False) -> Column:
    return Column(name, Kind.LABEL, required=required)


def date_column(name: str, *, required: bool = False) -> Column:
    return Column(name, Kind.DATE, required=required)


def count_column(name: str, default: int | None = None, *, required: bool = False, minimum: int = 0) -> Column:
    return Column(name, Kind.INTEGER, required=required, default=default, minimum=minimum)


def money_column(name: str, *, required: bool = False) -> Column:
    return Column(name, Kind.MONEY, required=required)


def choice_column(name: str, choices: tuple[str, ...], *, required: bool = False, default: str | None = None) -> Column:
    return Column(name, Kind.CHOICE, required=required, default=default, choices=choices)


def country_column(name: str = "country", *, required: bool = False) -> Column:
    return Column(name, Kind.COUNTRY, required=required)


def point_columns(prefix: str = "") -> tuple[Column, Column]:
    return Column(f"{prefix}latitude", Kind.LATITUDE), Column(f"{prefix}longitude", Kind.LONGITUDE)
