"""What the Languages page says, from answers: the finding, headline numbers, the matrix and the trend."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

import pandas as pd

from dashboard.parts.labels import short
from dashboard.parts.shapes import Headline, Panel
from dashboard.words.counts import LEAST_BASE
from dashboard.words.numbers import number, percent
from dashboard.words.periods import trend_selection
from dashboard.words.ranges import share_words
from dashboard.words.sentences import EVENTS, LANGUAGES, MATERIALS, say
from dashboard.words.text import visible
from data_access.answers import rows
from data_access.questions.languages.coverage import NOT_RECORDED, LanguageInQuarter, LanguageOfEvents
from data_access.questions.languages.gaps import LanguageGap
from data_access.questions.languages.materials import MaterialsInLanguage
from data_access.questions.languages.reach import LanguageReach, NextLanguage
from data_access.selection import Selection, add_months

LAYERS: dict[str, str] = {"languages": "Offered there", "languages_online": "With online events"}
MOST_COUNTRIES, MOST_LANGUAGES, MOST_PANELS, MOST_BARS = 10, 10, 4, 8


@dataclass(frozen=True, slots=True)
class LanguageSummary:
    """The selection's languages in a few numbers; None is not known.

    `not_in_top` is the share of the events that are not in the most used language; `places` names the countries and
    regions that are chosen, if any; `unknown` is the share of inhabitants for whose countries CLDR lists none of the
    languages.
    """

    events: int
    not_recorded: int
    languages: tuple[str, ...]
    not_in_top: float | None
    materials: int
    originals: int
    places: str
    low: float | None
    high: float | None
    unknown: float
    following: NextLanguage | None

    @property
    def reach(self) -> str:
        """`54% to 61%`, or `–` where it is not known."""
        return "–" if self.low is None or self.high is None else share_words(self.low, self.high)


def summary(
    spoken: pd.DataFrame, materials: pd.DataFrame, reach: pd.DataFrame, following: pd.DataFrame, places: str
) -> LanguageSummary:
    """From the answers of languages_of_events, materials_by_language, language_reach and language_next.

    `places` names the countries and regions that are chosen; "" is the world.
    """
    held = [row for row in rows(LanguageOfEvents, spoken) if row.events > 0]
    named = [row for row in held if row.language != NOT_RECORDED]
    not_recorded = sum(row.events for row in held if row.language == NOT_RECORDED)
    # An event in two languages is in two rows: the total is behind the shares.
    total = round(held[0].events / held[0].share) if held and held[0].share else 0
    whole = rows(LanguageReach, reach)[0]
    published = rows(MaterialsInLanguage, materials)
    best = next((row for row in rows(NextLanguage, following.head(1)) if row.people_low > 0), None)
    return LanguageSummary(
        events=total,
        not_recorded=not_recorded,
        languages=tuple(row.name for row in named),
        not_in_top=1 - named[0].events / (total - not_recorded) if named else None,
        materials=sum(row.materials for row in published),
        originals=sum(row.originals for row in published),
        places=places,
        low=whole.low,
        high=whole.high,
        unknown=whole.unknown_inhabitants / max(whole.inhabitants, 1),
        following=best,
    )


# By whether there are several languages; then by whether the reach is that of the world, and is known at all.
_FINDINGS = {
    (False, None): "{events} in {languages}.",
    (False, True): "{events} in {languages}; {known} of the world’s inhabitants know a language that is offered.",
    (False, False): "{events} in {languages}; {known} of the inhabitants of {places} know a language that is offered.",
    (True, None): "{events} in {languages}, {share} of them in {top}.",
    (True, True): (
        "{events} in {languages}, {share} of them in {top}; {known} of the world’s inhabitants know a language that is "
        "offered."
    ),
    (True, False): (
        "{events} in {languages}, {share} of them in {top}; {known} of the inhabitants of {places} know a language "
        "that is offered."
    ),
}


def finding(found: LanguageSummary) -> str:
    """The page's answer in a sentence."""
    if not found.languages or found.not_in_top is None:
        return say("No language is recorded for {events}.", events=EVENTS(found.events))
    named = found.events - found.not_recorded
    in_top = round((1 - found.not_in_top) * named)
    return say(
        _FINDINGS[len(found.languages) > 1, None if found.low is None else not found.places],
        events=EVENTS(named),
        languages=LANGUAGES(len(found.languages)),
        share=number(in_top) if named < LEAST_BASE else percent(1 - found.not_in_top),
        top=visible(found.languages[0])[:60],
        known=found.reach,
        places=found.places,
    )


def more(found: LanguageSummary) -> str:
    """What would reach more, and what is not known."""
    sentences = []
    if found.following:
        template = "{language} would add most: at least {people} people."
        best = found.following
        sentences.append(say(template, language=best.name, people=millions(best.people_low)))
    if found.unknown >= 0.0005:
        template = "CLDR lists none of the languages offered for countries with {share} of the inhabitants."
        sentences.append(say(template, share=percent(found.unknown)))
    return " ".join(sentences)


def millions(people: int) -> str:
    """`84 million`, `1.2 million`, `340,000`: as exact as such figures are."""
    if people >= 1_000_000:
        return say("{n} million", n=round(people / 1e6, 1 if people < 10_000_000 else None))
    return number(round(people, -3) if people >= 10_000 else people)


def headlines(found: LanguageSummary) -> list[Headline]:
    """Above the picture."""
    return [
        _languages_headline(found),
        _top_headline(found),
        Headline(
            "Originals",
            percent(found.originals / found.materials) if found.materials else "–",
            note=say("of {materials}, not translated", materials=MATERIALS(found.materials)),
        ),
        Headline(
            "Language reach",
            found.reach,
            note=say(
                "of the inhabitants of {places} know a language offered"
                if found.places
                else "of the world’s inhabitants know a language offered",
                places=found.places,
            ),
        ),
        _next_headline(found.following),
    ]


def _languages_headline(found: LanguageSummary) -> Headline:
    note = "of events"
    if found.not_recorded:
        note = say("not recorded for {n} of {events}", n=found.not_recorded, events=EVENTS(found.events))
    return Headline("Languages", number(len(found.languages)), note=note)


def _top_headline(found: LanguageSummary) -> Headline:
    note = "of the events whose language is recorded"
    if not found.languages or found.not_in_top is None:
        return Headline("Not in the most used language", "–", note=note)
    label = say("Not in {language}", language=visible(found.languages[0])[:24])
    return Headline(label, percent(found.not_in_top), note=note)


def _next_headline(best: NextLanguage | None) -> Headline:
    if best is None:
        return Headline("Best to add", "–")
    template = "at least {people} people" if best.certain else "at least {people} people; another could add more"
    return Headline("Best to add", best.name, note=say(template, people=millions(best.people_low)))


class MatrixState(IntEnum):
    """A cell of the matrix: not listed, known there, could be covered by members, held there."""

    ABSENT = 0
    SPOKEN = 1
    COULD = 2
    HELD = 3


@dataclass(frozen=True, slots=True)
class Matrix:
    """Countries (rows, most inhabitants not reached first) × languages, each cell its state and spoken share.

    `codes` are those of the countries, `tags` those of the languages.
    """

    countries: tuple[str, ...]
    languages: tuple[str, ...]
    states: tuple[tuple[MatrixState, ...], ...]
    shares: tuple[tuple[float | None, ...], ...]
    codes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def matrix(gaps: pd.DataFrame, most_countries: int = MOST_COUNTRIES, most_languages: int = MOST_LANGUAGES) -> Matrix:
    """The largest gaps of `language_gaps`: where most inhabitants are not reached, and what is spoken there."""
    listed = [row for row in rows(LanguageGap, gaps) if row.spoken_share is not None]
    countries = dict(list({row.country: row.name for row in listed}.items())[:most_countries])
    shown = [row for row in listed if row.country in countries]
    names = {row.language: row.language_name for row in shown}
    languages = _columns(shown, most_languages)
    cells = {(row.country, row.language): row for row in shown}
    grid = [[cells.get((code, language)) for language in languages] for code in countries]
    return Matrix(
        tuple(countries.values()),
        tuple(names[language] for language in languages),
        tuple(tuple(_state(cell) for cell in line) for line in grid),
        tuple(tuple(None if cell is None else cell.spoken_share for cell in line) for line in grid),
        tuple(countries),
        tuple(languages),
    )


def _columns(shown: Sequence[LanguageGap], most: int) -> list[str]:
    """Every country's best-known language as far as there is room, then those that most people know."""
    people: dict[str, float] = defaultdict(float)
    best: dict[str, LanguageGap] = {}
    for row in shown:
        people[row.language] += (row.spoken_share or 0) * (row.inhabitants or 0)
        if row.country not in best or (row.spoken_share or 0) > (best[row.country].spoken_share or 0):
            best[row.country] = row
    ranked = sorted(sorted(people), key=lambda language: -people[language])
    chosen = list(dict.fromkeys(row.language for row in best.values()))[:most]
    chosen += [language for language in ranked if language not in chosen][: most - len(chosen)]
    return [language for language in ranked if language in chosen]


def _state(cell: LanguageGap | None) -> MatrixState:
    if cell is None:
        return MatrixState.ABSENT
    if cell.events > 0:
        return MatrixState.HELD
    return MatrixState.COULD if cell.at_least else MatrixState.SPOKEN


SIGNS = {MatrixState.ABSENT: "", MatrixState.SPOKEN: "○", MatrixState.COULD: "◐", MatrixState.HELD: "●"}


def state_words(exact: bool) -> dict[MatrixState, str]:
    """What each state means; who sees ranges only cannot tell few members from none."""
    return {
        MatrixState.HELD: "an event was held there in it",
        MatrixState.COULD: "members speak it, no event there yet",
        MatrixState.SPOKEN: (
            "no event there, no member is known to speak it"
            if exact
            else "no event there, no members or too few to show"
        ),
    }


def legend(exact: bool) -> str:
    """How to read the matrix: its numbers and signs."""
    signs = " · ".join(f"{SIGNS[state]} {meaning}" for state, meaning in state_words(exact).items())
    return say("Numbers: per cent of the inhabitants who know the language. {signs}.", signs=signs)


def cell_number(share: float) -> str:
    """The share as the matrix writes it, without its sign: `41`, `<1`."""
    return number(round(share * 100)) if share >= 0.0095 else "<1"


def cell_words(found: Matrix, row: int, column: int, exact: bool) -> str:
    """What one cell of the matrix means."""
    state, share = found.states[row][column], found.shares[row][column]
    country, language = found.countries[row], found.languages[column]
    if share is None:
        return say("{country}, {language}: known by fewer than 1% or not listed", country=country, language=language)
    return say(
        "{country}, {language}: known by {share}%; {state}",
        country=country,
        language=language,
        share=cell_number(share),
        state=state_words(exact)[state],
    )


def matrix_in_words(found: Matrix, exact: bool) -> str:
    """The matrix for readers who do not see it."""
    meanings, sentences = state_words(exact), []
    for country, states, shares in zip(found.countries, found.states, found.shares, strict=True):
        known = [
            f"{language} {cell_number(share)}% ({meanings[state]})"
            for language, state, share in zip(found.languages, states, shares, strict=True)
            if share is not None
        ]
        template = "{country}: {languages}." if known else "{country}: none of the languages shown."
        sentences.append(say(template, country=country, languages=", ".join(known)))
    return " ".join(sentences)


def trend_asked(selection: Selection) -> Selection:
    """The longer time of the trend, in whole quarters."""
    longer = trend_selection(selection)
    return longer if longer.is_all_time else replace(longer, period=longer.period.whole_quarters())


def trend_panels(by_quarter: pd.DataFrame, spoken: pd.DataFrame) -> list[Panel]:
    """Events a quarter in the most used languages, and in all others together."""
    quarters = rows(LanguageInQuarter, by_quarter)
    if not quarters:
        return []
    last = max(row.starts_on for row in quarters)
    starts = [min(row.starts_on for row in quarters)]
    while starts[-1] < last:
        starts.append(add_months(starts[-1], 3))
    opened = {row.starts_on: row.open for row in quarters}
    is_open = [opened.get(start, False) for start in starts]
    held = [row for row in rows(LanguageOfEvents, spoken) if row.events > 0 and row.language != NOT_RECORDED]
    most_used = {row.language: row.name for row in held[:MOST_PANELS]}
    panels = []
    for language, name in most_used.items():
        own = [row for row in quarters if row.language == language]
        panels.append(_panel(short(name, 40), own, starts, is_open, opens=language))
    others = [row for row in quarters if row.language not in {*most_used, NOT_RECORDED}]
    if others:
        label = say("Other languages ({n})", n=len({row.language for row in others}))
        panels.append(_panel(label, others, starts, is_open))
    return panels


def _panel(
    label: str, own: Sequence[LanguageInQuarter], starts: Sequence[date], is_open: Sequence[bool], opens: str = ""
) -> Panel:
    counts: Counter[date] = Counter()
    for row in own:
        counts[row.starts_on] += row.events
    values = [float(counts[start]) for start in starts]
    return Panel(label, "events a quarter", "bar", starts, values, is_open, opens=opens)
