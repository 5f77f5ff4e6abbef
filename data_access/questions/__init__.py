"""Named questions: SQL over the program database, answered as small tables. Importing this registers them all."""

from data_access.questions import (
    contributors,
    event_list,
    events,
    followthrough,
    funnel,
    gaps,
    impact,
    imports,
    members,
    persona,
    presence,
    program_funnel,
    quality,
    reach,
    retention,
    waiting,
)
from data_access.questions.registry import QUESTIONS, Question

__all__ = [
    "QUESTIONS",
    "Question",
    "contributors",
    "event_list",
    "events",
    "followthrough",
    "funnel",
    "gaps",
    "impact",
    "imports",
    "members",
    "persona",
    "presence",
    "program_funnel",
    "quality",
    "reach",
    "retention",
    "waiting",
]
