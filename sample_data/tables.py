"""Writes tables of the data contract as CSV, row by row, and counts what was written."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType

Progress = Callable[[str, int, int], None]
Cell = str | int | float

# The order in which each table's rows are made here; a test holds the names against the contract.
_COLUMNS = {
    "program": "name currency fiscal_year_start floor_events_per_quarter grace_quarters member_ceiling min_group_size "
    "active_min core_min window_days conversion_window_days",
    "regions": "country region",
    "spaces": "space_key name city country latitude longitude opened_on closed_on pilot_started_on pilot_days "
    "target_events_per_week target_events_per_year target_new_contributors_per_event coordinator_technical "
    "coordinator_community",
    "areas": "area is_code",
    "teams": "team_key name area partner coordinator_key coordinator_appointed_on",
    "team_stages": "team_key stage entered_on note",
    "team_milestones": "team_key milestone reached_on evidence_url note",
    "team_risks": "risk_key team_key risk severity raised_on closed_on",
    "people": "person_key name home_city home_state home_country home_latitude home_longitude joined_on languages "
    "entry_channel code_version code_accepted_on",
    "person_attributes": "person_key dimension value consented_on",
    "cohorts": "cohort_key name applications_open_on applications_close_on training_starts_on graduates_on places",
    "applications": "application_key person_key cohort_key applied_on evaluated_on score decision decided_on "
    "trained_on graduated_on",
    "application_reviews": "application_key reviewer assigned_on reviewed_on score",
    "trainings": "training_key title kind held_on cohort_key",
    "training_attendance": "training_key person_key attended",
    "thanks": "person_key occasion occasion_on given_on how",
    "memberships": "membership_key person_key cohort_key started_on ended_on end_reason hired_by grace_starts_on "
    "grace_ends_on",
    "events": "event_key title starts_on ends_on status mode format scale venue city state country latitude longitude "
    "space_key team_key area topics languages attendance new_contributors url",
    "participations": "event_key person_key role language rating",
    "materials": "material_key title kind language author_key event_key published_on original_key url",
    "budgets": "fiscal_year amount currency person_key approved_on",
    "funding_requests": "request_key person_key event_key category requested_amount currency requested_on decision "
    "decided_on approved_amount paid_amount paid_on",
    "contributions": "person_key contributed_on area team_key quantity event_key project",
    "mentorships": "mentor_key mentee_key started_on ended_on circle",
    "challenges": "challenge_key event_key phase kind project completed_count",
    "organizer_needs": "need_key kind note raised_on met_on event_key city person_key",
    "disputes": "dispute_key kind opened_on closed_on outcome",
    "space_notes": "note_key space_key kind noted_on note due_on done_on",
    "dispute_steps": "dispute_key step done_on",
    "decisions": "decision_key topic what decided_on who_decides who_agrees consulted informed status evidence_url "
    "supersedes",
    "targets": "metric period_start period_end value scope",
    "exchange_rates": "currency on rate_to_program_currency",
}
COLUMNS = {table: tuple(names.split()) for table, names in _COLUMNS.items()}


class TableFile:
    """One CSV file. Rows follow `COLUMNS`; `written` counts them and `progress` hears of them."""

    def __init__(self, out: Path, table: str, total: int = 0, progress: Progress | None = None) -> None:
        self.table = table
        self.written = 0
        self._total = total
        self._progress = progress
        # A fixed line end keeps the bytes equal on every system.
        self._file = (out / f"{table}.csv").open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(COLUMNS[table])

    def write(self, rows: Iterable[Sequence[Cell]], count: int) -> None:
        """Append `count` rows."""
        self._writer.writerows(rows)
        self.written += count
        self._report()

    def __enter__(self) -> TableFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def _report(self) -> None:
        if self._progress is not None:
            self._progress(self.table, self.written, max(self._total, self.written))


def write_table(out: Path, table: str, rows: Sequence[Sequence[Cell]], progress: Progress | None = None) -> int:
    """Write a table that fits in memory; the number of rows."""
    with TableFile(out, table, len(rows), progress) as file:
        file.write(rows, len(rows))
        return file.written
