"""Workbooks of which only the first rows are looked at: their texts are read as far as these need them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse


def beginnings(binary: BinaryIO) -> Any:
    """The workbook with the stored results of formulas; reading its first rows does not read all texts."""
    reader = _Reader(binary, read_only=True, data_only=True)
    reader.read()
    return reader.wb


class _Reader(ExcelReader):  # type: ignore[misc]  # openpyxl has no types
    def read_strings(self) -> None:
        table = self.package.find(SHARED_STRINGS)
        if table is not None:
            self.shared_strings = _Strings(self.archive.open(table.PartName[1:]))

    def read_worksheets(self) -> None:
        for sheet, relation in self.parser.find_sheets():
            if relation.target in self.valid_files and "chartsheet" not in relation.Type:
                made = _Worksheet(self.wb, sheet.name, relation.target, self.shared_strings)
                made.sheet_state = sheet.state
                self.wb._sheets.append(made)


class _Worksheet(ReadOnlyWorksheet):  # type: ignore[misc]
    def _get_size(self) -> None:
        """Nothing: a sheet that does not say its size would be read to its end for it."""


class _Strings:
    """The texts of a workbook by number, read up to the highest number that was asked for."""

    def __init__(self, xml: Any) -> None:
        self._read: list[str] = []
        self._coming = _texts(xml)

    def __getitem__(self, number: int) -> str:
        while len(self._read) <= number:
            self._read.append(next(self._coming, ""))
        return self._read[number]


def _texts(xml: Any) -> Iterator[str]:
    tag = f"{{{SHEET_MAIN_NS}}}si"
    with xml:
        for _, node in iterparse(xml):
            if node.tag == tag:
                yield str(Text.from_tree(node).content).replace("x005F_", "")
                node.clear()
