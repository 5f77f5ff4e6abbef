"""Places called exactly as the text says, by their own name, by another one, or as the chief city of a region."""

from __future__ import annotations

from dataclasses import dataclass, replace

from data_access.geography.folding import place_key
from data_access.geography.gazetteer import Gazetteer
from data_access.geography.match import RIVAL_SHARE, Match, doubted, has_rival, less_sure
from data_access.geography.place_text import NICKNAMES
from data_access.geography.states import TERRITORIES

# A place known by another name wins over one really called so only when it is this many times larger.
ALIAS_MUST_BE_LARGER = 20
# "Halle" for Halle (Saale), "Frankfurt" for Frankfurt am Main: a short form is nearly the name itself.
SHORT_FORM_MUST_BE_LARGER = 3
# Places whose population is unknown or tiny are compared as if they had this many inhabitants.
_AT_LEAST = 500


@dataclass(frozen=True, slots=True)
class ExactNames:
    """The search by exact name within a country (None: everywhere) and one of its states (None: all)."""

    gazetteer: Gazetteer
    country: str | None
    admin1: str | None

    def exact(self, text: str) -> list[Match]:
        """Places called exactly so, best first: in the country, else in the territories that belong to it."""
        found = self._exact_in(text, self.country)
        if self.country is None or self.admin1 is not None:
            return found
        if not found:
            for territory in TERRITORIES.get(self.country, ()):
                found = found or doubted(self._exact_in(text, territory), 0.8)
            return found
        # A village and a far greater region may share a name ("Bodensee", "Mie"); another name never beats a region.
        for region in self.region(text):
            factor = ALIAS_MUST_BE_LARGER if found[0].kind == "name" else 1
            if region.place == found[0].place:
                break
            if region.place.population >= factor * found[0].place.population:
                return [region, *found]
            if region.place.population >= RIVAL_SHARE * found[0].place.population:
                return [less_sure(replace(found[0], ambiguous=True), self.country), *found[1:]]
        return found

    def region(self, text: str) -> list[Match]:
        """The chief city of a region named instead of a town ("Bali", "Tamil Nadu")."""
        entries = [entry for entry in self.gazetteer.regions(text, self.country) if self.admin1 in (None, entry.admin1)]
        if len({entry.chief for entry in entries}) != 1:
            return []
        place = self.gazetteer.place(entries[0].chief)
        return [Match(place, "region", 0.4, note=f"{text!r} is a region: placed at {place.name}")]

    def _exact_in(self, text: str, country: str | None) -> list[Match]:
        key = place_key(text)
        nickname, where = NICKNAMES.get(key, ("", ""))
        if nickname and country in (None, where):
            found = self._named(nickname, where)
            if found:
                return [replace(found[0], kind="alias", confidence=0.9)]
        return self._named(key, country)

    def _named(self, key: str, country: str | None) -> list[Match]:
        in_country = [entry for entry in self.gazetteer.named(key) if country is None or entry[0].country == country]
        here = [entry for entry in in_country if self.admin1 is None or entry[0].admin1 == self.admin1]
        called = [place for place, primary in here if primary]
        also_called = [place for place, primary in here if not primary]
        if self.admin1 is not None and not called:
            # "New York, NE": another name of a small place in the state, and the name of a large one outside it.
            largest = max((place.population for place, _ in in_country), default=0)
            also_called = [
                place for place in also_called if largest < ALIAS_MUST_BE_LARGER * max(place.population, _AT_LEAST)
            ]
        short_forms = [place for place in also_called if place_key(place.name).startswith(f"{key} ")]
        base = 0.8 if country is None else 1.0 if self.admin1 else 0.95
        names = [Match(place, "name", base, has_rival(place, [*called, *short_forms])) for place in called]
        aliases = [Match(place, "alias", base - 0.1, has_rival(place, also_called)) for place in also_called]
        if names and aliases:
            factor = SHORT_FORM_MUST_BE_LARGER if aliases[0].place in short_forms else ALIAS_MUST_BE_LARGER
            if aliases[0].place.population >= factor * max(names[0].place.population, _AT_LEAST):
                best = replace(aliases[0], ambiguous=has_rival(aliases[0].place, [*called, *also_called]))
                return [less_sure(match, country) for match in (best, *names, *aliases[1:])]
        return [less_sure(match, country) for match in (*names, *aliases)]
