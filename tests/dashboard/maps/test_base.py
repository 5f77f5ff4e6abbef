"""What is handed to folium: our own assets, and no text from data, ever."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import folium
import pytest

import dashboard.maps
from dashboard.maps import assets
from dashboard.maps.base import empty_map, shown
from data_access.geography.countries import all_countries
from data_access.geography.polygons import PATH, drawn_codes

OURS = sorted(assets.OURS.glob("*map*.js"))
PAYLOADS = (
    "<img src=x onerror=alert(1)>",
    "{{7*7}}",
    "{% raw %}",
    "${alert(1)}",
    "`",
    "</script>",
    "C:\\path\\2019",
    "\u202egnp",
    "'",
    '"',
)


def test_the_map_asks_nobody_but_us_and_folium_keeps_its_own_lists() -> None:
    before = (list(folium.Map.default_js), list(folium.Map.default_css))
    html = empty_map().get_root().render()
    assert "https://" not in re.sub(r"https://(leafletjs|www\.openstreetmap)[^\"]*", "", html)
    assert (folium.Map.default_js, folium.Map.default_css) == before
    assert all(assets.address(name) in html for name in ("leaflet.js", "event_map.js", "leaflet.css"))


def test_the_empty_map_is_the_same_each_time_but_for_its_random_id() -> None:
    """Otherwise st_folium would mount it again, and the reader would lose the view."""
    one, other = (re.sub(r"[0-9a-f]{32}", "", empty_map().get_root().render()) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("place", ["token", "step", "step token", "tiles"])
def test_text_that_could_act_is_refused(payload: str, place: str) -> None:
    given = {"token": "t", "step": "2019 Q3", "step token": "u", "tiles": ""} | {place: payload}
    with pytest.raises(ValueError, match="Only enumerations"):
        shown(
            layer="events",
            theme="light",
            token=given["token"],
            steps={"quarter": [(given["step"], given["step token"])]},
            borders=True,
            tiles_url=given["tiles"],
        )


def test_a_layer_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="not a layer"):
        shown(layer="x'", theme="light", token="t", steps={}, borders=True, tiles_url="")


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_scripts_set_text_and_never_markup(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "DOMParser",
    ):
        assert forbidden not in text
    assert not re.search(r"\b(bindPopup|bindTooltip|setContent|divIcon|createContextualFragment|srcdoc)\b", text)
    assert not re.search(r"https?://", text)


def test_no_template_of_ours_takes_text() -> None:
    """The one template writes one JSON value, which `shown` has checked."""
    found = [
        placeholder
        for path in Path(dashboard.maps.__file__).parent.glob("*.py")
        for placeholder in re.findall(r"\{\{(.*?)\}\}", path.read_text(encoding="utf-8"))
        if "this." in placeholder
    ]
    assert sorted(item.strip() for item in found) == ["this.json", "this.map_name"]


def test_assets_are_small_and_named_by_their_content() -> None:
    total = sum(len(assets.asset(name).gzipped) for name in assets.FILES)
    assert total < 200_000
    for name in assets.FILES:
        found = assets.asset(name)
        assert gzip.decompress(found.gzipped) == found.content
        assert found.fingerprint in assets.address(name)


def test_every_country_is_on_the_map_once() -> None:
    assert drawn_codes() == {country.code for country in all_countries()}
    data = json.loads(PATH.read_text(encoding="utf-8"))
    codes = [code for code, _ in data["countries"]]
    assert len(codes) == len(set(codes))
    assert not {code for code, *_ in data["dots"]} & set(codes)
    assert {"XK", "CY", "SO", "AU", "FJ", "RU", "AQ"} <= set(codes)
    assert PATH.stat().st_size < 390_000


def test_arcs_run_on_across_the_date_line() -> None:
    data = json.loads(PATH.read_text(encoding="utf-8"))
    turn = 360 / data["scale"][0]
    for arc in data["arcs"]:
        assert all(abs(step) < turn / 2 for step in arc[2::2])
