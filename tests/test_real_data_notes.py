"""Nothing of third parties is in the repository without its source and licence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real_data import FOLDER

NOTES = (FOLDER / "README.md").read_text(encoding="utf-8")
STORED = sorted(path for path in FOLDER.iterdir() if path.suffix in (".gz", ".xz"))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_each_stored_file_stands_in_the_table_of_sources_and_licences(path: Path) -> None:
    """The table's row names the file, where it is from and under what it may be used."""
    rows = [line.split("|")[1:-1] for line in NOTES.splitlines() if line.startswith("| `")]
    (row,) = [row for row in rows if f"`{path.name}`" in row[0]]
    assert len(row) == 4
    assert "https://" in row[1]
    assert " @ " in row[1]
    assert row[2].strip()


def test_the_licence_texts_that_the_notes_point_to_are_there() -> None:
    """MIT and Apache-2.0 ask for a copy of theirs; that of MPL-2.0 is the project's own."""
    for text in ("LICENSES/MIT.txt", "LICENSES/Apache-2.0.txt", "../../LICENSE"):
        assert f"]({text})" in NOTES
        assert (FOLDER / text).is_file()
