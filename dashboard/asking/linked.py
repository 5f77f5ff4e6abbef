"""Widgets whose value stands in the address, so that a link, a saved view and going back open the same view.

The address is the truth: a widget takes its value from there whenever it names another than was seen last.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

LONGEST = 200
_SEEN = "uplift_seen_{key}"


def keep(
    key: str,
    known: Collection[Any] | None = None,
    first: Any = None,
    *,
    read: Callable[[str], Any] = str,
    then: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """What a widget takes besides its label and options: its key, which is its name in the address, and a callback.

    `known` are the values it may have (None: any), `first` is what it has while the address says nothing; `read` makes
    a value of the address's text, or raises ValueError. `then` is called after a change.
    """
    asked, seen = st.query_params.get(key, "")[:LONGEST], _SEEN.format(key=key)
    if key not in st.session_state or asked != st.session_state.get(seen, asked):
        st.session_state[key] = _value(asked, known, first, read)
    elif known is not None and st.session_state[key] not in known and st.session_state[key] is not None:
        st.session_state[key] = first
    st.session_state[seen] = asked
    return {"key": key, "on_change": _chosen, "args": (key, first, then)}


def put(key: str, value: Any, first: Any = None) -> None:
    """Let the address say it, or nothing where it is what the widget has at first."""
    text = "" if value is None or value == first else str(value)[:LONGEST]
    if text:
        st.query_params[key] = text
    elif key in st.query_params:
        del st.query_params[key]
    st.session_state[_SEEN.format(key=key)] = text


def within(low: float, high: float, kind: type[int] | type[float] = int) -> Callable[[str], float]:
    """Reads a number between these ends."""

    def read(text: str) -> float:
        number = kind(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    return read


def _value(asked: str, known: Collection[Any] | None, first: Any, read: Callable[[str], Any]) -> Any:
    if not asked:
        return first
    try:
        value = read(asked)
    except ValueError:
        return first
    return value if known is None or value in known else first


def _chosen(key: str, first: Any, then: Callable[[], None] | None) -> None:
    put(key, st.session_state[key], first)
    if then:
        then()
