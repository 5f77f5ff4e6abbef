"""All files of the site, made from a publication: what `uplift publish` writes next to `public.db`."""

from __future__ import annotations

from pathlib import Path

from dashboard.site import downloads, embed, world
from dashboard.site.card import card
from dashboard.site.page import OWN, page
from dashboard.site.parts import Site
from dashboard.site.texts import money_words, range_words
from dashboard.words.text import visible
from data_access.publishing.reader import TABLES, Publication

FAVICON = Path(__file__).resolve().parent.parent / "assets" / "favicon.svg"


def site_files(publication: Publication, address: str = "", borders: bool = True) -> dict[str, bytes]:
    """Every file by its path in the site. `address` is where the site will be, with a slash at its end, if known."""
    tables = {name: publication.table(name) for name in TABLES}
    files = {"index.html": page(Site(publication, tables, address)).encode()}
    files |= {f"assets/{name}": content for name, content in world.scripts().items()}
    files["assets/world.js"] = world.outlines()
    files["assets/map.js"] = world.map_data(publication, tables, borders)
    files["assets/site.js"] = (OWN / "site.js").read_bytes()
    files["assets/favicon.svg"] = FAVICON.read_bytes()
    files |= embed.files(Site(publication, tables, address))
    files["card.png"] = _card(Site(publication, tables))
    # Hosts that would else take a folder's name for a program of theirs.
    files[".nojekyll"] = b""
    return files | downloads.data_files(publication, tables, address)


def _card(site: Site) -> bytes:
    known = site.figures
    numbers = [(range_words(known[name]), known[name].label.lower()) for name in ("events", "countries")]
    if "paid" in known:
        paid = known["paid"]
        numbers.append((money_words(paid.at_least, paid.at_most, site.currency), "paid in a year"))
    else:
        numbers.append((range_words(known["languages"]), "languages"))
    events = site.tables["events_by_country"]
    recent = events[events["starts_on"] >= site.publication.day("year_start")].groupby("country")["events"].sum()
    return card(visible(site.publication.title), numbers, {str(code): int(count) for code, count in recent.items()})
