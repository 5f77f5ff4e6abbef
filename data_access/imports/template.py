"""An empty workbook to fill in and import: a sheet for each table, with notes, drop-downs and an example."""

from __future__ import annotations

import io
from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data_access.contract.tables import TABLES, Column, Kind, Table
from data_access.imports.workbooks import TEMPLATE_MARK
from data_access.wording import paragraph, say

# The tables that most programs begin with; the others follow in the contract's order.
FIRST = ("people", "events", "participations", "memberships", "funding_requests", "contributions", "budgets", "program")
# Title, example, header: what stands above the header is not read.
_TITLE, _EXAMPLE, _HEADER = 1, 2, 3
_LAST_ROW = 5_000
_RARE = (Kind.DATETIME, Kind.LATITUDE, Kind.LONGITUDE)
_LONGEST_LIST = 255  # characters, as Excel allows for a drop-down
_ABOUT = "{mark}: {table}. Fill in rows below the blue header; the grey row above it is an example, and is not read."
_EXAMPLES = {
    "people.name": "Ada Lovelace",
    "people.home_city": "London",
    "people.home_country": "United Kingdom",
    "people.languages": "English; French",
    "people.entry_channel": "meetup",
    "events.title": "Documentation sprint",
    "events.city": "Pune",
    "events.country": "India",
    "events.status": "held",
    "events.attendance": "24",
    "participations.role": "speaker",
    "memberships.end_reason": "",
    "memberships.ended_on": "",
    "funding_requests.category": "travel",
    "funding_requests.decision": "approved",
    "contributions.area": "documentation",
    "program.name": "Our program",
    "person_attributes.dimension": "gender",
    "person_attributes.value": "female",
}
_BY_KIND = {
    Kind.DATE: "2026-05-03",
    Kind.DATETIME: "2026-05-03T18:30:00+02:00",
    Kind.MONTH_DAY: "01-01",
    Kind.FISCAL_YEAR: "2026",
    Kind.COUNTRY: "Germany",
    Kind.LANGUAGE: "en",
    Kind.LANGUAGES: "English; German",
    Kind.TOPICS: "translation; testing",
    Kind.CURRENCY: "EUR",
    Kind.MONEY: "120.50",
    Kind.RATE: "0.92",
    Kind.INTEGER: "3",
    Kind.NUMBER: "4.5",
    Kind.LATITUDE: "18.52",
    Kind.LONGITUDE: "73.86",
    Kind.FLAG: "yes",
    Kind.URL: "https://example.org",
    Kind.LABEL: "example",
    Kind.TEXT: "Example",
}
_NOTES = {
    Kind.DATE: "A day, like 2026-05-03.",
    Kind.DATETIME: "A day and time with its offset, like 2026-05-03T18:30:00+02:00.",
    Kind.MONTH_DAY: "Month and day, like 04-01.",
    Kind.FISCAL_YEAR: "The year in which it starts, like 2026.",
    Kind.COUNTRY: "A country's name or code.",
    Kind.LANGUAGE: "A language's name or tag, like German or de.",
    Kind.LANGUAGES: "Languages with ; between them.",
    Kind.TOPICS: "Labels with ; between them.",
    Kind.CURRENCY: "A currency's code, like EUR.",
    Kind.MONEY: "An amount, like 1133.32.",
    Kind.RATE: "What one unit of the currency is in the program's.",
    Kind.FLAG: "yes or no.",
    Kind.URL: "An address that begins with https://.",
    Kind.LATITUDE: "Degrees north, like 18.52.",
    Kind.LONGITUDE: "Degrees east, like 73.86.",
}
_BLUE, _GREY = PatternFill("solid", fgColor="D9E8F6"), PatternFill("solid", fgColor="F2F2F2")


def template() -> bytes:
    """The workbook, as a file's content."""
    book = Workbook()
    assert book.active is not None  # noqa: S101  # a new workbook has a sheet
    book.remove(book.active)
    for name in (*FIRST, *(name for name in TABLES if name not in FIRST)):
        _fill(book.create_sheet(name), TABLES[name])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def columns_of_sheet(table: Table) -> list[Column]:
    """The columns as the sheet has them: first those that must be filled, last those that few people have."""
    return sorted(table.columns, key=lambda column: (not column.required, column.kind in _RARE))


def _fill(sheet: Worksheet, table: Table) -> None:
    sheet.cell(_TITLE, 1, say(_ABOUT, mark=TEMPLATE_MARK, table=table.name.replace("_", " "))).font = Font(bold=True)
    for index, column in enumerate(columns_of_sheet(table), 1):
        letter = get_column_letter(index)
        example = sheet.cell(_EXAMPLE, index, _example(table, column))
        example.font, example.fill = Font(italic=True, color="7F7F7F"), _GREY
        header = sheet.cell(_HEADER, index, column.name)
        header.font, header.fill = Font(bold=column.required), _BLUE
        header.alignment = Alignment(wrap_text=True, vertical="top")
        header.comment = Comment(_note(column), "Uplift", width=260, height=110)
        sheet.column_dimensions[letter].width = max(14, len(column.name) + 3)
        if choices := _choices(column):
            choice = DataValidation(type="list", formula1=choices, allow_blank=True)
            # A key may stand in a row that comes later, and a list is a help.
            choice.showErrorMessage = not column.references
            choice.add(f"{letter}{_HEADER + 1}:{letter}{_LAST_ROW}")
            sheet.add_data_validation(choice)
    sheet.freeze_panes = f"A{_HEADER + 1}"


def _example(table: Table, column: Column) -> str:
    if column.kind is Kind.KEY:
        return say("{what}-1", what=(column.references or table.name).rstrip("s"))
    given = _EXAMPLES.get(f"{table.name}.{column.name}")
    if given is not None:
        return given
    return column.choices[0] if column.choices else _BY_KIND.get(column.kind, "")


def _note(column: Column) -> str:
    return paragraph(_note_parts(column))


def _note_parts(column: Column) -> Iterator[str]:
    yield "Must be filled." if column.required else "May be empty."
    if column.references:
        yield say("A key that stands in {table}.", table=column.references)
    elif column.kind is Kind.KEY:
        yield "An id of your own that stays the same: a row with a known one is brought up to date."
    if column.choices:
        yield say("One of {choices}.", choices=", ".join(column.choices))
    yield _NOTES.get(column.kind, "")


def _choices(column: Column) -> str:
    """What a drop-down offers: the words of the contract, or the keys in the sheet that is referred to."""
    if column.references:
        names = [each.name for each in columns_of_sheet(TABLES[column.references])]
        letter = get_column_letter(names.index(TABLES[column.references].key[0]) + 1)
        return f"={column.references}!${letter}${_HEADER + 1}:${letter}${_LAST_ROW}"
    choices = ("yes", "no") if column.kind is Kind.FLAG else column.choices
    listed = f'"{",".join(choices)}"'
    return listed if choices and len(listed) <= _LONGEST_LIST else ""
