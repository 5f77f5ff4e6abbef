"""Members in words: the finding, the headline numbers, and the tables of the Members page."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pandas as pd

from dashboard.parts.shapes import Headline
from dashboard.words import numbers
from dashboard.words.periods import quarter_name
from dashboard.words.ranges import people_words
from dashboard.words.text import counted
from data_access.questions.frames import records
from data_access.questions.members.pipeline import STEPS
from data_access.questions.members.recognition import ANNIVERSARY, FIRST_TALK, NEW_LANGUAGE, ROUND_EVENT
from data_access.questions.members.standing import AT_RISK, GRACE, MET, MISSED, ON_TRACK
from data_access.selection import Period

# Told apart by shape and word, not by colour alone.
SIGNS = {MET: "●", ON_TRACK: "◆", AT_RISK: "▲", MISSED: "✕", GRACE: "○"}
END_REASONS = {
    "below_floor": "Below the floor",
    "left": "Left",
    "conduct": "Conduct",
    "hired": "Hired",
    "completed": "Completed",
}
THANKS = {FIRST_TALK: "First talk", ROUND_EVENT: "10th event", NEW_LANGUAGE: "New language", ANNIVERSARY: "Anniversary"}


def quarter(day: date) -> str:
    """`2026 Q4`."""
    return quarter_name(Period.quarter_of(day))


def by_state(summary: pd.DataFrame, day: date) -> dict[str, int]:
    """Members by state in the quarter that holds the day; exact counts only."""
    start = Period.quarter_of(day).start
    return {row["state"]: int(row["people"]) for row in records(summary) if row["quarter"] == start}


def finding(summary: pd.DataFrame, as_of: date, floor: int, days_left: int) -> str:
    """Who has met the floor of this quarter, and who is at risk while there is time."""
    now = by_state(summary, as_of)
    total = sum(now.values())
    risky = now.get(AT_RISK, 0)
    at_risk = "nobody is at risk" if not risky else f"{risky} {'is' if risky == 1 else 'are'} at risk"
    return (
        f"{counted(total, 'member')} in {quarter(as_of)}: {now.get(MET, 0)} have met the floor of {floor} events, "
        f"{now.get(ON_TRACK, 0)} are on track, {at_risk} with {counted(days_left, 'day')} left."
    )


def more(summary: pd.DataFrame, as_of: date) -> str:
    """How the quarter before ended."""
    last = Period.quarter_of(as_of).previous().start
    before = by_state(summary, last)
    judged = before.get(MET, 0) + before.get(MISSED, 0)
    if not judged:
        return ""
    return f"In {quarter(last)}, {before.get(MISSED, 0)} of {counted(judged, 'member')} past their grace missed it."


def headlines(summary: pd.DataFrame, as_of: date) -> list[Headline]:
    """Members by state this quarter, and who missed the one before."""
    now, last = by_state(summary, as_of), Period.quarter_of(as_of).previous().start
    return [
        Headline("Met", numbers.number(now.get(MET, 0)), note="this quarter"),
        Headline("On track", numbers.number(now.get(ON_TRACK, 0)), note="with what is scheduled"),
        Headline("At risk", numbers.number(now.get(AT_RISK, 0)), note="too little is scheduled"),
        Headline("In grace", numbers.number(now.get(GRACE, 0)), note="it does not count yet, or they leave"),
        Headline("Missed last quarter", numbers.number(by_state(summary, last).get(MISSED, 0)), note=quarter(last)),
    ]


def risk_table(standing: pd.DataFrame) -> pd.DataFrame:
    """Who is at risk, with how many events they still need: one row a member."""
    table = standing[["person_key", "name", "held", "scheduled", "unconfirmed", "days_left", "streak", "member_since"]]
    needed = standing["floor"] - standing["held"] - standing["scheduled"]
    return table.assign(needed=needed)


def summary_table(summary: pd.DataFrame) -> pd.DataFrame:
    """How many members met the floor, quarter by quarter: a row a quarter, a column a state, in words."""
    rows: dict[str, dict[str, Any]] = {}
    for row in records(summary):
        cell = people_words(int(row["at_least"]), int(row["at_most"]))
        rows.setdefault(quarter(row["quarter"]), {})[row["state"]] = cell
    closed = (MET, MISSED, GRACE)
    return pd.DataFrame(
        [{"quarter": name, **{state: cells[state] for state in closed}} for name, cells in rows.items()]
    )


def pipeline(cohorts: pd.DataFrame) -> pd.DataFrame:
    """Each cohort's pipeline, its counts in words (a number for the PM, a range for everybody else)."""
    rows = []
    for row in records(cohorts):
        ends = {step: (int(row[f"{step}_at_least"]), int(row[f"{step}_at_most"])) for step in STEPS}
        exact = all(low == high for low, high in ends.values())
        told = {step: low if exact else people_words(low, high) for step, (low, high) in ends.items()}
        rows.append({"name": row["name"], "places": row["places"], **told, "graduates_on": row["graduates_on"]})
    return pd.DataFrame(rows, columns=["name", "places", *STEPS, "graduates_on"])


def thanks(found: pd.DataFrame) -> pd.DataFrame:
    """Recognition as people read it."""
    table = found.assign(what=[THANKS[what] for what in found["what"]])
    return table[["name", "what", "detail", "on", "title", "person_key", "event_key"]]


def thanks_words(found: pd.DataFrame) -> str:
    """`3 first talks, 2 new languages`."""
    counts = Counter(found["what"])
    plural = {FIRST_TALK: "first talk", ROUND_EVENT: "10th event", NEW_LANGUAGE: "new language"}
    parts = [counted(counts[what], words) for what, words in plural.items() if counts[what]]
    if counts[ANNIVERSARY]:
        parts.append(counted(counts[ANNIVERSARY], "anniversary", "anniversaries"))
    return ", ".join(parts)


def leaving(found: pd.DataFrame) -> pd.DataFrame:
    """Why members left, most frequent reason first: reason, members, median days of membership."""
    reasons = [END_REASONS.get(reason, "Not told") if reason else "Not told" for reason in found["end_reason"]]
    grouped = found.assign(reason=reasons).groupby("reason")["days"]
    table = pd.DataFrame({"members": grouped.size(), "median_days": grouped.median().round()}).reset_index()
    return table.sort_values(["members", "reason"], ascending=[False, True], ignore_index=True)


def hires(found: pd.DataFrame) -> pd.DataFrame:
    """Members who were hired, by whom and when."""
    hired = found[(found["end_reason"] == "hired") | found["hired_by"].notna()]
    return hired[["name", "hired_by", "ended_on", "cohort", "days", "person_key"]].reset_index(drop=True)
