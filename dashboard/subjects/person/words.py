"""The Person page in words."""

from __future__ import annotations

from dashboard.words.sentences import Counted, say
from data_access.persons.held import PersonFile

QUESTION = "What do we know of a person?"
KNOWN = Counted("{n} person is known here.", "{n} people are known here.")
ROWS = Counted("{n} row", "{n} rows")
TABLES = Counted("{n} table", "{n} tables")
TEXTS = Counted("{n} other text names them.", "{n} other texts name them.")
MORE = "Find one by key or by name: everything about them stands on one time line."
ERASING = (
    "Erasing takes name, home, languages, attributes, notes and free text, here, in the record of changes and in "
    "rejected files. What was counted stays counted, under a key that leads nowhere; attributes count as not "
    "disclosed. It cannot be undone, and importing an old file brings nothing back."
)


NOBODY = "Nobody is known here."
MANY_FOUND = "{n} are listed, and there may be more: write more of the key or name."
NEWEST = "The newest {n} are listed; `uplift ask personal_reads --limit 5000` names more."


def heading(count: int) -> tuple[str, str]:
    """The finding while nobody is chosen, and the sentence below it."""
    return (KNOWN(count), MORE) if count else (NOBODY, "")


def finding(held: PersonFile) -> str:
    """How much is held, and where."""
    rows = ROWS(sum(len(found) for found in held.tables.values()))
    return say("{rows} in {tables} are held about {name}.", rows=rows, tables=TABLES(len(held.tables)), name=held.shown)


def more(held: PersonFile) -> str:
    """Where else they are named."""
    return TEXTS(len(held.named_in)) if held.named_in else "No other text names them."


def choice(key: str, name: str | None) -> str:
    """A person to choose."""
    return say("{name} ({key})", name=name, key=key) if name else key
