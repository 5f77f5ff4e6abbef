"""Letters that were lost before the file came here: said once for a column, and mended where they can be."""

from __future__ import annotations

from collections.abc import Sequence

from data_access.imports.batches import Batch
from data_access.imports.encodings import letters_lost, mended
from data_access.imports.rows import Problem, clipped
from data_access.wording import say

MENDABLE = "text that was read in the wrong encoding before"
MENDED = "text that was read in the wrong encoding before, and was mended"
LOST = "letters that were replaced by question marks"


class Letters:
    """Looks at the text of one table's columns; what is wrong is said once for each column of a file."""

    def __init__(self, *, mend: bool) -> None:
        self.mend = mend
        self._said: set[tuple[str, str, str]] = set()

    @staticmethod
    def are_whole(text: str) -> bool:
        """Whether there is nothing to say about a text."""
        return (text.isascii() and "?" not in text) or (mended(text) == text and not letters_lost(text))

    def looked_at(
        self, batch: Batch, lines: Sequence[int], column: str, texts: tuple[str, ...]
    ) -> tuple[tuple[str, ...], list[Problem]]:
        """The column's texts, mended if that is wanted, and what there is to say about them."""
        problems: list[Problem] = []
        whole = list(texts)
        for index, text in enumerate(texts):
            if text.isascii() and "?" not in text:
                continue
            better = mended(text)
            if better != text:
                if self.mend:
                    whole[index] = better
                problem = MENDED if self.mend else MENDABLE
                template = (
                    "It now reads {better}. Other rows of the column were mended as well where they needed it."
                    if self.mend
                    else "It should read {better}, and other rows alike: choose to mend broken text (--mend-text)."
                )
                remedy = say(template, better=repr(clipped(better)))
            elif letters_lost(text):
                problem = LOST
                remedy = "Nothing here can tell which letters they were: save the file anew as “CSV UTF-8”."
            else:
                continue
            if (batch.file, column, problem) not in self._said:
                self._said.add((batch.file, column, problem))
                problems.append(
                    Problem(batch.file, lines[index], batch.table, column, text[:500], problem, remedy, "hint")
                )
        return tuple(whole), problems
