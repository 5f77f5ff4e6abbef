"""Where events were held, where they were not, and in which languages."""

from __future__ import annotations

from dataclasses import replace

from dashboard import settings
from dashboard.maps.shades import event_shades
from dashboard.parts.labels import short
from dashboard.report.achieved import Names
from dashboard.report.questions import Asker, ReportAnswer
from dashboard.report.shapes import (
    BarsPicture,
    Cell,
    LegendLine,
    MapPicture,
    NamedBar,
    ReportFigure,
    ReportPicture,
    ReportSection,
    ReportTable,
)
from dashboard.subjects.event_map import words as map_words
from dashboard.subjects.languages import words as language_words
from dashboard.words import numbers
from dashboard.words.sentences import COUNTRIES, EVENTS, listed, say
from data_access.questions.event_map.gaps import FEWER, CountryGap, country_gaps
from data_access.questions.event_map.reach import WORLD, UncoveredTown, UrbanReach, uncovered_cities, urban_reach
from data_access.questions.events.counts import (
    NOWHERE,
    ONLINE,
    CountryEvents,
    events_by_country,
    events_by_place,
    events_total,
)
from data_access.questions.languages.coverage import NOT_RECORDED, LanguageOfEvents, languages_of_events
from data_access.questions.languages.materials import materials_by_language
from data_access.questions.languages.reach import LanguageReach, NextLanguage, language_next, language_reach

NAME, MOST_ROWS, MOST_TOWNS = 40, 10, 6


def on_the_map(asker: Asker, names: Names) -> ReportSection:
    """The world with its countries in shades, and those with most events."""
    total, by_country = asker.ask(events_total), asker.ask(events_by_country)
    reach, gaps = asker.ask(urban_reach), asker.ask(country_gaps)
    placed = asker.ask(events_by_place)
    found = map_words.summary(
        total.frame, placed.frame, by_country.frame, reach.frame, gaps.frame, asker.selection, names
    )
    rows = by_country.rows(CountryEvents)
    places = [at for at, row in enumerate(rows) if row.country not in (NOWHERE, ONLINE)]
    lines = [_country_line(by_country, at, rows[at]) for at in places[:MOST_ROWS]]
    rest = len(places) - len(lines)
    tables = [
        ReportTable("Countries with most events", ("Country", "Events", "Attendance"), tuple(lines), frozenset({1, 2}))
    ]
    more = [map_words.more(found)]
    if rest > 0:
        more.append(
            say("{countries} with fewer events are on the map and not in the table.", countries=COUNTRIES(rest))
        )
    figures = [total.figure(0, "events", "Events held", numbers.number(found.total))]
    for country, label in ((ONLINE, "Online"), (NOWHERE, "Place not known")):
        at = next((at for at, row in enumerate(rows) if row.country == country), None)
        if at is not None:
            shown = numbers.number(rows[at].events)
            figures.append(by_country.figure(at, "events", label, shown, by=("country",)))
    figures += _reach_figure(reach)
    return ReportSection(
        key="map",
        title="Where events were held",
        finding=say("{events} in {countries}.", events=EVENTS(found.total), countries=COUNTRIES(found.countries)),
        more=tuple(filter(None, more)),
        figures=tuple(figures),
        picture=_map(by_country, lines),
        pictured=tuple(
            by_country.figure(
                at, "events", short(rows[at].name, NAME), numbers.number(rows[at].events), by=("country",)
            )
            for at in places[MOST_ROWS:]
        ),
        tables=tuple(tables) if lines else (),
        sources=(total.source, by_country.source, placed.source, reach.source),
        counted=("events", "countries", "reach", "borders"),
    )


def _events(answer: ReportAnswer, at: int, row: CountryEvents) -> ReportFigure:
    return answer.figure(at, "events", short(row.name, NAME), numbers.number(row.events), by=("country",))


def _country_line(answer: ReportAnswer, at: int, row: CountryEvents) -> tuple[Cell, ...]:
    name = short(row.name, NAME)
    attendance = "–" if row.attendance is None else numbers.number(row.attendance)
    return (
        name,
        _events(answer, at, row),
        answer.figure(at, "attendance", name, attendance, by=("country",)),
    )


def _reach_figure(reach: ReportAnswer) -> list[ReportFigure]:
    for at, row in enumerate(reach.rows(UrbanReach)):
        if row.level == WORLD and row.share is not None:
            note = "of the world’s townspeople live within 100 km of an event of the last 12 months"
            shown = numbers.percent(row.share)
            return [reach.figure(at, "share", "Reach", shown, by=("level", "country", "region"), notes=(note,))]
    return []


def _map(by_country: ReportAnswer, lines: list[tuple[Cell, ...]]) -> ReportPicture:
    shades = event_shades(by_country.frame)
    legend = tuple(LegendLine(each.label, each.light, each.dark) for each in shades.classes)
    by_code = dict(zip(shades.code, shades.shade, strict=True))
    drawn = MapPicture("Events held, by country", legend, by_code, settings.current().map_borders)
    most = listed(
        [
            say("{name} {n}", name=line[0], n=cell.shown)
            for line in lines[:5]
            if isinstance(cell := line[1], ReportFigure)
        ]
    )
    alt = say("Map of the world, countries shaded by events held. Most: {most}.", most=most)
    return ReportPicture(drawn, alt if lines else "Map of the world; no event has a known country.")


def gaps(asker: Asker) -> ReportSection:
    """Countries with fewer events than their inhabitants would suggest, and the largest towns out of reach."""
    answer, towns = asker.ask(country_gaps), asker.ask(uncovered_cities, limit=MOST_TOWNS)
    reach = asker.ask(urban_reach)
    judged = answer.rows(CountryGap)
    missing = {at: (row.expected or 0) - row.events for at, row in enumerate(judged) if row.verdict == FEWER}
    order = sorted(missing, key=lambda at: -missing[at])
    shown = [(at, judged[at]) for at in order[:MOST_ROWS]]
    bars = tuple(
        NamedBar(short(row.name, NAME), float(row.events), _held(row), mark=row.expected, alarm=True)
        for _, row in shown
    )
    said = [say("{name}: {held}", name=bar.name, held=bar.shown) for bar in bars]
    picture = None
    if bars:
        drawn = BarsPicture("Events held, against a share by inhabitants", "Events held", bars, "events expected")
        picture = ReportPicture(drawn, say("Bars of events held against expected. {bars}.", bars="; ".join(said)))
    return ReportSection(
        key="gaps",
        title="Where there are gaps",
        finding=_gap_finding([judged[at].name for at in order]),
        more=tuple(filter(None, (map_words.unknown_words(answer.frame),))),
        figures=tuple(_reach_figure(reach)),
        picture=picture,
        tables=tuple(filter(None, (_gap_table(answer, shown), _town_table(towns)))),
        sources=(answer.source, towns.source, reach.source),
        counted=("gap_ratio", "reach", "unknown_place"),
    )


def _gap_finding(names: list[str]) -> str:
    if not names:
        return "In no country were fewer events held than chance explains."
    template = "Fewer events than its inhabitants would suggest: {countries}."
    if len(names) > 1:
        template = "Fewer events than their inhabitants would suggest: {countries}."
    return say(template, countries=listed([short(name, NAME) for name in names], most=4))


def _held(row: CountryGap) -> str:
    return say("{held} of {expected} expected", held=row.events, expected=numbers.two_figures(row.expected or 0))


def _gap_table(answer: ReportAnswer, shown: list[tuple[int, CountryGap]]) -> ReportTable | None:
    if not shown:
        return None
    lines: list[tuple[Cell, ...]] = []
    for at, row in shown:
        name = short(row.name, NAME)
        texts = {
            "events": numbers.number(row.events),
            "expected": numbers.two_figures(row.expected or 0),
            "ratio": numbers.ratio(row.ratio or 0),
            "low": numbers.ratio(row.low or 0),
            "high": numbers.ratio(row.high or 0),
        }
        values = [answer.figure(at, column, name, text, by=("country",)) for column, text in texts.items()]
        planned = numbers.short_day(row.next_planned_on) if row.next_planned_on else "nothing planned"
        lines.append((name, *values, planned))
    heads = ("Country", "Held", "Expected", "Ratio", "From", "To (95%)", "Next planned")
    return ReportTable("Countries with fewer events than expected", heads, tuple(lines), frozenset(range(1, 6)))


def _town_table(towns: ReportAnswer) -> ReportTable | None:
    lines: list[tuple[Cell, ...]] = []
    for at, row in enumerate(towns.rows(UncoveredTown)):
        city, by = short(row.city, NAME), ("city", "country", "latitude", "longitude")
        far = "no event anywhere" if row.distance_km is None else numbers.number(round(row.distance_km))
        lines.append(
            (
                city,
                short(row.name, NAME),
                towns.figure(at, "population", city, numbers.number(row.population), by=by),
                towns.figure(at, "distance_km", city, far, by=by),
            )
        )
    heads = ("Town", "Country", "Inhabitants", "Nearest event, km")
    caption = "The largest towns more than 100 km from any event of the last 12 months"
    return ReportTable(caption, heads, tuple(lines), frozenset({2, 3})) if lines else None


def languages(asker: Asker) -> ReportSection:
    """The languages of events, whom they reach, and which would add most."""
    spoken, reach = asker.ask(languages_of_events), asker.ask(language_reach)
    following, materials = asker.ask(language_next, limit=5), asker.ask(materials_by_language)
    found = language_words.summary(spoken.frame, materials.frame, reach.frame, following.frame, "")
    rows = spoken.rows(LanguageOfEvents)
    held = [at for at, row in enumerate(rows) if row.events > 0 and row.language != NOT_RECORDED]
    lines: list[tuple[Cell, ...]] = []
    bars: list[NamedBar] = []
    for at in held[:MOST_ROWS]:
        row, by = rows[at], ("language",)
        name = short(row.name, NAME)
        lines.append(
            (
                name,
                spoken.figure(at, "events", name, numbers.number(row.events), by=by),
                spoken.figure(at, "share", name, "–" if row.share is None else numbers.percent(row.share), by=by),
                spoken.figure(at, "countries", name, numbers.number(row.countries), by=by),
            )
        )
        bars.append(NamedBar(name, float(row.events), numbers.number(row.events)))
    picture = None
    if bars:
        said = [say("{name}: {events}", name=bar.name, events=bar.shown) for bar in bars]
        drawn = BarsPicture("Events held in each language", "Events", tuple(bars))
        picture = ReportPicture(drawn, say("Bars of events by language. {bars}.", bars="; ".join(said)))
    heads = ("Language", "Events", "Share of events", "Countries")
    table = ReportTable("Languages of events, the most used first", heads, tuple(lines), frozenset({1, 2, 3}))
    return ReportSection(
        key="languages",
        title="In which languages",
        finding=language_words.finding(found),
        more=tuple(filter(None, (language_words.more(found),))),
        figures=(*_world_figures(reach), *_next_figures(following)),
        picture=picture,
        tables=(table,) if lines else (),
        sources=(spoken.source, reach.source, following.source, materials.source),
        counted=("events_by_language", "language_reach", "language_next"),
    )


def _world_figures(reach: ReportAnswer) -> list[ReportFigure]:
    by, whole = ("level", "country", "region"), reach.rows(LanguageReach)[:1]
    if not whole or whole[0].low is None or whole[0].high is None:
        return []
    note = "of the world’s inhabitants know a language offered"
    ends = (("low", "Language reach, at least"), ("high", "Language reach, at most"))
    return [
        reach.figure(0, column, label, numbers.percent(getattr(whole[0], column)), by=by, notes=(note,))
        for column, label in ends
    ]


def _next_figures(following: ReportAnswer) -> list[ReportFigure]:
    best = next((row for row in following.rows(NextLanguage)[:1] if row.people_low > 0), None)
    if best is None:
        return []
    label = say("{language} would add", language=short(best.name, NAME))
    shown = language_words.millions(best.people_low)
    return [replace(following.figure(0, "people_low", label, shown, by=("language",)), notes=("people, at least",))]
