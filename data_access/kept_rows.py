"""What the program manager and the board record row by row: which table, which columns together, and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from data_access import kept_words
from data_access.contract.strategy_tables import PARTS
from data_access.kept_words import Values

EVENT = "event"
APPLICATION, MEMBERSHIP = "application", "membership"
DISPUTE, DISPUTE_STEP = "dispute", "dispute step"
CONDUCT = "code of conduct"
BUDGET = "budget"
DECISION = "decision"
NEED = "organizers’ need"
REVIEW, TRAINING, ATTENDANCE, THANKS = "review", "training", "attendance", "thanks"
TIME_NOTE, INSIDE_TIME_NOTE = "note for everybody", "note for those inside"
SPACE, SPACE_NOTE = "space", "space note"


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row that is recorded here: of the contract, but for notes on the time line.

    `keys` find it; `groups` are the columns that are recorded together. `read` is what a decision is about, and is
    never written. Where `is_made_here` the row comes and goes with what is recorded. `along`: what a group's first
    column means nothing without.
    """

    table: str
    keys: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    words: Callable[[Values, Values], str]
    read: tuple[str, ...] = ()
    is_made_here: bool = False
    along: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def written(self) -> tuple[str, ...]:
        """The columns that are written."""
        return tuple(name for group in self.groups for name in group)

    def key_of(self, text: str) -> tuple[str, ...]:
        """The keys of a row from its key in the audit; "" for one that is empty."""
        first, *others = text.rsplit("/", len(self.keys) - 1) if len(self.keys) > 1 else (text,)
        return (first, *map(unquote, others))


def key_text(first: str, *others: str) -> str:
    """A row's key in the audit from its parts; `KeptRow.key_of` reads it."""
    return "/".join((first, *(quote(part, safe=" ") if "/" in part or "%" in part else part for part in others)))


KEPT_ROWS: dict[str, KeptRow] = {
    EVENT: KeptRow(
        "events",
        ("event_key",),
        (("status",), ("attendance",), ("new_contributors",)),
        kept_words.event_words,
        read=("title", "starts_on"),
    ),
    APPLICATION: KeptRow(
        "applications",
        ("application_key",),
        (("evaluated_on", "score"), ("decision", "decided_on"), ("trained_on",), ("graduated_on",)),
        kept_words.application_words,
        read=("person_key", "cohort_key", "applied_on"),
    ),
    MEMBERSHIP: KeptRow(
        "memberships",
        ("membership_key",),
        (
            *(("person_key",), ("cohort_key",), ("started_on",)),
            *(("ended_on", "end_reason", "hired_by"), ("grace_starts_on", "grace_ends_on")),
        ),
        kept_words.membership_words,
        is_made_here=True,
    ),
    DISPUTE: KeptRow(
        "disputes",
        ("dispute_key",),
        (("kind",), ("opened_on",), ("closed_on", "outcome")),
        kept_words.dispute_words,
        is_made_here=True,
    ),
    DISPUTE_STEP: KeptRow(
        "dispute_steps", ("dispute_key", "step"), (("done_on",),), kept_words.step_words, is_made_here=True
    ),
    CONDUCT: KeptRow("people", ("person_key",), (("code_version", "code_accepted_on"),), kept_words.conduct_words),
    NEED: KeptRow(
        "organizer_needs",
        ("need_key",),
        (("kind",), ("note",), ("raised_on",), ("met_on",), ("event_key",), ("city",), ("person_key",)),
        kept_words.need_words,
        is_made_here=True,
    ),
    BUDGET: KeptRow(
        "budgets",
        ("fiscal_year", "person_key"),
        (("approved_on",), ("amount", "currency")),
        kept_words.budget_words,
        is_made_here=True,
        along={"approved_on": ("amount", "currency")},
    ),
    DECISION: KeptRow(
        "decisions",
        ("decision_key",),
        (
            ("topic",),
            ("what",),
            ("decided_on", "status"),
            *((name,) for name in (*PARTS, "evidence_url", "supersedes")),
        ),
        kept_words.decision_words,
        is_made_here=True,
    ),
    REVIEW: KeptRow(
        "application_reviews",
        ("application_key", "reviewer"),
        (("assigned_on",), ("reviewed_on", "score")),
        kept_words.review_words,
        is_made_here=True,
    ),
    TRAINING: KeptRow(
        "trainings",
        ("training_key",),
        (("title",), ("kind",), ("held_on",), ("cohort_key",)),
        kept_words.training_words,
        is_made_here=True,
    ),
    ATTENDANCE: KeptRow(
        "training_attendance",
        ("training_key", "person_key"),
        (("attended",),),
        kept_words.attendance_words,
        is_made_here=True,
    ),
    THANKS: KeptRow(
        "thanks",
        ("person_key", "occasion", "occasion_on"),
        (("given_on", "how"),),
        kept_words.thanks_words,
        is_made_here=True,
    ),
    TIME_NOTE: KeptRow(
        "time_notes", ("mark_key",), (("marked_on",), ("words",)), kept_words.time_note_words, is_made_here=True
    ),
    INSIDE_TIME_NOTE: KeptRow(
        "inside_time_notes",
        ("mark_key",),
        (("marked_on",), ("words",)),
        kept_words.inside_time_note_words,
        is_made_here=True,
    ),
    SPACE: KeptRow(
        "spaces",
        ("space_key",),
        (("coordinator_technical",), ("coordinator_community",), ("pilot_started_on", "pilot_days")),
        kept_words.space_words,
        read=("name",),
    ),
    SPACE_NOTE: KeptRow(
        "space_notes",
        ("note_key",),
        (("space_key",), ("kind",), ("noted_on",), ("note",), ("due_on",), ("done_on",)),
        kept_words.space_note_words,
        is_made_here=True,
    ),
}
