"""Writing through the dashboard: each action is one checked transaction with its audit entry and a new data version."""

from data_access.actions.record import ActionRefused, Author, Changed, Snapshot, snapshot, undo
from data_access.actions.teams import appoint_coordinator, change_stage, close_risk, raise_risk, record_milestone

__all__ = ["ActionRefused", "Author", "Changed", "Snapshot", "appoint_coordinator", "change_stage"]
__all__ += ["close_risk", "raise_risk", "record_milestone", "snapshot", "undo"]
