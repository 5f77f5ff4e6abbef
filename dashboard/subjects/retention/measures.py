"""The mission-driven by what they do, and how invested contributors are, in words and dots."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts.shapes import Dot
from dashboard.words.counts import LEAST_BASE, percent_range, stands_out, with_share
from dashboard.words.numbers import percent
from dashboard.words.sentences import PEOPLE, say
from data_access.contract.activities import OTHER
from data_access.questions.retention.activities import ALL, BREADTH, GIVING, TENURE, InvestmentBand, PersonaActivity

ACTIVITIES = {
    ALL: "Everybody",
    "evangelizing": "Evangelizing",
    "teaching": "Teaching",
    "advocating": "Advocating",
    "localizing": "Localizing",
    "documenting": "Documenting",
    "community_building": "Community building",
    "testing": "Testing",
    OTHER: "Something else, such as code",
}
MEASURES = {TENURE: "For how long", BREADTH: "In how many areas", GIVING: "What they give back"}
BANDS = {
    "under_1_year": "Under one year",
    "1_to_2_years": "One to two years",
    "2_to_4_years": "Two to four years",
    "4_years_and_more": "Four years and more",
    "1_area": "One area",
    "2_areas": "Two areas",
    "3_areas": "Three areas",
    "4_areas_and_more": "Four areas and more",
    "neither": "Neither organize nor mentor",
    "organizes": "Organize events",
    "mentors": "Mentor",
    "both": "Organize and mentor",
}


def activity_words(rows: Sequence[PersonaActivity]) -> str:
    """What most people did, and where the mission-driven are more frequent than elsewhere, if that can be told."""
    everybody = rows[0]
    did = [row for row in rows[1:] if row.people and row.activity != OTHER]
    if not did:
        return "Nobody did anything of the seven activities."
    most = max(did, key=lambda row: row.people)
    first = say(
        "Of {people} who contributed from {year}, {n} did most of all: {activity}.",
        people=PEOPLE(everybody.people),
        year=everybody.year,
        n=with_share(most.people, everybody.people),
        activity=ACTIVITIES[most.activity].lower(),
    )
    highest = max(did, key=lambda row: row.share or 0.0)
    others = [(row.low, row.high) for row in did if row is not highest]
    if highest.people < LEAST_BASE or not others or not stands_out((highest.low, highest.high), others):
        return " ".join([first, "Where the mission-driven are more frequent cannot be told apart."])
    second = say(
        "The mission-driven are most frequent among who does {activity}: {share} (95% interval {interval}).",
        activity=ACTIVITIES[highest.activity].lower(),
        share=percent(highest.share or 0.0),
        interval=percent_range(highest.low or 0.0, highest.high or 1.0),
    )
    return " ".join([first, second])


def activity_dots(rows: Sequence[PersonaActivity]) -> list[Dot]:
    """The share of the mission-driven in each activity that somebody did; everybody is muted."""
    return [
        Dot(
            name=ACTIVITIES[row.activity],
            share=row.share,
            low=row.low,
            high=row.high,
            said=say(
                "{activity}: {driven} of {people} mission-driven",
                activity=ACTIVITIES[row.activity],
                driven=with_share(row.mission_driven, row.people),
                people=PEOPLE(row.people),
            ),
            muted=row.activity == ALL,
            key=row.activity if row.mission_driven else "",
        )
        for row in rows
        if row.people
    ]


def investment_words(rows: Sequence[InvestmentBand]) -> str:
    """How many contribute for long, broadly, and give back."""
    total = sum(row.people for row in rows if row.measure == TENURE)
    long = sum(row.people for row in rows if row.band in ("2_to_4_years", "4_years_and_more"))
    broad = sum(row.people for row in rows if row.measure == BREADTH and row.band != "1_area")
    giving = sum(row.people for row in rows if row.measure == GIVING and row.band != "neither")
    return say(
        "Of {people}: for two years or longer {long}, in two areas or more {broad}, organizing or mentoring {giving}.",
        people=PEOPLE(total),
        long=with_share(long, total),
        broad=with_share(broad, total),
        giving=with_share(giving, total),
    )
