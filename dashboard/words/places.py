"""Where a selection looks, in words: captions of shares name what they are a share of."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.words.sentences import listed, say
from data_access.selection import Selection

MOST_NAMED = 3


def chosen_places(selection: Selection, names: Mapping[str, Mapping[str, str]]) -> str:
    """`India`, `India and Kenya`, `Africa`, `Kenya, in Africa`; nothing where no place is chosen."""
    countries = listed([names.get("country", {}).get(code, code) for code in selection.country], most=MOST_NAMED)
    regions = listed(list(selection.region), most=MOST_NAMED)
    if countries and regions:
        return say("{countries}, in {regions}", countries=countries, regions=regions)
    return countries or regions
