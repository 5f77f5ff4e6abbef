"""A place as a row of the data gives it, and the key under which the database remembers where it is."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

_MAX_KEY = 700


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """A place as a row of the data gives it; coordinates in degrees."""

    city: str | None
    state: str | None
    country: str | None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def key(self) -> str:
        """What makes two queries the same: parts folded for case, Unicode form and blanks, at most 700 characters.

        Accents and punctuation still count: keeping "Zürich" and "Zurich" separate costs one more row, not a wrong one.
        """
        parts = [_normal(part) for part in (self.city, self.state, self.country)]
        parts += [_degrees(self.latitude), _degrees(self.longitude)]
        key = "|".join(parts)
        if len(key) > _MAX_KEY:
            digest = hashlib.sha256(key.encode()).hexdigest()
            key = f"{key[: _MAX_KEY - len(digest) - 1]}#{digest}"
        return key


def _normal(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", (text or "").casefold()).replace("|", "/").split())


def _degrees(number: float | None) -> str:
    # Adding zero turns -0.0 into 0.0.
    return "" if number is None else f"{round(number, 4) + 0.0:.4f}"
