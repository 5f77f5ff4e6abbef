"""Named questions: SQL over the program database, answered as small tables. Importing this registers them all."""

from data_access.questions import (
    circles,
    contributors,
    event_list,
    events,
    gaps,
    impact,
    imports,
    members,
    presence,
    quality,
    reach,
    team_board,
    team_details,
    team_stages,
)
from data_access.questions.registry import QUESTIONS, Question

__all__ = [
    "QUESTIONS",
    "Question",
    "circles",
    "contributors",
    "event_list",
    "events",
    "gaps",
    "impact",
    "imports",
    "members",
    "presence",
    "quality",
    "reach",
    "team_board",
    "team_details",
    "team_stages",
]
