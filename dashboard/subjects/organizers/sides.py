"""The page on events and organizers for a selection that stands beside another one, in the part that is looked at."""

from __future__ import annotations

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.beside import Side
from dashboard.subjects.organizers import charts, panel, words
from data_access.answers import rows
from data_access.questions.events.arcs import ProjectEvents, ScaleArcs, arcs_by_scale, event_projects
from data_access.questions.organizers.effort import ScaleEffort, ScaleYear, effort_by_scale, scale_frequency
from data_access.selection import Selection


def side(own: Selection) -> Side:
    """Tasks before, during and after events; projects that they moved on; or how often each scale is held."""
    scope, looked = filters.asked().scope, page_parts.theme_type()
    if panel.chosen_view() == words.EFFORT:
        years = rows(ScaleYear, cached.answer(scale_frequency, own, scope))
        if not years:
            return Side("No event was held by this day.")
        efforts = rows(ScaleEffort, cached.answer(effort_by_scale, own, scope)) if scope.inside else []
        said = " ".join(filter(None, (words.effort_finding(years), words.effort_more(efforts))))
        return Side(said, (), charts.years_picture(years, looked))
    scales = rows(ScaleArcs, cached.answer(arcs_by_scale, own, scope))
    projects = rows(ProjectEvents, cached.answer(event_projects, own, scope))
    named = [row for row in projects if row.project]
    tiles = words.arc_headlines(scales, len(named)) if scales else []
    if panel.chosen_view() == words.PROJECTS:
        return Side(words.projects_finding(projects), tiles, charts.projects_picture(named, looked) if named else None)
    phases, events = words.phase_counts(scales), sum(row.events for row in scales)
    return Side(words.arcs_finding(scales), tiles, charts.phases_picture(phases, events, looked) if events else None)
