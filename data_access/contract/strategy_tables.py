"""The contract's register of decisions, and the ten topics of the strategy that they belong to."""

from __future__ import annotations

from data_access.contract.kinds import (
    Column,
    Kind,
    Table,
    choice_column,
    date_column,
    key_column,
    reference_column,
    text_column,
)

TOPICS: dict[str, str] = {
    "regional_identities": "Regional identities",
    "diversity": "Diversity and inclusion",
    "metrics": "Metrics",
    "accountability": "Accountability",
    "leadership": "Volunteer leadership",
    "resources": "Resource distribution",
    "recognition": "Recognition",
    "communication": "Systems and communication",
    "journey": "Contribution journey",
    "staff_support": "Staff support",
}
PROPOSED, DECIDED, DONE, WITHDRAWN = "proposed", "decided", "done", "withdrawn"
DECISION_STATUSES = (PROPOSED, DECIDED, DONE, WITHDRAWN)
# Whose part it was, as roles in words: who is outside is not told.
PARTS = ("who_decides", "who_agrees", "consulted", "informed")

DECISION_REGISTER = Table(
    "decisions",
    (
        key_column("decision_key"),
        choice_column("topic", tuple(TOPICS), required=True),
        text_column("what", required=True),
        date_column("decided_on"),
        *(text_column(name) for name in PARTS),
        choice_column("status", DECISION_STATUSES, default=DECIDED),
        Column("evidence_url", Kind.URL),
        reference_column("supersedes", "decisions"),
    ),
    key=("decision_key",),
)
