"""What the measures that can be aimed at are called."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "events": "Events",
    "attendance": "Attendance",
    "countries": "Countries",
    "languages": "Languages",
    "active_contributors": "Active contributors",
    "new_contributors": "New contributors",
    "spend": "Paid",
    "contributor_base": "Contributor base, times as many",
    "new_active_contributors": "New active contributors through spaces",
}
