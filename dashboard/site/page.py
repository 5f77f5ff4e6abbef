"""The page itself, around its parts: the head with its policy and descriptions, the finding, the scripts."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from dashboard.parts import theme
from dashboard.site import downloads, people_sections, sections
from dashboard.site.parts import Site, paragraph
from dashboard.words import numbers
from dashboard.words.text import markup

OWN = Path(__file__).resolve().parent / "assets"


@lru_cache(maxsize=1)
def style() -> str:
    """Our colours as variables, for both themes, and the style sheet: in the page itself, which is painted at once."""

    def variables(palette: theme.Palette) -> str:
        return "".join(f"--{key}:{getattr(palette, key)};" for key in palette.__slots__)

    light, dark = variables(theme.PALETTES["light"]), variables(theme.PALETTES["dark"])
    colours = f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    return colours + (OWN / "site.css").read_text(encoding="utf-8")


def policy() -> str:
    """No script but our own files, no style but them and our own sheet, nothing from anywhere else."""
    own = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{own}'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'"
    )


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
    body = "\n".join(part for part in parts if part)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n{head(site)}\n</head>\n<body>\n'
        f'<a class="skip" href="#main">Skip to the figures</a>\n{header(site)}\n'
        f'<main id="main">\n{body}\n</main>\n{footer(site)}\n{scripts()}\n'
        "</body>\n</html>\n"
    )


def head(site: Site) -> str:
    title = markup(site.publication.title)
    about = markup(site.texts["finding"])
    address = markup(site.address)
    described = downloads.dataset(site.publication, site.tables, site.address)
    # "<" never stands in the data block, so that no text can end it.
    data = json.dumps(described, ensure_ascii=False).replace("<", "\\u003c")
    own_address = f'<link rel="canonical" href="{address}"><meta property="og:url" content="{address}">'
    return "\n".join(
        (
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy()}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">',
            f"<title>{title}: what it achieves</title>",
            f'<meta name="description" content="{about}">',
            f'<meta property="og:type" content="website"><meta property="og:title" content="{title}">',
            f'<meta property="og:description" content="{about}">',
            f'<meta property="og:image" content="{address}card.png"><meta property="og:image:width" content="1200">',
            '<meta property="og:image:height" content="630"><meta name="twitter:card" content="summary_large_image">',
            f'<meta property="og:image:alt" content="A map of the world; {about}">',
            own_address if site.address else "",
            '<link rel="icon" href="assets/favicon.svg" type="image/svg+xml">',
            f"<style>{style()}</style>",
            f'<script type="application/ld+json">{data}</script>',
        )
    )


def header(site: Site) -> str:
    as_of = site.publication.about["data_as_of"]
    data = f"Data as of {numbers.moment(datetime.fromisoformat(as_of))}. " if as_of else ""
    published = numbers.moment(datetime.fromisoformat(site.publication.about["published_at"]))
    return (
        f'<header><p class="program"><bdi>{markup(site.publication.title)}</bdi></p>'
        f"<h1>{markup(site.texts['finding'])}</h1>"
        f'<p class="muted">{markup(f"{data}Published {published}.")}</p></header>'
    )


def footer(site: Site) -> str:
    return f'<footer class="muted">{paragraph(site.texts["sources"])}</footer>'


def scripts() -> str:
    names = ("leaflet.js", "world.js", "map.js", "map_world.js", "site.js")
    # The map's style sheet here: above, the page would wait for it.
    sheet = '<link rel="stylesheet" href="assets/leaflet.css">\n'
    return sheet + "\n".join(f'<script defer src="assets/{name}"></script>' for name in names)
