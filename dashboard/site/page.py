"""The page itself, around its parts: the head with its policy and descriptions, the finding, the scripts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import htpy as h

from dashboard.parts import theme
from dashboard.parts.html import json_block, render, style_sheet
from dashboard.site import downloads, people_sections, sections
from dashboard.site.changes import NEW_HISTORY
from dashboard.site.parts import Site
from dashboard.words import numbers
from dashboard.words.sentences import say
from data_access.publishing.reader import Publication

OWN = Path(__file__).resolve().parent / "assets"


_THEMES = ":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


@lru_cache(maxsize=1)
def style() -> str:
    """Our colours as variables, for both themes, and the style sheet: in the page itself, which is painted at once."""

    def variables(palette: theme.Palette) -> str:
        return "".join(f"--{key}:{getattr(palette, key)};" for key in palette.__slots__)

    light, dark = variables(theme.PALETTES["light"]), variables(theme.PALETTES["dark"])
    return _THEMES.format(light=light, dark=dark) + (OWN / "site.css").read_text(encoding="utf-8")


def policy() -> str:
    """No script but our own files, no style but them and our own sheet, nothing from anywhere else."""
    own = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    allowed = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": f"'self' 'sha256-{own}'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{what} {sources}" for what, sources in allowed.items())


def page(site: Site) -> str:
    """The whole page."""
    parts = (
        sections.map_section(site),
        sections.promises(site),
        sections.trends(site),
        sections.languages(site),
        people_sections.funnels(site),
        people_sections.people(site),
        people_sections.money(site),
        people_sections.presence(site),
        people_sections.download_list(site),
        people_sections.definitions(site),
    )
    body = (
        h.a(".skip", href="#main")["Skip to the figures"],
        header(site),
        h.main("#main")["\n", _lines(parts)],
        footer(site),
        *scripts(),
    )
    whole = h.html(lang="en")["\n", h.head["\n", _lines(head(site))], "\n", h.body["\n", _lines(body)], "\n"]
    return render([whole, "\n"])


def _lines(nodes: Iterable[h.Node]) -> list[h.Node]:
    """Each on a line of its own, so that two publications can be compared line by line."""
    return [(node, "\n") for node in nodes if node is not None]


def head(site: Site) -> Iterator[h.Node]:
    title, about, address = site.publication.title, site.texts.finding, site.address
    yield h.meta(charset="utf-8")
    yield h.meta(http_equiv="Content-Security-Policy", content=policy())
    yield h.meta(name="viewport", content="width=device-width, initial-scale=1")
    yield h.meta(name="color-scheme", content="light dark")
    yield h.meta(name="referrer", content="no-referrer")
    yield h.title[title, ": what it achieves"]
    yield h.meta(name="description", content=about)
    for name, content in (
        ("type", "website"),
        ("title", title),
        ("description", about),
        ("image", f"{address}card.png"),
        ("image:width", "1200"),
        ("image:height", "630"),
        ("image:alt", say("A map of the world; {finding}", finding=about)),
    ):
        yield h.meta(property=f"og:{name}", content=content)
    yield h.meta(name="twitter:card", content="summary_large_image")
    if address:
        yield h.link(rel="canonical", href=address)
        yield h.meta(property="og:url", content=address)
    yield h.link(rel="icon", href="assets/favicon.svg", type="image/svg+xml")
    yield style_sheet(style())
    yield json_block("application/ld+json", downloads.dataset(site.publication, site.tables, address))


def header(site: Site) -> h.Element:
    return h.header[
        h.p(".program")[h.bdi[site.publication.title]],
        h.h1[site.texts.finding],
        h.p(".muted")[published_words(site.publication)],
        h.p(".muted")[history] if (history := history_words(site.publication)) else None,
    ]


def published_words(publication: Publication) -> str:
    """Which release it is, from when the data are, and when they were published."""
    published, data = numbers.moment(publication.published_at), publication.data_as_of
    of, known = publication.released_for, data is not None
    return say(
        _PUBLISHED[of is not None, known],
        quarter=of.in_words() if of else "",
        data=numbers.moment(data) if data else "",
        published=published,
    )


# By whether it is of a release, and whether there was an import.
_PUBLISHED = {
    (True, True): "As released for the {quarter}. Data as of {data}. Published {published}.",
    (True, False): "As released for the {quarter}. Published {published}.",
    (False, True): "Data as of {data}. Published {published}.",
    (False, False): "Published {published}.",
}


def history_words(publication: Publication) -> str:
    """What a reader must know who compares with what was published before; empty where that is nothing."""
    return NEW_HISTORY if publication.begins_a_history else ""


def footer(site: Site) -> h.Element:
    return h.footer(".muted")[h.p[site.texts.sources]]


def scripts() -> Iterator[h.Node]:
    # The map's style sheet here: above, the page would wait for it.
    yield h.link(rel="stylesheet", href="assets/leaflet.css")
    for name in ("leaflet.js", "world.js", "map.js", "map_world.js", "site.js"):
        yield h.script(defer=True, src=f"assets/{name}")
