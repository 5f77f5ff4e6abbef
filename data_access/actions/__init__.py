"""Writing through the dashboard: each action is one checked transaction with its audit entry and a new data version."""

from data_access.actions.access_tokens import end_token, make_token
from data_access.actions.applications import decide, evaluate, graduate, train
from data_access.actions.beginning import NewProgram, SampleStands, start_program
from data_access.actions.budgets import approve_budget, budget_key
from data_access.actions.conduct import accept_code
from data_access.actions.decisions import record_decision
from data_access.actions.disputes import close_dispute, do_step, open_dispute
from data_access.actions.events import find_events, record_event
from data_access.actions.imports import KeptImport, newest_imports, undo_import
from data_access.actions.memberships import end_membership, give_grace, take_back
from data_access.actions.needs import meet_need, raise_need
from data_access.actions.of_person import PersonRows, person_rows
from data_access.actions.of_training import TrainingPerson, attendance_rows, training_people
from data_access.actions.persons import erase_person, expire, whose_time_is_over
from data_access.actions.record import ActionRefused, Author, Changed, Snapshot, snapshot, undo
from data_access.actions.requests import (
    NeedsConfirmation,
    NeedsTheBoard,
    NeedsTheManager,
    approve,
    decline,
    mark_paid,
    request_snapshot,
)
from data_access.actions.reviews import ask_for_review, review, review_key
from data_access.actions.rows import RecordedRow, row_changes, row_snapshot
from data_access.actions.same_persons import (
    change_not_people,
    merge_people,
    persons_changes,
    say_different,
    split_person,
)
from data_access.actions.saved_views import SavedView, delete_view, rename_view, save_view, share_view, views_for
from data_access.actions.snoozes import in_a_month, next_monday, recorded_since, snooze, snoozed, snoozed_as, wake
from data_access.actions.spaces import finish_note, name_coordinator, note_of_space, start_pilot
from data_access.actions.subscriptions import (
    Subscribed,
    stop,
    stopped_by,
    subscribe,
    subscription_changes,
    unsubscribe,
)
from data_access.actions.targets import set_target, target_changes, targets_snapshot
from data_access.actions.teams import appoint_coordinator, change_stage, close_risk, raise_risk, record_milestone
from data_access.actions.thanks import thank, thanks_key
from data_access.actions.time_notes import write_note
from data_access.actions.trainings import record_attendance, record_training, training_key
from data_access.actions.viewers import remove_viewer, set_viewer, viewer_changes, viewers_snapshot

__all__ = ["ActionRefused", "Author", "Changed", "NeedsConfirmation", "NeedsTheBoard", "NeedsTheManager", "Snapshot"]
__all__ += ["appoint_coordinator", "approve", "change_stage", "close_risk", "decline", "mark_paid", "raise_risk"]
__all__ += ["record_milestone", "request_snapshot", "snapshot", "undo"]
__all__ += ["set_target", "target_changes", "targets_snapshot"]
__all__ += ["remove_viewer", "set_viewer", "viewer_changes", "viewers_snapshot"]
__all__ += ["end_token", "make_token"]
__all__ += ["erase_person", "expire", "whose_time_is_over"]
__all__ += ["NewProgram", "SampleStands", "start_program"]
__all__ += ["change_not_people", "merge_people", "persons_changes", "say_different", "split_person"]
__all__ += ["KeptImport", "newest_imports", "undo_import"]
__all__ += ["RecordedRow", "find_events", "record_event", "row_changes", "row_snapshot"]
__all__ += ["decide", "evaluate", "graduate", "train"]
__all__ += ["end_membership", "give_grace", "take_back"]
__all__ += ["meet_need", "raise_need"]
__all__ += ["PersonRows", "person_rows"]
__all__ += ["accept_code", "approve_budget", "budget_key", "close_dispute", "do_step", "open_dispute"]
__all__ += ["record_decision"]
__all__ += ["ask_for_review", "record_attendance", "record_training", "review", "review_key", "training_key"]
__all__ += ["finish_note", "name_coordinator", "note_of_space", "start_pilot", "thank", "thanks_key"]
__all__ += ["TrainingPerson", "attendance_rows", "training_people"]
__all__ += ["in_a_month", "next_monday", "recorded_since", "snooze", "snoozed", "snoozed_as", "wake"]
__all__ += ["Subscribed", "stop", "stopped_by", "subscribe", "subscription_changes", "unsubscribe"]
__all__ += ["SavedView", "delete_view", "rename_view", "save_view", "share_view", "views_for", "write_note"]
