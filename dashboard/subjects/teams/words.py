"""Teams in words: from the answers to the finding, the headline numbers, what a card says, and the lists to act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.parts.shapes import Headline
from dashboard.words import numbers
from dashboard.words.ranges import people_words
from dashboard.words.text import counted
from data_access.contract.lifecycle import STAGE, stage_title
from data_access.questions.frames import records
from data_access.selection import Scope, Selection

READY, MAYBE, STALLED, SLIPPING, STEADY = "Ready to move on", "May be ready", "Stalled", "Slipping", "Steady"
# Told apart by shape and word, not by colour alone.
SIGNS = {READY: "✓", MAYBE: "?", STALLED: "▲", SLIPPING: "▼", STEADY: "●"}
WITHHELD = "cannot be told for your role, because the numbers are small"


@dataclass(frozen=True, slots=True)
class Card:
    """What the board says of one team."""

    team: str
    name: str
    stage: str
    days: int
    states: tuple[str, ...]
    measure: str
    share: float | None
    milestones: str
    risks: int
    coordinator: str
    partner: str


def present(value: Any) -> Any:
    """The value, or None for any kind of missing."""
    return None if value is None or value is pd.NA or value is pd.NaT or value != value else value


def _flag(value: Any) -> bool | None:
    known = present(value)
    return None if known is None else bool(known)


def _span(row: dict[str, Any], prefix: str) -> tuple[float, float] | None:
    low, high = present(row[f"{prefix}_at_least"]), present(row[f"{prefix}_at_most"])
    return None if low is None or high is None else (float(low), float(high))


def _times(span: tuple[float, float]) -> str:
    low, high = (numbers.number(round(end, 1)) for end in span)
    return low if low == high else f"{low} to {high}"


def _share(span: tuple[float, float]) -> str:
    low, high = (numbers.percent(end) for end in span)
    return low if low == high else f"{low} to {high}"


def measure_words(row: dict[str, Any]) -> str:
    """The exit measure of a stage against what is needed: `13 new contributors; more than 25 needed`."""
    stage, first, second = row["stage"], _span(row, "exit"), _span(row, "second")
    if stage == "pre_work":
        return "Coordinator appointed" if first and first[0] else "No coordinator appointed yet"
    if stage == "starting" and first:
        return f"{first[0]:.0f} of {row['exit_threshold']:.0f} pathway milestones reached"
    if stage == "learning" and first:
        words = people_words(int(first[0]), int(first[1]))
        return f"{words[:1].upper()}{words[1:]} new contributors; more than {row['exit_threshold']:.0f} needed"
    if stage == "scaling":
        growth = f"{_times(first)} times as many active as at entry" if first else _no_growth(row)
        done = f"{second[0]:.0f} of {row['second_threshold']:.0f}" if second else "no"
        return f"{growth}; {row['exit_threshold']:.0f} times needed, and {done} leadership milestones"
    if stage == "sustaining":
        steady = f"{_share(first)} of the active a year ago" if first else f"Activity {_why(row)}"
        kept = f"{_share(second)} of the core stayed" if second else f"core retention {_why(row)}"
        needed = f"{numbers.percent(row['exit_threshold'])} and {numbers.percent(row['second_threshold'])} needed"
        return f"{steady}, {kept}; {needed}"
    return ""


def _why(row: dict[str, Any]) -> str:
    return WITHHELD if present(row.get("withheld")) else "has no base: nobody a year ago"


def _no_growth(row: dict[str, Any]) -> str:
    return f"Growth {WITHHELD}" if present(row.get("withheld")) else "Nobody was active at entry, so growth has no base"


def _progress(row: dict[str, Any]) -> float | None:
    first, needed = _span(row, "exit"), present(row["exit_threshold"])
    if first is None or not needed:
        return None
    # More than 25 are needed: 25 are not enough.
    return min(first[0] / (float(needed) + (1 if row["stage"] == "learning" else 0)), 1.0)


def states(row: dict[str, Any]) -> tuple[str, ...]:
    """What stands out about a team: ready to move on, stalled, and in the last stage whether it holds."""
    ready, stalled = _flag(row["ready"]), _flag(row["stalled"])
    if row["stage"] == "sustaining":
        return () if ready is None else (STEADY,) if ready else (SLIPPING,)
    maybe = ready is None and _span(row, "exit") is not None
    return tuple(word for word, is_so in ((READY, ready), (MAYBE, maybe), (STALLED, stalled)) if is_so)


def rows_of(board: pd.DataFrame, scope: Scope) -> list[dict[str, Any]]:
    """The board's rows, with a mark on those whose numbers may be withheld from the scope."""
    return [{**row, "withheld": not scope.sees_small_groups} for row in records(board)]


def cards(board: pd.DataFrame, scope: Scope) -> list[Card]:
    """The cards of all teams that have a stage, longest in their stage first."""
    return [_card(row) for row in rows_of(board, scope) if present(row["stage"])]


def _card(row: dict[str, Any]) -> Card:
    named = present(row["coordinator"])
    appointed = bool(row["coordinator_appointed"])
    return Card(
        team=row["team"],
        name=row["name"],
        stage=row["stage"],
        days=int(row["days_in_stage"]),
        states=states(row),
        measure=measure_words(row),
        share=_progress(row),
        milestones=f"{row['milestones_done']} of {row['milestones_total']} milestones",
        risks=int(row["open_risks"]),
        coordinator=(f"Coordinator: {named}" if named else "Coordinator appointed") if appointed else "No coordinator",
        partner=f"Partner: {present(row['partner'])}" if present(row["partner"]) else "No partner",
    )


def without_stage(board: pd.DataFrame) -> list[tuple[str, str]]:
    """(key, name) of the teams for which no stage is recorded."""
    return [(row["team"], row["name"]) for row in records(board) if not present(row["stage"])]


def finding(board: pd.DataFrame) -> str:
    """How many teams could move on and how many are stuck, in one sentence."""
    ready, stalled = len(ready_to_move(board)), int(board["stalled"].fillna(False).sum())
    total = counted(len(board), "team")
    moving = "none is ready to move on" if not ready else f"{ready} {'is' if ready == 1 else 'are'} ready to move on"
    stuck = "none is stalled" if not stalled else f"{stalled} {'is' if stalled == 1 else 'are'} stalled"
    return f"{total}: {moving}, {stuck}."


def more(board: pd.DataFrame) -> str:
    """The team that is stalled for longest, against what is usual."""
    stalled = board[board["stalled"].fillna(False)]
    if stalled.empty:
        return ""
    over = stalled["days_in_stage"].astype(float) - stalled["stalled_after_days"].astype(float)
    row = records(stalled)[int(over.to_numpy().argmax())]
    return (
        f"Furthest over the usual time: {row['name']}, {numbers.number(int(row['days_in_stage']))} days in "
        f"“{row['title']}”, where a stay of more than {numbers.number(round(row['stalled_after_days']))} is unusual."
    )


def ready_to_move(board: pd.DataFrame) -> pd.DataFrame:
    """Teams that have met the exit measure of a stage that can be left."""
    return board[board["ready"].fillna(False) & (board["stage"] != "sustaining")]


def headlines(board: pd.DataFrame) -> list[Headline]:
    """Teams, ready, stalled, open risks, without a coordinator."""
    untold = int(board["stalled"].isna().sum() - board["stage"].isna().sum())
    without = int((~board["coordinator_appointed"].fillna(False)).sum())
    unstaged = int(board["stage"].isna().sum())
    risky = int((board["open_risks"] > 0).sum())
    return [
        Headline("Teams", numbers.number(len(board)), note=f"{unstaged} without a stage" if unstaged else ""),
        Headline("Ready to move on", numbers.number(len(ready_to_move(board)))),
        Headline(
            "Stalled",
            numbers.number(int(board["stalled"].fillna(False).sum())),
            note=f"for {untold} it cannot be told yet" if untold else "",
        ),
        Headline("Open risks", numbers.number(int(board["open_risks"].sum())), note=f"in {counted(risky, 'team')}"),
        Headline("Without a coordinator", numbers.number(without)),
    ]


def unmet(board: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Exit measures not yet met, to act on: team, name, title, days_in_stage, state, measure, milestones, risks."""
    rows = [
        {
            "team": row["team"],
            "name": row["name"],
            "title": row["title"],
            "days_in_stage": row["days_in_stage"],
            "state": ", ".join(states(row)),
            "measure": measure_words(row),
            "milestones_done": row["milestones_done"],
            "milestones_total": row["milestones_total"],
            "open_risks": row["open_risks"],
            "partner": present(row["partner"]),
        }
        for row in rows_of(board, scope)
        if present(row["stage"]) and _flag(row["ready"]) is not True
    ]
    columns = ["team", "name", "title", "days_in_stage", "state", "measure"]
    return pd.DataFrame(rows, columns=[*columns, "milestones_done", "milestones_total", "open_risks", "partner"])


def early_moves(moves: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Moves before the exit measure was met: team, name, move, moved_on, days, measure (on that day)."""
    rows = [
        {
            "team": row["team"],
            "name": row["name"],
            "move": f"{row['title']} → {row['next_title']}",
            "moved_on": row["moved_on"],
            "days": row["days"],
            "measure": measure_words(row),
        }
        for row in rows_of(moves, scope)
        if _flag(row["met"]) is False
    ]
    return pd.DataFrame(rows, columns=["team", "name", "move", "moved_on", "days", "measure"])


def untold_moves(moves: pd.DataFrame) -> int:
    """Moves of which the viewer's ranges do not tell whether they came too early."""
    return int(moves["met"].isna().sum())


def as_of_words(selection: Selection, names: dict[str, dict[str, str]]) -> str:
    """What of the selection counts here: the day, and the filters by team and area."""
    narrowed = [words for name, words in selection.parts_in_words(names) if name in ("team", "area")]
    return ", ".join((f"As of {numbers.day(selection.as_of)}", *narrowed))


def team_finding(row: dict[str, Any]) -> str:
    """One team's state in a sentence."""
    if not present(row["stage"]):
        return f"{row['name']}: no stage is recorded."
    days = counted(int(row["days_in_stage"]), "day")
    measure = measure_words(row)
    return f"{row['name']}: {days} in “{row['title']}”. {measure}."


def team_more(row: dict[str, Any]) -> str:
    """Whether the team can move on, and whether it is stalled."""
    if not present(row["stage"]):
        return "Record the stage it is in, or import it, to see what comes next."
    said = []
    ready, after = _flag(row["ready"]), present(row["stalled_after_days"])
    stage = STAGE[row["stage"]]
    if row["stage"] == "sustaining":
        said.append({True: "It holds.", False: "It is slipping.", None: "Whether it holds cannot be told."}[ready])
    elif ready:
        said.append(f"It is ready to move on: {stage.leaves_when}.")
    elif ready is None:
        said.append("Whether it is ready to move on cannot be told from these numbers.")
    else:
        said.append(f"It moves on when {stage.leaves_when}.")
    if _flag(row["stalled"]):
        said.append(f"It is stalled: more than {numbers.number(round(after or 0))} days in this stage are unusual.")
    return " ".join(said)


def team_headlines(row: dict[str, Any], risks: pd.DataFrame) -> list[Headline]:
    """Days in stage, milestones, open risks, coordinator, partner."""
    after = present(row["stalled_after_days"])
    grave = int(((risks["severity"] == "high") & risks["closed_on"].isna()).sum())
    named = present(row["coordinator"]) or "Appointed"
    days, staged = present(row["days_in_stage"]), present(row["stage"])
    usual = f"usual: up to {numbers.number(round(after))}" if after else "too few completed stays to say what is usual"
    return [
        Headline("Days in stage", numbers.number(int(days)) if days is not None else "–", note=usual if staged else ""),
        Headline(
            "Milestones of the stage", f"{row['milestones_done']} of {row['milestones_total']}" if staged else "–"
        ),
        Headline(
            "Open risks", numbers.number(int(row["open_risks"])), note=f"{grave} of high severity" if grave else ""
        ),
        Headline("Coordinator", str(named) if row["coordinator_appointed"] else "None"),
        Headline("Partner", str(present(row["partner"]) or "None")),
    ]


def oddities(history: pd.DataFrame) -> list[str]:
    """What is odd about a team's stage history, a sentence each."""
    return [
        f"“{stage_title(row['stage'])}”, entered on {numbers.day(row['entered_on'])}, {row['remark']}."
        for row in records(history)
        if row["remark"]
    ]


def changes_of_funnel(funnel: pd.DataFrame) -> pd.DataFrame:
    """The funnel around stage changes as a table in words: change, side, step, people, share of the new, window."""
    rows = []
    for row in records(funnel):
        low, high = int(row["at_least"]), int(row["at_most"])
        rows.append(
            {
                "change": f"{row['next_title']}, {numbers.short_day(row['changed_on'])}",
                "side": row["side"].capitalize(),
                "step": row["step"].capitalize(),
                "people": people_words(low, high),
                "window": "over" if row["closed"] else "still open",
                "first_day": row["first_day"],
                "last_day": row["last_day"],
            }
        )
    return pd.DataFrame(rows, columns=["change", "side", "step", "people", "window", "first_day", "last_day"])
