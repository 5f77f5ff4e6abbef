"""The `organizer_needs` table: what organizers asked for before their events, and in their towns."""

from __future__ import annotations

import numpy as np

from sample_data import events as ev
from sample_data.draws import below, cumulative, pick_one, stream
from sample_data.events import Events, event_key
from sample_data.people import People, person_key
from sample_data.places import cities
from sample_data.timeline import Timeline

_WORDS = {
    "mentor": ("Somebody who has run a sprint before, for the first two evenings", "A mentor to plan the year with"),
    "venue": ("A room for forty on a weekday evening", "The usual room is closed; another with a ramp"),
    "budget": ("Snacks and travel of two speakers", "A deposit for the room is due before the event"),
    "materials": ("Slides in the language of the town", "A first task that takes half an hour"),
    "speakers": ("A speaker who knows the add-on interfaces", "Somebody to tell how localization begins"),
    "volunteers": ("Two people at the door, and one for photographs", "Helpers for the installation tables"),
    "other": ("Name badges and a banner", "A letter for the visa of a guest"),
}
_KINDS = tuple(_WORDS)
_SHARES = cumulative((0.2, 0.18, 0.2, 0.12, 0.12, 0.12, 0.06))
# Of a hundred needs so many are met; a mentor is hardest to find.
_MET = {"mentor": 45, "venue": 80, "budget": 65, "materials": 75, "speakers": 70, "volunteers": 60, "other": 70}


def need_rows(timeline: Timeline, events: Events, people: People, seed: int) -> list[list[str]]:
    """About one need for every twenty events of the last two years; nothing later than today."""
    rng = stream(seed, "needs")
    near_now = (events.day >= timeline.today - 730) & (events.day <= timeline.today + 60)
    real = (events.place >= 0) & (events.status != ev.CANCELLED) & (events.repeats == 0)
    lately = np.flatnonzero(near_now & real).tolist()
    found: list[tuple[int, list[str]]] = []
    for _ in range(min(max(len(lately) // 20, 6), 600) if lately else 0):
        event = lately[below(rng, len(lately))]
        kind = _KINDS[pick_one(rng, _SHARES)]
        raised = int(events.day[event]) - 7 - below(rng, 50)
        met = raised + 3 + int(60 * rng.random() ** 2)
        is_met = below(rng, 100) < _MET[kind] and met <= timeline.today
        words = _WORDS[kind][below(rng, 2)]
        of_town = kind == "mentor" or below(rng, 5) == 0
        if not 0 <= raised <= timeline.today:
            continue
        [local] = people.someone_near(rng, events.place[event : event + 1], np.array([raised]), 1.0).tolist()
        asks = person_key(local) if kind == "mentor" and local >= 0 else ""
        about = ["", cities()[int(events.place[event])].name] if of_town else [event_key(event), ""]
        dates = [timeline.text(raised), timeline.text(met) if is_met else ""]
        found.append((raised, [kind, words, *dates, *about, asks]))
    found.sort(key=lambda row: (row[0], row[1]))
    return [[f"w{number + 1:04d}", *row] for number, (_, row) in enumerate(found)]
