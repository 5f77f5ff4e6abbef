"""Impact's targets: what was aimed at, how much of it is reached, and how much time is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts.tables import table_with_download
from dashboard.subjects.impact.words import MEASURES
from dashboard.words.sentences import Counted, say
from data_access.answers import rows
from data_access.questions.impact.targets import TargetProgress, targets_progress

SHOWN = ("metric", "scope", "target", "value", "share", "elapsed", "days_left", "period_start", "period_end", "note")
TARGETS = Counted("{n} target", "{n} targets")


def targets() -> None:
    """The targets of the period; nothing where none were set."""
    now = filters.asked()
    found = cached.answer(targets_progress, now.selection, now.scope)
    if found.empty:
        return
    st.header("Against the targets", anchor=False)
    st.caption(_finding(rows(TargetProgress, found)))
    named = found.assign(
        metric=[MEASURES[name].label if name in MEASURES else name for name in found["metric"]],
        scope=[scope_words(text, now.names) for text in found["scope"]],
    )
    # A number with the decimals of an amount would be no count.
    table_with_download(
        named.astype({"target": "float64"}).assign(value=pd.to_numeric(named["value"])),
        "targets",
        alt="Targets with what is reached of each",
        columns=TargetProgress,
        shown=list(SHOWN),
        widths={"metric": 150, "scope": 130, "note": "medium"},
    )


def scope_words(text: str, names: Mapping[str, Mapping[str, str]]) -> str:
    """What a target is for, by name: `Docs crew` for `team:docs`; as it was written where that is not known."""
    name, _, value = (part.strip() for part in text.replace("=", ":", 1).partition(":"))
    return names.get(name.casefold(), {}).get(value, text)


def _finding(found: Sequence[TargetProgress]) -> str:
    """What the targets that are running say: how many are reached, and how many lag behind the time that is gone."""
    running = [row for row in found if row.days_left and row.elapsed]
    known = [row for row in running if row.share is not None]
    if not running:
        return "None of them is running today."
    if not known:
        return say("{targets} running; none can be measured, see the notes.", targets=TARGETS(len(running)))
    reached = sum((row.share or 0) >= 1 for row in known)
    behind = sum((row.share or 0) < min(row.elapsed, 1) for row in known)
    return say(
        "{targets} running and measured: {reached} reached, {behind} behind the time that is gone.",
        targets=TARGETS(len(known)),
        reached=reached,
        behind=behind,
    )
