"""Places a text probably means although none is called exactly so: misspelt, too long, too short, or two in one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from data_access.geography.countries import english_country_code
from data_access.geography.exact_names import ExactNames
from data_access.geography.folding import fold, place_key, word_set
from data_access.geography.match import Match, doubted, has_rival

_BRACKETED = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_PIECES = re.compile(r"\s*(?:[/|;+&]|\s[-–—]\s|-|–|\band\b)\s*", re.IGNORECASE)
# Words that say what kind of place it is, in the languages met so far.
_GENERIC = word_set(
    "city town village island islands isle area metro metropolitan greater central county region province district "
    "cbd downtown municipality bay ciudad cidade stadt autonoma kota kabupaten regency upravna enota de of the"
)
# "New Bohol" is not Bohol.
_ANOTHER_PLACE = word_set("new nueva nuevo nova novo neu nouveau nouvelle little north south east west")
# Beginnings shared by hundreds of places say nothing about which is meant.
_COMMON_BEGINNINGS = _ANOTHER_PLACE | word_set(
    "saint sainte santa santo port villa ville monte mount fort lake palm grand upper lower"
)
# Small places are misspelt as well, but far more names are one letter away from some village by accident.
_TYPO_FROM_POPULATION = 5_000
_LONGER_FROM_POPULATION = 1_000
_BEGINNING_FROM_POPULATION = 15_000


@dataclass(frozen=True, slots=True)
class LikelyNames:
    """The search for what was probably meant, within the country and state of an exact search that found nothing."""

    names: ExactNames

    def find(self, text: str) -> list[Match]:
        """A region's chief city, then typing errors, and only then parts of the name; best first.

        A name that is spelt right for a larger place elsewhere is no misspelling of a smaller one here: "Berlin" in
        France is a mistake in the country, not Barlin.
        """
        found = self.names.region(text)
        if self.names.country is not None and english_country_code(text) == self.names.country:
            return found  # the country's name in the town's cell is no misspelling of a town
        elsewhere = max((place.population for place, _ in self.names.gazetteer.named(place_key(text))), default=-1)
        for way in (self._misspelt, self._too_long, self._several, self._too_short, self._beginning):
            found = found or [match for match in way(text) if match.place.population >= elsewhere]
        return found

    def _misspelt(self, text: str) -> list[Match]:
        key = place_key(text)
        allowed = 2 if len(key) >= 8 else 1 if len(key) >= 5 else 0
        if not allowed:
            return []
        gazetteer, admin1 = self.names.gazetteer, self.names.admin1
        column = gazetteer.names_in(self.names.country)
        candidates = column.down_to(0 if admin1 else _TYPO_FROM_POPULATION)
        close = [
            (int(distance), index)
            for name, distance, index in process.extract(
                key, candidates, scorer=OSA.distance, score_cutoff=allowed, limit=None
            )
            # Two slips are believable in a name that begins right.
            if (admin1 is None or column.admin1[index] == admin1) and (distance < 2 or name[0] == key[0])
        ]
        close.sort()
        found = [
            Match(gazetteer.place(column.geonameids[index]), "typo", 0.6 if distance > 1 else 0.7)
            for distance, index in close[:5]
        ]
        nearest = [match.place for match in found if match.confidence == found[0].confidence]
        return [
            replace(match, ambiguous=has_rival(match.place, nearest), note=f"{text!r} read as {match.place.name}")
            for match in found
        ]

    def _too_long(self, text: str) -> list[Match]:
        """Without brackets, then without postcodes, then without words such as "city" and "island"."""
        shorter = _BRACKETED.sub(" ", text).strip()
        without_digits = " ".join(word for word in shorter.split() if not any(sign.isdigit() for sign in word))
        tried = {fold(text), ""}
        for candidate, confidence in ((shorter, 0.75), (without_digits, 0.7), (_specific(without_digits), 0.6)):
            if fold(candidate) not in tried:
                tried.add(fold(candidate))
                found = doubted(self.names.exact(candidate), confidence, f"{text!r} read as {candidate!r}", "words")
                if found:
                    return found
        return []

    def _several(self, text: str) -> list[Match]:
        """The first of several places in one cell ("Raleigh-Durham")."""
        pieces = [piece for piece in _PIECES.split(text) if len(fold(piece)) > 3]
        if pieces != [text]:
            for piece in pieces:
                found = doubted(self.names.exact(piece), 0.5, f"{text!r} read as {piece!r}", "words")
                if found:
                    return found
        return []

    def _too_short(self, text: str) -> list[Match]:
        """Places of the country whose name contains the whole text ("Gran Canaria")."""
        key, country, admin1 = place_key(text), self.names.country, self.names.admin1
        if country is None or len(key) < (4 if admin1 else 5) or key in _COMMON_BEGINNINGS:
            return []
        column = self.names.gazetteer.names_in(country)
        padded = f" {key} "
        indexes = [
            index
            for index, name in enumerate(column.down_to(0 if admin1 else _LONGER_FROM_POPULATION))
            if padded in f" {name} "
            and (admin1 is None or column.admin1[index] == admin1)
            and _ANOTHER_PLACE.isdisjoint(name.replace(key, " ").split())
        ]
        places = [self.names.gazetteer.place(column.geonameids[index]) for index in indexes[:10]]
        places.sort(key=lambda place: (not place_key(place.name).startswith(key), -place.population))
        return [
            Match(place, "words", 0.5, has_rival(place, places), f"{text!r} read as {place.name}") for place in places
        ]

    def _beginning(self, text: str) -> list[Match]:
        """A large town whose name begins the text ("Tampa Convention"), where it is half of it or more."""
        if self.names.country is None:
            return []
        specific = _specific(text).split()
        for count in range(len(specific) - 1, 0, -1):
            start = " ".join(specific[:count])
            if len(start) < 5 or 2 * len(start) < len(" ".join(specific)) - 1:
                return []
            large = [
                match
                for match in self.names.exact(start)
                if match.kind == "name" and match.place.population >= _BEGINNING_FROM_POPULATION
            ]
            if large:
                return doubted(large, 0.4, f"{text!r} read as {large[0].place.name}", "words")
        return []


def _specific(text: str) -> str:
    """The words of a text that do not merely say what kind of place it is."""
    return " ".join(word for word in fold(text).split() if word not in _GENERIC)
