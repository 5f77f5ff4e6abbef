"""What is said of a fault of the database, to its operator and to others."""

from __future__ import annotations

from dashboard.words.sentences import say
from data_access.database.faults import DatabaseFault

NOTHING_LOST = "{fault} Nothing was lost. The operator finds the reason in the server’s log and with “uplift doctor”."


def fault_words(fault: DatabaseFault, is_operator: bool) -> str:
    """What a page says of a fault: where and how to whoever sits at the machine, to others that it is known."""
    return str(fault).replace("`", "") if is_operator else say(NOTHING_LOST, fault=fault.outside)
