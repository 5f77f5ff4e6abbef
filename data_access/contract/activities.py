"""The seven activities of a mission-driven contributor, and what of the contract's words is which: one table for all.

Areas are a program's own words, so a part of the word decides; the first line that fits counts. What no line names is
another activity, such as coding. Workshops and talks are known by the role that somebody has in them.
"""

from __future__ import annotations

EVANGELIZING, TEACHING, ADVOCATING, LOCALIZING = "evangelizing", "teaching", "advocating", "localizing"
DOCUMENTING, COMMUNITY, TESTING, OTHER = "documenting", "community_building", "testing", "other"
ACTIVITIES = (EVANGELIZING, TEACHING, ADVOCATING, LOCALIZING, DOCUMENTING, COMMUNITY, TESTING)

AREA_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (LOCALIZING, ("locali", "l10n", "translat")),
    (DOCUMENTING, ("document", "docs", "writing", "wiki")),
    (TESTING, ("qa", "quality", "test", "compat", "user research")),
    (ADVOCATING, ("policy", "privacy", "advoca", "accessib", "law")),
    (TEACHING, ("teach", "educat", "train", "mentor", "support", "help")),
    (EVANGELIZING, ("evangel", "outreach", "marketing", "speak", "social media")),
    (COMMUNITY, ("communit", "engage", "organi", "event")),
)
ROLES = {"speaker": EVANGELIZING, "mentor": TEACHING, "facilitator": TEACHING, "organizer": COMMUNITY}
# Of materials: what was written there, and what was brought into another language.
ORIGINALS, TRANSLATIONS = DOCUMENTING, LOCALIZING
MENTORING = TEACHING


def activity_of(area: str) -> str:
    """The activity that an area's name means."""
    words = " ".join(area.casefold().replace("/", " ").replace("-", " ").split())
    for activity, parts in AREA_WORDS:
        if any(f" {part}" in f" {words}" for part in parts):
            return activity
    return OTHER
