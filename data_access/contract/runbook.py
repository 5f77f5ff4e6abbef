"""The runbook for disputes: its steps in their order, each by its code with what is done in it."""

from __future__ import annotations

DISPUTE_DAYS = 60  # two months without a decision, and people begin to leave over it
STEPS: dict[str, str] = {
    "received": "Acknowledge it to whoever raised it, and say who will decide",
    "heard": "Hear every side alone, before anybody judges",
    "separated": "Keep the sides apart where somebody could be hurt",
    "judged": "Judge it by the code of conduct, with nobody who is a side of it",
    "told": "Tell the sides the outcome and how to object",
    "followed_up": "Ask after a month whether it holds",
}
