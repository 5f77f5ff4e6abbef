"""What a script run is about, kept for work that is done after it.

Streamlit makes a download when its button is pressed, in a thread that has no session: what the run was about (the data
version, the selection and the viewer) has to be carried there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, TypeVar

import streamlit as st

Made = TypeVar("Made")
VERSION, OWN_VERSION, ASKED, READER = ABOUT = ("uplift_version", "uplift_own_version", "uplift_asked", "uplift_reader")
_kept: ContextVar[Mapping[str, Any] | None] = ContextVar("what a run that is over was about", default=None)


def remember(name: str, value: object) -> None:
    """From now on this run is about it."""
    st.session_state[name] = value


def recall(name: str) -> Any:
    """What this run is about, or what the run was about after which this is done."""
    kept_facts = _kept.get()
    return st.session_state[name] if kept_facts is None else kept_facts[name]


def kept(make: Callable[[], Made]) -> Callable[[], Made]:
    """The same function, to be called after this run and outside its session."""
    seen = _kept.get() or {name: st.session_state[name] for name in ABOUT if name in st.session_state}

    def made() -> Made:
        token = _kept.set(seen)
        try:
            return make()
        finally:
            _kept.reset(token)

    return made
