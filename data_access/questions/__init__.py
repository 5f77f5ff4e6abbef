"""Named questions: SQL over the program database, answered as small tables. Importing this finds them all."""

from importlib import import_module
from pkgutil import walk_packages

from data_access.questions.registry import QUESTIONS, Question

__all__ = ["QUESTIONS", "Question"]

# A module that is added to a subject's folder is found here: no list names it a second time.
for _module in walk_packages(__path__, f"{__name__}."):
    import_module(_module.name)
