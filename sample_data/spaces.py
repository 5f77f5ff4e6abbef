"""The `spaces` table, who coordinates each, and what is noted of them: roadmaps, challenges, lessons, verdicts."""

from __future__ import annotations

from sample_data.people import CORE, People, person_key
from sample_data.places import SPACE_SHARE, SPACES, cities, city_number, opening, venue_points
from sample_data.timeline import Timeline

# Of a pilot: kind, day of the pilot on which it was noted, words, day on which it is due, day on which it was done.
_PILOT_NOTES = (
    ("roadmap", 1, "Name both coordinators and hand over the keys", 7, 5),
    ("roadmap", 1, "First public event", 14, 9),
    ("roadmap", 1, "Three events a week on the schedule", 30, 41),
    ("roadmap", 1, "A way in for each focus area, tried with five newcomers", 45, 52),
    ("roadmap", 1, "Mentor for every newcomer who came twice", 60, None),
    ("roadmap", 1, "Numbers of the pilot on one page for leadership", 75, None),
    ("roadmap", 1, "Decide: go on, change or stop", 90, None),
    ("challenge", 16, "The building closes at 19:00; evening events need a guard", None, 38),
    ("challenge", 33, "Most visitors come for talks and leave without a first task", None, None),
    ("lesson", 44, "A mentor at the door doubles how many start a task the same evening", None, None),
    ("lesson", 58, "Workshops on weekday evenings fill, Saturdays do not", None, None),
)
_VERDICTS = {"paris": (93, "Goes on, with a lighter schedule: people came back, but the calendar stayed half empty")}
_OTHERS = (
    ("berlin", "lesson", 50, "Two fixed evenings a week bring more people back than changing days"),
    ("london", "challenge", 55, "Reported newcomers are counted by hand at the door; few of them are in the records"),
    ("portland", "challenge", 48, "Nobody looks after the technical side since spring"),
    ("taipei", "lesson", 40, "Writing the first task on the invitation helps newcomers to stay"),
)


def weekly_target(timeline: Timeline, events: int) -> int:
    """Events a week of each space, by the sample's size: 3, as in the source, at 14,000 events."""
    space_weeks = 0.0
    for number in range(len(SPACES)):
        opened, closed = opening(timeline, number)
        space_weeks += ((closed or timeline.today) - max(opened, 0)) / 7
    return max(1, round(events * SPACE_SHARE * 0.8 / space_weeks))


def space_rows(timeline: Timeline, events: int, people: People) -> list[list[str | int]]:
    """The `spaces` table."""
    weekly = weekly_target(timeline, events)
    venues = venue_points()
    rows: list[list[str | int]] = []
    for number, space in enumerate(SPACES):
        city = cities()[city_number(space.city)]
        opened, closed = opening(timeline, number)
        latitude, longitude = venues[city_number(space.city), 0]
        row: list[str | int] = [space.key, space.name, city.name, city.country, str(latitude), str(longitude)]
        row += [timeline.text(opened), "" if closed is None else timeline.text(closed)]
        row += [timeline.text(opened) if space.pilot_days else "", space.pilot_days or ""]
        technical, community = _coordinators(people, city_number(space.city))
        # As in the source, a year's target is 32 full weeks.
        row += [weekly, weekly * 32, 1]
        rows.append([*row, technical if space.technical else "", community if space.community else ""])
    return rows


def _coordinators(people: People, city: int) -> tuple[str, str]:
    """The two most active of the earliest people at home in the city; "" where there are none."""
    at_home = [number for number, home in enumerate(people.home.tolist()) if home == city]
    ranked = sorted(at_home, key=lambda number: (-min(int(people.temperament[number]), CORE), number))
    first, second, *_ = [*map(person_key, ranked[:2]), "", ""]
    return first, second


def note_rows(timeline: Timeline) -> list[list[str]]:
    """The `space_notes` table: the pilots' in full, and a word about some others; nothing later than today."""
    found: list[tuple[str, str, int, str, int | None, int | None]] = []
    for number, space in enumerate(SPACES):
        if not space.pilot_days:
            continue
        start = opening(timeline, number)[0]
        for kind, noted, words, due, done in _PILOT_NOTES:
            due_on, done_on = (start + day - 1 if day else None for day in (due, done))
            found.append((space.key, kind, start + noted - 1, words, due_on, done_on))
        if space.key in _VERDICTS:
            day, words = _VERDICTS[space.key]
            found.append((space.key, "verdict", start + day, words, None, None))
    found += [(key, kind, timeline.month(month, 12), words, None, None) for key, kind, month, words in _OTHERS]
    rows: list[list[str]] = []
    for key, kind, day, words, due, done in found:
        if day > timeline.today:
            continue
        is_done = done is not None and done <= timeline.today
        dates = ["" if due is None else timeline.text(due), timeline.text(done) if is_done and done else ""]
        rows.append([f"n{len(rows) + 1:03d}", key, kind, timeline.text(day), words, *dates])
    return rows
