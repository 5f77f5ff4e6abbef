"""The team lifecycle as data: five stages in order, what ends each, its milestones and its usual risks.

The import's vocabulary, the questions, the forms and the page all read the stages from here. Facts after a community
program's own notes on its lifecycle. What helps a team in each stage: `contract/guidance.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

# What the exit measures compare with, and what a prototype is tried with.
NEWCOMERS_NEEDED = 25
PROTOTYPE_PEOPLE = 20
GROWTH_NEEDED = 10
LARGEST_FALL = 0.1
CORE_KEPT = 0.8
PATHWAY = ("pathway_created", "pathway_prototyped")
LEADERSHIP = ("core_recruited", "leadership_opportunities")


@dataclass(frozen=True, slots=True)
class TeamStage:
    """One stage: `milestones` and `risks` map codes to words; `leaves_when` ends it."""

    code: str
    title: str
    learning_state: str
    leaves_when: str
    milestones: dict[str, str]
    risks: dict[str, str]


LIFECYCLE: tuple[TeamStage, ...] = (
    TeamStage(
        "pre_work",
        "Preparing to start",
        "Unconsciously incompetent: does not know yet what it does not know",
        "a member of staff is appointed as coordinator and has committed to it",
        {
            "readiness_workshop": "Readiness workshop attended",
            "lifecycle_understood": "Both lifecycles walked through on storyboards",
            "pillars_understood": "Pillars of community building understood",
            "coordinator_committed": "A member of staff commits to coordinate",
        },
        {
            "resistance": "People in the team resist working with volunteers",
            "coordinator_not_empowered": "The coordinator’s manager gives neither a say nor time",
            "role_tacked_on": "Coordinating is added on top of a full job, and dropped first",
        },
    ),
    TeamStage(
        "starting",
        "Starting a pathway",
        "Unconsciously incompetent: does not know yet what it does not know",
        "a pathway is documented, staffed for newcomers, and tried with up to 20 people",
        {
            "pathway_created": "Pathway created with the partner",
            "pathway_prototyped": "Pathway tried with at most 20 people",
            "funnel_connected": "Connected to a main way in for newcomers",
            "roles_clear": "Coordinators know their role",
        },
        {
            "prototype_too_large": "More people try the pathway than can be looked after",
            "no_first_members": "The first people with the skills needed are not found",
        },
    ),
    TeamStage(
        "learning",
        "Learning and preparing for growth",
        "Consciously incompetent: sees what is missing and works on it",
        "more than 25 new contributors move into or through the pathway and are connected to opportunities",
        {
            "gaps_identified": "Gaps in the pathway identified",
            "pathway_optimized": "Pathway improved",
            "measurement_connected": "Connected to measurement",
            "conversion_points_tracked": "Casual, active and core are defined and followed",
            "practices_documented": "Practices written down",
            "core_community_developed": "A core community has formed",
            "librarian_identified": "A record keeper is found",
        },
        {
            "not_delegating": "The coordinator does everything alone",
            "nobody_to_delegate_to": "There is nobody to hand work to",
            "data_blocked": "Systems and data are blocked, technically or politically",
        },
    ),
    TeamStage(
        "scaling",
        "Growing tenfold",
        "Consciously competent: succeeds while paying attention",
        "active contributors grew tenfold, and mentoring and leadership keep the pace",
        {
            "core_recruited": "Core contributors recruited and mentored",
            "leadership_opportunities": "Opportunities to lead are open",
            "cross_team_links": "Linked with other teams",
            "impact_reported": "Impact is reported regularly",
        },
        {
            "no_new_core_before_resources_end": "Resources run out before new core contributors are found",
            "ownership_vs_openness": "Wanting to own the work conflicts with opening it",
            "pathway_gaps_unaddressed": "Known gaps in the pathway are left open",
        },
    ),
    TeamStage(
        "sustaining",
        "Sustaining",
        "Unconsciously competent: the work has become a habit",
        "it does not: the team stays here while active contributors are stable and core contributors stay",
        {
            "voice_influential": "The community’s voice counts in decisions",
            "renewal_activities": "Renewal is part of the year",
            "topline_impact": "Impact shows in the organization’s main results",
        },
        {
            "influence_blocked": "The community has no influence on decisions",
            "no_renewal": "Nothing is done for renewal",
        },
    ),
)

STAGE: dict[str, TeamStage] = {stage.code: stage for stage in LIFECYCLE}
ORDER: dict[str, int] = {stage.code: position for position, stage in enumerate(LIFECYCLE)}
MILESTONE_WORDS: dict[str, str] = {code: words for stage in LIFECYCLE for code, words in stage.milestones.items()}
RISK_WORDS: dict[str, str] = {code: words for stage in LIFECYCLE for code, words in stage.risks.items()}


def stage_title(code: str) -> str:
    """The stage in words."""
    return STAGE[code].title if code in STAGE else code


def risk_words(risk: str) -> str:
    """A typical risk in words; any other text as it is."""
    return RISK_WORDS.get(risk, risk)
