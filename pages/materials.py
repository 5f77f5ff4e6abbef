"""Materials: what do we make and teach, about what, and in whose context?"""

from __future__ import annotations

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.parts.beside import Side, side_by_side
from dashboard.parts.originals import originals_picture
from dashboard.subjects.materials import panel, words
from data_access.answers import rows
from data_access.questions.events.counts import EventsTotal, events_total
from data_access.questions.materials.contexts import AuthorsOfAudience, authors_and_audiences
from data_access.questions.materials.kinds import MaterialsOfKind, materials_by_kind
from data_access.questions.materials.topics import CoveredTopic, topics_covered
from data_access.selection import STAFF, Selection

require(*STAFF)
now = filters.asked()
selection, scope = now.selection, now.scope

kinds = cached.answer(materials_by_kind, selection, scope)
topics = cached.answer(topics_covered, selection, scope)
[total] = rows(EventsTotal, cached.answer(events_total, selection, scope))
if kinds.empty and not total.events:
    page_parts.nothing_here(now)
talks = rows(AuthorsOfAudience, cached.answer(authors_and_audiences, selection, scope)) if scope.inside else []
made = words.Made(rows(MaterialsOfKind, kinds), rows(CoveredTopic, topics), total.events)

page_parts.heading(words.QUESTION, words.finding(made), words.more(made))
page_parts.selection_line()
page_parts.headline_numbers(words.headlines(made, talks))
panel.kinds(kinds)
panel.topics(topics)
if scope.inside:
    panel.contexts()


def side(own: Selection) -> Side:
    """The same page for a selection that stands beside the chosen one."""
    of_kind = rows(MaterialsOfKind, cached.answer(materials_by_kind, own, scope))
    [held] = rows(EventsTotal, cached.answer(events_total, own, scope))
    told = words.Made(of_kind, rows(CoveredTopic, cached.answer(topics_covered, own, scope)), held.events)
    picture = originals_picture(words.bars(of_kind), page_parts.theme_type()) if of_kind else None
    return Side(words.finding(told), words.headlines(told, []), picture)


side_by_side(side, "kinds")
own = ("authors_and_audiences",) if scope.inside else ()
page_parts.how_counted("period", "original_share", "topics", *own)
