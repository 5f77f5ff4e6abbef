"""The upload panel of the Data page: choose files, see what an import would do, then import. For the PM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

import htpy as h
import pandas as pd
import streamlit as st

from dashboard import settings
from dashboard.asking import cached, filters
from dashboard.asking.access import Viewer
from dashboard.parts.page_parts import empty, show
from dashboard.parts.tables import config_of, table_with_download
from dashboard.subjects.data import columns_form, uploads
from dashboard.words.sentences import ROWS, Counted, say
from dashboard.words.text import plain
from data_access.answers import Count, Text, columns_of, table, typed
from data_access.imports.report import EXPECTED, ImportReport
from data_access.imports.rows import ImportRefused
from data_access.questions.data.imports_log import ImportHint, ImportTotal, LoggedImport, import_hints
from data_access.questions.data.live_sources import LiveSource, live_sources
from data_access.questions.data.refused_imports import RefusedImport, refused_imports
from data_access.questions.registry import question_of

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from data_access.imports.mapping.known import Known
    from data_access.imports.mapping.mapping import SheetMapping
    from data_access.imports.unmapped import Unmapped

_ASKED, _READINGS = "uplift_asked_columns", "uplift_chosen_columns"
_CHECKED, _DONE, _ROUND = "uplift_checked_upload", "uplift_finished_import", "uplift_upload_round"
CHECKED = "{rows} read: {created} new, {changed} changed, {unchanged} as before. Nothing has been written yet."
NOT_READ = "Columns that are not read: {columns}."
PROBLEMS = Counted(
    "{n} problem to mend. Each is listed with its remedy.", "{n} problems to mend. Each is listed with its remedy."
)
HINTS = Counted(
    "{n} hint: nothing that stops the import, but worth a look.",
    "{n} hints: nothing that stops the import, but worth a look.",
)
CLASHING = Counted(
    "{n} row differs from what people recorded here. What they recorded is kept unless you choose the file’s.",
    "{n} rows differ from what people recorded here. What they recorded is kept unless you choose the file’s.",
)
OVERWRITE = "Take the file’s values where people recorded others"
OVERWRITE_HELP = "A payment that was recorded here is kept all the same: undo it on the Requests page."
NOTHING_TO_IMPORT = "There is nothing to import: no row of these files can be taken."
MEND = "Mend broken text: CafÃ© becomes Café"
MEND_HELP = "Some text was read in the wrong encoding before it came here, and can be put right."
OVER_SAMPLE = "Add these files to the sample program, among its made-up people and events"
OVER_SAMPLE_HELP = "Better start your own program first, with the button at the top: it is then empty for your files."
UNREAD = "Not read, because no table was recognised in them: {files}."
IMPORTED = "Imported: {rows} created, {changed} changed, {rejected} left out (import {number})."


class TableCounts(NamedTuple):
    """What an import would do to one table."""

    table: Annotated[str, Text("Table")]
    read: Annotated[int, Count("Read", "rows")]
    created: Annotated[int, Count("Created", "rows")]
    changed: Annotated[int, Count("Changed", "rows")]
    unchanged: Annotated[int, Count("Unchanged", "rows")]
    rejected: Annotated[int, Count("Rejected", "rows")]


def imported(log: pd.DataFrame, totals: ImportTotal) -> None:
    """What was imported, newest first, and, inside, the hints of the last import."""
    st.header("What was imported", anchor=False)
    if log.empty:
        empty("Nothing has been imported yet.", "Import your files below, or with `uplift import`.")
        return
    now = filters.asked()
    narrow = ("import_id", "rows", "created", "changed", "unchanged", "rejected", "hints")
    names = [name for name in LoggedImport._fields if now.scope.inside or name not in ("imported_by", "source")]
    table_with_download(
        log[names],
        "imports",
        alt="Imports, newest first",
        columns=LoggedImport,
        widths=dict.fromkeys(narrow, "small"),
    )
    if totals.imports > len(log):
        st.caption(say("The newest {shown} of {n}.", shown=len(log), n=totals.imports))
    if not now.scope.inside:
        return
    hints = cached.answer(import_hints, now.selection, now.scope)
    in_all = max(totals.hints or 0, len(hints))
    label = "Hints of the last import ({n})" if in_all == len(hints) else "{shown} of {n} hints of the last import"
    with st.expander(say(label, n=in_all, shown=len(hints)), icon=":material/lightbulb:"):
        table_with_download(hints, "import_hints", alt="Hints of the last import", columns=ImportHint)


def refused() -> None:
    """The imports of files that came to nothing, folded away: none of them changed anything."""
    # They make no new data version, by which answers are kept.
    now = filters.asked()
    with cached.current().program.connect() as connection:
        listed = question_of(refused_imports).ask(connection, now.selection, now.scope)
    if listed.empty:
        return
    with st.expander(say("Imports that were refused ({n})", n=len(listed)), icon=":material/block:"):
        st.caption("Nothing was changed by them. Mend the files and import them again.")
        table_with_download(
            listed, "refused_imports", alt="Imports that were refused, newest first", columns=RefusedImport
        )


def sources() -> None:
    """The addresses that are asked for news, and what came of it; they are named on the command line alone."""
    st.header("Live sources", anchor=False)
    now = filters.asked()
    # Asking a source changes what came of it without a new data version, by which answers are kept.
    with cached.current().program.connect() as connection:
        listed = question_of(live_sources).ask(connection, now.selection, now.scope)
    if listed.empty:
        st.caption("No address is asked for news. Name one with `uplift source add`, and ask it with `uplift sync`.")
        return
    table_with_download(
        listed,
        "live_sources",
        alt="Live sources, by name",
        columns=LiveSource,
        widths={"name": "small", "kind": "small", "outcome": "large", "next_step": "large"},
    )


def upload_panel(viewer: Viewer) -> None:
    """Nothing is written before the button under the report is pressed."""
    if sentence := st.session_state.pop(_DONE, ""):
        st.success(plain(sentence), icon=":material/check_circle:")
    st.download_button(
        "Empty workbook to fill in",
        _template,
        "program.xlsx",
        icon=":material/table:",
        key="template",
        help="A sheet for each table, with notes, lists to choose from and an example. Fill it in and import it.",
    )
    limit = settings.current().max_upload_mb
    files = st.file_uploader(
        "Files to import",
        type=list(uploads.ENDINGS),
        accept_multiple_files=True,
        max_upload_size=limit,
        key=f"upload_{st.session_state.get(_ROUND, 0)}",
        help="A bundle (.zip, .xlsx or its .csv files), a calendar (.ics), an export Uplift knows, or any table. First "
        "you see what would happen; nothing is written until you say so.",
    )
    if not files:
        return
    # A report is of these files and of the program as it was: once that changed they are checked again.
    key = (*(file.file_id for file in files), repr(cached.version()))
    checked: tuple[tuple[str, ...], ImportReport | str] | None = st.session_state.get(_CHECKED)
    if checked is None or checked[0] != key:
        readings = _which_columns(files, key)
        if readings is None:
            return
        st.session_state[_READINGS] = readings
        st.session_state[_CHECKED] = (key, _run(files, viewer, dry_run=True, skip_bad_rows=False))
        st.rerun()
    report = checked[1]
    if isinstance(report, str):
        st.error(plain(report), icon=":material/block:")
        return
    if st.session_state.get(_READINGS) and st.button(
        "Change which column is which", icon=":material/arrow_back:", key="change_columns"
    ):
        st.session_state.pop(_CHECKED)
        st.rerun()
    _show_report(report)
    _offer_import(files, viewer, report)


def _template() -> bytes:
    from data_access.imports.template import template

    return template()


def _which_columns(files: Sequence[UploadedFile], key: tuple[str, ...]) -> list[SheetMapping] | None:
    """How tables with columns of their own are read, once the files are to be checked; None while that is open."""
    asked: tuple[tuple[str, ...], list[Unmapped], Known | None] | None = st.session_state.get(_ASKED)
    if asked is None or asked[0] != key:
        if not st.button("Check the files", type="primary", icon=":material/fact_check:", key="check_upload"):
            return None
        try:
            with st.spinner("Reading the files…"):
                limit = settings.current().max_upload_mb * 1_000_000
                asked = (key, *uploads.unmapped_tables(cached.current(), files, limit))
        except ImportRefused:
            asked = (key, [], None)  # checking the files says why
        st.session_state[_ASKED] = asked
        if asked[1]:
            st.rerun()
    _, tables, known = asked
    return columns_form.choose(tables, known) if tables and known else []


def _run(
    files: Sequence[UploadedFile],
    viewer: Viewer,
    *,
    dry_run: bool,
    skip_bad_rows: bool,
    overwrite_recorded: bool = False,
    mend_text: bool = False,
    over_sample: bool = False,
) -> ImportReport | str:
    """The report, or the sentence that says why the files were refused."""
    bar = st.progress(0.0, text="Reading the files…")

    def report(step: str, done: int, total: int | None) -> None:
        template = "{step}: {done} of {total}" if total else "{step}: {done} rows"
        share = min(done / total, 1.0) if total else 0.0
        bar.progress(share, text=plain(say(template, step=step, done=done, total=total or 0)))

    try:
        return uploads.import_files(
            cached.current(),
            files,
            dry_run=dry_run,
            skip_bad_rows=skip_bad_rows,
            overwrite_recorded=overwrite_recorded,
            mend_text=mend_text,
            over_sample=over_sample,
            readings=st.session_state.get(_READINGS, ()),
            by=viewer.name,
            most_bytes=settings.current().max_upload_mb * 1_000_000,
            progress=report,
        )
    except ImportRefused as refusal:
        return str(refusal).replace("`", "")
    finally:
        bar.empty()


def _show_report(report: ImportReport) -> None:
    errors, hints = len(report.errors), report.hint_count
    show(h.p(".up-empty")["What the import would do"])
    sentence = say(
        CHECKED,
        rows=ROWS(report.total("read")),
        created=report.total("created"),
        changed=report.total("changed"),
        unchanged=report.total("unchanged"),
    )
    st.write(plain(sentence))
    if report.counts:
        _counts_by_table(report)
    if report.unknown_columns:
        st.warning(plain(say(NOT_READ, columns=", ".join(report.unknown_columns))), icon=":material/info:")
    if report.unread:
        st.warning(plain(say(UNREAD, files=", ".join(report.unread))), icon=":material/info:")
    if errors:
        st.error(PROBLEMS(errors), icon=":material/error:")
    elif hints:
        st.info(HINTS(hints), icon=":material/info:")
    if report.clashes:
        st.warning(CLASHING(len(report.clashes)), icon=":material/person_edit:")
    if report.problems:
        table_with_download(
            typed(ImportHint, pd.DataFrame([problem.as_dict() for problem in report.problems], dtype=object)),
            "import_problems",
            alt="Problems of the uploaded files",
            columns=ImportHint,
            shown=["severity", "file", "line", "column", "value", "problem", "remedy"],
            label="Download all problems as CSV",
        )


def _counts_by_table(report: ImportReport) -> None:
    counts = [
        TableCounts(name, found.read, found.created, found.changed, found.unchanged, found.rejected)
        for name, found in report.counts.items()
    ]
    st.dataframe(
        table(TableCounts, counts),
        hide_index=True,
        column_config={column.name: config_of(column) for column in columns_of(TableCounts)},
        alt="Rows by table",
        key="upload_counts",
    )


def _offer_import(files: Sequence[UploadedFile], viewer: Viewer, report: ImportReport) -> None:
    errors = len(report.errors)
    if report.nothing_taken:
        st.error(NOTHING_TO_IMPORT, icon=":material/block:")
        st.caption(EXPECTED)
        return
    mend = report.mendable and st.checkbox(MEND, key="mend_text", help=MEND_HELP)
    theirs = bool(report.clashes) and st.checkbox(OVERWRITE, key="overwrite_recorded", help=OVERWRITE_HELP)
    sample = cached.holds_sample(viewer.scope)
    if sample and not st.checkbox(OVER_SAMPLE, key="over_sample", help=OVER_SAMPLE_HELP):
        return
    label = "Import the good rows, leave out the bad ones" if errors else "Import now"
    if not st.button(label, type="secondary" if errors else "primary", icon=":material/upload:", key="commit_upload"):
        return
    done = _run(
        files,
        viewer,
        dry_run=False,
        skip_bad_rows=bool(errors),
        overwrite_recorded=theirs,
        mend_text=mend,
        over_sample=sample,
    )
    if isinstance(done, str) or not done.committed:
        st.error(plain(done if isinstance(done, str) else done.in_words()), icon=":material/block:")
        return
    st.session_state[_DONE] = say(
        IMPORTED,
        rows=ROWS(done.total("created")),
        changed=done.total("changed"),
        rejected=done.total("rejected"),
        number=str(done.import_id),
    )
    for name in (_CHECKED, _ASKED, _READINGS):
        st.session_state.pop(name, None)
    # A new key empties the uploader: the same files must not be imported twice by a second press.
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()
