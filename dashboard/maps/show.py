"""The one place that hands a folium map to Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import folium
from streamlit_folium import st_folium

from dashboard import settings
from dashboard.asking import cached, filters
from dashboard.maps import base, tokens
from dashboard.maps.answers import CELLS
from dashboard.maps.view import View, opening
from dashboard.parts import page_parts
from data_access.geography.countries import all_countries
from data_access.selection import Period, Selection

HEIGHT = 600
SOURCES = "Outlines: Natural Earth, simplified. Some borders are disputed; drawing them takes no side."


def show_layer(
    layer: str,
    chosen: Selection,
    steps: Mapping[str, Sequence[tuple[str, Period]]],
    key: str = "event_map",
    **options: str,
) -> Any:
    """Draw a layer of the chosen events, with the steps of time that it can play; returns what was picked on it.

    `options` are those of the layer's question.
    """
    now, used = filters.asked(), settings.current()
    signer = tokens.for_database(used.database_url)

    def sign(selection: Selection) -> str:
        return signer.sign(tokens.MapRequest(layer, selection, now.scope, tuple(options.items())))

    group = base.shown(
        layer=layer,
        theme=page_parts.theme_type(),
        token=sign(chosen),
        steps={
            unit: [(name, sign(replace(now.selection, period=period))) for name, period in listed]
            for unit, listed in steps.items()
        },
        borders=used.map_borders,
        tiles_url=used.tiles_url,
        view=_view(layer, chosen),
    )
    return draw(group, key)


def _view(layer: str, chosen: Selection) -> View:
    """Where the layer's circles are, or the chosen events', with the countries that the filters name.

    A layer of people's homes shows all that it is about: where events were says nothing of them.
    """
    regions = {found.code for found in all_countries() if found.region in chosen.region}
    lands = (*chosen.country, *regions)
    if layer == "diversity":
        return opening((), (), lands)
    question, _ = CELLS.get(layer, CELLS["events"])
    places = cached.answer(question, chosen, filters.asked().scope)
    return opening(places["latitude"], places["longitude"], lands)


def draw(group: folium.FeatureGroup, key: str, height: int = HEIGHT) -> Any:
    """The empty map with what it shows. Only what our script reports comes back: moving it runs nothing."""
    return st_folium(
        base.empty_map(),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=group,
    )
