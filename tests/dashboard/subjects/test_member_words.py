"""Members in words: the finding, and why members left."""

from __future__ import annotations

from datetime import date

from dashboard.subjects.members import tables, words
from data_access.answers import rows
from data_access.questions.members.recognition import Achievement, Leaver
from data_access.questions.members.standing import STATES
from data_access.questions.members.summary import FloorCount

AS_OF = date(2026, 9, 15)


def summary(*people: int, quarter: date = date(2026, 7, 1)) -> list[FloorCount]:
    """Members by state, in the order of the states."""
    return [FloorCount(quarter, state, n, n, n, False) for state, n in zip(STATES, people, strict=True)]


def test_the_finding_says_who_is_at_risk_or_that_nobody_is() -> None:
    assert words.finding(summary(3, 1, 2, 0, 1, 0), AS_OF, 3) == (
        "7 members in 2026 Q3: 3 have met the floor of 3 events, 1 is on track, 2 are at risk with 16 days left."
    )
    assert words.finding(summary(1, 0, 0, 0, 0, 0), AS_OF, 1) == (
        "1 member in 2026 Q3: 1 has met the floor of 1 event, 0 are on track, nobody is at risk with 16 days left."
    )


def test_how_the_quarter_before_ended_leaves_out_who_was_in_grace() -> None:
    before = summary(3, 0, 0, 1, 5, 2, quarter=date(2026, 4, 1))
    assert words.more(before, AS_OF) == "In 2026 Q2, 3 members met it and 1 missed it."
    assert words.more(summary(3, 0, 0, 0, 0, 0), AS_OF) == ""


def test_leadership_reads_counts_in_words() -> None:
    ranges = [FloorCount(date(2026, 4, 1), state, None, 0, 4, False) for state in STATES]
    assert words.finding_in_ranges(ranges, 3) == (
        "In 2026 Q2, fewer than 5 members met the floor of 3 events; fewer than 5 missed it."
    )


def leaver(reason: str | None, days: int, hired_by: str | None = None) -> Leaver:
    return Leaver("ada", "Ada", None, date(2026, 1, 1), date(2026, 6, 1), days, reason, hired_by)


def test_reasons_are_in_words_most_frequent_first_and_a_hire_is_known_by_either_mark() -> None:
    left = [leaver(None, 10), leaver("hired", 20), leaver("left", 30, "Acme"), leaver("left", 41)]
    assert rows(tables.LeavingReason, tables.leaving(left)) == [
        ("Left", 2, 36),
        ("Hired", 1, 20),
        ("Not recorded", 1, 10),
    ]
    assert tables.hires(left)["days"].tolist() == [20, 30]


def test_what_deserves_thanks_is_counted() -> None:
    talk = Achievement("ada", "Ada", "first_talk", AS_OF, "e1", "Talk", None)
    language = Achievement("ada", "Ada", "new_language", AS_OF, "e2", "Talk", "Portuguese")
    assert words.thanks_words([talk, talk, language]) == "In the chosen period: 2 first talks and 1 new language."
    assert tables.thanks([language])["what"].tolist() == ["New language"]
