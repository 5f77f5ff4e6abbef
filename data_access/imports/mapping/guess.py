"""What a table is likely to hold, by its headings and a sample of its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data_access.imports.mapping import values
from data_access.imports.mapping.columns import WHO, SeenColumn, date_order_of, seen_columns
from data_access.imports.mapping.headings import dimension
from data_access.imports.mapping.mapping import ATTRIBUTE, MANY, SUBJECTS, SheetMapping, what_is_missing
from data_access.imports.mapping.presets import columns_of, preset_for, same_heading
from data_access.imports.mapping.sheets import Sheet

_PERSON = {
    **{name: f"people.{name}" for name in ("name", "first_name", "last_name", "email", "handle", "place")},
    **{name: f"people.home_{name}" for name in ("city", "state", "country", "latitude", "longitude")},
    "languages": "people.languages",
    "channel": "people.entry_channel",
}
_EVENT = {
    **{name: f"events.{name}" for name in ("title", "status", "mode", "format", "venue", "place", "city", "state")},
    **{name: f"events.{name}" for name in ("country", "latitude", "longitude", "languages", "attendance", "topics")},
    **{"event": "events.title", "name": "events.title", "start": "events.starts_on", "date": "events.starts_on"},
    **{"end": "events.ends_on", "new_contributors": "events.new_contributors", "url": "events.url"},
    **{"key": "events.event_key", "area": "events.area"},
    **{"speakers": "participations.speaker", "organizers": "participations.organizer"},
}
# What a heading is about → which target it is, for each kind of rows. Of two, the surer heading wins.
TARGETS: dict[str, dict[str, str]] = {
    "people": {
        **_PERSON,
        **{"key": "people.person_key", "joined": "people.joined_on", "date": "people.joined_on"},
        **{"member_since": "memberships.started_on", "left": "memberships.ended_on"},
    },
    "events": _EVENT,
    "participations": {
        **_PERSON,
        **{"role": "participations.role", "rating": "participations.rating", "status": "participations.attended"},
        "attended": "participations.attended",
        **{"event": "events.title", "title": "events.title", "start": "events.starts_on", "date": "events.starts_on"},
    },
    "funding_requests": {
        **_PERSON,
        **{name: f"funding_requests.{name}" for name in ("currency", "category", "paid_on", "decided_on")},
        **{"key": "funding_requests.request_key", "amount": "funding_requests.requested_amount"},
        **{"approved": "funding_requests.approved_amount", "paid": "funding_requests.paid_amount"},
        **{"status": "funding_requests.decision", "date": "funding_requests.requested_on"},
        **{"joined": "funding_requests.requested_on"},
        **{"event": "events.title", "title": "events.title", "start": "events.starts_on", "end": "events.ends_on"},
    },
    "contributions": {
        **_PERSON,
        **{name: f"contributions.{name}" for name in ("area", "quantity", "project")},
        "date": "contributions.contributed_on",
    },
}
# What speaks for each kind of rows, and how much; and of what one of each group must be there.
_WEIGHTS = {
    "people": "name 2 first_name 2 last_name 2 email 2 handle 2 joined 2 member_since 3 languages 1 place 1 city 1 "
    "country 1 attribute 2 channel 2 left 2",
    "events": "title 3 event 3 start 2 date 1 end 1 venue 2 place 1 city 1 country 1 attendance 3 mode 2 format 1 "
    "speakers 2 organizers 2 topics 1 url 1 status 1 languages 1 new_contributors 3 name 1",
    "participations": "event 2 title 1 role 3 rating 2 email 2 name 2 first_name 1 last_name 1 handle 1 date 1 start 1 "
    "status 1 attended 6",
    "funding_requests": "amount 5 approved 3 paid 3 paid_on 3 decided_on 2 category 2 currency 2 name 1 email 1 date 1 "
    "status 1 event 1",
    "contributions": "quantity 4 area 4 project 2 name 1 email 1 handle 1 date 1",
}
_NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "people": (("name", "first_name", "last_name", "email", "handle"),),
    "events": (("title", "event", "name"), ("start", "date")),
    "participations": (("event", "title"), WHO),
    "funding_requests": (("amount",), WHO, ("date", "start", "joined")),
    "contributions": (WHO, ("quantity", "area"), ("date",)),
}


def guess(sheet: Sheet, rows_are: str = "", currency: str = "") -> SheetMapping:
    """The likeliest reading of a table; of what its rows are, the likeliest too unless `rows_are` says it.

    `currency` is the program's, taken for amounts that name none.
    """
    order = date_order_of(sheet)
    columns = seen_columns(sheet, order)
    preset = preset_for(sheet.names)
    if preset and rows_are in ("", preset.rows_are):
        subject, chosen = preset.rows_are, columns_of(preset, sheet.names)
    else:
        preset, subject = None, rows_are or likeliest_subject(columns)
        chosen = _assigned(columns, subject)
    cells = {column.heading: column.cells for column in columns}
    amounts = [text for heading, target in chosen.items() if target.endswith("_amount") for text in cells[heading]]
    reading = SheetMapping(
        rows_are=subject,
        columns=chosen,
        dates=order or values.DAY_FIRST,
        decimal=values.decimal_mark(amounts),
        name=sheet.name,
    )
    if preset:
        only = {heading: preset.only[name] for heading in chosen for name in preset.only if same_heading(name, heading)}
        return reading.changed(always=dict(preset.always), only=only)
    return reading.changed(always=_always(reading, amounts, currency), values=_blanks(sheet, reading))


def _blanks(sheet: Sheet, reading: SheetMapping) -> dict[str, dict[str, str]]:
    """Where who came has a mark and the others have none, a blank cell means no."""
    found: dict[str, dict[str, str]] = {}
    for index, heading in enumerate(sheet.names):
        filled = sheet.column(index) if reading.columns.get(heading) == "participations.attended" else []
        if len(filled) < len(sheet.rows) and filled and all(values.read_word("attended", c) == "yes" for c in filled):
            found[heading] = {"": "no"}
    return found


def likeliest_subject(columns: Sequence[SeenColumn]) -> str:
    """What the rows of a table with these columns are."""
    shares: dict[str, float] = {}
    for column in columns:
        for concept, share in column.about.items():
            shares[concept] = max(shares.get(concept, 0), share)
    best, most = "people", 0.0
    for subject, text in _WEIGHTS.items():
        words = text.split()
        weights = dict(zip(words[::2], map(float, words[1::2]), strict=True))
        if all(any(shares.get(concept) for concept in group) for group in _NEEDED[subject]):
            score = sum(weight * shares.get(concept, 0) for concept, weight in weights.items())
            score += _repeats(columns) if subject == "participations" else 0
            if score > most:
                best, most = subject, score
    return best


def is_likely(reading: SheetMapping) -> bool:
    """Whether the guess is good enough to be offered beside files that are read for what they are."""
    if preset_for(list(reading.columns)):
        return True
    return reading.rows_are in TARGETS and len(reading.targets) >= 2 and not what_is_missing(reading)


def _repeats(columns: Sequence[SeenColumn]) -> float:
    """Events that come back row after row speak for a list of who took part; events of one row each against it."""
    for column in columns:
        if {"event", "title"} & column.about.keys() and column.filled:
            return 3 if len(column.cells) < 0.6 * column.filled else -4
    return 0


def _assigned(columns: Sequence[SeenColumn], subject: str) -> dict[str, str]:
    """A target for each heading, "" for those that are not read: the surest pairs first, each target once."""
    concepts = TARGETS.get(subject, {})
    allowed = SUBJECTS[subject]
    chosen = {column.heading: "" for column in columns}
    pairs: list[tuple[float, int, str, str]] = []
    for index, column in enumerate(columns):
        about = dict(column.about)
        if subject not in TARGETS:
            pairs += [(2.0, -index, column.heading, target) for target in allowed if _same(column.heading, target)]
        for concept, share in about.items():
            if concept == "attribute" and f"{ATTRIBUTE}consented_on" in allowed:
                pairs.append((share, -index, column.heading, ATTRIBUTE + dimension(column.heading)))
            elif target := concepts.get(concept, ""):
                # "Name" is a title only where nothing else is, and a day of its own beats the time of an entry.
                less = 0.3 if (subject, concept) in _LESS else 0
                pairs.append((share - less, -index, column.heading, target))
    taken: set[str] = set()
    for _, _, heading, target in sorted(pairs, reverse=True):
        if not chosen[heading] and (target not in taken or target in MANY) and target in (*allowed, target):
            chosen[heading] = target
            taken.add(target)
    return _made_whole(chosen)


_LESS = {
    *(("events", "name"), ("events", "date"), ("people", "date"), ("funding_requests", "joined")),
    *(("funding_requests", "title"), ("participations", "title"), ("participations", "date")),
}


def _same(heading: str, target: str) -> bool:
    return heading.casefold().replace(" ", "_") == target.partition(".")[2]


def _made_whole(chosen: dict[str, str]) -> dict[str, str]:
    """A last name alone is the whole name ("Nom"), a name beside it the first one ("Имя, Фамилия"), a town a place."""
    by_target = {target: heading for heading, target in chosen.items()}
    last, whole = by_target.get("people.last_name"), by_target.get("people.name")
    if last and not by_target.get("people.first_name"):
        if whole:
            chosen[whole] = "people.first_name"
        else:
            chosen[last] = "people.name"
    for city, country, place in (
        ("people.home_city", "people.home_country", "people.place"),
        ("events.city", "events.country", "events.place"),
    ):
        if city in by_target and not {country, place} & by_target.keys():
            # A town without a country is looked up; and people write "Pune, India" and "online" into it, too.
            chosen[by_target[city]] = place
    return chosen


def _always(reading: SheetMapping, amounts: Sequence[str], currency: str) -> dict[str, str]:
    """What no column says: the currency in the heading of the amounts, else the program's."""
    target = "funding_requests.currency"
    if reading.rows_are != "funding_requests" or reading.headings(target):
        return {}
    for heading in reading.headings("funding_requests.requested_amount"):
        for piece in re.findall(r"[^\s()\[\]/,:]+", heading):
            if found := values.currency_of(piece):
                return {target: found}
    named = {values.read_amount(text, reading.decimal, currency)[1] for text in amounts}
    return {target: currency} if currency and "" in named else {}
