"""The Data page for a selection that stands beside another one."""

from __future__ import annotations

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.beside import Side
from dashboard.subjects.data import charts, words
from data_access.questions.data.quality import data_quality
from data_access.selection import Selection


def side(own: Selection) -> Side:
    """How complete its events are, and what the checks found."""
    total, checks = words.found(cached.answer(data_quality, own, filters.asked().scope))
    picture = charts.quality_picture(checks, page_parts.theme_type()) if checks else None
    return Side(words.finding(total, checks), (), picture)
