"""A request's amounts and its decision, where a table says less of them than the data contract."""

from __future__ import annotations

DECIDED_BY = ("decision", "approved_amount", "paid_amount", "paid_on")
_AMOUNTS = ("requested_amount", "approved_amount", "paid_amount")


def without_signs(values: dict[str, str]) -> list[str]:
    """Books write what was spent with a minus: take it away from all amounts. What was decided, for the hints."""
    given = [name for name in _AMOUNTS if values.get(name)]
    if not given or not all(values[name].startswith("-") for name in given):
        return []
    values |= {name: values[name].removeprefix("-") for name in given}
    return ["minus"]


def as_decided(values: dict[str, str], *, decided: bool) -> list[str]:
    """What was paid was approved; what was approved without another amount was approved as requested.

    What was paid without a day of the request was requested on the day of the payment. `decided` says whether the
    table tells of decisions at all. What was decided comes back, for the hints.
    """
    if decided:
        values |= {name: values.get(name, "") for name in DECIDED_BY}
    decision = values.get("decision", "")
    paid = decision == "paid" or (not decision and bool(values.get("paid_amount") or values.get("paid_on")))
    if not values.get("requested_on"):
        values["requested_on"] = values.get("decided_on") or values.get("paid_on", "")
    if paid or (not decision and values.get("approved_amount")):
        values["decision"] = "approved"
    if values.get("decision") == "approved" and not values.get("approved_amount"):
        values["approved_amount"] = values.get("paid_amount") or values.get("requested_amount", "")
    if paid:
        values["paid_amount"] = values.get("paid_amount") or values["approved_amount"]
        values["paid_on"] = values.get("paid_on") or values.get("decided_on", "")
        return [] if values["paid_on"] else ["unpaid"]
    return []
