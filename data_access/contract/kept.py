"""Columns of the contract that no question reads: each with the reason why a bundle may hold it all the same.

Whoever writes a question that reads one takes it off this list; a test compares the two.
"""

from __future__ import annotations

_PLACED = "read by the import, which places the event"

UNREAD: dict[str, str] = {
    "challenges.challenge_key": "kept for export only: challenges are counted, not listed",
    "events.ends_at": "kept for export only: questions count by the day",
    "events.venue": "kept for export only: the town places the event",
    "events.latitude": _PLACED,
    "events.longitude": _PLACED,
}
