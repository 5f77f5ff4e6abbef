"""How an import is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from data_access.geography.places import Locator
from data_access.imports.mapping.mapping import SheetMapping
from data_access.imports.report import ImportReport

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class ImportOptions:
    """How to import; `locator` finds places (the offline gazetteer unless another chain is given).

    `overwrite_recorded` takes the file's value where people recorded another in the product; else theirs is kept.
    `source` and `source_format` are what the log calls what comes in, where its files are only the way it came.
    `in_its_transaction` writes what must be kept together with this import, or not at all.
    `mend_text` puts right what was read in the wrong encoding before it came here ("CafÃ©"). `sample` says that
    what comes in is the sample program, and `over_sample` adds to it; without either nothing is written there.
    Without `releases` the quarter's release waits for an import with them, or for `uplift release`: what it tells of
    people stays told, so it should be made of a program that is whole. Facts, such as events, are shown meanwhile.
    `readings` say how tables are read that are none of the contract's, before those that are remembered.
    """

    format: str | None = None
    skip_bad_rows: bool = False
    dry_run: bool = False
    overwrite_recorded: bool = False
    mend_text: bool = False
    sample: bool = False
    over_sample: bool = False
    releases: bool = True
    readings: Sequence[SheetMapping] = ()
    rejected_dir: Path | None = None
    imported_by: str = ""
    as_of: date = field(default_factory=date.today)
    progress: Progress | None = None
    locator: Callable[[], Locator] | None = None
    source: str = ""
    source_format: str = ""
    in_its_transaction: Callable[[Connection, ImportReport], None] | None = None
