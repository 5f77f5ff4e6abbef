"""The early warnings: what each looks at, from where on it warns and why there, and who has to act."""

from __future__ import annotations

from dataclasses import dataclass

from data_access.contract.runbook import DISPUTE_DAYS

WORKLOAD, QUALITY, CONDUCT, TRIPS, DEPENDENCE = FAMILIES = ("workload", "quality", "conduct", "trips", "dependence")
PM, BOARD, PARTNER = "program manager", "board", "partner"
ABOVE, BELOW = "above", "below"
REQUESTS, DAYS, MEMBERS, TEAMS, PEOPLE, DISPUTES = "requests", "days", "members", "teams", "people", "disputes"
SHARE, STARS = "share", "of 5"

# Days that a figure looks back; “before” is as many days directly before.
QUARTER, YEAR = 90, 365
# A share of fewer than so many is not judged: one more or less would change the verdict.
FEWEST = 10

# A journey has to be booked four weeks ahead: who waits for longer than that cannot go, or pays more.
LATE_DAYS = 30
# Half of the answers within two weeks leave two more to book.
USUAL_DAYS = 14
# A queue is long when it holds more than four weeks of decisions at the pace of the last 90 days; so many requests are
# no queue, but one morning's work.
QUEUE_WEEKS, NO_QUEUE = 4, 5
# Below nine decisions for ten new requests the queue grows by a week's work in ten weeks.
KEEPING_UP = 0.9
# Three events a quarter of each of them are 150 events, or twelve a week, to follow.
MEMBERS_A_MANAGER = 50
# One working day a week for each team.
TEAMS_A_PARTNER = 5
# One member in ten a quarter is a third of them a year.
LEAVING_SHARE = 0.1

# Half a star under “good” is a program that people would not recommend.
RATING = 3.5
# From five ratings on an average says more about a person than about an evening.
FEWEST_RATINGS, LOW_RATING = 5, 3.2

OPEN_DISPUTES = 3  # one for each member of the board

# A flight of half a day, for a room that a local organizer fills in an evening.
FAR_KM, TINY = 3_000, 15
TRIPS_SHARE = 0.1

# Half of the work by fewer than this many: two who leave at once are felt everywhere.
FEWEST_CARRIERS = 10
# Of a team's work of a year, by one person.
HALF = 0.5
# Three months without a trace are a quarter without an event: the floor is missed by then.
SILENT_DAYS = 90
SILENT_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """One indicator. `threshold` is None where it follows from the program's own figures; `beyond` it lies danger."""

    code: str
    family: str
    label: str
    unit: str
    owner: str
    threshold: float | None
    beyond: str = ABOVE


WARNINGS = {
    warning.code: warning
    for warning in (
        EarlyWarning("queue", WORKLOAD, "Requests that wait for a decision", REQUESTS, PM, None),
        EarlyWarning("oldest", WORKLOAD, "Oldest request without a decision", DAYS, PM, LATE_DAYS),
        EarlyWarning("decision_days", WORKLOAD, "Median wait for a decision", DAYS, PM, USUAL_DAYS),
        EarlyWarning(
            "keeping_up", WORKLOAD, "Requests decided, of those that arrived", SHARE, BOARD, KEEPING_UP, BELOW
        ),
        EarlyWarning("members", WORKLOAD, "Members for one program manager", MEMBERS, BOARD, MEMBERS_A_MANAGER),
        EarlyWarning("partner_teams", WORKLOAD, "Most teams of one partner", TEAMS, PM, TEAMS_A_PARTNER),
        EarlyWarning("leaving", WORKLOAD, "Members who dropped out", SHARE, PM, LEAVING_SHARE),
        EarlyWarning("rating", QUALITY, "Average rating of contributions", STARS, PM, RATING, BELOW),
        EarlyWarning("low_ratings", QUALITY, "People rated low on average", PEOPLE, PM, 0),
        EarlyWarning("conduct", CONDUCT, "Memberships ended for conduct", MEMBERS, BOARD, 0),
        EarlyWarning("open_disputes", CONDUCT, "Open disputes", DISPUTES, BOARD, OPEN_DISPUTES),
        EarlyWarning("oldest_dispute", CONDUCT, "Oldest open dispute", DAYS, BOARD, DISPUTE_DAYS),
        EarlyWarning("long_trips", TRIPS, "Long trips that went to tiny events", SHARE, PM, TRIPS_SHARE),
        EarlyWarning("carriers", DEPENDENCE, "People who make half of all work", PEOPLE, PM, FEWEST_CARRIERS, BELOW),
        EarlyWarning("one_person", DEPENDENCE, "Teams in which one person makes half", TEAMS, PARTNER, 0),
        EarlyWarning("coordinator", DEPENDENCE, "Coordinators who make half themselves", TEAMS, PARTNER, 0),
        EarlyWarning("runway", DEPENDENCE, "Budget used by the year’s end", SHARE, BOARD, 1),
        EarlyWarning("silent", DEPENDENCE, "Members without a trace for 90 days", SHARE, PM, SILENT_SHARE),
    )
}
