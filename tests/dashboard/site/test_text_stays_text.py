"""The whole static page with any text in every place where a publication holds text."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings

from dashboard.parts.html import render
from dashboard.site.page import page
from dashboard.site.parts import Site
from data_access.publishing.reader import TABLES, Publication, open_publication
from tests.reading_html import WORD, Read, compare, texts

pytestmark = pytest.mark.slow

# Where text from data, or words made from it, stand in a publication; other columns are codes that we choose.
FREE = {
    "texts": ["text"],
    "definitions": ["title", "text"],
    "figures": ["label"],
    "events_by_country": ["name", "region"],
    "trends": ["label"],
    "languages": ["name"],
    "language_reach": ["name"],
    "funnel": ["step"],
    "shares": ["dimension", "value"],
    "presence": ["region"],
}


@pytest.fixture(scope="module")
def publication(site: Path) -> Publication:
    return open_publication(site)


@pytest.fixture(scope="module")
def tables(publication: Publication) -> dict[str, pd.DataFrame]:
    return {name: publication.table(name) for name in TABLES}


def read(publication: Publication, tables: dict[str, pd.DataFrame], text: str) -> Read:
    """The page of a publication whose texts are all this one; what describes the data is whole JSON."""
    changed = {name: table.assign(**dict.fromkeys(FREE.get(name, ()), text)) for name, table in tables.items()}
    titled = replace(publication, about={**publication.about, "title": text})
    found = Read(render(page(Site(titled, changed))))
    [place] = [place for place, words in enumerate(found.texts) if words.startswith('{"@context"')]
    assert json.loads(found.texts[place])["@type"] == "Dataset"
    found.texts[place] = ""
    return found


@given(text=texts)
@settings(max_examples=20, deadline=None)
def test_no_text_of_a_publication_becomes_more_than_text(
    publication: Publication, tables: dict[str, pd.DataFrame], text: str
) -> None:
    compare(read(publication, tables, WORD), read(publication, tables, text), text)
