"""The button that saves a file, which is made when it is pressed, and is for the viewer who pressed it alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st
from streamlit.runtime.memory_media_file_storage import _calculate_file_id

from dashboard.asking import run
from dashboard.asking.access import owner
from dashboard.door.ownership import FILES


def download_button(
    label: str, make: Callable[[], bytes], file_name: str, mime: str, key: str, *, quiet: bool = False
) -> None:
    """Offers what `make` returns. The route that hands it out asks FILES whose it is.

    A `quiet` one is a word among others. `make` is called when the button is pressed, in a thread that has no session:
    what it asks is asked for this run.
    """
    mine, make_later = owner(), run.kept(make)

    def made() -> bytes:
        content = make_later()
        FILES.note(_calculate_file_id(content, mime, file_name), mine)
        return content

    icon = None if quiet else ":material/download:"
    look: Literal["tertiary", "secondary"] = "tertiary" if quiet else "secondary"
    st.download_button(
        label, data=made, file_name=file_name, mime=mime, on_click="ignore", icon=icon, type=look, key=key
    )
