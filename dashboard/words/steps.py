"""What the steps of the funnels are called, on the page and on the published site."""

from __future__ import annotations

STEP_NAMES = {
    "joined": "Joined",
    "casual": "Casual",
    "active": "Active",
    "core": "Core",
    "applied": "Applied",
    "evaluated": "Evaluated",
    "accepted": "Accepted",
    "trained": "Trained",
    "graduated": "Graduated",
    "active_member": "Active member",
}
