"""What else speaks for and against a request: the member's floor, the way, the country, the language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, select

from data_access.answers import rows
from data_access.database.memory import until_import
from data_access.database.schema import event_languages
from data_access.geography.languages import language_name
from data_access.questions.event_map.gaps import FEWER, MORE, CountryGap, country_gaps
from data_access.questions.event_map.members import language_fit
from data_access.questions.members.standing import AT_RISK, MISSED, standing_now
from data_access.questions.requests.figures import (
    COUNT,
    FINE,
    KM,
    RATIO,
    SHARE,
    UNKNOWN,
    WATCH,
    Case,
    WhatIfFigure,
)
from data_access.questions.requests.nearer import event_point, nearest_and_number, point_of, spoken_by
from data_access.selection import Period, Scope, Selection
from data_access.wording import counted, paragraph, say


def floor(case: Case) -> WhatIfFigure:
    """How the member stands against the quarter's floor."""
    name, label = "floor", "Floor this quarter"
    now = standing_now(case.connection, case.row.person_key, case.program, case.selection.as_of)
    if now is None:
        return WhatIfFigure(name, label, None, COUNT, WATCH, "This person is not a member this quarter.")
    explained = say(
        "{state}: {held} held and {scheduled} scheduled of {floor}, {days} left in the quarter.",
        state=now.state.capitalize(),
        held=now.held,
        scheduled=now.scheduled,
        floor=counted(case.program.floor_events_per_quarter, "{n} event", "{n} events"),
        days=counted(now.days_left, "{n} day", "{n} days"),
    )
    verdict = WATCH if now.state in (AT_RISK, MISSED) else FINE
    return WhatIfFigure(name, label, now.held + now.scheduled, COUNT, verdict, explained)


def distance(case: Case, far_km: int) -> WhatIfFigure:
    """How far the member's home is from the event."""
    there, home, label = event_point(case.row), point_of(case.row), "Distance from home"
    if there is None or home is None:
        why = _no_place(case) if there is None else "The member’s home has no known place."
        return WhatIfFigure("distance", label, None, KM, FINE if case.row.mode == "online" else UNKNOWN, why)
    from geopy.distance import geodesic  # not before a distance is asked for: geopy loads slowly

    km = float(geodesic(home, there).km)
    way = say(
        "From {home} to {event}, as the crow flies.",
        home=case.row.home_city or "home",
        event=case.row.city or "the event",
    )
    far = say("More than {far_km} km: is somebody nearer?", far_km=far_km)
    explained = paragraph([way, far if km > far_km else ""])
    return WhatIfFigure("distance", label, km, KM, WATCH if km > far_km else FINE, explained)


def _no_place(case: Case) -> str:
    if case.row.event_key is None:
        return "The request names no event."
    return "The event is online." if case.row.mode == "online" else "The event has no known place."


def gap(case: Case) -> WhatIfFigure:
    """Whether the event's country has fewer events than expected, or more."""
    code, name, label = case.row.located_country, "gap_ratio", "Events there against expected"
    if code is None or case.row.mode == "online":
        return WhatIfFigure(name, label, None, RATIO, UNKNOWN, _no_place(case))
    as_of = case.selection.as_of
    row = until_import(case.connection, lambda found: _gaps(found, as_of), "gaps", as_of).get(code)
    if row is None or row.expected is None or row.ratio is None or row.low is None or row.high is None:
        why = "Nothing can be expected there: its number of inhabitants is not known."
        return WhatIfFigure(name, label, None, RATIO, UNKNOWN, why)
    compared = say(
        "{events} in {country} in the year before; {expected} were to be expected by inhabitants (95% interval of "
        "the ratio {low} to {high}).",
        events=counted(row.events, "{n} event", "{n} events"),
        country=row.name,
        expected=f"{row.expected:.1f}",
        low=f"{row.low:.2f}",
        high=f"{row.high:.2f}",
    )
    meaning = {
        FEWER: "The country has fewer than expected: an event fills a gap.",
        MORE: "It has more already.",
    }.get(row.verdict, say("Verdict: {verdict}.", verdict=row.verdict))
    verdict = WATCH if row.verdict == MORE else FINE
    return WhatIfFigure(name, label, row.ratio, RATIO, verdict, paragraph([compared, meaning]))


def language(case: Case) -> WhatIfFigure:
    """Whether the member knows a main language of the event's country."""
    name, label, code = "language_fit", "Knows the language", case.row.located_country
    tags = spoken_by(case.connection, case.row.person_key)[case.row.person_key]
    wanted = select(event_languages.c.language).where(event_languages.c.event_key == case.row.event_key)
    held_in = sorted(case.connection.execute(wanted).scalars()) if case.row.event_key else []
    sentences = ["The member’s languages are not known."]
    if tags:
        sentences = [say("The member speaks {languages}.", languages=_languages(sorted(tags)))]
    if held_in:
        sentences.append(say("The event is in {languages}.", languages=_languages(held_in)))
    fit, share = language_fit(tags, code) if code else (None, None)
    if fit is None:
        return WhatIfFigure(name, label, None, SHARE, UNKNOWN, paragraph(sentences))
    known = "{percent}% of the inhabitants know the best-known of the member’s languages."
    sentences.append(say(known, percent=round((share or 0) * 100)))
    return WhatIfFigure(name, label, share, SHARE, FINE if fit else WATCH, paragraph(sentences))


def nearer_members(case: Case) -> WhatIfFigure:
    """How many members live nearer, and who the nearest are."""
    name, label = "nearer_members", "Members who live nearer"
    if event_point(case.row) is None or point_of(case.row) is None:
        why = "The event or the home has no known place."
        return WhatIfFigure(name, label, None, COUNT, UNKNOWN, why)
    found, in_all = nearest_and_number(case.connection, case.selection, case.row)
    if not found:
        return WhatIfFigure(name, label, 0, COUNT, FINE, "Nobody lives nearer by 50 km or more.")
    first = (
        say("{name} ({km} km)", name=each.name or each.person_key, km=round(each.distance_km)) for each in found[:3]
    )
    fitting = sum(1 for each in found if each.language_fit and (each.remaining or 0) > 0)
    speak = say(
        "{fitting} of the {found} nearest speaks a main language there and has money left."
        if fitting == 1
        else "{fitting} of the {found} nearest speak a main language there and have money left.",
        fitting=fitting,
        found=len(found),
    )
    explained = paragraph([say("Nearest: {members}.", members=", ".join(first)), speak])
    return WhatIfFigure(name, label, in_all, COUNT, WATCH if fitting else FINE, explained)


def _languages(tags: Sequence[str]) -> str:
    return ", ".join(language_name(tag) for tag in tags)


def _gaps(connection: Connection, as_of: date) -> dict[str, CountryGap]:
    tomorrow = as_of + timedelta(days=1)
    year = Selection(Period(tomorrow - timedelta(days=365), tomorrow), as_of)
    return {row.country: row for row in rows(CountryGap, country_gaps(connection, year, Scope.everything()))}
