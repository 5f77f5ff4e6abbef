"""Everything that is published, asked once with the public's scope: the tables of `public.db`, without its texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from data_access import answers
from data_access.database.engine import DataVersion, data_version
from data_access.program import Program, load_program
from data_access.publishing import people
from data_access.publishing.money import YEAR, published_spending
from data_access.publishing.tables import FORMAT, public
from data_access.questions.events.counts import (
    NOWHERE,
    ONLINE,
    CountryEvents,
    EventsTotal,
    events_by_country,
    events_total,
    trend_period,
)
from data_access.questions.events.presence import ONLINE as ONLINE_REGION
from data_access.questions.events.presence import UNKNOWN_PLACE, presence
from data_access.questions.languages.coverage import (
    NOT_RECORDED,
    LanguageInQuarter,
    LanguageOfEvents,
    languages_by_quarter,
    languages_of_events,
)
from data_access.questions.languages.materials import materials_by_language
from data_access.questions.languages.reach import language_reach
from data_access.questions.registry import question_of
from data_access.questions.territories import territories
from data_access.selection import Period, Role, Scope, Selection, add_months

# Twenty-five years: an event with a mistyped year must not make the site a thousand quarters long.
MOST_QUARTERS = 100
Progress = Callable[[str, int, int | None], None]


@dataclass
class Collected:
    """The tables to publish by name, the program they are of, and the periods that they speak of."""

    tables: dict[str, pd.DataFrame]
    program: Program
    version: DataVersion
    period: Period
    year: Period

    @property
    def scope(self) -> Scope:
        return Scope(Role.PUBLIC, min_group_size=self.program.min_group_size)

    def leave_out(self, name: str) -> None:
        """Empty a table of people, and take what it says out of the headline numbers."""
        self.tables[name] = self.tables[name].iloc[:0]
        if name == "shares":
            figures = self.tables["figures"]
            self.tables["figures"] = figures[~figures["figure"].isin(people.POPULATIONS)]


def collect(connection: Connection, as_of: date, progress: Progress | None = None) -> Collected:
    """Ask everything. The connection must see one moment of the database (`engine.snapshot`)."""
    program, version = load_program(connection), data_version(connection)
    scope = Scope(Role.PUBLIC, min_group_size=program.min_group_size)
    period = _published_period(connection, as_of, scope)
    # What happened after the last whole quarter counts for nothing: two publications in a quarter are the same.
    last_day = period.end - timedelta(days=1)
    everything = Selection(period, last_day, day_is_over=True)
    year = replace(everything, period=Period(add_months(period.end, -12), period.end))
    steps: tuple[tuple[str, Callable[[], dict[str, pd.DataFrame]]], ...] = (
        ("Countries", lambda: {"countries": _countries(connection)}),
        ("Events", lambda: _events(connection, everything, scope)),
        ("Languages", lambda: _languages(connection, everything, scope)),
        ("Reach", lambda: _year(connection, year, scope)),
        ("Funnel", lambda: {"funnel": _table("funnel", people.funnel_rows(connection, everything, scope))}),
        ("Shares", lambda: {"shares": _table("shares", people.share_rows(connection, year, scope))}),
        ("Money", lambda: {"spending": _spending(connection, everything, program)}),
    )
    tables: dict[str, pd.DataFrame] = {}
    for number, (name, ask) in enumerate(steps):
        if progress:
            progress(f"Asking for {name.lower()}", number, len(steps))
        tables |= ask()
    collected = Collected(tables, program, version, period, year.period)
    tables["trends"] = _trends(connection, collected, everything)
    tables["figures"] = _figures(collected)
    tables["publication"] = _publication(collected, as_of)
    return collected


def _published_period(connection: Connection, as_of: date, scope: Scope) -> Period:
    """Whole quarters that are over, from the first held event on; just the last of them in an empty program."""
    end = Period.quarter_of(as_of).start
    earliest = add_months(end, -3)
    held = Selection(as_of=end - timedelta(days=1), day_is_over=True)
    total = question_of(events_total).ask(connection, replace(held, period=Period(held.period.start, end)), scope)
    [counted] = answers.rows(EventsTotal, total)
    if counted.events:
        earliest = min(earliest, Period.quarter_of(trend_period(connection, held).start).start)
    return Period(max(earliest, add_months(end, -3 * MOST_QUARTERS)), end)


def quarters_in(period: Period) -> list[Period]:
    """The quarters of a period of whole quarters, in order."""
    months = period.in_months or 0
    return [Period.quarter_of(add_months(period.start, index)) for index in range(0, months, 3)]


def quarter_name(start: date) -> str:
    """`2026-Q3`."""
    return f"{start.year}-Q{start.month // 3 + 1}"


def _table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows with the columns of the published table, and no others: what is not in the schema is not published."""
    columns = [column.name for column in public.tables[name].columns]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _countries(connection: Connection) -> pd.DataFrame:
    rows = [
        {"country": place.code, "name": place.name, "region": place.region, "inhabitants": place.population}
        for place in territories(connection, Selection())
    ]
    return _table("countries", rows)


def _events(connection: Connection, everything: Selection, scope: Scope) -> dict[str, pd.DataFrame]:
    """Events by quarter and country, and attendance by quarter (kept aside for the trends, as ranges)."""
    asked = question_of(events_by_country)
    region_of = {place.code: place.region for place in territories(connection, Selection())}
    region_of |= {ONLINE: ONLINE_REGION, NOWHERE: UNKNOWN_PLACE}
    rows: list[dict[str, Any]] = []
    attended: list[int] = []
    quarters = quarters_in(everything.period)
    for quarter in quarters:
        answer = asked.ask(connection, replace(everything, period=quarter), scope)
        attended.append(int(answer["attendance"].sum()))
        for row in answers.rows(CountryEvents, answer):
            when = {"quarter": quarter_name(quarter.start), "starts_on": quarter.start}
            place = {"country": row.country, "name": row.name, "region": region_of.get(row.country, "")}
            rows.append({**when, **place, "events": row.events})
    shown = people.ranges(attended, scope).assign(starts_on=[quarter.start for quarter in quarters])
    return {"events_by_country": _table("events_by_country", rows), "attendance": shown}


def _languages(connection: Connection, everything: Selection, scope: Scope) -> dict[str, pd.DataFrame]:
    """Languages of the whole period, and by quarter. Talks and materials are counts of the people who made them."""
    held = question_of(languages_of_events).ask(connection, everything, scope)
    # A language in which nothing was held belongs to whoever spoke or wrote in it.
    held = held[held["events"] > 0]
    materials = question_of(materials_by_language).ask(connection, everything, scope).set_index("language")
    speak = people.speakers_of(connection, everything, scope)
    too_few = (0, scope.min_group_size - 1)
    tags = held["language"].tolist()
    counted = {
        "talks": held["talks"].fillna(0).tolist(),
        **{name: materials[name].reindex(tags).fillna(0).tolist() for name in ("originals", "translations")},
    }
    shown = {name: people.ranges(counts, scope) for name, counts in counted.items()}
    # Everybody who spoke gave a talk: were all other ranges at their true count's end, a small one could not be 0.
    shown["talks"]["at_most"] += scope.min_group_size
    rows = []
    for index, row in enumerate(answers.rows(LanguageOfEvents, held)):
        kept: dict[str, Any] = {"language": row.language, "name": row.name}
        kept |= {"events": row.events, "share": row.share, "countries": row.countries}
        for name, table in shown.items():
            kept |= {f"{name}_{end}": int(table[end].iloc[index]) for end in ("at_least", "at_most")}
        if row.language != NOT_RECORDED:
            kept["people_at_least"], kept["people_at_most"] = speak.get(row.language, too_few)
        rows.append(kept)
    by_quarter = question_of(languages_by_quarter).ask(connection, everything, scope)
    quarters = [row._asdict() for row in answers.rows(LanguageInQuarter, by_quarter)]
    return {
        "languages": _table("languages", rows),
        "languages_by_quarter": _table("languages_by_quarter", quarters),
    }


def _year(connection: Connection, year: Selection, scope: Scope) -> dict[str, pd.DataFrame]:
    found = {}
    for asked in (question_of(language_reach), question_of(presence)):
        answer = answers.rows(asked.row, asked.ask(connection, year, scope))
        found[asked.name] = _table(asked.name, [row._asdict() for row in answer])
    return found


def _spending(connection: Connection, everything: Selection, program: Program) -> pd.DataFrame:
    spans = published_spending(connection, everything.period, program) if program.currency else []
    rows = [
        {
            "level": span.level,
            "starts_on": span.period.start,
            "ends_on": span.period.end,
            "currency": program.currency,
            "at_least": span.at_least,
            "at_most": span.at_most,
        }
        for span in spans
    ]
    return _table("spending", rows)


EVENTS, COUNTRIES, LANGUAGES, ATTENDANCE, ACTIVE = MEASURES = (
    "events",
    "countries",
    "languages",
    "attendance",
    "active_contributors",
)
LABELS = {
    EVENTS: "Events",
    COUNTRIES: "Countries",
    LANGUAGES: "Languages",
    ATTENDANCE: "Attendance",
    ACTIVE: "Active contributors",
}


def _trends(connection: Connection, collected: Collected, everything: Selection) -> pd.DataFrame:
    """Every measure for every quarter. What is no count of people has equal ends."""
    events, spoken = collected.tables["events_by_country"], collected.tables["languages_by_quarter"]
    placed = events[~events["country"].isin([ONLINE, NOWHERE])]
    exact = {
        EVENTS: events.groupby("starts_on")["events"].sum(),
        COUNTRIES: placed.groupby("starts_on")["country"].nunique(),
        LANGUAGES: spoken[spoken["language"] != NOT_RECORDED].groupby("starts_on")["language"].nunique(),
    }
    attendance = _ends_by_day(collected.tables.pop("attendance"))
    active = _ends_by_day(people.active_by_quarter(connection, everything, collected.scope))
    rows = []
    for quarter in quarters_in(collected.period):
        day = quarter.start
        found = {name: (int(counts.get(day, 0)),) * 2 for name, counts in exact.items()}
        found |= {name: ends[day] for name, ends in ((ATTENDANCE, attendance), (ACTIVE, active)) if day in ends}
        for name, (low, high) in found.items():
            measured = {"measure": name, "label": LABELS[name], "at_least": low, "at_most": high}
            rows.append({"quarter": quarter_name(day), "starts_on": day, **measured})
    return _table("trends", rows)


def _ends_by_day(table: pd.DataFrame) -> dict[date, tuple[int, int]]:
    return {day: (int(low), int(high)) for day, low, high in _cells(table, "starts_on", "at_least", "at_most")}


def _cells(table: pd.DataFrame, *names: str) -> Iterable[tuple[Any, ...]]:
    """The cells of these columns, row by row."""
    return zip(*(table[name] for name in names), strict=True)


def _figures(collected: Collected) -> pd.DataFrame:
    """The headline numbers of the year, made of what the other tables hold and of nothing else."""
    tables, year, before = collected.tables, collected.year, collected.year.previous()
    rows: list[dict[str, Any]] = []

    def add(name: str, label: str, unit: str, now: tuple[int, int], past: tuple[int, int] | None = None) -> None:
        row = {"figure": name, "position": len(rows), "label": label, "unit": unit}
        row |= {"at_least": now[0], "at_most": now[1], "starts_on": year.start, "ends_on": year.end}
        if past is not None and before.start >= collected.period.start:
            row |= {"before_at_least": past[0], "before_at_most": past[1]}
        rows.append(row)

    def inside(table: pd.DataFrame, span: Period) -> pd.DataFrame:
        return table[(table["starts_on"] >= span.start) & (table["starts_on"] < span.end)]

    def different(table: str, column: str, without: tuple[str, ...], span: Period) -> tuple[int, int]:
        found = inside(tables[table], span)[column]
        number = int(found[~found.isin(without)].nunique())
        return number, number

    def summed(measure: str, span: Period) -> tuple[int, int]:
        trends = tables["trends"]
        found = inside(trends[trends["measure"] == measure], span)
        return int(found["at_least"].sum()), int(found["at_most"].sum())

    nowhere = (ONLINE, NOWHERE)
    add(EVENTS, "Events", "events", summed(EVENTS, year), summed(EVENTS, before))
    add(
        COUNTRIES,
        "Countries",
        "countries",
        different("events_by_country", "country", nowhere, year),
        different("events_by_country", "country", nowhere, before),
    )
    spoken = [different("languages_by_quarter", "language", (NOT_RECORDED,), span) for span in (year, before)]
    add(LANGUAGES, "Languages", "languages", *spoken)
    add(ATTENDANCE, "Attendance", "people", summed(ATTENDANCE, year), summed(ATTENDANCE, before))
    shares = tables["shares"]
    everybody = shares[shares["kind"] == people.ALL]
    for population, ends_on, low, high in _cells(everybody, "population", "ends_on", "at_least", "at_most"):
        if ends_on == year.end:
            add(population, str(population).capitalize(), "people", (low, high))
    _add_paid(rows, tables["spending"])
    return _table("figures", rows)


def _add_paid(rows: list[dict[str, Any]], spending: pd.DataFrame) -> None:
    """What was paid in the last year that is over: a year of its own, which the row's days say."""
    over = spending[spending["level"] == YEAR].tail(2)
    years = list(_cells(over, "at_least", "at_most", "starts_on", "ends_on"))
    if not years:
        return
    low, high, starts_on, ends_on = years[-1]
    row = {"figure": "paid", "position": len(rows), "label": "Money paid", "unit": "money"}
    row |= {"at_least": low, "at_most": high, "starts_on": starts_on, "ends_on": ends_on}
    low_before, high_before, _, ended_on = years[0]
    if ended_on == starts_on:
        row |= {"before_at_least": low_before, "before_at_most": high_before}
    rows.append(row)


def _publication(collected: Collected, as_of: date) -> pd.DataFrame:
    version, program = collected.version, collected.program
    facts = {
        "format": FORMAT,
        "title": program.name,
        "currency": program.currency,
        "data_version": version.import_id,
        "data_as_of": version.imported_at,
        "published_at": datetime.now(UTC).replace(microsecond=0, tzinfo=None).isoformat(),
        "as_of": as_of,
        "period_start": collected.period.start,
        "period_end": collected.period.end,
        "year_start": collected.year.start,
        "year_end": collected.year.end,
        "min_group_size": program.min_group_size,
    }
    return _table("publication", [{"name": name, "value": str(value)} for name, value in facts.items()])
