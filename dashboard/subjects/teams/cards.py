"""What the board of teams says on each team's card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.parts import aims
from dashboard.subjects.teams import signs
from dashboard.subjects.teams.measures import measure_of, measure_words
from dashboard.words.sentences import DAYS, Counted, say
from data_access.questions.impact.targets import TargetProgress
from data_access.questions.teams.board import TeamStanding
from data_access.questions.teams.risks import DetectedRisk
from data_access.selection import Scope

READY, MAYBE, STALLED, SLIPPING, STEADY = "Ready to move on", "May be ready", "Stalled", "Slipping", "Steady"
# Distinct by shape and word, not by colour alone.
SIGNS = {READY: "✓", MAYBE: "?", STALLED: "▲", SLIPPING: "▼", STEADY: "●"}
OPEN_RISKS = Counted("{n} open risk", "{n} open risks")


@dataclass(frozen=True, slots=True)
class Card:
    """What the board says of one team; `share` is how much of the exit measure is reached, from 0 to 1."""

    team: str
    name: str
    stage: str
    states: tuple[str, ...]
    time: str
    measure: str
    share: float | None
    facts: tuple[str, ...]


def states(row: TeamStanding) -> tuple[str, ...]:
    """What stands out about a team: ready to move on, stalled, and in the last stage whether it holds."""
    if row.stage == "sustaining":
        return () if row.ready is None else (STEADY,) if row.ready else (SLIPPING,)
    maybe = row.ready is None and row.exit_at_least is not None
    return tuple(word for word, is_so in ((READY, row.ready), (MAYBE, maybe), (STALLED, row.stalled)) if is_so)


def can_move_on(row: TeamStanding) -> bool:
    """Whether a team has met the exit measure of a stage that can be left."""
    return row.ready is True and row.stage != "sustaining"


def cards(
    board: Iterable[TeamStanding],
    scope: Scope,
    aimed: Sequence[TargetProgress] = (),
    detected: Iterable[DetectedRisk] = (),
) -> list[Card]:
    """The cards of all teams that have a stage, in the board's order, with its target that runs and what data show."""
    shown = signs.on_cards(detected)
    return [_card(row, row.stage, scope, aimed, shown.get(row.team, "")) for row in board if row.stage]


def _card(row: TeamStanding, stage: str, scope: Scope, aimed: Sequence[TargetProgress], shown: str) -> Card:
    measure = measure_of(row, scope)
    return Card(
        team=row.team,
        name=row.name,
        stage=stage,
        states=states(row),
        time=say("{days} in this stage", days=DAYS(row.days_in_stage or 0)),
        measure=measure_words(measure),
        share=measure.progress if measure else None,
        facts=tuple(
            filter(None, (_milestones(row), _risks(row), shown, _coordinator(row), _partner(row), _target(row, aimed)))
        ),
    )


def _target(row: TeamStanding, aimed: Sequence[TargetProgress]) -> str:
    return aims.note(aims.running(aimed, "active_contributors", say("team:{team}", team=row.team)))


def _milestones(row: TeamStanding) -> str:
    return say("{done} of {all} milestones", done=row.milestones_done or 0, all=row.milestones_total or 0)


def _risks(row: TeamStanding) -> str:
    return OPEN_RISKS(row.open_risks) if row.open_risks else ""


def _coordinator(row: TeamStanding) -> str:
    if not row.coordinator_appointed:
        return "No coordinator"
    return say("Coordinator: {name}", name=row.coordinator) if row.coordinator else "Coordinator appointed"


def _partner(row: TeamStanding) -> str:
    return say("Partner: {name}", name=row.partner) if row.partner else "No partner"


def without_stage(board: Iterable[TeamStanding]) -> list[tuple[str, str]]:
    """(key, name) of the teams for which no stage is recorded."""
    return [(row.team, row.name) for row in board if not row.stage]
