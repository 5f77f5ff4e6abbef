"""The HTML of the Teams page: columns and cards of the board, guidance, milestones, risks."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

import htpy as h

from dashboard.subjects.teams import signs
from dashboard.subjects.teams.cards import SIGNS, SLIPPING, STALLED, Card
from dashboard.words import numbers
from dashboard.words.sentences import DAYS, say
from data_access.imports.rows import clipped
from data_access.questions.teams.details import TeamMilestone, TeamRisk
from data_access.questions.teams.risks import DetectedRisk


def stage(title: str, teams: int, state: str) -> h.Element:
    """The head of a column: a stage, how many teams are in it, and what they learn there."""
    return h.div(".up-stage")[h.h2[title, " ", h.span[teams]], h.p[state]]


def card(team: Card) -> h.Element:
    """What a card says below the team's name."""
    bar = h.i(".up-progress", aria_hidden="true")[h.i(style=f"width:{round((team.share or 0) * 100)}%")]
    return h.div(".up-card")[
        [_state(word) for word in team.states],
        h.p[team.time],
        h.p[team.measure],
        bar if team.share is not None else None,
        h.ul[[h.li[fact] for fact in team.facts]],
    ]


def _state(word: str) -> h.Element:
    alarm = word in (STALLED, SLIPPING)
    return h.b(class_=["up-state", alarm and "alarm"])[h.span(aria_hidden="true")[SIGNS[word]], " ", word]


def guidance(title: str, points: Iterable[str]) -> h.Element:
    """What one of two people does next."""
    return h.div(".up-guide")[h.h3[title], h.ul[[h.li[point] for point in points]]]


def sentence(words: str) -> h.Element:
    """A sentence in the page's own size."""
    return h.p[words]


def facts(*named: tuple[str, str]) -> h.Element:
    """What is so, each under its name."""
    return h.div(".up-guide")[[[h.h3[name], h.p[words]] for name, words in named]]


def milestones(rows: Iterable[TeamMilestone]) -> h.Element:
    """Milestones: open, or reached on their day, with evidence and note."""
    return h.ul(".up-marks")[[_milestone(row) for row in rows]]


def _milestone(row: TeamMilestone) -> h.Element:
    if row.reached_on is None:
        return h.li[h.span(aria_hidden="true")["○"], f" {row.words} ", h.small["open"]]
    link = evidence_link(row.evidence_url)
    return h.li[
        h.span(aria_hidden="true")["✓"],
        f" {row.words} ",
        h.small[numbers.day(row.reached_on)],
        [" ", link] if link else None,
        [" ", h.small[row.note]] if row.note else None,
    ]


def evidence_link(url: str | None) -> h.Element | None:
    """A link to evidence, only to a web address: what else stands in the data is not made clickable."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return h.a(href=url, target="_blank", rel="noopener noreferrer")["Evidence"]


def open_risks(rows: Iterable[TeamRisk]) -> h.Element:
    """Risks: how severe each is, what it is, for how long it has been open."""
    return h.ul(".up-marks")[[_open_risk(row) for row in rows]]


def detected(rows: Iterable[DetectedRisk]) -> h.Element:
    """Risks that the data show: what it is, its evidence, since when, and what to do."""
    return h.ul(".up-marks")[[_detected(row) for row in rows]]


def _detected(row: DetectedRisk) -> h.Element:
    marks = [signs.since(row), "recorded too" if row.recorded else "not recorded yet"]
    return h.li[
        h.b[row.words],
        " ",
        h.small[", ".join(filter(None, marks))],
        h.br,
        signs.evidence(row),
        " ",
        h.i[signs.NEXT[row.risk]],
    ]


def _open_risk(row: TeamRisk) -> h.Element:
    severity = row.severity.capitalize() if row.severity else "Unrated"
    return h.li[
        h.b[severity],
        f" {clipped(row.words, 500)} ",
        h.small[say("open for {days}", days=DAYS(row.days_open))],
    ]
