"""Text that reaches a page is text there, whatever it holds: every piece of HTML that pages are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import htpy as h
import pytest
from hypothesis import given, settings

from dashboard.parts import blocks
from dashboard.parts.html import json_block, render, style_sheet, with_code
from dashboard.parts.shapes import Bar, Headline, Step
from dashboard.site import charts, parts
from dashboard.subjects.budget.blocks import burn_table
from dashboard.subjects.requests.blocks import what_if
from dashboard.subjects.teams import blocks as teams
from dashboard.subjects.teams.cards import STALLED, Card
from data_access.questions.budget.burn import MemberBurn
from data_access.questions.requests.figures import WhatIfFigure
from data_access.questions.teams.details import TeamMilestone, TeamRisk
from tests.reading_html import Read, same_but_for_text, texts

DAY = date(2026, 9, 15)
CARD = Card("team-a", "Team A", "learning", (STALLED,), time="12 days", measure="", share=0.4, facts=())
MEMBER = MemberBurn(
    person_key="p1",
    name="",
    state="over",
    ceiling=Decimal(1000),
    paid=Decimal(900),
    committed=Decimal(300),
    carried_over=Decimal(0),
    pending=Decimal(20),
    remaining=None,
    burn=1.2,
    pace=0.5,
    exhausted_on=None,
    events=90,
    attendees=450,
    cost_per_event=Decimal(10),
    cost_per_attendee=Decimal(2),
    unknown=1,
    pending_unknown=0,
    currency="EUR",
    matches=1,
)
FIGURE = WhatIfFigure("amount", "", Decimal(1), "money", "over", "")
TREND = (Bar(0.5, True), Bar(None, False, True))


def _tile(text: str) -> h.Node:
    return blocks.tiles([Headline(text, text, text, -1, text, TREND), Headline("Events", text)], text)


def _milestones(text: str) -> h.Node:
    kind = ("team-a", "learning", "Learning", "gaps_identified", text)
    reached = TeamMilestone(*kind, DAY, f"https://example.org/{text}", text)
    return teams.milestones([reached, TeamMilestone(*kind, None, None, None)])


def _what_if(text: str) -> h.Node:
    return what_if([FIGURE._replace(label=text, explanation=text)], "EUR")


def _burn(text: str) -> h.Node:
    return burn_table([MEMBER._replace(name=text), MEMBER._replace(person_key=text)], lambda _, name: name)


def _columns(show: Callable[[charts.Drawing], h.Node]) -> Callable[[str], h.Node]:
    return lambda text: charts.SHOWN_AS.provider(show, charts.columns([1, 0], [2, 0], [text, ""], text))


PIECES: dict[str, Callable[[str], h.Node]] = {
    "a node that is text": lambda text: text,
    "the heading": lambda text: blocks.heading(text, text, text),
    "the selection": blocks.selected,
    "the button that copies": blocks.copy_button,
    "tiles": _tile,
    "the chain": lambda text: blocks.chain([Step(text, text), Step(text, text, text, text)]),
    "the empty state": lambda text: blocks.empty(text, "Import it."),
    "nothing to list": blocks.none,
    "definitions": lambda text: blocks.definitions([(text, text), ("Events", text)]),
    "the footer": blocks.footer,
    "the account": lambda text: blocks.account(text, text),
    "a change": lambda text: blocks.change_line(text, text, text, undone=True),
    "a team's card": lambda text: teams.card(replace(CARD, time=text, measure=text, facts=(text, text))),
    "milestones": _milestones,
    "a stage": lambda text: teams.stage(text, 3, text),
    "guidance": lambda text: teams.guidance(text, [text, text]),
    "figures of a request": _what_if,
    "members' ceilings": _burn,
    "a table": lambda text: parts.table(text, (text, text), [(text, text), (parts.Cell(text), text)], numbers=(1,)),
    "something folded": lambda text: parts.details(text, text),
    "a section": lambda text: parts.section("where", text, text, lead=text),
    "meters": lambda text: parts.meter_rows([(text, text, charts.bar(1, 2, 3))]),
    "columns": _columns(charts.Drawing.inline),
    "columns as an image": lambda text: charts.Drawing("bar", 100, 8, None, text).image(".fill{fill:red}"),
}


@pytest.mark.parametrize("piece", PIECES)
@given(text=texts)
@settings(max_examples=30, deadline=None)
def test_text_comes_out_as_text_alone(piece: str, text: str) -> None:
    """The same elements, attributes and other text as with a harmless word, and the text itself to be read."""
    if piece != "columns as an image":
        same_but_for_text(PIECES[piece], text)
        return
    # Its address holds the drawing, which holds the text once more.
    image = Read(render(PIECES[piece](text)))
    assert image.elements == [("img", "class", "alt", "src")]
    assert image.values[2].startswith("data:image/svg+xml;base64,")


@given(text=texts)
def test_a_risk_is_text_in_one_line(text: str) -> None:
    made = Read(render(teams.open_risks([TeamRisk("r1", "team-a", text, text, text, DAY, None, 3)])))
    assert [tag for tag, *_ in made.elements] == ["ul", "li", "b", "/b", "small", "/small", "/li", "/ul"]
    assert made.values == ["up-marks"]


@given(text=texts)
def test_our_sentences_have_code_between_backticks_and_nothing_else(text: str) -> None:
    made = Read(render(with_code(f"Use `uplift {text.replace('`', '')}` now.")))
    assert made.elements == [("code",), ("/code",)]
    assert made.texts[0] == "Use "
    assert made.texts[2] == " now."


@given(text=texts)
def test_what_was_rendered_can_be_rendered_again(text: str) -> None:
    """A cache keeps it; it is not escaped twice."""
    once = render(h.p[text])
    assert render([once]) == once
    assert type(once) is not str


@given(text=texts)
def test_no_text_ends_a_block_of_data(text: str) -> None:
    made = Read(render(json_block("application/ld+json", {"name": text})))
    assert made.elements == [("script", "type"), ("/script",)]


def test_line_ends_stay_and_what_acts_does_not() -> None:
    assert render(h.pre["a\nb\tc\u202ed\x00\ud800"]) == "<pre>a\nb\tcd</pre>"


def test_a_style_sheet_cannot_end_its_element() -> None:
    with pytest.raises(ValueError, match="style sheet"):
        style_sheet("</style><script>")


@pytest.mark.parametrize("value", [b"bytes", 1.5, object()])
def test_what_is_neither_text_nor_element_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="not a valid child"):
        render(h.p[value])
