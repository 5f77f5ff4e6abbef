"""Makes a believable program of any size as an import bundle: what `uplift sample` runs.

The same arguments give the same bytes. Rows are written as they are drawn; what stays in memory is a few bytes an event
and a person.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from data_access.contract.tables import MILESTONES
from sample_data import (
    contributions,
    decisions,
    event_details,
    event_rows,
    members,
    money,
    needs,
    people_rows,
    practice,
    program_rows,
    rates,
    spaces,
    teams,
)
from sample_data import people as pe
from sample_data.events import draw_events
from sample_data.people import CORE, People, draw_people, person_key
from sample_data.tables import Cell, Progress, write_table
from sample_data.timeline import Timeline, make_timeline

AS_OF = date(2026, 9, 15)
LIMITS = {
    "events": (0, 10_000_000),
    "contributions": (0, 100_000_000),
    "people": (1, 1_000_000),
    "seed": (0, 2**63 - 1),
}
_AS_OF_RANGE = (date(2000, 1, 1), date(2099, 12, 31))


def write_program(
    out: Path,
    *,
    events: int = 3000,
    contributions: int = 60000,
    people: int = 2000,
    seed: int = 1,
    as_of: date = AS_OF,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write the bundle into the folder `out` (made if absent); the number of rows of each table.

    The program covers the sixty calendar months up to `as_of`; planned events reach three months further. `progress` is
    called with (table, rows so far, expected rows). Files of an earlier run are replaced.
    """
    _check({"events": events, "contributions": contributions, "people": people, "seed": seed}, as_of)
    out.mkdir(parents=True, exist_ok=True)
    return _Bundle(out, as_of, seed, progress).write(events, contributions, people)


def _check(numbers: dict[str, int], as_of: date) -> None:
    for name, value in numbers.items():
        least, most = LIMITS[name]
        if not least <= value <= most:
            raise ValueError(f"--{name} must be between {least:,} and {most:,}; it is {value:,}")
    if not _AS_OF_RANGE[0] <= as_of <= _AS_OF_RANGE[1]:
        raise ValueError(f"--as-of must be between {_AS_OF_RANGE[0]} and {_AS_OF_RANGE[1]}; it is {as_of}")


class _Bundle:
    """One run: where it writes, and its counts so far."""

    def __init__(self, out: Path, as_of: date, seed: int, progress: Progress | None) -> None:
        self._out = out
        self._seed = seed
        self._progress = progress
        self._timeline = make_timeline(as_of, seed)
        self._counts: dict[str, int] = {}

    def write(self, event_count: int, contribution_count: int, people_count: int) -> dict[str, int]:
        """All tables, in the contract's order."""
        out, timeline, seed, progress, counts = self._out, self._timeline, self._seed, self._progress, self._counts
        all_events = draw_events(timeline, event_count, seed)
        everyone = draw_people(timeline, all_events, people_count, seed)
        histories = contributions.draw_histories(timeline, everyone, contribution_count, seed)
        program = members.draw_program(timeline, all_events, everyone, seed)
        monthly = rates.monthly_rates(timeline, seed)
        converter = rates.Converter(monthly)
        funding = money.draw_money(timeline, all_events, program.members, converter, seed)

        self._table("program", program_rows.program_rows())
        self._table("regions", program_rows.region_rows())
        self._table("spaces", spaces.space_rows(timeline, event_count, everyone))
        self._table("areas", program_rows.area_rows())
        self._table("teams", teams.team_rows(timeline, _coordinators(timeline, everyone)))
        self._table("team_stages", teams.stage_rows(timeline))
        self._table("team_milestones", teams.milestone_rows(timeline, MILESTONES, seed))
        self._table("team_risks", teams.risk_rows(timeline, seed))
        counts["people"] = people_rows.write_people(
            out, timeline, everyone, members.accepted_codes(timeline, program.members), seed, progress
        )
        counts["person_attributes"] = people_rows.write_attributes(out, timeline, everyone, seed, progress)
        self._table("cohorts", program.cohorts)
        self._table("applications", program.applications)
        self._table("application_reviews", practice.review_rows(timeline, program.applications))
        self._table("trainings", practice.training_rows(timeline, program.cohorts))
        self._table("training_attendance", practice.attendance_rows(timeline, program))
        self._table("memberships", members.membership_rows(timeline, program.members))
        counts["events"] = event_rows.write_events(out, timeline, all_events, people_count, seed, progress)
        counts["participations"] = event_details.write_participations(
            out, timeline, all_events, everyone, program.members, seed, progress
        )
        counts["materials"] = event_details.write_materials(
            out, timeline, all_events, everyone, program.members, seed, progress
        )
        self._table("budgets", money.budget_rows(timeline, funding, program.members, converter))
        self._table("funding_requests", money.request_rows(timeline, funding.requests, program.members))
        counts["contributions"], first_days = contributions.write_contributions(
            out, timeline, all_events, everyone, histories, seed, progress
        )
        self._table("thanks", practice.thanks_rows(timeline, all_events, program.members, first_days))
        counts["mentorships"] = people_rows.write_mentorships(out, timeline, everyone, seed, progress)
        counts["challenges"] = event_details.write_challenges(out, timeline, all_events, seed, progress)
        self._table("organizer_needs", needs.need_rows(timeline, all_events, everyone, seed))
        self._table("space_notes", spaces.note_rows(timeline))
        disputes = program_rows.dispute_rows(timeline, len(program.members), seed)
        self._table("disputes", disputes)
        self._table("dispute_steps", program_rows.dispute_step_rows(timeline, disputes))
        self._table("decisions", decisions.decision_rows(timeline))
        self._table("targets", program_rows.target_rows(timeline, event_count, contribution_count, people_count))
        self._table("exchange_rates", program_rows.rate_rows(monthly))
        return counts

    def _table(self, name: str, rows: list[list[str]] | list[list[str | int]] | list[list[Cell]]) -> None:
        self._counts[name] = write_table(self._out, name, rows, self._progress)


def _coordinators(timeline: Timeline, people: People) -> dict[int, str]:
    """For each team one of its earliest and most active people."""
    found: dict[int, tuple[int, int]] = {}
    for number, (team, temperament) in enumerate(zip(people.team.tolist(), people.temperament.tolist(), strict=True)):
        best = (-temperament, number)
        if team >= 0 and temperament > pe.ABSENT and best < found.get(team, (1, 0)):
            found[team] = best
        if len(found) == len(teams.TEAMS) and all(rank == -CORE for rank, _ in found.values()):
            break
    return {team: person_key(number) for team, (_, number) in found.items()}
