"""The program's own small tables: its settings, areas, regions, targets, disputes and exchange rates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sample_data.draws import below, cumulative, pick_one, stream
from sample_data.members import FLOOR, GRACE_QUARTERS
from sample_data.money import CEILING
from sample_data.places import SPACES, opening
from sample_data.rates import PROGRAM_CURRENCY
from sample_data.spaces import weekly_target
from sample_data.teams import AREAS, TEAMS
from sample_data.timeline import Timeline

# Where the program's own grouping differs from UN M49, by who looks after which countries.
REGIONS = (
    ("MX", "Northern America"),
    ("TR", "Southern Europe"),
    ("GE", "Eastern Europe"),
    ("AM", "Eastern Europe"),
    ("TW", "Eastern Asia"),
)
_KINDS = ("member conflict", "reimbursement", "code of conduct", "event ownership", "selection of members")
_KIND_SHARES = cumulative((0.34, 0.28, 0.14, 0.16, 0.08))
_OUTCOMES = {
    "member conflict": ("Mediated; both continue", "Separate circles agreed", "No agreement; one member left"),
    "reimbursement": ("Paid after receipts arrived", "Partly paid", "Declined: outside the approved budget"),
    "code of conduct": ("Warning given", "Membership ended", "Not upheld"),
    "event ownership": ("Shared organization agreed", "Decided by the local circle"),
    "selection of members": ("Evaluation repeated, same result", "Admitted to the next cohort"),
}
# A year's target against what a year of this size brings, by years since the program began.
_AMBITION = (0.8, 1.05, 1.0, 1.15, 1.0, 1.05, 1.1)


def program_rows() -> list[list[str | int]]:
    """The one row of `program`."""
    settings: list[str | int] = [PROGRAM_CURRENCY, "01-01", FLOOR, GRACE_QUARTERS, f"{CEILING}.00", 5, 3, 12, 90, 180]
    return [["Open Web Uplift", *settings]]


def area_rows() -> list[list[str]]:
    """The `areas` table; coding is the only one that is code."""
    return [[area, "yes" if area == "coding" else "no"] for area in AREAS]


def region_rows() -> list[list[str]]:
    """The `regions` table."""
    return [list(row) for row in REGIONS]


def dispute_rows(timeline: Timeline, members: int, seed: int) -> list[list[str]]:
    """The `disputes` table: about one for every five members, two or three of them open, one for too long."""
    rng = stream(seed, "disputes")
    count = max(3, min(members // 5, 400))
    days = sorted(int(timeline.today * (0.12 + 0.88 * rng.random() ** 0.8)) for _ in range(count - 3))
    days += [max(timeline.today - age, 0) for age in (131, 38, 6)]
    rows = []
    for number, opened in enumerate(days):
        kind = _KINDS[pick_one(rng, _KIND_SHARES)]
        closed = opened + 5 + int(70 * rng.random() ** 2)
        choices = _OUTCOMES[kind]
        outcome = choices[below(rng, len(choices))]
        still_open = number >= count - 3 or closed > timeline.today
        row = [f"q{number + 1:04d}", kind, timeline.text(opened)]
        rows.append([*row, "", ""] if still_open else [*row, timeline.text(closed), outcome])
    return rows


def dispute_step_rows(timeline: Timeline, disputes: Sequence[Sequence[str]]) -> list[list[str]]:
    """The `dispute_steps` table: what was done in each; one that is open still waits for its judgement."""
    rows = []
    for number, (key, _, opened, closed, _) in enumerate(disputes):
        first, last = date.fromisoformat(opened), date.fromisoformat(closed) if closed else timeline.as_of
        done = ["received", "heard", "judged", "told"] if closed else ["received", "heard"][: 1 + number % 2]
        span = (last - first).days
        rows += [
            [key, step, (first + timedelta(days=span * place // 4)).isoformat()] for place, step in enumerate(done)
        ]
    return rows


def target_rows(timeline: Timeline, events: int, contributions: int, people: int) -> list[list[str | int]]:
    """The `targets` table: calendar years for the program, and this year's contributors for some teams."""
    yearly = {
        "events": events / 5,
        "attendance": events / 5 * 30,
        "new_contributors": people / 5 * 0.8,
        "active_contributors": min(people * 0.11, contributions / 60),
        "countries": min(62.0, max(events / 8, 3.0)),
        "languages": min(34.0, max(events / 12, 3.0)),
        "spend": events / 5 * 62,
    }
    rows: list[list[str | int]] = []
    for position, year in enumerate(range(timeline.start.year, timeline.as_of.year + 1)):
        first, last = date(year, 1, 1), date(year, 12, 31)
        if position == 0:
            first = timeline.start
        share = ((last - first).days + 1) / 365
        growth = 0.62 + 0.14 * position
        for metric, value in yearly.items():
            goal = (
                value
                * _AMBITION[min(position, 6)]
                * (growth * share if metric not in ("countries", "languages") else 0.7 + 0.06 * position)
            )
            rows.append([metric, first.isoformat(), last.isoformat(), _round(goal), ""])
    start = date(timeline.as_of.year, 1, 1)
    for team in TEAMS[:8]:
        goal = min(people * 0.11, contributions / 60) * 0.09 * team.size
        period_end = start.replace(month=12) + timedelta(days=30)
        rows.append(
            ["active_contributors", start.isoformat(), period_end.isoformat(), _round(goal), f"team:{team.key}"]
        )
    # The two of the whole program, and what the pilot that runs is to hold.
    rows.append(
        [
            "contributor_base",
            date(start.year - 3, 1, 1).isoformat(),
            start.replace(month=12, day=31).isoformat(),
            10,
            "",
        ]
    )
    weekly = weekly_target(timeline, events)
    goal = sum(space.closed is None for space in SPACES) * weekly * 32
    rows.append(["new_active_contributors", start.isoformat(), start.replace(month=12, day=31).isoformat(), goal, ""])
    for number, space in enumerate(SPACES):
        first = timeline.date(opening(timeline, number)[0])
        if space.pilot_days and first <= timeline.as_of:
            last = first + timedelta(days=space.pilot_days - 1)
            due = max(round(weekly * space.pilot_days / 7), 1)
            rows.append(["events", first.isoformat(), last.isoformat(), due, f"space:{space.key}"])
    return rows


def _round(goal: float) -> int:
    """Targets are set in round numbers."""
    step = 1 if goal < 20 else 5 if goal < 100 else 50 if goal < 2000 else 500
    return max(round(goal / step), 1) * step


def rate_rows(rates: dict[str, list[tuple[date, str]]]) -> list[list[str]]:
    """The `exchange_rates` table."""
    return [[currency, day.isoformat(), rate] for currency, values in rates.items() for day, rate in values]
