"""The forms in which the program manager sets a target or changes its aim, and the record with its undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import aims, page_parts, recording, targets
from dashboard.words import numbers
from dashboard.words.measures import LABELS
from dashboard.words.sentences import say
from data_access import actions
from data_access.actions import Author
from data_access.questions.impact.targets import TARGET_MEASURES, named_metric
from data_access.questions.people.diversity import REFERENCE_METRIC
from data_access.recorded import target_of
from data_access.selection import Role

_OPENED = "uplift_targets_opened"
WHOLE = ""
KINDS = ("team", "space", "area", "region", "country")


def forms() -> None:
    """What only the program manager sees: two forms, their outcome, and what was recorded."""
    now = filters.asked()
    if now.scope.role is not Role.PM:
        return
    recording.show_outcome()
    # Read when it is wanted: the page itself asks nothing of the program's own tables.
    if not st.toggle("Set or change targets", key="edit_targets"):
        return
    with cached.current().program.connect() as connection:
        st.session_state[_OPENED] = actions.targets_snapshot(connection)
        changes = actions.target_changes(connection)
    changing, setting = st.tabs(["Change an aim", "Set a new target"], key="target_tabs")
    with changing:
        _change_form()
    with setting:
        _new_form()
    if changes:
        st.caption("Recorded changes")
    for row in changes:
        recording.change_line(row, row.words, may_undo=True)


def _change_form() -> None:
    kept = [key for _, key in st.session_state[_OPENED] if target_of(key)[0] != REFERENCE_METRIC]
    if not kept:
        page_parts.nothing("There is no target yet. Set one beside this.")
        return
    with st.form("target_change_form", border=False):
        st.selectbox(
            "Target",
            sorted(kept, key=_newest_first),
            index=None,
            placeholder="Choose a target",
            format_func=_named,
            key=_key("changed"),
        )
        st.number_input("Aim", min_value=0.0, value=None, step=1.0, key=_key("changed_aim"))
        _button("Change the aim", "change", _change)


def _newest_first(key: str) -> tuple[int, str]:
    return -date.fromisoformat(target_of(key)[2]).toordinal(), key


def _named(key: str) -> str:
    metric, start, end, scope = target_of(key)
    what = {
        "target": LABELS.get(named_metric(metric), metric),
        "first": numbers.short_day(date.fromisoformat(start)),
        "last": numbers.short_day(date.fromisoformat(end)),
    }
    if not scope:
        return say("{target}, {first} to {last}", **what)
    shown = aims.scope_words(scope, filters.asked().names)
    return say("{target} of {scope}, {first} to {last}", scope=shown, **what)


def _new_form() -> None:
    now = filters.asked()
    first, last = targets.year_around(now.selection.as_of)
    with st.form("target_new_form", border=False):
        st.selectbox(
            "Target", TARGET_MEASURES, index=None, format_func=LABELS.__getitem__, key=_key("metric"),
            placeholder="Choose what is aimed at",
        )  # fmt: skip
        scopes = [f"{kind}:{value}" for kind in KINDS for value, _ in now.offered.values.get(kind, ())]
        st.selectbox(
            "For",
            [WHOLE, *scopes],
            format_func=lambda scope: aims.scope_words(scope, now.names) if scope else "The whole program",
            key=_key("scope"),
        )
        left, right = st.columns(2)
        left.date_input("From", value=first, key=_key("from"), format="YYYY-MM-DD")
        right.date_input("To, the last day", value=last, key=_key("to"), format="YYYY-MM-DD")
        st.number_input("Aim", min_value=0.0, value=None, step=1.0, key=_key("aim"))
        _button("Set the target", "new", _set)


def _change(by: Author) -> str:
    key = _value("changed")
    if key is None:
        raise actions.ActionRefused("Choose a target.")
    metric, start, end, scope = target_of(key)
    return _write(by, metric, date.fromisoformat(start), date.fromisoformat(end), scope, _value("changed_aim"))


def _set(by: Author) -> str:
    metric = _value("metric")
    if metric is None:
        raise actions.ActionRefused("Choose what is aimed at.")
    return _write(by, str(metric), _value("from"), _value("to"), str(_value("scope") or ""), _value("aim"))


def _write(by: Author, metric: str, first: date | None, last: date | None, scope: str, aim: float | None) -> str:
    done = actions.set_target(
        cached.current(),
        by,
        metric=metric,
        period_start=first,
        period_end=last,
        value=aim,
        scope=scope,
        opened=st.session_state.get(_OPENED, {}),
    )
    return say("Recorded: {change}.", change=done)


def _key(name: str) -> str:
    return recording.key("target", name)


def _value(name: str) -> Any:
    return st.session_state.get(_key(name))


def _button(label: str, name: str, write: Callable[[Author], str]) -> None:
    st.form_submit_button(
        label, type="primary", key=_key(f"{name}_submit"), on_click=recording.attempt, args=(lambda by, _: write(by),)
    )
