"""The Languages page for a selection that stands beside another one."""

from __future__ import annotations

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.beside import Side
from dashboard.parts.trends import boundary, trend_picture
from dashboard.subjects.languages import words
from dashboard.words.places import chosen_places
from data_access.questions.languages.coverage import languages_by_quarter, languages_of_events
from data_access.questions.languages.materials import materials_by_language
from data_access.questions.languages.reach import language_next, language_reach
from data_access.selection import Selection


def side(own: Selection) -> Side:
    """Its finding, numbers and events by language."""
    now = filters.asked()
    held = cached.answer(languages_of_events, own, now.scope)
    if not int(held["events"].sum()):
        return Side("No event was found.")
    made, reached, missing = (
        cached.answer(question, own, now.scope) for question in (materials_by_language, language_reach, language_next)
    )
    told = words.summary(held, made, reached, missing, chosen_places(own, now.names))
    drawn = words.trend_panels(cached.answer(languages_by_quarter, words.trend_asked(own), now.scope), held)
    picture = trend_picture(drawn, boundary(drawn, own), page_parts.theme_type())
    return Side(words.finding(told), words.headlines(told), picture)
