"""The folium side of the map: an empty map with our own assets, and the one thing that is handed to it later.

branca renders what it is given as a template again, on the server: text from data must never come here. The map takes
none. What changes (layer, theme, tokens) goes in as JSON made of enumerations, numbers and tokens, checked below;
names and sentences are fetched by the browser as JSON and set with textContent.
"""

from __future__ import annotations

import json
import re
from typing import Any, Literal

import folium
from branca.element import MacroElement
from folium.template import Template

from dashboard.maps import assets
from dashboard.maps.tokens import PUBLISHED, WHAT
from dashboard.maps.view import WORLD, View

Json = dict[str, Any]
SCRIPTS = ("leaflet.js", "map_world.js", "map_cells.js", "event_map.js")
STYLES = ("leaflet.css", "event_map.css")
_SAFE = re.compile(r"[A-Za-z0-9 ._~:/?=&%{}@-]*")


class _OwnMap(folium.Map):
    """folium's map with our scripts and styles in place of its CDN's; the class's own lists stay as they are."""

    def __init__(self) -> None:
        super().__init__(
            location=(20, 10),
            zoom_start=2,
            min_zoom=0.5,  # type: ignore[arg-type]  # Leaflet takes parts: a phone shows the whole world
            max_zoom=15,
            tiles=None,
            world_copy_jump=True,
            zoom_snap=0.25,
            attribution_control=False,
            keyboard=True,
        )
        self.default_js = [(name, assets.address(name)) for name in SCRIPTS]
        self.default_css = [(name, assets.address(name)) for name in STYLES]


class _ShownLayer(MacroElement):
    """Tells our script what the map shows. Reset first: st_folium adds each new group to a list it never empties."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            window.feature_group = [];
            window.uplift.show({{ this.map_name }}, {{ this.json }});
        {% endmacro %}
        """
    )

    def __init__(self, json_text: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types here
        self._name = "Shown"
        self.json = json_text
        self.map_name = "map_div"


def empty_map() -> folium.Map:
    """The same map each time: a map that differs by a letter would be mounted again and lose the reader's view."""
    return _OwnMap()


def shown(
    *,
    layer: str,
    theme: Literal["light", "dark"],
    token: str,
    steps: dict[str, list[tuple[str, str]]],
    borders: bool,
    tiles_url: str,
    view: View = WORLD,
) -> folium.FeatureGroup:
    """What the map shows now. `steps` lists (name, token) of quarters and years to play through.

    `view` is for as long as the reader has not moved the map.
    """
    if layer not in (*WHAT, *PUBLISHED):
        raise ValueError(f"{layer!r} is not a layer.")
    settings: Json = {
        "layer": layer,
        "theme": "dark" if theme == "dark" else "light",
        "token": token,
        "steps": steps,
        "borders": bool(borders),
        "tiles": tiles_url,
        "view": view.as_corners(),
        "countries": assets.address("countries.json"),
    }
    _refuse_text(settings)
    group = folium.FeatureGroup()
    group.add_child(_ShownLayer(json.dumps(settings, ensure_ascii=True)))
    return group


def _refuse_text(value: Any) -> None:
    """Letters, digits and the signs of an address: nothing that a template, a script or a page would act on."""
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_text(key)
            _refuse_text(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_text(item)
    elif isinstance(value, str) and ("{{" in value or "{%" in value or not _SAFE.fullmatch(value)):
        raise ValueError("Only enumerations, numbers and tokens may enter the map's template.")
