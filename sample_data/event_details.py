"""Writes what hangs on events: who took part, materials and their translations, challenges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sample_data import events as ev
from sample_data import places, teams, wording
from sample_data.draws import Array, chunks, cumulative, lookup, pick, pick_within, stream
from sample_data.event_rows import topic_of_area, voice_shares
from sample_data.events import Events, event_key
from sample_data.members import Member
from sample_data.people import People, person_key
from sample_data.tables import Progress, TableFile
from sample_data.timeline import Timeline

ROLES = ("organizer", "speaker", "facilitator", "mentor", "attendee")
_KINDS = ("slides", "guide", "video", "worksheet", "poster", "handbook")
_KIND_SHARES = cumulative((0.36, 0.22, 0.16, 0.14, 0.07, 0.05))
_RATING_SHARES = cumulative((0.015, 0.05, 0.19, 0.43, 0.315))
_TRANSLATED_INTO = ("es", "pt-BR", "fr", "de", "hi", "id", "ja", "zh-Hant", "ar", "it", "en", "tr", "pl", "zh-Hans")
_TRANSLATED_SHARES = cumulative((18, 15, 13, 8, 7, 8, 5, 6, 5, 4, 7, 2, 1, 1))
_PHASES = ("before", "during", "after")


def write_participations(
    out: Path,
    timeline: Timeline,
    events: Events,
    people: People,
    members: Sequence[Member],
    seed: int,
    progress: Progress | None = None,
) -> int:
    """Write members' events first, then everybody else named at an event: nobody twice at the same one."""
    rng = stream(seed, "participations")
    with TableFile(out, "participations", len(events) * 4, progress) as file:
        rows, taken = _member_rows(timeline, events, people, members)
        file.write(rows, len(rows))
        since = np.full(len(people), timeline.end + 1, dtype=np.int16)
        for member in members:
            since[member.person] = member.started
        keys = lookup([person_key(number) for number in range(len(people))])
        tags = lookup(["", *(voice.tags.partition(";")[0] for voices, _ in wording.voices() for voice in voices)])
        offsets = np.cumsum([1, *(len(voices) for voices, _ in wording.voices())])[:-1]
        for start, end in chunks(len(events), 32_768):
            event, role, skew = _roles(rng, events, start, end)
            day, place = events.day[event].astype(np.int64), events.place[event].astype(np.int64)
            person = people.someone_near(rng, place, day, skew)
            person = np.where(
                (place == ev.ONLINE_PLACE) | (rng.random(len(event)) < 0.06), people.anyone(rng, day, 1.2), person
            )
            voice = offsets[place] + pick_within(rng, voice_shares(), place % len(offsets))
            language = np.where((rng.random(len(event)) < 0.9), voice, 0)
            rated = (role <= 1) & (rng.random(len(event)) < 0.45) & (day <= timeline.today)
            rating = np.where(rated, pick(rng, _RATING_SHARES, len(event)) + 1, 0)
            # A member's own events are the ones above.
            keep = (person >= 0) & ~((day >= since[person]) & (role <= 1))
            pair = event * len(people) + person
            keep &= ~np.isin(pair, taken)
            first = np.zeros(len(event), dtype=bool)
            first[np.unique(pair, return_index=True)[1]] = True
            chosen = np.flatnonzero(keep & first)
            file.write(
                zip(
                    [event_key(number) for number in event[chosen].tolist()],
                    keys[person[chosen]].tolist(),
                    lookup(ROLES)[role[chosen]].tolist(),
                    tags[language[chosen]].tolist(),
                    [value or "" for value in rating[chosen].tolist()],
                    strict=True,
                ),
                len(chosen),
            )
        return file.written


def _member_rows(
    timeline: Timeline, events: Events, people: People, members: Sequence[Member]
) -> tuple[list[list[str | int]], Array]:
    rows: list[list[str | int]] = []
    taken = []
    for member in members:
        for event, role, rating in member.held:
            place = int(events.place[event])
            home, there = (
                places.cities()[member.home].languages,
                places.cities()[place].languages if place >= 0 else ("en",),
            )
            # Members speak their own language where it is understood.
            language = home[0] if place < 0 or home[0] in there else there[0] if there[0] in home else "en"
            known = rating if rating and events.day[event] <= timeline.today and events.status[event] == ev.HELD else ""
            rows.append([event_key(event), person_key(member.person), role, language, known])
            taken.append(event * len(people) + member.person)
    return rows, np.array(sorted(taken), dtype=np.int64)


def _roles(rng: np.random.Generator, events: Events, start: int, end: int) -> tuple[Array, Array, Array]:
    """Events repeated once for each person named there, the role, and how much the same people are preferred for it."""
    size = end - start
    scale, status = events.scale[start:end].astype(np.int64), events.status[start:end]
    averages = np.array([[1.05, 0.5, 0.15, 0.12, 1.1], [1.7, 2.2, 0.6, 0.5, 2.2], [2.6, 6.0, 1.0, 0.8, 4.0]])
    quiet = np.where(status == ev.HELD, 1.0, np.where(status == ev.PLANNED, 0.55, 0.0))
    expected = averages[scale] * quiet[:, None]
    counts = np.floor(
        expected * rng.uniform(0.35, 1.65, (size, 5)) + rng.random((size, 5)) * (quiet[:, None] > 0)
    ).astype(np.int64)
    counts[status == ev.PLANNED, 2:] = 0
    counts[events.repeats[start:end] > 0] = 0
    event = np.repeat(np.arange(start, end), counts.sum(axis=1))
    role = np.repeat(np.tile(np.arange(5), size), counts.ravel())
    return event, role, np.array([2.6, 1.9, 1.8, 2.2, 1.05])[role]


@dataclass(slots=True)
class _Numbering:
    """The next number of a table whose rows come from several chunks."""

    last: int = 0

    def next(self, letter: str) -> str:
        self.last += 1
        return f"{letter}{self.last:07d}"


def write_materials(
    out: Path,
    timeline: Timeline,
    events: Events,
    people: People,
    members: Sequence[Member],
    seed: int,
    progress: Progress | None = None,
) -> int:
    """Write materials made for events, most of them in the language of the event, and translations of some."""
    rng = stream(seed, "materials")
    numbering = _Numbering()
    by_members = {event: member.person for member in members for event, _, _ in member.held}
    with TableFile(out, "materials", len(events) // 3, progress) as file:
        for start, end in chunks(len(events)):
            scale, size = events.scale[start:end].astype(np.int64), end - start
            odds = np.array([0.14, 0.42, 0.8])[scale] + np.isin(np.arange(start, end), list(by_members)) * 0.2
            made = (events.status[start:end] == ev.HELD) & (events.repeats[start:end] == 0) & (rng.random(size) < odds)
            event = np.flatnonzero(made) + start
            place, day = events.place[event].astype(np.int64), events.day[event].astype(np.int64)
            voice = pick_within(rng, voice_shares(), place % len(wording.voices()))
            topic = topic_of_area(rng, events.area[event])
            author = people.someone_near(rng, place, day, 1.8)
            author = np.where(place < 0, people.anyone(rng, day, 1.8), author)
            kind = pick(rng, _KIND_SHARES, len(event))
            published = np.minimum(day + (rng.random(len(event)) ** 2 * 25).astype(np.int64), timeline.today)
            versions = np.where(
                rng.random(len(event)) < 0.3, 1 + (rng.random(len(event)) ** 2 * 3.2).astype(np.int64), 0
            )
            rows: list[list[str]] = []
            columns = (event, place, voice, topic, author, kind, published, versions)
            for number, at, spoken, about, written_by, sort, on, others in zip(
                *(c.tolist() for c in columns), strict=True
            ):
                tag = wording.voices()[at][0][spoken].tags.partition(";")[0]
                creator = by_members.get(number, written_by)
                key = numbering.next("d")
                cells = [_KINDS[sort], tag, person_key(creator) if creator >= 0 else "", event_key(number)]
                title = wording.topics()[about].names[wording.written(tag)]
                city = wording.city_in(places.cities()[at] if at >= 0 else None, wording.written(tag))
                heading = title if number % 3 else f"{title} – {city}"
                rows.append([key, heading, *cells, timeline.iso[on], "", f"https://materials.example.org/{key}"])
                rows += _translations(rng, timeline, numbering, key, about, cells, on, tag, others)
            file.write(rows, len(rows))
        return file.written


def _translations(
    rng: np.random.Generator,
    timeline: Timeline,
    numbering: _Numbering,
    original: str,
    topic: int,
    cells: list[str],
    day: int,
    language: str,
    count: int,
) -> list[list[str]]:
    """Translations within some months of the original; translators are not named."""
    rows = []
    done = {language, language.partition("-")[0]}
    for choice in pick(rng, _TRANSLATED_SHARES, count).tolist() if count else ():
        tag = _TRANSLATED_INTO[choice]
        on = day + 8 + int(rng.random() ** 1.5 * 200)
        if tag in done or tag.partition("-")[0] in done or on > timeline.today:
            continue
        done.add(tag)
        key = numbering.next("d")
        title = wording.topics()[topic].names[wording.written(tag)]
        row = [key, title, cells[0], tag, "", cells[3], timeline.text(on), original]
        rows.append([*row, f"https://materials.example.org/{key}"])
    return rows


def write_challenges(out: Path, timeline: Timeline, events: Events, seed: int, progress: Progress | None = None) -> int:
    """Write learning tasks before, and contribution challenges during and after, some events."""
    rng = stream(seed, "challenges")
    numbering = _Numbering()
    projects = [*(teams.PROJECTS[area] for area in teams.AREAS)]
    with TableFile(out, "challenges", len(events) // 2, progress) as file:
        for start, end in chunks(len(events)):
            size = end - start
            scale = events.scale[start:end].astype(np.int64)
            odds = np.array([[0.08, 0.14, 0.11], [0.3, 0.42, 0.3], [0.35, 0.6, 0.45]])[scale]
            usable = (events.status[start:end] != ev.CANCELLED) & (events.repeats[start:end] == 0)
            chosen = np.argwhere((rng.random((size, 3)) < odds) & usable[:, None])
            crowd = np.array([13, 45, 200])[scale][chosen[:, 0]] * np.array([0.3, 0.55, 0.16])[chosen[:, 1]]
            done = np.floor(crowd * rng.random(len(chosen)) ** 1.3 * 1.6 + rng.random(len(chosen))).astype(np.int64)
            kind_draw, not_recorded = rng.random(len(chosen)), rng.random(len(chosen)) < 0.1
            rows: list[list[str | int]] = []
            for (at, phase), count, draw, silent in zip(
                chosen.tolist(), done.tolist(), kind_draw.tolist(), not_recorded.tolist(), strict=True
            ):
                number = start + at
                learning = draw < (0.85, 0.3, 0.15)[phase]
                area = int(events.area[number])
                project = projects[area][number % 3] if area >= 0 and not learning else ""
                over = events.day[number] <= timeline.today and events.status[number] == ev.HELD and not silent
                kind = "learning_task" if learning else "contribution_challenge"
                rows.append(
                    [numbering.next("x"), event_key(number), _PHASES[phase], kind, project, count if over else ""]
                )
            file.write(rows, len(rows))
        return file.written
