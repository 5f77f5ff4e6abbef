"""Everything that is published, asked once of the release, as the public: the tables of `public.db`, but its texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access import answers
from data_access.database.engine import DataVersion, NoReleaseError, data_version
from data_access.database.schema import releases
from data_access.program import Program, load_program
from data_access.publishing import people
from data_access.publishing.rounding import ends_of_rounded
from data_access.publishing.tables import FORMAT, public
from data_access.questions.budget.spending import YearSpending, spending_by_year
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
# A fiscal year that is over, and what is over of the one that runs.
YEAR, SO_FAR = "year", "so far"
Progress = Callable[[str, int, int | None], None]


@dataclass
class Collected:
    """The tables to publish by name, the program they are of, and the periods that they speak of."""

    tables: dict[str, pd.DataFrame]
    program: Program
    version: DataVersion
    released_on: date
    period: Period
    year: Period


def collect(connection: Connection, progress: Progress | None = None, *, new_history: bool = False) -> Collected:
    """Ask everything of a connection to the release (`Database.outside`), which must see one moment of it.

    `new_history`: what was published before was protected in another way, which the publication then says. Raises
    NoReleaseError where nothing was released yet.
    """
    released_on = connection.execute(select(func.max(releases.c.released_on))).scalar()
    if released_on is None:
        raise NoReleaseError
    program, version = load_program(connection), data_version(connection)
    scope = Scope(Role.PUBLIC, min_group_size=program.min_group_size)
    period = _published_period(connection, released_on, scope)
    everything = Selection(period, released_on - timedelta(days=1), day_is_over=True)
    year = replace(everything, period=Period(add_months(period.end, -12), period.end))
    steps: tuple[tuple[str, Callable[[], dict[str, pd.DataFrame]]], ...] = (
        ("Countries", lambda: {"countries": _countries(connection)}),
        ("Events", lambda: _events(connection, everything, scope)),
        ("Languages", lambda: _languages(connection, everything, scope)),
        ("Reach", lambda: _year(connection, year, scope)),
        ("Funnel", lambda: {"funnel": _table("funnel", people.funnel_rows(connection, everything, scope))}),
        ("Shares", lambda: {"shares": _table("shares", people.share_rows(connection, year, scope))}),
        ("Money", lambda: {"spending": _spending(connection, everything, scope)}),
    )
    tables: dict[str, pd.DataFrame] = {}
    for number, (name, ask) in enumerate(steps):
        if progress:
            progress(f"Asking for {name.lower()}", number, len(steps))
        tables |= ask()
    collected = Collected(tables, program, version, released_on, period, year.period)
    tables["trends"] = _trends(connection, collected, everything, scope)
    tables["figures"] = _figures(collected)
    tables["publication"] = _publication(collected, new_history)
    return collected


def _published_period(connection: Connection, released_on: date, scope: Scope) -> Period:
    """The quarters up to the release, from the first held event on; just the last of them in an empty program."""
    earliest = add_months(released_on, -3)
    held = Selection(as_of=released_on - timedelta(days=1), day_is_over=True)
    total = question_of(events_total).ask(
        connection, replace(held, period=Period(held.period.start, released_on)), scope
    )
    [counted] = answers.rows(EventsTotal, total)
    if counted.events:
        earliest = min(earliest, Period.quarter_of(trend_period(connection, held).start).start)
    return Period(max(earliest, add_months(released_on, -3 * MOST_QUARTERS)), released_on)


def quarters_in(period: Period) -> list[Period]:
    """The quarters of a period of whole quarters, in order."""
    months = period.in_months or 0
    return [Period.quarter_of(add_months(period.start, index)) for index in range(0, months, 3)]


def quarter_name(start: date) -> str:
    """`2026-Q3`."""
    return f"{start.year}-Q{start.month // 3 + 1}"


def _table(name: str, rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """The rows with the columns of the published table, and no others: what is not in the schema is not published."""
    columns = [column.name for column in public.tables[name].columns]
    return pd.DataFrame(list(rows), columns=columns, dtype=object)


def _countries(connection: Connection) -> pd.DataFrame:
    rows = [
        {"country": place.code, "name": place.name, "region": place.region, "inhabitants": place.population}
        for place in territories(connection, Selection())
    ]
    return _table("countries", rows)


def _events(connection: Connection, everything: Selection, scope: Scope) -> dict[str, pd.DataFrame]:
    """Events by quarter and country, and visits by quarter (kept aside for the trends)."""
    asked = question_of(events_by_country)
    region_of = {place.code: place.region for place in territories(connection, Selection())}
    region_of |= {ONLINE: ONLINE_REGION, NOWHERE: UNKNOWN_PLACE}
    rows: list[dict[str, Any]] = []
    visits: dict[date, int] = {}
    for quarter in quarters_in(everything.period):
        answer = asked.ask(connection, replace(everything, period=quarter), scope)
        visits[quarter.start] = int(answer["attendance"].sum())
        for row in answers.rows(CountryEvents, answer):
            when = {"quarter": quarter_name(quarter.start), "starts_on": quarter.start}
            place = {"country": row.country, "name": row.name, "region": region_of.get(row.country, "")}
            rows.append({**when, **place, "events": row.events})
    shown = pd.DataFrame({"starts_on": list(visits), "visits": list(visits.values())})
    return {"events_by_country": _table("events_by_country", rows), "visits": shown}


def _languages(connection: Connection, everything: Selection, scope: Scope) -> dict[str, pd.DataFrame]:
    """Languages of the whole period, and by quarter. Materials and events are facts; talks and speakers released."""
    held = question_of(languages_of_events).ask(connection, everything, scope)
    # A language in which nothing was held belongs to whoever spoke or wrote in it.
    held = held[held["events"] > 0]
    materials = question_of(materials_by_language).ask(connection, everything, scope).set_index("language")
    speak = people.speakers_of(connection, everything, scope)
    rows = []
    for row in answers.rows(LanguageOfEvents, held):
        kept: dict[str, Any] = {"language": row.language, "name": row.name}
        kept |= {"events": row.events, "share": row.share, "countries": row.countries}
        for name in ("originals", "translations"):
            number = int(materials[name].get(row.language, 0))
            kept |= {f"{name}_at_least": number, f"{name}_at_most": number}
        if speak is not None and row.language != NOT_RECORDED:
            too_few = (0, scope.min_group_size - 1)
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


def _spending(connection: Connection, everything: Selection, scope: Scope) -> pd.DataFrame:
    """What was paid in fiscal years, and so far in the one that runs; as the ends of what was rounded to it."""
    whole = replace(everything, period=Selection().period)
    rows = []
    for year in answers.rows(YearSpending, question_of(spending_by_year).ask(connection, whole, scope)):
        if year.paid is None:
            continue
        low, high = ends_of_rounded(year.paid)
        when = {"level": YEAR if year.over else SO_FAR, "starts_on": year.starts_on, "ends_on": year.ends_on}
        rows.append({**when, "currency": year.currency, "at_least": low, "at_most": high})
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


def _trends(connection: Connection, collected: Collected, everything: Selection, scope: Scope) -> pd.DataFrame:
    """Every measure for every quarter. What is no count of people has equal ends."""
    events, spoken = collected.tables["events_by_country"], collected.tables["languages_by_quarter"]
    placed = events[~events["country"].isin([ONLINE, NOWHERE])]
    exact = {
        EVENTS: events.groupby("starts_on")["events"].sum(),
        COUNTRIES: placed.groupby("starts_on")["country"].nunique(),
        LANGUAGES: spoken[spoken["language"] != NOT_RECORDED].groupby("starts_on")["language"].nunique(),
        ATTENDANCE: collected.tables.pop("visits").set_index("starts_on")["visits"],
    }
    active = {
        row.starts_on: (row.at_least, row.at_most) for row in people.active_contributors(connection, everything, scope)
    }
    rows = []
    for quarter in quarters_in(collected.period):
        day = quarter.start
        found = {name: (int(counts.get(day, 0)),) * 2 for name, counts in exact.items()}
        found |= {ACTIVE: active[day]} if day in active else {}
        for name, (low, high) in found.items():
            measured = {"measure": name, "label": LABELS[name], "at_least": low, "at_most": high}
            rows.append({"quarter": quarter_name(day), "starts_on": day, **measured})
    return _table("trends", rows)


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
    add(ATTENDANCE, "Attendance", "visits", summed(ATTENDANCE, year), summed(ATTENDANCE, before))
    shares = tables["shares"]
    everybody = shares[shares["kind"] == people.ALL]
    for population, low, high in _cells(everybody, "population", "at_least", "at_most"):
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


def _publication(collected: Collected, new_history: bool) -> pd.DataFrame:
    version, program = collected.version, collected.program
    facts = {
        "format": FORMAT,
        "title": program.name,
        "currency": program.currency,
        "data_version": version.import_id,
        "data_as_of": version.imported_at,
        "published_at": datetime.now(UTC).replace(microsecond=0, tzinfo=None).isoformat(),
        "as_of": collected.released_on,
        "period_start": collected.period.start,
        "period_end": collected.period.end,
        "year_start": collected.year.start,
        "year_end": collected.year.end,
        "min_group_size": program.min_group_size,
        "new_history": "yes" if new_history else "",
    }
    return _table("publication", ({"name": name, "value": str(value)} for name, value in facts.items()))
