"""What a topic of the strategy shows: the finding, a few bars, targets, decisions, and where to read on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

MOST_BARS = 5


@dataclass(frozen=True, slots=True)
class TopicBar:
    """One bar: what it is of, its value, and the value in words."""

    label: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the data say of a topic: a sentence, and bars with what they measure; no bars where nothing can be told.

    `most` is the value of a full bar: 1 where bars are shares.
    """

    finding: str
    about: str = ""
    bars: tuple[TopicBar, ...] = ()
    most: float = 1.0


class TopicPage(NamedTuple):
    """The page that answers a topic: its address and its name, and the question that it is asked there."""

    address: str
    title: str
    question: str


@dataclass(frozen=True, slots=True)
class TopicCard:
    """A topic as it is shown; `page` is missing where the viewer may not open it."""

    title: str
    told: Told
    targets: tuple[str, ...]
    decisions: tuple[str, ...]
    page: TopicPage | None


PAGES: dict[str, TopicPage] = {
    "regional_identities": TopicPage("event-map", "Event map", "Where are we, and where are we not?"),
    "diversity": TopicPage("people", "People", "Who is here, and who is missing?"),
    "metrics": TopicPage("impact", "Impact", "What did the program achieve?"),
    "accountability": TopicPage("members", "Members", "Who is above the floor?"),
    "leadership": TopicPage("organizers", "Events and organizers", "Who leads, and who learns to?"),
    "resources": TopicPage("budget", "Budget", "How fast does the money burn?"),
    "recognition": TopicPage("members", "Members", "Whom to thank?"),
    "communication": TopicPage("data", "Data", "How complete and fresh is the data?"),
    "journey": TopicPage("funnel", "Funnel", "Where do we lose people?"),
    "staff_support": TopicPage("teams", "Teams", "What must each team do next?"),
}
