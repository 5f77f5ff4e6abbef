"""Where each thing that is due is done: the page, what its address carries, and what the link says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from data_access.questions.this_week import items as due
from data_access.questions.this_week.items import DueItem
from data_access.selection import Role


class Way(NamedTuple):
    """Where a thing is done: what the link says, the page, what its address carries, and the part of the page."""

    label: str
    page: str
    chosen: Mapping[str, str] = {}
    part: str = ""


def way_of(thing: DueItem, role: Role) -> Way:
    """Where a thing is done by somebody of the role; who may not do it is led to where it is seen."""
    if thing.kind == due.REQUEST or thing.kind == due.BOARD_REQUEST:
        decides = (thing.kind == due.BOARD_REQUEST) == (role is Role.BOARD)
        return Way("Decide the request" if decides else "See the request", "requests", {"request": thing.key})
    if thing.kind in (due.AT_RISK, due.MISSED, due.APPLICATION):
        label = "Record the step" if thing.kind == due.APPLICATION else "Open the member"
        return Way(label, "person", {"key": thing.person or thing.key})
    if thing.kind == due.TARGET and thing.team:
        return Way("Look at the team", "teams", {"show_team": thing.team})
    if thing.kind == due.TARGET:
        return Way("Look at the target", "impact", {"target": thing.key}, "targets")
    if thing.kind == due.READY:
        return Way("Record the move", "teams", {"show_team": thing.team, "record": "stage"}, "record")
    if thing.kind == due.STALLED:
        return Way("See what is missing", "teams", {"show_team": thing.team})
    if thing.kind == due.UNMARKED:
        return Way("Find it on the event map", "event-map", {"event": thing.key}, "record")
    if thing.kind == due.PILOT:
        if thing.state == "verdict" and role is Role.PM:
            return Way("Give the verdict", "spaces", {"space": thing.key, "record": "verdict"}, "record")
        return Way("Look at the pilot", "spaces", {"space": thing.key}, "pilots")
    return _WAYS[thing.kind]


_WAYS = {
    due.DISPUTE: Way("Take the next step", "members", part="disputes"),
    due.BUDGET: Way("Open the budget", "budget", part="approval"),
    due.STALE: Way("Import files", "data"),
    due.SOURCE: Way("See the sources", "data"),
    due.REFUSED: Way("Import them again", "data"),
}
# Where all things of a kind are listed.
LISTS = {
    due.REQUEST: "requests",
    due.BOARD_REQUEST: "requests",
    due.AT_RISK: "members",
    due.MISSED: "members",
    due.UNMARKED: "event-map",
    due.DISPUTE: "members",
    due.APPLICATION: "members",
    due.BUDGET: "budget",
    due.TARGET: "impact",
    due.PILOT: "spaces",
    due.READY: "teams",
    due.STALLED: "teams",
    due.STALE: "data",
    due.SOURCE: "data",
    due.REFUSED: "data",
}
