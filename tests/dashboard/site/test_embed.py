"""Pictures for other pages: each with its finding, source and date, in a drawing that needs nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from dashboard.server import make_app
from dashboard.settings import current

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn(site: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (site / "embed").iterdir()}


def test_each_drawing_says_what_it_shows_where_it_is_from_and_when(drawn: dict[str, str]) -> None:
    drawings = {name: text for name, text in drawn.items() if name.endswith(".svg")}
    assert {"events_by_quarter.svg", "events_by_country.svg", "languages_of_events.svg"} <= set(drawings)
    for text in drawings.values():
        root = ElementTree.fromstring(text)  # noqa: S314  # our own
        words = " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))
        title = (root.findtext(f"{SVG}title") or "").split()
        assert title
        assert title[0] in words
        assert "As released for the second quarter of 2026" in words
        assert "https://example.org/impact" in words
        assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {"svg", "title", "desc", "style", "rect", "text"}


def test_a_title_states_what_was_counted_by_hand(drawn: dict[str, str]) -> None:
    """The hostile program: 30 events, all in German, two of three also in English, one of three also in Japanese."""
    told = ElementTree.fromstring(drawn["languages_of_events.svg"]).findtext(f"{SVG}title")  # noqa: S314
    assert told == "30 events in German, the most frequent of 3 languages"


def test_nothing_is_fetched_by_a_picture_or_the_page_around_it(drawn: dict[str, str]) -> None:
    for name, text in drawn.items():
        # The program's own name tries to be an address; as text it is none.
        markup = re.sub(r">[^<]*<", "><", text)
        assert set(re.findall(r'(?:src|href|url)\s*[=(]\s*"?([^"\s>)]+)', markup)) <= {"https://example.org/impact/"}, (
            name
        )
        assert "<script" not in markup


def test_only_there_other_pages_may_frame_us(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPLIFT_AUDIENCE", "public")
    monkeypatch.setenv("UPLIFT_PUBLICATION", str(site))
    with TestClient(make_app(current()), base_url="http://127.0.0.1") as client:
        for kind, media in (("svg", "image/svg+xml"), ("html", "text/html; charset=utf-8")):
            answer = client.get(f"/embed/events_by_quarter.{kind}")
            assert (answer.status_code, answer.headers["content-type"]) == (200, media)
            assert "frame-ancestors *" in answer.headers["content-security-policy"]
            assert "x-frame-options" not in answer.headers
        assert client.get("/embed/nothing.svg").status_code == 404
        page = client.get("/")
        assert page.headers["x-frame-options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
