"""Checking blocks: each text of a column once, by the same parsers as row by row.

Where there is anything to say about a row, its whole batch is checked row by row, so that every message is said once,
by one piece of code, in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.contract.cells import MAX_KEY
from data_access.contract.tables import Column, Kind
from data_access.imports.batches import Batch, Block, in_batches
from data_access.imports.columns import arrow_type
from data_access.imports.rows import BATCH_ROWS, Problem
from data_access.imports.stretches import Marks
from data_access.imports.validate import TableValidator, Validated


def checked(validator: TableValidator, item: Batch, rejected: Set[int]) -> Iterator[tuple[Validated, list[Problem]]]:
    """The good rows of a batch or block, and the problems, batch by batch; of blocks, in columns of Arrow."""
    if not isinstance(item, Block):
        yield validator.validate(item, rejected)
        return
    if not validator.is_by_cell():
        yield from (validator.validate(batch, rejected) for batch in in_batches(item))
        return
    columns, doubtful = _columns(validator, item)
    lines = item.stretch.lines
    start, number = 0, len(item)
    for first in np.unique(np.flatnonzero(doubtful) // BATCH_ROWS) * BATCH_ROWS:
        if first > start:
            yield _part(columns, lines, start, first), []
        yield validator.validate(item.batch(first), rejected)
        start = first + BATCH_ROWS
    if start < number:
        yield _part(columns, lines, start, number), []


def _part(columns: Sequence[pa.Array], lines: Any, start: int, end: int) -> Validated:
    # As Python's integers: SQLite keeps NumPy's as bytes.
    return Validated([column.slice(start, end - start) for column in columns], lines[start:end].tolist())


def _columns(validator: TableValidator, block: Block) -> tuple[list[pa.Array], Marks]:
    """The values of all columns, and in which rows there is something to say."""
    texts = dict(zip(block.columns, block.stretch.columns, strict=True))
    doubtful = np.zeros(len(block), bool)
    columns = []
    for column in validator.table.columns:
        if column.name not in texts:
            default = bool(column.default) if column.kind is Kind.FLAG else column.default
            columns.append(pa.array([default], arrow_type(column)).take(pa.array(np.zeros(len(block), np.int32))))
        elif isinstance(own := texts[column.name], pa.DictionaryArray):
            columns.append(_repeating(validator, column, own, doubtful))
        elif block.stretch.printable and column.kind is Kind.KEY:
            columns.append(_keys(column, own, doubtful))
        else:
            columns.append(_repeating(validator, column, own.dictionary_encode(), doubtful))
    return columns, doubtful


def _repeating(validator: TableValidator, column: Column, own: pa.DictionaryArray, doubtful: Marks) -> pa.Array:
    """The values of a column, each of its texts parsed once."""
    texts = tuple(own.dictionary.to_pylist())
    values = validator.parsers[column.name].each(texts)
    odd = np.array(
        [not validator.nothing_to_say(column, text, value) for text, value in zip(texts, values, strict=True)], bool
    )
    codes = own.indices
    if odd.any():
        doubtful |= odd[codes.to_numpy()]
        values = [None if is_odd else value for value, is_odd in zip(values, odd, strict=True)]
    return pa.DictionaryArray.from_arrays(codes, pa.array(values, arrow_type(column)))


def _keys(column: Column, own: pa.Array, doubtful: Marks) -> pa.Array:
    """Printable ASCII as keys: what `parse_cell` does with each, for all of them at once."""
    lengths = pc.binary_length(own).to_numpy()
    trimmed = pc.binary_length(pc.ascii_trim(own, " ")).to_numpy()
    doubtful |= (trimmed != lengths) | (lengths > MAX_KEY)
    empty = lengths == 0
    if not empty.any():
        return own
    if column.required:
        doubtful |= empty
    return pc.if_else(pa.array(empty), pa.scalar(None, pa.string()), own)
