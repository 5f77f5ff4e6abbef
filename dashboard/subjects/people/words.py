"""Who is here, in words and shapes: from answers to the finding, the headline numbers, dots, lines and tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from dashboard.parts.shapes import Dot, Headline, Series
from dashboard.words import numbers
from dashboard.words.ranges import people_words
from data_access.questions.people.diversity import LESS, MORE, OTHERS, STEPS, UNDISCLOSED, VALUE
from data_access.selection import Period, Scope

NAMES: dict[str, str] = {
    "speakers": "Speakers",
    "members": "Members",
    "applicants": "Applicants",
    "contributors": "Contributors",
}
GROUPS = {"region": "Region", "area": "Focus area", "cohort": "Cohort", "outcome": "Outcome"}
VIEWS = {
    "now": "Shares",
    "trend": "Over time",
    "groups": "By group",
    "steps": "From application to membership",
    "fair": "Fair shares",
}
ABOUT = {"steps": "applicants", "fair": "members"}
# Values of a dimension that are drawn; the rest are in the table.
MOST_VALUES = 7


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The answer row by row."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.itertuples(index=False, name=None)]


def present(value: Any) -> bool:
    """Whether a cell of an answer holds something."""
    return value is not None and not pd.isna(value)


def words_of(row: Mapping[str, Any], size: int) -> str:
    """`woman: 84 of 328, 26% (21–31%)`, `non-binary: fewer than 5`."""
    name = value_words(row, size)
    told = people_words(int(row["at_least"]), int(row["at_most"]))
    if not present(row["share"]):
        return told
    share = with_interval(row)
    about = "" if row["at_least"] == row["at_most"] else "about "
    return f"{name}: {told} of {about}{numbers.number(row['of_people'])}, {about}{share}"


def with_interval(row: Mapping[str, Any]) -> str:
    """`26% (21–31%)`."""
    return f"{numbers.percent(row['share'])} ({interval(row)})"


def interval(row: Mapping[str, Any]) -> str:
    """`21–31%`."""
    low, high = numbers.percent(row["low"]), numbers.percent(row["high"])
    return f"{low.removesuffix('%')}–{high}"


def value_words(row: Mapping[str, Any], size: int) -> str:
    """The value as a label; small values told together say so."""
    if row["kind"] == OTHERS:
        return f"other (each fewer than {size})"
    return "not disclosed" if row["kind"] == UNDISCLOSED else str(row["value"])


def group_words(group: str, size: int) -> str:
    """A group of a breakdown as a label."""
    if group == "…":
        return f"others (each fewer than {size})"
    return group or "not known"


def window_words(shares: pd.DataFrame) -> str:
    """The days that the answer is about."""
    return Period.parse(str(shares["window"].iloc[0])).in_words() if len(shares) else ""


def window_line(shares: pd.DataFrame) -> str:
    """What is shown instead of the filters, where these are not used."""
    return f"12 months: {window_words(shares)}" if len(shares) else "Whole years only"


def dots(shares: pd.DataFrame, beside: Sequence[pd.DataFrame], size: int, dimension: str = "") -> list[Dot]:
    """A row a value, dimension by dimension; not disclosed is muted. `beside` are other populations' answers."""
    others = [{(row["dimension"], row["value"]): row["share"] for row in rows_of(other)} for other in beside]
    made = []
    for name, part in shares.groupby("dimension", sort=False):
        if dimension and name != dimension:
            continue
        rows = rows_of(part)
        for row in [*rows[:-1][:MOST_VALUES], *rows[-1:]] if len(rows) > MOST_VALUES else rows:
            key = (row["dimension"], row["value"])
            made.append(
                Dot(
                    name=value_words(row, size),
                    **_ends(row),
                    said=words_of(row, size),
                    heading=str(name).capitalize(),
                    others=tuple(
                        other[key] if present(other.get(key)) and row["kind"] == VALUE else None for other in others
                    ),
                    reference=row["reference"] if present(row["reference"]) else None,
                    muted=row["kind"] != VALUE,
                )
            )
    return made


def _ends(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row's share and the ends of its interval; None where one is not shown."""
    return {name: row[name] if present(row[name]) else None for name in ("share", "low", "high")}


def group_dots(shares: pd.DataFrame, dimension: str, value: str, size: int) -> list[Dot]:
    """One value's share in each group."""
    rows = rows_of(shares[(shares["dimension"] == dimension) & (shares["value"] == value)])
    heading = f"{dimension.capitalize()}: {value}"
    return [
        Dot(group_words(row["member_of"], size), **_ends(row), said=words_of(row, size), heading=heading)
        for row in rows
    ]


def lines(trend: pd.DataFrame, size: int) -> list[Series]:
    """The largest values of a dimension over time."""
    made = []
    named = trend[trend["kind"] == VALUE]
    order = named.groupby("value", sort=False)["at_least"].sum().sort_values(ascending=False, kind="stable")
    for value in list(order.index)[:6]:
        rows = rows_of(named[named["value"] == value])
        if not any(present(row["share"]) for row in rows):
            continue
        shares, lows, highs = (
            [float(row[name]) if present(row[name]) else math.nan for row in rows] for name in ("share", "low", "high")
        )
        # A year is drawn at its last day, not at the first day of the next one.
        days = [row["window_end"] - timedelta(days=1) for row in rows]
        said = [f"12 months to {last_month(row)}: {words_of(row, size)}" for row in rows]
        made.append(Series(str(value), days, shares, lows, highs, said))
    return made


def last_month(row: Mapping[str, Any]) -> str:
    """The last month of a row's year."""
    return f"{row['window_end'] - timedelta(days=1):%B %Y}"


def finding(population: str, shares: pd.DataFrame, size: int) -> str:
    """The page's answer: the largest and the next group of the dimension that most people disclosed."""
    if shares.empty:
        return f"No {population} have said anything of themselves that can be shown."
    said = shares[(shares["kind"] == VALUE) & shares["share"].notna()]
    if said.empty:
        return f"Too few {population} have said something of themselves to show it."
    best = said.groupby("dimension", sort=False)["at_least"].sum().idxmax()
    preferred = "gender" if "gender" in set(said["dimension"]) else best
    rows = rows_of(said[said["dimension"] == preferred])[:2]
    about = "about " if rows[0]["at_least"] != rows[0]["at_most"] else ""
    parts = [f"{numbers.percent(row['share'])} {row['value']} ({interval(row)})" for row in rows]
    people = numbers.number(rows[0]["of_people"])
    return f"{str(preferred).capitalize()}: {about}{' and '.join(parts)} of the {about}{people} {population} who say."


def headlines(population: str, shares: pd.DataFrame, effective: pd.DataFrame) -> list[Headline]:
    """How many people, and per dimension how many equal groups they are worth and how many disclose it."""
    if shares.empty:
        return []
    made = []
    silent = shares[shares["kind"] == UNDISCLOSED].set_index("dimension")
    for row in rows_of(effective)[:4]:
        if not present(row["effective"]):
            continue
        share: Any = silent["share"].get(row["dimension"])
        told = f"{numbers.percent(1 - float(share))} say" if present(share) else ""
        effect = f"as diverse as {row['effective']:.1f} equal groups ({row['low']:.1f}–{row['high']:.1f})"
        made.append(
            Headline(
                str(row["dimension"]).capitalize(),
                f"{row['effective']:.1f} of {row['groups']}",
                "",
                0,
                ". ".join(filter(None, [effect, told])),
            )
        )
    return made


def step_sentences(funnel: pd.DataFrame) -> list[str]:
    """Where a group drops more often than chance explains, and where nothing can be told."""
    clear = funnel[funnel["verdict"].isin([LESS, MORE])]
    sentences = []
    for row in rows_of(clear):
        gap, others = numbers.percent(abs(row["difference"])), numbers.percent(row["others"])
        sentences.append(
            f"{str(row['dimension']).capitalize()}, {row['value']}: {_STEP_WORDS[row['step']]} {row['verdict']} than "
            f"the others ({numbers.percent(row['share'])} against {others}; the difference of {gap} "
            "is larger than chance explains)."
        )
    if not sentences:
        tried = funnel["verdict"].eq("no clear difference").sum()
        sentences.append(
            f"In {tried} comparisons no group is accepted or stays clearly more or less often than the others: every "
            "difference is as small as chance makes it."
            if tried
            else "There are too few applicants in each group to compare them."
        )
    elif len(sentences) and funnel["verdict"].isin([LESS, MORE, "no clear difference"]).sum() >= 20:
        sentences.append("Among so many comparisons about one in twenty looks clear by chance alone.")
    return sentences


def step_dots(funnel: pd.DataFrame, size: int) -> list[Dot]:
    """The share of a group's applicants who were accepted."""
    rows = [row for row in rows_of(funnel) if row["step"] == STEPS[1]]
    before = {
        (row["dimension"], row["value"]): people_words(int(row["at_least"]), int(row["at_most"]))
        for row in rows_of(funnel)
        if row["step"] == STEPS[0]
    }
    made = []
    for row in rows:
        told = people_words(int(row["at_least"]), int(row["at_most"]))
        share = with_interval(row) if present(row["share"]) else "share not shown"
        of = before[row["dimension"], row["value"]]
        made.append(
            Dot(
                value_words(row, size),
                **_ends(row),
                said=f"{told} accepted of {of}: {share}",
                heading=str(row["dimension"]).capitalize(),
            )
        )
    return made if any(dot.share is not None for dot in made) else []


_STEP_WORDS = {STEPS[1]: "accepted", STEPS[2]: "become active members"}


def privacy_words(scope: Scope, shares: pd.DataFrame, imports_so_far: int) -> str:
    """Why the viewer sees what they see."""
    size = scope.min_group_size
    if scope.sees_small_groups:
        return (
            f"You see every count. Other viewers see ranges, and counts under {size} as “fewer than {size}”, for whole "
            "years up to a quarter’s end and without filters."
        )
    as_of = ""
    if len(shares) and present(shares["import_id"].iloc[0]) and shares["import_id"].iloc[0] != imports_so_far:
        as_of = f" They are those of import {shares['import_id'].iloc[0]}: too few people changed since to show it."
    return (
        f"To protect people, counts are shown as ranges of at least {size}, for the 12 months “{window_words(shares)}” "
        f"and without filters; shares are about right.{as_of}"
    )


def table_rows(shares: pd.DataFrame, size: int) -> pd.DataFrame:
    """The shares as people read them; the download has the numbers."""
    table = shares.copy()
    table["shown"] = [people_words(int(row["at_least"]), int(row["at_most"])) for row in rows_of(shares)]
    table["value"] = [value_words(row, size) for row in rows_of(shares)]
    table["member_of"] = [group_words(str(group), size) for group in shares["member_of"]]
    return table


def fair_sentence(everyone: Mapping[str, Any], of: str) -> str:
    """How unevenly it is spread, in a sentence."""
    if not present(everyone["gini"]):
        return "Too few members received something to say how evenly it is spread."
    said = f"Gini {everyone['gini']:.2f} ({everyone['low']:.2f}–{everyone['high']:.2f})"
    top = (
        f"; the tenth of the members with most {'money' if of == 'money' else 'events'} has "
        f"{numbers.percent(everyone['top_tenth'])} of it"
        if present(everyone["top_tenth"])
        else ""
    )
    missing = int(everyone["without_rate"])
    left_out = f" {missing} payments are left out: no exchange rate." if missing else ""
    return f"{said}, where 0 is the same for all and 1 everything for one{top}.{left_out}"


def amount_words(row: Mapping[str, Any], of: str) -> str:
    """A group's amount; what belongs to too few members is not shown."""
    if not present(row["amount"]):
        return "too few members to show"
    return numbers.money(row["amount"], row["currency"]) if of == "money" else numbers.number(row["amount"])
