"""A table on a page, and the same table as a CSV file that no spreadsheet will run as a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.parts.downloads import download_button
from dashboard.parts.spreadsheet import to_csv

MOST_SHOWN = 500
CODES = ("mode", "status", "role", "kind")
CHANGE_COLUMNS: dict[str, Any] = {
    "country": None,  # the code says nothing that the name does not; the download has it
    "name": st.column_config.TextColumn("Country", width=130),
    "events": st.column_config.NumberColumn("Events", format="localized", width="small"),
    "before": st.column_config.NumberColumn("Before", format="localized", width="small"),
    "change": st.column_config.NumberColumn("Change", format="%+d", width="small"),
    "attendance": st.column_config.NumberColumn("Attendance", format="localized", width="small"),
}
EVENT_COLUMNS = {
    "title": st.column_config.TextColumn("Title", width="medium"),
    "starts_on": st.column_config.DateColumn("Starts on", format="D MMM YYYY"),
    "event_key": st.column_config.TextColumn("Key"),
    "status": "Status",
    "mode": "Mode",
    "city": "City",
    "state": "State",
    "country": "Country",
    "url": "Address",
    "problem": "Problem",
}
IMPORT_COLUMNS = {
    "import_id": st.column_config.NumberColumn("Import", width="small"),
    "finished_at": st.column_config.DatetimeColumn("Finished (UTC)", format="YYYY-MM-DD HH:mm"),
    "imported_by": "By",
    "kind": "What",
    "source": "Source",
    "format": "Format",
    **{
        name: st.column_config.NumberColumn(name.capitalize(), format="localized", width="small")
        for name in ("rows", "created", "changed", "unchanged", "rejected", "hints")
    },
}


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """The table as people read it: codes such as `in_person` without their underscore. The download keeps the codes."""
    shown = table.copy(deep=False)
    for name in CODES:
        if name in shown.columns:
            shown[name] = [value.replace("_", " ") if isinstance(value, str) else value for value in shown[name]]
    return shown


def table_with_download(
    table: pd.DataFrame,
    name: str,
    *,
    alt: str,
    columns: Mapping[str, Any] | None = None,
    shown: list[str] | None = None,
    height: int | None = None,
    on_select: Any = None,
    label: str = "Download as CSV",
) -> None:
    """The table, with a button that saves all its rows as `name`.csv. `on_select` is called when a row is chosen."""
    some = in_words(table.head(MOST_SHOWN))
    for column, config in (columns or {}).items():
        # A share to the hundredth of a per cent would be more than anybody knows; the download has it in full.
        if column in some and isinstance(config, dict) and config.get("type_config", {}).get("format") == "percent":
            some[column] = some[column].round(2)
    if shown is None:
        # A column without any value says nothing on a narrow screen; the download keeps it.
        shown = [str(column) for column in some.columns if some.empty or some[column].notna().any()]
    extra: dict[str, Any] = {"height": height} if height else {}
    if on_select is not None:
        extra |= {"on_select": on_select, "selection_mode": "single-row"}
    st.dataframe(
        some,
        hide_index=True,
        column_config=dict(columns or {}),
        column_order=shown,
        key=f"table_{name}",
        alt=alt,
        placeholder="–",
        width="stretch",
        **extra,
    )
    if len(table) > MOST_SHOWN:
        st.caption(f"The first {MOST_SHOWN:,} of {len(table):,} rows; the download has them all.")
    download_button(label, lambda: to_csv(table), f"{name}.csv", "text/csv", f"download_{name}")
