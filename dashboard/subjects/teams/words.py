"""Teams in words: the finding, the headline numbers, and the sentences of one team's own view."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dashboard.parts import aims
from dashboard.parts.shapes import Headline
from dashboard.subjects.teams.cards import can_move_on
from dashboard.subjects.teams.measures import measure_of, measure_words
from dashboard.words import numbers
from dashboard.words.sentences import DAYS, TEAMS, Counted, listed, say
from data_access.contract.lifecycle import STAGE, stage_title
from data_access.questions.impact.targets import TargetProgress
from data_access.questions.teams.board import TeamMove, TeamStanding
from data_access.questions.teams.details import TeamRisk
from data_access.questions.teams.stages import TeamStay, goes_back, skipped
from data_access.selection import Scope, Selection

READY_TO_MOVE = Counted("{n} is ready to move on", "{n} are ready to move on")
ARE_STALLED = Counted("{n} is stalled", "{n} are stalled")
MORE_MOVES = Counted("{n} more move", "{n} more moves")
ARE_BOTH = Counted("{n} is both", "{n} are both")
# By whether any team is ready, whether any is stalled, and whether any is both.
FINDINGS = {
    (True, True, True): "{teams}: {ready}, {stalled}; {both}.",
    (True, True, False): "{teams}: {ready}, {stalled}.",
    (True, False, False): "{teams}: {ready}, none is stalled.",
    (False, True, False): "{teams}: none is ready to move on, {stalled}.",
    (False, False, False): "{teams}: none is ready to move on, none is stalled.",
}
HOLDS = {True: "It holds.", False: "It is slipping.", None: "Whether it holds is not certain."}


def finding(board: Sequence[TeamStanding]) -> str:
    """How many teams could move on and how many are stuck, in one sentence."""
    ready, stalled = sum(map(can_move_on, board)), sum(row.stalled is True for row in board)
    both = sum(row.stalled is True and can_move_on(row) for row in board)
    return say(
        FINDINGS[ready > 0, stalled > 0, both > 0],
        teams=TEAMS(len(board)),
        ready=READY_TO_MOVE(ready),
        stalled=ARE_STALLED(stalled),
        both=ARE_BOTH(both),
    )


def more(board: Sequence[TeamStanding]) -> str:
    """The team that is stalled for longest, against what is usual."""
    over = [
        (row, row.days_in_stage, row.stalled_after_days)
        for row in board
        if row.stalled and row.days_in_stage and row.stalled_after_days
    ]
    if not over:
        return ""
    row, days, usual = max(over, key=lambda found: found[1] - found[2])
    return say(
        "Furthest over the usual time: {team}, {days} in “{stage}”, where a stay of more than {usual} is unusual.",
        team=row.name,
        days=DAYS(days),
        stage=row.title or "",
        usual=round(usual),
    )


def headlines(board: Sequence[TeamStanding]) -> list[Headline]:
    """Teams, ready, stalled, open risks, without a coordinator."""
    unstaged = sum(row.stage is None for row in board)
    unknown = sum(row.stalled is None for row in board) - unstaged
    risky = sum(row.open_risks > 0 for row in board)
    return [
        Headline(
            "Teams",
            numbers.number(len(board)),
            note=say("{n} without a stage", n=unstaged) if unstaged else "",
        ),
        Headline("Ready to move on", numbers.number(sum(map(can_move_on, board)))),
        Headline(
            "Stalled",
            numbers.number(sum(row.stalled is True for row in board)),
            note=say("not known yet for {n}", n=unknown) if unknown else "",
        ),
        Headline(
            "Open risks",
            numbers.number(sum(row.open_risks for row in board)),
            note=say("in {teams}", teams=TEAMS(risky)),
        ),
        Headline("Without a coordinator", numbers.number(sum(not row.coordinator_appointed for row in board))),
    ]


def uncertain_moves(moves: Sequence[TeamMove]) -> str:
    """Of how many moves the viewer's ranges leave open whether they came too early; empty where of none."""
    uncertain = sum(row.met is None for row in moves)
    if not uncertain:
        return ""
    return say("Whether {moves} came too early is not certain.", moves=MORE_MOVES(uncertain))


def as_of_words(selection: Selection, names: dict[str, dict[str, str]]) -> str:
    """What of the selection counts here: the day, and the filters by team and area."""
    narrowed = [words for name, words in selection.parts_in_words(names) if name in ("team", "area")]
    return ", ".join((say("As of {day}", day=selection.as_of), *narrowed))


def team_finding(row: TeamStanding, scope: Scope) -> str:
    """One team's state in a sentence or two."""
    if not row.stage:
        return say("{team}: no stage is recorded.", team=row.name)
    days = DAYS(row.days_in_stage or 0)
    where = say("{team}: {days} in “{stage}”.", team=row.name, days=days, stage=row.title or "")
    return " ".join((where, measure_words(measure_of(row, scope))))


def team_more(row: TeamStanding) -> str:
    """Whether the team can move on, and whether it is stalled."""
    if not row.stage:
        return "Record the stage it is in, or import it, to see what comes next."
    if not row.stalled:
        return _readiness(row, row.stage)
    usual = DAYS(round(row.stalled_after_days or 0))
    stalled = say("It is stalled: more than {days} in this stage are unusual.", days=usual)
    return " ".join((_readiness(row, row.stage), stalled))


def _readiness(row: TeamStanding, stage: str) -> str:
    if stage == "sustaining":
        return HOLDS[row.ready]
    if row.ready is None:
        return "Whether it is ready to move on is not certain from these numbers."
    if row.ready:
        return say("It is ready to move on: {condition}.", condition=STAGE[stage].leaves_when)
    return say("It moves on when {condition}.", condition=STAGE[stage].leaves_when)


def team_headlines(row: TeamStanding, risks: Sequence[TeamRisk], aimed: TargetProgress | None = None) -> list[Headline]:
    """Days in stage, milestones, open risks, coordinator, partner, and the target that runs."""
    grave = sum(risk.severity == "high" and risk.closed_on is None for risk in risks)
    return [
        *_of_stage(row),
        Headline(
            "Open risks",
            numbers.number(row.open_risks),
            note=say("{n} of high severity", n=grave) if grave else "",
        ),
        Headline("Coordinator", (row.coordinator or "Appointed") if row.coordinator_appointed else "None"),
        Headline("Partner", row.partner or "None"),
        *([_aimed(aimed)] if aimed else []),
    ]


def _aimed(row: TargetProgress) -> Headline:
    reached = "–" if row.value is None else numbers.number(row.value)
    return Headline("Active contributors", reached, note=aims.note(row))


def _of_stage(row: TeamStanding) -> tuple[Headline, Headline]:
    if row.days_in_stage is None:
        return Headline("Days in stage", "–"), Headline("Milestones of the stage", "–")
    if row.stalled_after_days:
        usual = say("usual: up to {days}", days=round(row.stalled_after_days))
    else:
        usual = "too few completed stays to say what is usual"
    done = say("{done} of {all}", done=row.milestones_done or 0, all=row.milestones_total or 0)
    return (
        Headline("Days in stage", numbers.number(row.days_in_stage), note=usual),
        Headline("Milestones of the stage", done),
    )


def oddities(history: Sequence[TeamStay]) -> list[str]:
    """What is odd about a team's stage history, oldest first, a sentence each."""
    said = (_oddity(before, stay) for before, stay in pairwise(history))
    return [sentence for sentence in said if sentence]


def _oddity(before: TeamStay, stay: TeamStay) -> str:
    stage = {"stage": stay.title, "day": stay.entered_on}
    if goes_back(before.stage, stay.stage):
        return say("“{stage}”, entered on {day}, goes back from “{before}”.", before=stage_title(before.stage), **stage)
    left_out = [say("“{stage}”", stage=skip.title) for skip in skipped(before.stage, stay.stage)]
    return say("“{stage}”, entered on {day}, skips {skipped}.", skipped=listed(left_out), **stage) if left_out else ""
