"""What the Languages page says and offers, from answers: finding, headline numbers, matrix, trend, gaps to close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import pandas as pd

from dashboard.parts.labels import short
from dashboard.parts.shapes import Headline, Panel
from dashboard.words.numbers import number, percent
from dashboard.words.periods import trend_selection
from dashboard.words.ranges import people_words
from dashboard.words.text import counted, visible
from data_access.questions.languages.coverage import MEMBERS, NOT_SAID
from data_access.selection import Period, Selection, add_months


def rows(table: pd.DataFrame) -> Iterator[Any]:
    """Rows whose columns are attributes; pandas cannot say which type each has."""
    yield from table.itertuples(index=False)


LAYERS: dict[str, str] = {"languages": "Offered there", "languages_online": "With online events"}
MOST_COUNTRIES, MOST_LANGUAGES, MOST_PANELS, MOST_BARS = 10, 10, 4, 8


@dataclass(frozen=True, slots=True)
class Summary:
    """The selection's languages in a few numbers; None is what cannot be said."""

    events: int
    unsaid: int
    languages: tuple[str, ...]
    not_in_top: float | None
    materials: int
    originals: int
    where: str
    low: float | None
    high: float | None
    unknown: float
    next_name: str
    next_people: int
    next_certain: bool


def summary(spoken: pd.DataFrame, materials: pd.DataFrame, reach: pd.DataFrame, following: pd.DataFrame) -> Summary:
    """From the answers of languages_of_events, materials_by_language, language_reach and language_next."""
    said = spoken[(spoken["language"] != NOT_SAID) & (spoken["events"] > 0)]
    unsaid = int(spoken.loc[spoken["language"] == NOT_SAID, "events"].sum())
    held = spoken[spoken["events"] > 0]
    total = round(float(held["events"].iloc[0] / held["share"].iloc[0])) if len(held) else 0
    whole = reach.iloc[0]
    known = int(materials["materials"].sum())
    first = following.iloc[0] if len(following) and following["people_low"].iloc[0] > 0 else None
    return Summary(
        events=total,
        unsaid=unsaid,
        languages=tuple(said["name"]),
        not_in_top=1 - int(said["events"].iloc[0]) / (total - unsaid) if len(said) else None,
        materials=known,
        originals=int(materials["originals"].sum()),
        where="of the world’s inhabitants" if whole["name"] == "World" else "of the inhabitants",
        low=_number(whole["low"]),
        high=_number(whole["high"]),
        unknown=int(whole["unknown_inhabitants"]) / max(int(whole["inhabitants"]), 1),
        next_name=str(first["name"]) if first is not None else "",
        next_people=int(first["people_low"]) if first is not None else 0,
        next_certain=bool(first["certain"]) if first is not None else False,
    )


def _number(value: Any) -> float | None:
    return None if value is None or value is pd.NA else float(value)


def between(low: float | None, high: float | None) -> str:
    """`54% to 61%`, `21%`, `–`."""
    if low is None or high is None:
        return "–"
    first, last = percent(low), percent(high)
    return first if first == last else f"{first} to {last}"


def finding(found: Summary) -> str:
    """The page's answer in a sentence."""
    if not found.languages:
        return f"None of the {counted(found.events, 'event')} says in which language it was held."
    top = visible(found.languages[0])[:60]
    events = f"{counted(found.events - found.unsaid, 'event')} in {counted(len(found.languages), 'language')}"
    if len(found.languages) > 1 and found.not_in_top is not None:
        events += f", {percent(1 - found.not_in_top)} of them in {top}"
    if found.low is None:
        return f"{events}."
    known = between(found.low, found.high)
    return f"{events}; {known} {found.where} know a language that is offered."


def more(found: Summary) -> str:
    """What would reach more, and what is not known."""
    parts = []
    if found.next_name:
        parts.append(f"{found.next_name} would add most: at least {millions(found.next_people)} people.")
    if found.unknown >= 0.0005:
        parts.append(
            f"CLDR lists none of the languages offered for countries with {percent(found.unknown)} of the inhabitants."
        )
    return " ".join(parts)


def millions(people: int) -> str:
    """`84 million`, `1.2 million`, `340,000`: as exact as such figures are."""
    if people >= 10_000_000:
        return f"{people / 1e6:,.0f} million"
    if people >= 1_000_000:
        return f"{people / 1e6:.1f} million"
    return f"{round(people, -3) if people >= 10_000 else people:,}"


def headlines(found: Summary) -> list[Headline]:
    """Above the picture."""
    top = visible(found.languages[0])[:24] if found.languages else "one language"
    unsaid = f"{number(found.unsaid)} of {counted(found.events, 'event')} name none" if found.unsaid else "of events"
    original = percent(found.originals / found.materials) if found.materials else "–"
    sure = "" if found.next_certain or not found.next_name else "; another could add more"
    return [
        Headline("Languages", number(len(found.languages)), note=unsaid),
        Headline(
            f"Not in {top}",
            "–" if found.not_in_top is None else percent(found.not_in_top),
            note="of the events that name a language",
        ),
        Headline("Originals", original, note=f"of {counted(found.materials, 'material')}, not translated"),
        Headline("Language reach", between(found.low, found.high), note=f"{found.where} know a language offered"),
        Headline(
            "Best to add",
            found.next_name or "–",
            note=f"at least {millions(found.next_people)} people{sure}" if found.next_name else "",
        ),
    ]


class State(IntEnum):
    """A cell of the matrix: not listed, known there, could be covered by members, held there."""

    ABSENT = 0
    SPOKEN = 1
    COULD = 2
    HELD = 3


SIGNS = {State.ABSENT: "", State.SPOKEN: "○", State.COULD: "◐", State.HELD: "●"}


@dataclass(frozen=True, slots=True)
class Matrix:
    """Countries (rows, most inhabitants not reached first) × languages, each cell its state and spoken share."""

    countries: tuple[str, ...]
    languages: tuple[str, ...]
    states: tuple[tuple[State, ...], ...]
    shares: tuple[tuple[float | None, ...], ...]


def matrix(gaps: pd.DataFrame, most_countries: int = MOST_COUNTRIES, most_languages: int = MOST_LANGUAGES) -> Matrix:
    """The largest gaps of `language_gaps`: where most inhabitants are not reached, and what is spoken there."""
    listed = gaps[gaps["spoken_share"].notna()]
    codes = list(dict.fromkeys(listed["country"]))[:most_countries]
    shown = listed[listed["country"].isin(codes)]
    languages = _columns(shown, codes, most_languages)
    cells = {(row.country, row.language): row for row in rows(shown)}
    names = dict(zip(shown["country"], shown["name"], strict=True))
    language_names = dict(zip(shown["language"], shown["language_name"], strict=True))
    grid = [[cells.get((code, language)) for language in languages] for code in codes]
    return Matrix(
        tuple(str(names[code]) for code in codes),
        tuple(str(language_names[language]) for language in languages),
        tuple(tuple(_state(cell) for cell in row) for row in grid),
        tuple(tuple(None if cell is None else float(cell.spoken_share) for cell in row) for row in grid),
    )


def _columns(shown: pd.DataFrame, codes: Sequence[str], most: int) -> list[str]:
    """Every country's best-known language as far as there is room, then those that most people know."""
    people = (shown["spoken_share"] * shown["inhabitants"].fillna(0)).groupby(shown["language"]).sum()
    ranked = list(people.sort_values(ascending=False, kind="stable").index)
    best = shown.sort_values("spoken_share", ascending=False, kind="stable").drop_duplicates("country")
    own = dict(zip(best["country"], best["language"], strict=True))
    chosen = list(dict.fromkeys([own[code] for code in codes if code in own]))[:most]
    chosen += [language for language in ranked if language not in chosen][: most - len(chosen)]
    return [language for language in ranked if language in chosen]


def _state(cell: Any) -> State:
    if cell is None:
        return State.ABSENT
    if cell.events > 0:
        return State.HELD
    return State.COULD if cell.at_least is not pd.NA and cell.at_least > 0 else State.SPOKEN


def trend_asked(selection: Selection) -> Selection:
    """The longer time of the trend, in whole quarters."""
    longer = trend_selection(selection)
    return longer if longer.is_all_time else replace(longer, period=longer.period.whole_quarters())


def trend_panels(by_quarter: pd.DataFrame, spoken: pd.DataFrame) -> list[Panel]:
    """Events a quarter in the most used languages, and in all others together."""
    if by_quarter.empty:
        return []
    starts = [by_quarter["starts_on"].min()]
    while starts[-1] < by_quarter["starts_on"].max():
        starts.append(add_months(starts[-1], 3))
    said = by_quarter[by_quarter["language"] != NOT_SAID]
    opened = {row.starts_on: bool(row.open) for row in rows(by_quarter)}
    is_open = [opened.get(start, False) for start in starts]
    most_used = spoken[(spoken["events"] > 0) & (spoken["language"] != NOT_SAID)].head(MOST_PANELS)
    chosen = dict(zip(most_used["language"], most_used["name"], strict=True))
    panels = []
    for language, name in chosen.items():
        own = said[said["language"] == language]
        panels.append(_panel(short(name, 40), own, starts, is_open))
    others = said[~said["language"].isin(chosen)]
    if len(others):
        panels.append(_panel(f"Other languages ({others['language'].nunique()})", others, starts, is_open))
    return panels


def _panel(label: str, own: pd.DataFrame, starts: Sequence[object], is_open: Sequence[bool]) -> Panel:
    counts = own.groupby("starts_on")["events"].sum().to_dict()
    values = [float(counts.get(start, 0)) for start in starts]
    return Panel(label, "events a quarter", "bar", starts, values, is_open)  # type: ignore[arg-type]  # dates


def by_language(spoken: pd.DataFrame, materials: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """One row a language with its events, talks, materials and people in words, most events first."""
    table = spoken.merge(materials.drop(columns="name"), on="language", how="outer")
    names = dict(zip(materials["language"], materials["name"], strict=True))
    table["name"] = [
        name if isinstance(name, str) else names.get(language, language)
        for name, language in zip(table["name"], table["language"], strict=True)
    ]
    for group in ("everyone", MEMBERS):
        chosen = people[people["group"] == group]
        words = {row.language: people_words(row.at_least, row.at_most) for row in rows(chosen)}
        table[group] = [words.get(language) for language in table["language"]]
    whole = ["events", "talks", "materials", "originals", "translations"]
    table[whole] = table[whole].fillna(0)
    order = ["events", "materials", "language"]
    table[["share", "original_share"]] = table[["share", "original_share"]].round(3)
    return table.sort_values(order, ascending=[False, False, True], ignore_index=True)


def to_close(gaps: pd.DataFrame, is_pm: bool) -> pd.DataFrame:
    """Languages that would reach people who are not reached yet, in the country where they live; most people first."""
    table = gaps[(gaps["gain"] > 0) & (gaps["events"] == 0) & gaps["inhabitants"].notna()].copy()
    table["would_reach"] = (table["gain"] * table["inhabitants"]).round().astype("Int64")
    table["members"] = [members_words(row.at_least, row.at_most) for row in rows(table)]
    if is_pm:
        advice = {True: "Select the row: who could speak", False: "Find a speaker"}
        table["next_step"] = [advice[bool(least > 0)] for least in table["at_least"].fillna(0)]
    return table.sort_values(["would_reach", "country", "language"], ascending=[False, True, True], ignore_index=True)


def members_words(at_least: Any, at_most: Any) -> str:
    """`12`, `10 to 14`, `fewer than 5`, or `–` where it may not be told."""
    if at_least is pd.NA or at_most is pd.NA or at_least is None or at_most is None:
        return "–"
    return people_words(int(at_least), int(at_most))


def quarter_words(selection: Selection) -> str:
    """The day on which members are counted for everybody but the PM."""
    start = Period.quarter_of(selection.as_of).start
    return f"1 {start:%B} {start.year}"
