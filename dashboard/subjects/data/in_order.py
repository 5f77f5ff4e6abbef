"""Whether everything is in order, on the Data page: the checks of `uplift doctor`, when the program manager asks."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import streamlit as st

from dashboard import settings
from dashboard.asking import cached
from dashboard.checkup.checks import check_everything
from dashboard.checkup.outcomes import CheckOutcome, CheckState
from dashboard.parts.page_parts import remark
from dashboard.parts.tables import table_with_download
from dashboard.words.sentences import Counted, sentence_case
from data_access.answers import Text, table

FOUND = "uplift_checked_everything"
ALL_FINE = "Everything is in order."
WRONG = Counted("{n} thing does not work.", "{n} things do not work.")
TO_LOOK_AT = Counted("{n} thing is worth a look.", "{n} things are worth a look.")


class CheckRow(NamedTuple):
    """One check."""

    name: Annotated[str, Text("What")]
    state: Annotated[str, Text("How it is")]
    says: Annotated[str, Text("What was seen")]
    remedy: Annotated[str, Text("What to do")]


def section() -> None:
    """Nothing is looked at before somebody asks: it reads the database's file and asks the provider."""
    st.header("Is everything in order?", anchor=False)
    st.button("Look now", key="check_everything", icon=":material/stethoscope:", on_click=_look)
    found: list[CheckOutcome] | None = st.session_state.get(FOUND)
    if found is None:
        remark("Database, disk, release, sign-in, mail and more, as `uplift doctor` looks at them.")
        return
    remark(verdict(found))
    rows = [CheckRow(each.name, sentence_case(each.state), each.says, each.remedy) for each in found]
    table_with_download(
        table(CheckRow, rows), "in_order", alt="What was looked at", columns=CheckRow, widths={"says": "large"}
    )


def verdict(found: list[CheckOutcome]) -> str:
    """In a sentence: what does not work, else what is worth a look."""
    for state, words in ((CheckState.WRONG, WRONG), (CheckState.LOOK, TO_LOOK_AT)):
        if number := sum(each.state is state for each in found):
            return str(words(number))
    return ALL_FINE


def _look() -> None:
    used = settings.current()
    st.session_state[FOUND] = check_everything(used, cached.current(), thorough=False)
