"""The upload panel of the Data page: choose files, see what an import would do, then import. For the PM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import htpy as h
import pandas as pd
import streamlit as st

from dashboard import settings
from dashboard.asking import cached
from dashboard.asking.access import Viewer
from dashboard.parts.page_parts import show
from dashboard.parts.tables import table_with_download
from dashboard.subjects.data import uploads
from dashboard.words.text import counted, plain
from data_access.imports.report import ImportReport
from data_access.imports.rows import ImportRefused

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_CHECKED, _DONE, _ROUND = "uplift_checked_upload", "uplift_finished_import", "uplift_upload_round"
_COUNTS = ("read", "created", "changed", "unchanged", "rejected")


def upload_panel(viewer: Viewer) -> None:
    """Nothing is written before the button under the report is pressed."""
    if words := st.session_state.pop(_DONE, ""):
        st.success(plain(words), icon=":material/check_circle:")
    limit = settings.current().max_upload_mb
    files = st.file_uploader(
        "Files to import",
        type=list(uploads.ENDINGS),
        accept_multiple_files=True,
        max_upload_size=limit,
        key=f"upload_{st.session_state.get(_ROUND, 0)}",
        help="A bundle (.zip, .xlsx or its .csv files), a calendar (.ics), or an export Uplift knows. First you see "
        "what would happen; nothing is written until you say so.",
    )
    if not files:
        return
    key = tuple(file.file_id for file in files)
    checked: tuple[tuple[str, ...], ImportReport | str] | None = st.session_state.get(_CHECKED)
    if checked is None or checked[0] != key:
        if not st.button("Check the files", type="primary", icon=":material/fact_check:", key="check_upload"):
            return
        st.session_state[_CHECKED] = (key, _run(files, viewer, dry_run=True, skip_bad_rows=False))
        st.rerun()
    report = checked[1]
    if isinstance(report, str):
        st.error(plain(report), icon=":material/block:")
        return
    _show_report(report)
    _offer_import(files, viewer, report)


def _run(files: Sequence[UploadedFile], viewer: Viewer, *, dry_run: bool, skip_bad_rows: bool) -> ImportReport | str:
    """The report, or the sentence that says why the files were refused."""
    bar = st.progress(0.0, text="Reading the files…")

    def tell(text: str, done: int, total: int | None) -> None:
        share = min(done / total, 1.0) if total else 0.0
        bar.progress(share, text=plain(f"{text}: {done:,}" + (f" of {total:,}" if total else " rows")))

    try:
        return uploads.import_files(
            cached.current(),
            files,
            dry_run=dry_run,
            skip_bad_rows=skip_bad_rows,
            by=viewer.name,
            most_bytes=settings.current().max_upload_mb * 1_000_000,
            progress=tell,
        )
    except ImportRefused as refusal:
        return str(refusal).replace("`", "")
    finally:
        bar.empty()


def _show_report(report: ImportReport) -> None:
    errors, hints = len(report.errors), report.hint_count
    words = f"{counted(report.total('read'), 'row')} read: {report.total('created'):,} new"
    show(h.p(".up-empty")["What the import would do"])
    words += f", {report.total('changed'):,} changed, {report.total('unchanged'):,} as before."
    st.write(plain(f"{words} Nothing has been written yet."))
    counts = [(name, *(getattr(counts, part) for part in _COUNTS)) for name, counts in report.counts.items()]
    if counts:
        names = {part: part.capitalize() for part in _COUNTS}
        table = pd.DataFrame(counts, columns=["table", *_COUNTS]).rename(columns={"table": "Table", **names})
        st.dataframe(table, hide_index=True, alt="Rows by table", key="upload_counts")
    if report.unknown_columns:
        st.warning(plain(f"Columns that are not read: {', '.join(report.unknown_columns)}."), icon=":material/info:")
    if errors:
        st.error(f"{counted(errors, 'problem')} to mend. Each is listed with its remedy.", icon=":material/error:")
    elif hints:
        st.info(f"{counted(hints, 'hint')}: nothing that stops the import, but worth a look.", icon=":material/info:")
    if report.problems:
        table_with_download(
            pd.DataFrame([problem.as_dict() for problem in report.problems]),
            "import_problems",
            alt="Problems of the uploaded files",
            shown=["severity", "file", "line", "column", "value", "problem", "remedy"],
            label="Download all problems as CSV",
        )


def _offer_import(files: Sequence[UploadedFile], viewer: Viewer, report: ImportReport) -> None:
    errors = len(report.errors)
    label = "Import the good rows, leave out the bad ones" if errors else "Import now"
    if not st.button(label, type="secondary" if errors else "primary", icon=":material/upload:", key="commit_upload"):
        return
    done = _run(files, viewer, dry_run=False, skip_bad_rows=bool(errors))
    if isinstance(done, str) or not done.committed:
        st.error(plain(done if isinstance(done, str) else done.in_words()), icon=":material/block:")
        return
    st.session_state[_DONE] = (
        f"Imported: {counted(done.total('created'), 'row')} created, {done.total('changed'):,} changed, "
        f"{done.total('rejected'):,} left out (import {done.import_id})."
    )
    st.session_state.pop(_CHECKED, None)
    # A new key empties the uploader: the same files must not be imported twice by a second press.
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()
