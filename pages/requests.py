"""The request desk: what waits, what each request would do, and the decision with its record."""

from __future__ import annotations

from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.subjects.requests import panel
from data_access.questions.requests.queue import PENDING, TO_PAY
from data_access.selection import Role

require(Role.PM, Role.BOARD)
queue, unpaid = panel.queue_of(PENDING), panel.queue_of(TO_PAY)
panel.heading(queue, unpaid)
chosen = panel.chosen(queue, unpaid)
if chosen:
    panel.one_request(chosen)
panel.queue(queue)
panel.to_pay(unpaid)
panel.decisions()
page_parts.how_counted("ceiling", "what_if", "comparable", "floor", "decisions")
