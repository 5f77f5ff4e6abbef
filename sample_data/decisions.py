"""The `decisions` table: what the sample program decided on each topic of its strategy, and whose part it was."""

from __future__ import annotations

from sample_data.timeline import Timeline

_PM, _BOARD = "Program manager", "Board"
# Key, topic, what, days ago (None: proposed), who decides, agrees, is consulted and informed, status, replaces.
_Decision = tuple[str, str, str, int | None, str, str, str, str, str, str]
_DECISIONS: tuple[_Decision, ...] = (
    ("d01", "regional_identities", "Local groups choose their own name and colours; one line says that they belong to "
     "the program", 902, _BOARD, _PM, "Organizers of each region", "All members", "done", ""),
    ("d02", "regional_identities", "Two regions without an event for half a year get a visit by an experienced "
     "organizer", 64, _PM, "", "Partners", _BOARD, "decided", ""),
    ("d03", "diversity", "Questions about oneself stay voluntary, and are asked once a year", 730, _BOARD, "",
     "People and inclusion lead", "All members", "done", ""),
    ("d04", "diversity", "Cohorts are chosen so that no country has more than a quarter", 411, _BOARD, _PM,
     "Evaluators", "Applicants", "decided", ""),
    ("d05", "metrics", "Success is counted in active contributors, no longer in sign-ups", 1120, "Leadership", _BOARD,
     "Data analyst", "Partners", "done", ""),
    ("d06", "metrics", "Targets are set each January and reviewed each quarter", 237, _PM, _BOARD, "Partners",
     "Leadership", "decided", ""),
    ("d07", "accountability", "The floor is two events a quarter", 1395, _BOARD, "", _PM, "All members", "decided", ""),
    ("d08", "accountability", "The floor is three events a quarter, with grace in the first one", 960, _BOARD, "", _PM,
     "All members", "decided", "d07"),
    ("d09", "leadership", "Whoever organized three events is offered a mentor before the fourth", 322, _PM, "",
     "Organizers", _BOARD, "decided", ""),
    ("d10", "resources", "Requests over the ceiling go to the board, with a reason in writing", 1210, _BOARD, "", _PM,
     "All members", "done", ""),
    ("d11", "resources", "A tenth of each year’s budget is kept for countries without an event", None, _BOARD, "",
     "Partners", "", "proposed", ""),
    ("d12", "recognition", "Each first talk is thanked by name within a month", 198, _PM, "", "Partners", "All members",
     "decided", ""),
    ("d13", "communication", "Numbers are published once a quarter, on a day that is known", 540, _BOARD, "Leadership",
     "Data analyst", "Everybody", "done", ""),
    ("d14", "communication", "A weekly letter to all members", 480, _PM, "", "Members", "", "withdrawn", ""),
    ("d15", "journey", "Each event names one first task that can be done the same evening", 276, _PM, "", "Organizers",
     "Partners", "decided", ""),
    ("d16", "staff_support", "A partner looks after five teams at most", 151, "Leadership", _PM, "Partners", _BOARD,
     "decided", ""),
)  # fmt: skip


def decision_rows(timeline: Timeline) -> list[list[str]]:
    """The `decisions` table; nothing from before the program began."""
    rows = []
    for key, topic, what, ago, *parts, status, replaced in _DECISIONS:
        day = "" if ago is None else timeline.text(max(timeline.today - ago, 0))
        papers = f"https://wiki.example.org/decisions/{key}" if status != "proposed" else ""
        rows.append([key, topic, what, day, *parts, status, papers, replaced])
    return rows
