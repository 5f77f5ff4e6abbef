"""The static site as files: what is in it, and that no text from data is ever more than text."""

from __future__ import annotations

import csv
import io
import json
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from dashboard.site.card import card
from data_access.publishing.reader import TABLES, Publication, open_publication
from tests.dashboard.site.conftest import ANSWER, NAME, REGION

# Elements that the page is made of; what hostile text would add is not among them.
OURS = {
    *("html", "head", "meta", "title", "link", "script", "body", "a", "header", "p", "bdi", "h1", "main", "section"),
    *("h2", "h3", "div", "label", "select", "ul", "li", "details", "summary", "table", "caption", "thead", "tbody"),
    *("tr", "th", "td", "noscript", "img", "figure", "figcaption", "b", "svg", "g", "rect", "span", "dl", "dt", "dd"),
    *("style", "footer"),
}


class Page(HTMLParser):
    """Every element, attribute and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Names inside a drawing: `title` is one there too.
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src"):
                self.addresses.add(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def html(site: Path) -> str:
    return (site / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.fixture(scope="module")
def publication(site: Path) -> Publication:
    return open_publication(site)


def test_hostile_text_is_text(page: Page, html: str) -> None:
    """No element, handler or address comes from data; the words themselves are there to be read."""
    assert page.tags <= OURS
    assert not [name for name in page.attributes if name.startswith("on") or name == "style"]
    assert "<img src=x onerror=alert(1)>" in page.text
    assert "</td><script>alert(2)</script>, @SUM(1)" in page.text
    assert "<b onmouseover=alert(3)>=1+1</b> 日本語" in page.text
    assert "שלום 世界" in page.text
    assert "\u202e" not in html


def test_every_address_is_one_of_our_files(page: Page, site: Path) -> None:
    """Nothing from another host, and no link into nothing; the address of the site itself is the operator's."""
    for address in page.addresses - {"https://example.org/impact/"}:
        assert address.startswith("#") or (site / address).is_file(), address


def test_the_policy_allows_our_own_files_only(html: str) -> None:
    """No inline script is in the page and no style but our own sheet, which is allowed by its hash."""
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert found
    policy = unescape(found[1])
    [style] = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    own = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{own}'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", html) == ['<script type="application/ld+json">']


def test_the_description_of_the_data_cannot_be_ended_by_a_name(html: str, site: Path) -> None:
    """It is whole JSON in the page, names its files, and each is there."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert data == json.loads((site / "data/dataset.jsonld").read_text(encoding="utf-8"))
    assert data["@type"] == "Dataset"
    for file in data["distribution"]:
        assert file["contentUrl"].startswith("https://example.org/impact/")
        assert (site / file["contentUrl"].removeprefix("https://example.org/impact/")).is_file()


def test_the_downloads_hold_the_tables_and_no_formula(site: Path, publication: Publication) -> None:
    """CSV and JSON have every row; a cell that a spreadsheet would run begins with an apostrophe."""
    everything = json.loads((site / "data/all.json").read_text(encoding="utf-8"))
    assert set(everything) == set(TABLES)
    for path in site.glob("data/*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        assert len(rows) == len(publication.table(path.stem)) + 1
        for value in (value for row in rows for value in row if value[:1] in "=+-@" and value):
            assert re.fullmatch(r"-?[\d.e-]+", value), value
    assert NAME in [fact["value"] for fact in everything["publication"]]


def test_what_is_said_is_in_the_tables(page: Page, publication: Publication) -> None:
    """The headline, the promises and every section, read as text without a script."""
    events = publication.table("events_by_country")
    year = publication.day("year_start")
    recent = events[events["starts_on"] >= year]
    places = {code for code in recent["country"] if len(code) == 2}
    assert f"{recent['events'].sum():,} events in {len(places)} countries" in page.text
    for words in ("Where", "Who", "For how much", "Trends by quarter", "Languages of events", "How is this counted?"):
        assert words in page.text
    shares = publication.table("shares")
    assert ANSWER in set(shares["value"])
    assert REGION in set(events["region"])


def test_the_scripts_of_the_map_are_data_and_our_own(site: Path) -> None:
    """Names travel as JSON of ASCII alone; nothing in it could end a script."""
    text = (site / "assets/map.js").read_bytes().decode("ascii")
    data = json.loads(text.removeprefix("window.upliftSite=").rstrip().removesuffix(";"))
    assert set(data["layers"]) == {"events", "rate", "languages"}
    assert "http" not in (site / "assets/site.js").read_text()


def test_the_card_is_a_picture_of_the_size_that_is_announced(site: Path, html: str) -> None:
    """1200 × 630; a name in letters that the font lacks is left out, a long one is cut."""
    with Image.open(site / "card.png") as picture:
        assert picture.size == (1200, 630)
        assert not picture.info.get("Comment")
    assert 'property="og:image" content="https://example.org/impact/card.png"' in html
    for title in ("世界", "x" * 300, ""):
        assert card(title, [("1,234,567 to 2,345,678,901", "events")], {"DE": 5}).startswith(b"\x89PNG")
