"""A region's or country's profile in words: since when, how it grows, its languages, and inside its people."""

from __future__ import annotations

from dashboard.words.numbers import short_day, tenths
from dashboard.words.sentences import EVENTS, LANGUAGES, MEMBERS, Counted, say
from data_access.questions.regions.profile import FEWER, MORE, NEW, SILENT, STEADY, RegionProfile

CITIES = Counted("{n} city", "{n} cities")
SPEAKERS = Counted("{n} speaker", "{n} speakers")
ORGANIZERS = Counted("{n} organizer", "{n} organizers")
CONTRIBUTORS = Counted("{n} contributor", "{n} contributors")
CIRCLES = Counted("{n} circle of organizers", "{n} circles of organizers")
_SINCE = "First event on {day}; {events} in {cities} since, {a_year} a year."
_GROWTH = {
    MORE: "Growing: {events} in the last 12 months, {before} in the 12 before.",
    FEWER: "Shrinking: {events} in the last 12 months, {before} in the 12 before.",
    STEADY: "No clear change: {events} in the last 12 months, {before} in the 12 before.",
    NEW: "New: all its events are of the last 12 months.",
    SILENT: "Silent: no event in the last 12 months, {before} in the 12 before.",
}
_SPOKEN = "Held in {languages}, mostly {main}."
_PEOPLE = "Who live there: {members}; of the last 12 months {speakers}, {organizers} and {contributors}."
_CIRCLES = "{circles}, the largest in {largest}."


def profile_words(found: RegionProfile) -> str:
    """The profile in a few sentences."""
    events = EVENTS(found.events)
    said = [
        say(
            _SINCE,
            day=short_day(found.first_on),
            events=events,
            cities=CITIES(found.cities),
            a_year=tenths(found.a_year),
        ),
        say(_GROWTH[found.growth], events=EVENTS(found.last_year), before=found.year_before),
    ]
    if found.languages:
        said.append(say(_SPOKEN, languages=LANGUAGES(found.languages), main=found.main_languages))
    if found.members is not None:
        said.append(
            say(
                _PEOPLE,
                members=MEMBERS(found.members),
                speakers=SPEAKERS(found.speakers or 0),
                organizers=ORGANIZERS(found.organizers or 0),
                contributors=CONTRIBUTORS(found.contributors or 0),
            )
        )
    if found.circles and found.largest_circle:
        said.append(say(_CIRCLES, circles=CIRCLES(found.circles), largest=found.largest_circle))
    return " ".join(said)
