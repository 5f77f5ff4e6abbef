"""Writes people, what they say about themselves, and their mentorships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from sample_data import people as pe
from sample_data import places
from sample_data.draws import Array, Floats, chunks, cumulative, pick, pick_within, stream
from sample_data.names import full_name
from sample_data.people import People, person_key
from sample_data.tables import Progress, TableFile
from sample_data.timeline import Timeline

# (dimension, share that does not disclose it, values with their shares); gender is drawn with the name.
_DIMENSIONS = (
    ("age band", 0.31, ("under 18", "18–24", "25–34", "35–44", "45–54", "55–64", "65 and over"),
     (0.03, 0.31, 0.36, 0.18, 0.08, 0.03, 0.006)),
    ("disability", 0.35, ("no", "yes"), (0.9, 0.1)),
    ("first in family at university", 0.33, ("no", "yes"), (0.63, 0.37)),
)  # fmt: skip
_GENDER_UNDISCLOSED = 0.27
_GENDERS = ("woman", "man", "non-binary")
# Groups too small to be shown: whatever the size of the program, so few choose these words.
_RARE = {1: "agender", 6: "agender", 14: "agender", 3: "genderfluid", 9: "genderfluid", 20: "genderfluid",
         31: "genderfluid", 11: "questioning", 25: "questioning"}  # fmt: skip
_ENGLISH_FIRST = frozenset({"US", "GB", "IE", "AU", "NZ", "CA"})


def write_people(
    out: Path,
    timeline: Timeline,
    people: People,
    accepted: Mapping[int, tuple[str, str]],
    seed: int,
    progress: Progress | None = None,
) -> int:
    """Write one row for each person; `accepted`: by person, which version of the code of conduct and when."""
    rng = stream(seed, "people rows")
    choices, shares = _languages()
    home_cells = [[c.name, c.state, c.country, f"{c.latitude:.2f}", f"{c.longitude:.2f}"] for c in places.cities()]

    def rows(start: int, end: int) -> Iterator[list[str | int]]:
        part, size = slice(start, end), end - start
        home = people.home[part]
        draws = rng.random((3, size))
        # People without a home still have a name from somewhere.
        origin = np.where(home < 0, (draws[0] * len(home_cells)).astype(np.int64), home)
        language = pick_within(rng, shares, origin)
        names_languages, with_point = rng.random(size) >= 0.07, rng.random(size) < 0.7
        columns = (
            people.joined[part],
            home,
            people.channel[part],
            people.gender[part],
            origin,
            language,
            names_languages,
            with_point,
        )
        for number, (joined, at, channel, gender, city, spoken, names_them, has_point, *name_draws) in enumerate(
            zip(*(column.tolist() for column in columns), *draws.tolist(), strict=True), start
        ):
            cells = ["", "", "", "", ""] if at < 0 else home_cells[at] if has_point else [*home_cells[at][:3], "", ""]
            yield [
                person_key(number),
                full_name(city, gender, *name_draws),
                *cells,
                timeline.iso[joined],
                choices[city][spoken] if names_them else "",
                pe.CHANNELS[channel],
                *accepted.get(number, ("", "")),
            ]

    with TableFile(out, "people", len(people), progress) as file:
        for start, end in chunks(len(people)):
            file.write(rows(start, end), end - start)
        return file.written


def _languages() -> tuple[list[list[str]], Floats]:
    """For each city the lists of languages its people speak, and their cumulative shares."""
    choices, weights = [], []
    for city in places.cities():
        first, *rest = city.languages
        if city.country in _ENGLISH_FIRST and first == "en":
            found = {"en": 70.0, "en;es": 9, "en;fr": 6, "zh-Hans;en": 4, "en;de": 3, "hi;en": 4, "en;pt": 1}
        else:
            found = {first: 26.0, f"{first};en": 48, f"{first};en;es": 4, f"{first};en;fr": 4, f"{first};en;de": 3}
            if first == "en":
                found = {"en": 30.0}
            for other in rest:
                found[f"{first};{other}"] = 34
                found[other] = 9
        cleaned = {tags: weight for tags, weight in found.items() if len(set(tags.split(";"))) == len(tags.split(";"))}
        choices.append(list(cleaned))
        weights.append(list(cleaned.values()))
    width = max(len(row) for row in weights)
    return choices, cumulative([[*row, *([0.0] * (width - len(row)))] for row in weights])


def write_attributes(out: Path, timeline: Timeline, people: People, seed: int, progress: Progress | None = None) -> int:
    """Write what people disclose about themselves, with their consent on the day they joined: else no row."""
    rng = stream(seed, "attributes")
    others = 0
    with TableFile(out, "person_attributes", len(people) * 3, progress) as file:
        for start, end in chunks(len(people)):
            size = end - start
            keys = [person_key(number) for number in range(start, end)]
            consented = [timeline.iso[day] for day in people.joined[start:end].tolist()]
            gender = people.gender[start:end]
            discloses = rng.random(size) >= _GENDER_UNDISCLOSED
            rows: list[list[str]] = []
            for at in np.flatnonzero(discloses).tolist():
                value = _GENDERS[gender[at]]
                if gender[at] == pe.OTHER:
                    value = _RARE.get(others, value)
                    others += 1
                rows.append([keys[at], "gender", value, consented[at]])
            for dimension, undisclosed, values, shares in _DIMENSIONS:
                answers = pick(rng, cumulative(shares), size)
                rows += [
                    [keys[at], dimension, values[answers[at]], consented[at]]
                    for at in np.flatnonzero(rng.random(size) >= undisclosed).tolist()
                ]
            file.write(rows, len(rows))
        return file.written


def write_mentorships(
    out: Path, timeline: Timeline, people: People, seed: int, progress: Progress | None = None
) -> int:
    """Write mentorships: people who stay are mentored by long-standing people of their city, in circles."""
    rng = stream(seed, "mentorships")
    odds = np.array([0.0, 0.02, 0.07, 0.25, 0.3, 0.45, 0.5])
    with TableFile(out, "mentorships", 0, progress) as file:
        for start, end in chunks(len(people)):
            size = end - start
            joined = people.joined[start:end].astype(np.int64)
            by_mentor = people.channel[start:end] == pe.MENTOR
            chance = np.where(by_mentor, 0.8, odds[people.temperament[start:end]])
            begin = joined + np.where(by_mentor, rng.random(size) * 10, 20 + rng.random(size) ** 2 * 150).astype(
                np.int64
            )
            home = people.home[start:end]
            mentor = people.someone_near(rng, home, joined - 30, 2.2)
            afar = people.anyone(rng, joined - 30, 1.6)
            mentor = np.where((home < 0) | (mentor < 0) | (rng.random(size) < 0.12), afar, mentor)
            length = (60 + rng.random(size) ** 1.5 * 420).astype(np.int64)
            chosen = (
                (rng.random(size) < chance)
                & (mentor >= 0)
                & (mentor != np.arange(start, end))
                & (begin <= timeline.today)
            )
            rows = _mentorship_rows(timeline, people, start, np.flatnonzero(chosen), mentor, begin, length)
            file.write(rows, len(rows))
        return file.written


def _mentorship_rows(
    timeline: Timeline, people: People, start: int, chosen: Array, mentor: Array, begin: Array, length: Array
) -> list[list[str]]:
    rows = []
    for at in chosen.tolist():
        guide, first, last = int(mentor[at]), int(begin[at]), int(begin[at] + length[at])
        home = int(people.home[guide])
        circle = f"{places.cities()[home].name} circle" if home >= 0 and home == people.home[start + at] else ""
        ended = timeline.iso[last] if last <= timeline.today else ""
        rows.append([person_key(guide), person_key(start + at), timeline.iso[first], ended, circle])
    return rows
