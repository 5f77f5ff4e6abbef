"""The fixed words of the program's rules: stages with their milestones, decisions, statuses, modes and scales."""

from data_access.contract.lifecycle import LIFECYCLE

STAGES = tuple(stage.code for stage in LIFECYCLE)
MILESTONES: dict[str, tuple[str, ...]] = {stage.code: tuple(stage.milestones) for stage in LIFECYCLE}

DECISIONS = ("pending", "approved", "declined", "withdrawn")
CATEGORIES = ("travel", "lodging", "supplies", "catering", "swag", "training", "other")
STATUSES = ("planned", "held", "cancelled")
MODES = ("in_person", "online", "hybrid")
SCALES = ("micro", "regional", "annual")
