"""The request desk: what waits, what each request would do, and the decision with its record."""

from __future__ import annotations

from dashboard import page_parts, request_panels
from dashboard.access import require
from data_access.questions.requests import PENDING, TO_PAY
from data_access.selection import Role

require(Role.PM, Role.BOARD)
queue, unpaid = request_panels.queue_of(PENDING), request_panels.queue_of(TO_PAY)
request_panels.heading(queue, unpaid)
chosen = request_panels.chosen(queue, unpaid)
if chosen:
    request_panels.one_request(chosen)
request_panels.queue(queue)
request_panels.to_pay(unpaid)
request_panels.decisions()
page_parts.how_counted("ceiling", "what_if", "comparable", "floor", "decisions")
