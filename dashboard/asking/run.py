"""What a script run is about, kept for work that is done after it.

Streamlit makes a download when its button is pressed, in a thread that has no session: what the run was about (the data
version, the selection and the viewer) has to be carried there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType

from data_access.database.leaving import ReaderLeft, asked_by

Made = TypeVar("Made")
VERSION, OWN_VERSION, ASKED, READER = ABOUT = ("uplift_version", "uplift_own_version", "uplift_asked", "uplift_reader")
# The next run most likely asks for the same again: what is nearly done is better finished, and kept.
SUPERSEDED_SECONDS = 1.0
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


@contextmanager
def while_wanted() -> Iterator[None]:
    """What is asked in here is stopped, and this run with it, once its page was closed or another run is to follow."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or context.script_requests is None:
        yield
        return
    try:
        with asked_by(_is_over(context.script_requests)):
            yield
    except ReaderLeft:
        context.yield_check()  # ends the run as Streamlit does between two elements
        raise


def _is_over(requests: ScriptRequests) -> Callable[[], bool]:
    """Whether Streamlit wants this run to end; it says so itself only between two elements, which a question is not."""
    began = time.monotonic()

    def is_over() -> bool:
        if requests._state is ScriptRequestType.RERUN:
            return time.monotonic() - began > SUPERSEDED_SECONDS and not requests._rerun_data.fragment_id_queue
        return requests._state is ScriptRequestType.STOP

    return is_over
