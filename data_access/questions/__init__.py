"""Named questions: SQL over the program database, answered as small tables. Importing this registers them all."""

from data_access.questions import (
    budget,
    burn,
    contributors,
    costs,
    diversity,
    event_list,
    events,
    fairness,
    gaps,
    impact,
    imports,
    language_reach,
    languages,
    members,
    presence,
    quality,
    reach,
)
from data_access.questions.registry import QUESTIONS, Question

__all__ = [
    "QUESTIONS",
    "Question",
    "budget",
    "burn",
    "contributors",
    "costs",
    "diversity",
    "event_list",
    "events",
    "fairness",
    "gaps",
    "impact",
    "imports",
    "language_reach",
    "languages",
    "members",
    "presence",
    "quality",
    "reach",
]
