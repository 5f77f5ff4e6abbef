"""The teams of the sample: their areas, their way through the five lifecycle stages, milestones and risks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sample_data.draws import Array, Floats, below, cumulative, stream
from sample_data.timeline import Timeline

AREAS = (
    "coding",
    "engagement",
    "location services",
    "QA",
    "user research",
    "documentation",
    "localization",
    "privacy/policy",
    "support",
    "web compatibility",
)
STAGES = ("pre_work", "starting", "learning", "scaling", "sustaining")
_AFRICA = ("KE", "GH", "ZA", "SN", "RW", "UG", "CI", "BJ", "CM")

PROJECTS = {
    "coding": ("Lantern engine", "Lantern add-ons", "Build tools"),
    "engagement": ("Campus clubs", "Community newsletter", "Welcome calls"),
    "location services": ("Signal map", "Open places", "Field app"),
    "QA": ("Nightly testing", "Triage queue", "Test plans"),
    "user research": ("Diary study", "Accessibility panel", "Interview library"),
    "documentation": ("Learning paths", "Reference", "Style guide"),
    "localization": ("Interface strings", "Glossaries", "Website"),
    "privacy/policy": ("Consultations", "Privacy kit", "Policy watch"),
    "support": ("Forum", "Knowledge base", "Social desk"),
    "web compatibility": ("Site reports", "Standards tests", "Outreach"),
}


@dataclass(frozen=True, slots=True)
class Team:
    """A team; `entered` holds the month of entry into each stage it reached, `growth` how many times
    the newcomers of its scaling stage's beginning it takes in at the end.

    `overlooked` are milestones of stages already left that were never reached: the team moved too early.
    `missing_reports` is the share of its events without attendance.
    """

    key: str
    name: str
    area: str
    entered: tuple[int, ...]
    size: float
    growth: float = 1.0
    partner: str = ""
    coordinator: bool = True
    countries: tuple[str, ...] = ()
    missing_reports: float = 0.10
    reached_now: int = 0
    overlooked: tuple[str, ...] = ()
    risks: tuple[tuple[str, str, int, int | None], ...] = ()
    note: str = ""

    @property
    def stage(self) -> str:
        return STAGES[len(self.entered) - 1]


_MARA, _TOM, _ESI, _LUC = "Mara Lindqvist", "Tomás Ferreira", "Esi Owusu", "Lucie Moreau"

# Risks are (text or code, severity, month raised, month closed); reached_now counts milestones of the present stage.
TEAMS = (
    Team("localization", "Localization Guild", "localization", (0, 2, 6, 14, 43), 0.3, 26, _MARA, reached_now=2,
         missing_reports=0.06, risks=(("no_new_core_before_resources_end", "high", 22, 30),
               ("no_renewal", "low", 55, None))),
    Team("support", "Support Forum Crew", "support", (0, 1, 4, 12, 36), 0.26, 24, _TOM, reached_now=1,
         risks=(("ownership_vs_openness", "medium", 18, 27), ("influence_blocked", "medium", 50, None))),
    Team("engine", "Core Engine", "coding", (0, 2, 7, 15, 40), 0.45, 15, _LUC, reached_now=3, missing_reports=0.15),
    Team("documentation", "Documentation Writers", "documentation", (0, 3, 8, 22), 0.75, 8, _MARA, reached_now=2,
         risks=(("pathway_gaps_unaddressed", "medium", 44, None), ("data_blocked", "low", 12, 19))),
    Team("qa", "Quality Testers", "QA", (0, 4, 10, 30), 0.45, 26, _TOM, reached_now=2,
         note="Ten times the testers of the first year; nobody yet to hand the rota to",
         risks=(("no_new_core_before_resources_end", "high", 47, None),)),
    Team("campus", "Campus Clubs", "engagement", (8, 10, 13, 15), 0.9, 2.2, _ESI, reached_now=1, missing_reports=0.36,
         overlooked=("measurement_connected", "practices_documented", "librarian_identified"),
         note="Entered with the autumn term, before newcomers were counted",
         risks=(("pathway_gaps_unaddressed", "high", 21, None),
               ("Clubs close when their students graduate", "high", 33, None))),
    Team("devtools", "Developer Tools", "coding", (3, 6, 12, 34), 0.6, 4, _LUC, reached_now=2),
    Team("regional-events", "Regional Events Crew", "engagement", (2, 5, 11, 26), 0.7, 7, _ESI, reached_now=3,
         missing_reports=0.05, risks=(("ownership_vs_openness", "low", 39, 45),)),
    Team("webcompat", "Web Compatibility Watch", "web compatibility", (12, 16, 24), 0.5, 1.8, _TOM, reached_now=4,
         risks=(("not_delegating", "medium", 29, None),)),
    Team("location", "Location Field Team", "location services", (6, 10, 18), 0.45, 0.5, _MARA, reached_now=1,
         missing_reports=0.28, note="Pathway depends on one person",
         risks=(("nobody_to_delegate_to", "high", 25, None), ("data_blocked", "medium", 31, None))),
    Team("privacy", "Privacy & Policy Network", "privacy/policy", (20, 25, 38), 2.0, 2.4, _LUC, reached_now=6),
    Team("indic", "Indic Languages", "localization", (26, 30, 41), 8, 2.6, _ESI, countries=("IN", "NP", "LK"),
         reached_now=5, missing_reports=0.2),
    Team("research", "User Research Circle", "user research", (30, 38), 1.6, 1.5, _LUC, reached_now=2,
         risks=(("Interview consent form waits for legal review", "medium", 52, None),)),
    Team("open-places", "Open Places Africa", "location services", (14, 19), 6, 0.5, _ESI, countries=_AFRICA,
         reached_now=1, missing_reports=0.3, note="Prototype postponed twice",
         risks=(("coordinator_not_empowered", "high", 24, None), ("role_tacked_on", "medium", 20, 35))),
    Team("accessibility", "Accessibility Review", "user research", (44, 49), 1.5, 1.4, _MARA, reached_now=3),
    Team("voice", "Voice Collectors", "engagement", (50,), 1.2, coordinator=False, partner=_TOM, reached_now=2,
         risks=(("resistance", "medium", 53, None),)),
    Team("youth", "Youth Web Literacy", "engagement", (28,), 0.9, coordinator=False, reached_now=1,
         note="No coordinator since the last one changed jobs",
         risks=(("role_tacked_on", "high", 30, None), ("coordinator_not_empowered", "medium", 34, None))),
    Team("policy-translators", "Policy Translators", "privacy/policy", (54,), 1.2, partner=_LUC, reached_now=3),
)  # fmt: skip


def team_areas() -> Array:
    """The area's position for each team, and -1 at the end for rows without a team."""
    return np.array([AREAS.index(team.area) for team in TEAMS] + [-1])


def intake(timeline: Timeline) -> Floats:
    """How many newcomers each team takes in, relative to the others (quarters x teams); 0 before a team exists.

    A pathway's prototype is small, learning doubles it, scaling grows it to `growth`, sustaining holds it there.
    """
    months = (np.arange(timeline.quarters) + 0.5) * 3
    columns = []
    for team in TEAMS:
        last = timeline.month_of(timeline.today)
        knots = [(team.entered[0], 0.05), *zip(team.entered[1:], (0.25, 0.5, 0.7), strict=False)]
        height = knots[-1][1] * 2
        if len(team.entered) == 5:
            height = 0.7 * team.growth
            # People stay for a while, so newcomers level off before the number of active people does.
            level = team.entered[3] + round(0.6 * (team.entered[4] - team.entered[3]))
            knots += [(level, height), (max(last, level + 1), height)]
        else:
            knots.append((max(last, knots[-1][0] + 1), knots[-1][1] * team.growth))
        curve = np.interp(months, [month for month, _ in knots], [weight for _, weight in knots])
        columns.append(np.where(months >= team.entered[0], curve, 0.0) * team.size)
    return np.stack(columns, axis=1)


def started(timeline: Timeline) -> Array:
    """The first day of each team."""
    return np.array([timeline.month(team.entered[0], 8) for team in TEAMS])


def event_shares(timeline: Timeline) -> Floats:
    """Cumulative shares of the teams among events (quarters x teams, the last column: no team).

    Square roots, because a team of ten times the people does not hold ten times the events.
    """
    weights = np.sqrt(intake(timeline))
    none = 0.45 * weights.sum(axis=1, keepdims=True) + 0.01
    return cumulative(np.concatenate([weights, none], axis=1))


def stage_rows(timeline: Timeline) -> list[list[str]]:
    """The `team_stages` table."""
    rows = []
    for number, team in enumerate(TEAMS):
        for stage, month in zip(STAGES, team.entered, strict=False):
            note = team.note if stage == team.stage else ""
            rows.append([team.key, stage, timeline.text(timeline.month(month, 8 + number % 12)), note])
    return rows


def milestone_rows(timeline: Timeline, milestones: dict[str, tuple[str, ...]], seed: int) -> list[list[str]]:
    """The `team_milestones` table: those of stages left are reached but for the overlooked, some of the present one."""
    rng = stream(seed, "milestones")
    rows = []
    for number, team in enumerate(TEAMS):
        for position, month in enumerate(team.entered):
            stage = STAGES[position]
            begin = timeline.month(month, 8 + number % 12)
            left = position + 1 < len(team.entered)
            # A stage's milestones fall between its entry and the next; the present stage's within a year of entry.
            end = timeline.month(team.entered[position + 1], 1) if left else min(begin + 330, timeline.today)
            codes = milestones[stage] if left else milestones[stage][: team.reached_now]
            span = max(end - begin, 1)
            for order, code in enumerate(codes):
                if code in team.overlooked:
                    continue
                day = begin + int(span * (order + 0.25 + 0.7 * rng.random()) / (len(codes) + 0.2))
                url = f"https://wiki.example.org/{team.key}/{code.replace('_', '-')}" if rng.random() < 0.7 else ""
                late = left and rng.random() < 0.06
                note = "Recorded after the team had moved on" if late else ""
                reached = min(day + (150 if late else 0), timeline.today)
                rows.append([team.key, code, timeline.text(reached), url, note])
    return rows


def risk_rows(timeline: Timeline, seed: int) -> list[list[str]]:
    """The `team_risks` table."""
    rng = stream(seed, "risks")
    rows: list[list[str]] = []
    for team in TEAMS:
        for risk, severity, raised, closed in team.risks:
            raised_on = timeline.text(timeline.month(raised, 3 + below(rng, 24)))
            closed_on = "" if closed is None else timeline.text(timeline.month(closed, 3 + below(rng, 24)))
            rows.append([f"r{len(rows) + 1:03d}", team.key, risk, severity, raised_on, closed_on])
    return rows


def team_rows(timeline: Timeline, coordinators: dict[int, str]) -> list[list[str]]:
    """The `teams` table; `coordinators` holds person keys by team position."""
    rows = []
    for number, team in enumerate(TEAMS):
        key = coordinators.get(number, "") if team.coordinator else ""
        leaves_pre_work = team.entered[1] if len(team.entered) > 1 else team.entered[0] + 3
        appointed = timeline.text(min(timeline.month(leaves_pre_work, 1) - 9, timeline.today)) if key else ""
        rows.append([team.key, team.name, team.area, team.partner, key, appointed])
    return rows
