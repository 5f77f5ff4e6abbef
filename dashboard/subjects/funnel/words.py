"""The funnel, in words and shapes: from answers to the finding, the headline numbers, the pictures and the tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.parts.labels import short
from dashboard.parts.shapes import Dot, Headline, Series, Stage
from dashboard.words.numbers import number, percent
from dashboard.words.ranges import people_words
from dashboard.words.text import counted

STEP_NAMES = {
    "joined": "Joined",
    "casual": "Casual",
    "active": "Active",
    "core": "Core",
    "applied": "Applied",
    "evaluated": "Evaluated",
    "accepted": "Accepted",
    "trained": "Trained",
    "graduated": "Graduated",
    "active_member": "Active member",
}
COMPARED = {
    "": "Everybody",
    "team": "Team",
    "stage": "Team’s stage at entry",
    "area": "Area",
    "region": "Region",
    "channel": "Entry channel",
    "scale": "Scale of the event",
    "space": "Space",
}
LEVELS = {"casual": "Joined → casual", "active": "Casual → active", "core": "Active → core"}
NOT_SHOWN = "–"
# A chart compares at most so many groups, and a weak step is one of at least so many people.
MOST_GROUPS, LEAST_PEOPLE = 7, 20


def is_known(value: Any) -> bool:
    """Whether a cell holds a number."""
    return value is not None and not pd.isna(value)


def shown_people(row: Any) -> str:
    """The people of a row in words: `12`, `10 to 14`, `fewer than 5`."""
    return people_words(int(row["at_least"]), int(row["at_most"])) if is_known(row["at_most"]) else NOT_SHOWN


def _about(row: Any) -> str:
    """Before a number that is the middle of a range."""
    return "" if row["at_least"] == row["at_most"] else "about "


def shown_share(row: Any, name: str = "share_of_previous") -> str:
    return percent(float(row[name])) if is_known(row[name]) else NOT_SHOWN


def of_group(funnel: pd.DataFrame, group: str = "") -> dict[str, dict[Any, Any]]:
    """The rows of one group, by step."""
    return {str(row["step"]): row for row in funnel[funnel["group"] == group].to_dict("records")}


def finding(funnel: pd.DataFrame, period: str) -> str:
    """The page's answer in one sentence."""
    if funnel.empty:
        return "The funnel is not broken down by filters for your role."
    steps = of_group(funnel)
    joined = steps["joined"]
    if not is_known(joined["at_most"]) or int(joined["at_most"]) == 0:
        return f"Nobody joined in {period}."
    said = f"Of {shown_people(joined)} people who joined in {period}, "
    core, active = (steps[name]["share_of_start"] for name in ("core", "active"))
    if is_known(core):
        return f"{said}{percent(float(active))} became active and {percent(float(core))} core."
    if is_known(active):
        return (
            f"{said}{percent(float(active))} became active; it is too early, or too few, to say how many become core."
        )
    return f"{said}too few have had their time, or may be shown, to say how many become active."


def weakest(funnel: pd.DataFrame) -> str:
    """Where most people are lost, in a sentence."""
    rows = [row for row in funnel.to_dict("records") if is_known(row["share_of_previous"])]
    if not rows:
        return ""
    row = min(rows, key=lambda row: float(row["share_of_previous"]))
    share = percent(float(row["share_of_previous"]))
    low, high = percent(float(row["low"])), percent(float(row["high"]))
    name = LEVELS.get(str(row["step"]), STEP_NAMES[str(row["step"])]).lower()
    days = int(row["window_days"])
    return f"The weakest step is {name}: {share} take it within {days} days (95% interval {low}–{high})."


def headlines(funnel: pd.DataFrame) -> list[Headline]:
    """How many joined, and what became of them."""
    steps = of_group(funnel)
    made = [Headline("Joined", shown_people(steps["joined"]), note="the start of the funnel")]
    for step, name in (("casual", "contributed"), ("active", "became active"), ("core", "became core")):
        row = steps[step]
        note = f"{shown_people(row)} people so far"
        if is_known(row["open"]) and int(row["open"]):
            note += f"; {_about(row)}{number(int(row['open']))} still have time"
        made.append(Headline(name.capitalize(), shown_share(row, "share_of_start"), note=note))
    waited = steps["active"]["median_days"]
    shown = f"{number(float(waited))} days" if is_known(waited) else NOT_SHOWN
    made.append(Headline("Casual to active", shown, note="median, of those who did"))
    return made


def stages(funnel: pd.DataFrame, group: str = "") -> list[Stage]:
    """The bars of one group."""
    made = []
    for step, row in of_group(funnel, group).items():
        said = shown_people(row)
        if is_known(row["share_of_previous"]):
            interval = f"{percent(float(row['low'])).removesuffix('%')}–{percent(float(row['high']))}"
            said += f" · {shown_share(row, 'share_of_start')} of start · {shown_share(row)} of previous ({interval})"
        people, waiting = row["people"], row["open"]
        open_said = (
            f"{_about(row)}{number(int(waiting))} still have time to take this step" if is_known(waiting) else ""
        )
        made.append(
            Stage(
                step,
                STEP_NAMES[step],
                float(people) if is_known(people) else 0.0,
                float(waiting) if is_known(waiting) else 0.0,
                said,
                open_said,
            )
        )
    return made


def dots(funnel: pd.DataFrame, step: str) -> list[Dot]:
    """The shares of one step in the largest groups; what may not be shown, or is not known, is left out."""
    rows = funnel[(funnel["step"] == step) & funnel["share_of_previous"].notna()]
    rows = rows.assign(size=rows["counted"].fillna(0)).nlargest(MOST_GROUPS, "size").sort_index()
    made = []
    for row in rows.to_dict("records"):
        share, low, high = (float(row[name]) for name in ("share_of_previous", "low", "high"))
        name = group_name(str(row["name"]))
        said = f"{name}: {percent(share)} ({percent(low)}–{percent(high)}) of {number(int(row['counted']))}"
        made.append(Dot(name, share, low, high, said))
    return made


def group_name(name: str, most: int = 48) -> str:
    """A group's name for a picture: one line of a length that fits."""
    words = short(name.replace("_", " "), most)
    return words[:1].upper() + words[1:]


def cohort_rows(trend: pd.DataFrame) -> list[Series]:
    """Each conversion over cohorts."""
    made = []
    for step, name in LEVELS.items():
        rows = trend[trend["step"] == step]
        if not rows["share"].notna().any():
            continue
        last = int(rows["share"].notna().to_numpy().nonzero()[0][-1])
        rows = rows.iloc[: last + 1]
        said = [_cohort_said(row) for row in rows.to_dict("records")]
        values = {column: floats(rows[column]) for column in ("share", "low", "high")}
        opened = [bool(value) for value in rows["open"]]
        made.append(Series(name, list(rows["starts_on"]), values["share"], values["low"], values["high"], said, opened))
    return made


def _cohort_said(row: dict[Any, Any]) -> str:
    if not is_known(row["share"]):
        return f"{row['cohort']}: not known or not shown"
    interval = f"{percent(float(row['low']))}–{percent(float(row['high']))}"
    still = ", still open" if row["open"] else ""
    return f"{row['cohort']}: {percent(float(row['share']))} ({interval}) of {number(int(row['counted']))}{still}"


def curves(times: pd.DataFrame) -> list[Series]:
    """A curve for each of the largest groups."""
    made = []
    sizes = times.groupby("group", sort=False)["people"].first().fillna(0).astype(int)
    for group in [name for name in sizes.index if name in set(sizes.nlargest(MOST_GROUPS).index)]:
        rows = times[times["group"] == group]
        name = group_name(str(rows["name"].iloc[0]))
        days, shares = floats(rows["days"]), floats(rows["share"])
        said = [f"{name}: {percent(share)} within {day:.0f} days" for day, share in zip(days, shares, strict=True)]
        made.append(Series(name, days, shares, floats(rows["low"]), floats(rows["high"]), said))
    return made


def floats(values: Any) -> list[float]:
    """Numbers for a picture; what is missing is nan."""
    return [float(value) if is_known(value) else float("nan") for value in values]


def log_rank_words(test: pd.DataFrame, step: str) -> str:
    """The log-rank test in a sentence that says no more than it knows."""
    if test.empty:
        return "There are not two groups to compare here."
    row = test.iloc[0]
    p_value, groups = float(row["p_value"]), int(row["groups"])
    chance = "less than 0.1%" if p_value < 0.001 else f"{100 * p_value:.1f}%"
    named = LEVELS[step].lower()
    if p_value < 0.05:
        return (
            f"The {groups} groups take the step {named} at different paces: curves as far apart as these would come by "
            f"chance with a probability of {chance} (log-rank test). It does not say why."
        )
    return (
        f"The {groups} groups cannot be told apart in the step {named}: chance alone would give curves as far apart as "
        f"these with a probability of {chance} (log-rank test)."
    )


def step_table(funnel: pd.DataFrame) -> pd.DataFrame:
    """The funnel as people read it: names for steps, people in words."""
    table = funnel.copy(deep=False)
    table["step"] = [STEP_NAMES[step] for step in funnel["step"]]
    table["name"] = [group_name(name) for name in funnel["name"]]
    table["people"] = [shown_people(row) for row in funnel.to_dict("records")] if len(funnel) else []
    return table


def slow_and_weak(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Steps of teams and stages, the weakest first: kind, name, step, share_of_previous, low, high, median_days, …."""
    parts = []
    for kind, funnel in tables.items():
        rows = funnel[
            funnel["share_of_previous"].notna() & (funnel["counted"] >= LEAST_PEOPLE) & (funnel["group"] != "")
        ]
        # Team, stage and area are those of the first contribution: that step says nothing of them.
        rows = rows[rows["step"].isin(["active", "core"])]
        parts.append(rows.assign(kind=kind, step=[LEVELS[step] for step in rows["step"]]))
    table = pd.concat(parts) if parts else pd.DataFrame()
    if table.empty:
        return table
    table["name"] = [group_name(name) for name in table["name"]]
    columns = ["kind", "name", "step", "share_of_previous", "low", "high", "counted", "median_days", "upper_quartile"]
    return table.sort_values("share_of_previous", kind="stable")[columns].reset_index(drop=True)


def tried_table(own: pd.DataFrame, tried: pd.DataFrame) -> pd.DataFrame:
    """Two settings side by side: step, people and shares of each, and the difference in points."""
    left, right = of_group(own), of_group(tried)
    rows = []
    for step, row in left.items():
        shares = [floats([each["share_of_start"]])[0] for each in (row, right[step])]
        people = (row["people"], right[step]["people"])
        rows.append((STEP_NAMES[step], people[0], shares[0], people[1], shares[1], (shares[1] - shares[0]) * 100))
    return pd.DataFrame(rows, columns=["step", "people", "share", "tried_people", "tried_share", "difference"])


def about_counts(exact: bool) -> str:
    """What a reader who does not see exact counts should know of the numbers."""
    return "" if exact else " Counts of people are ranges, or the middles of ranges, up to the last whole quarter."


def people_line(count: int) -> str:
    return f"{counted(count, 'person', 'people')}, the latest first."
