"""The team lifecycle as data: five stages in order, what ends each, its milestones, its usual risks, and guidance.

The import's vocabulary, the questions, the forms and the page all read the stages from here. Facts after a community
program's own notes on its lifecycle; the guidance is our wording.
"""

from __future__ import annotations

from dataclasses import dataclass

# What the exit measures compare with.
NEWCOMERS_NEEDED = 25
GROWTH_NEEDED = 10
LARGEST_FALL = 0.1
CORE_KEPT = 0.8
PATHWAY = ("pathway_created", "pathway_prototyped")
LEADERSHIP = ("core_recruited", "leadership_opportunities")


@dataclass(frozen=True, slots=True)
class TeamStage:
    """One stage: `milestones` and `risks` map codes to words; `leaves_when` ends it; who does what while it lasts."""

    code: str
    title: str
    learning_state: str
    leaves_when: str
    milestones: dict[str, str]
    risks: dict[str, str]
    for_coordinator: tuple[str, ...]
    for_partner: tuple[str, ...]


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
            "coordinator_not_empowered": "The coordinator has no say over the team’s work",
            "role_tacked_on": "Coordinating is added on top of a full job",
        },
        (
            "Agree with your manager how many hours a week coordinating takes, and what you stop doing for it.",
            "List the work that the team would be glad to hand over, small pieces first.",
            "Ask two colleagues who doubt the idea what would have to be true for them to help.",
        ),
        (
            "Hold the readiness workshop with everybody whose work will change, not with the willing alone.",
            "Walk the team through the two lifecycles: the team’s own, and that of one contributor.",
            "Get the coordinator’s name and time from whoever decides about their work, with a date.",
            "Write down objections as risks; an objection that is heard now does not stall the next stage.",
        ),
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
        {},
        (
            "Draw the way from the first hello to the first accepted piece of work, with a name next to each step.",
            "Invite at most twenty people to the first run, so that each of them gets an answer within two days.",
            "Sit next to three newcomers while they try; note every place where they had to ask.",
            "Name who welcomes newcomers when you are away.",
        ),
        (
            "Write the pathway together with the coordinator, from one that works for another team.",
            "Keep the doors closed until the first run is over: a campaign now would lose the people it brings.",
            "Connect the pathway to one main way in, such as an event series, and leave the others for later.",
            "Agree what the first run has to show before the team opens up.",
        ),
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
            "data_blocked": "The figures cannot be had",
        },
        (
            "Look each month at the step where most newcomers stop, and change one thing about it.",
            "Hand one recurring task to a contributor every month, and stay away from it.",
            "Thank by name, soon, and for the particular thing that was done.",
            "Find somebody who likes to keep records, and give them a place to keep them.",
        ),
        (
            "Read the funnel with the coordinator: conversion before and after each change, not totals.",
            "Check that every newcomer of the last month was offered a next task by a person.",
            "Ask the three most active people what they would run if they were asked; then ask them.",
            "Clear the way to the data: who can export it, how often, and until when.",
        ),
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
        (
            "Give every mentor a limit, and find the next mentor before it is reached.",
            "Open real decisions to contributors: what gets done next, and who gets invited.",
            "Report every quarter what contributors’ work changed, to them first.",
            "Trade people and practices with one other team.",
        ),
        (
            "Watch the line of active contributors against the tenfold goal, and core contributors next to it.",
            "Ask each quarter who would run the team if the coordinator left; the answer must not be nobody.",
            "Bring known gaps of the pathway up again until they are closed: growth makes each of them wider.",
            "Secure money and rooms for the time after the growth campaign.",
        ),
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
        (
            "Plan renewal like any other work: new people in each role every year.",
            "Speak with everybody of the core twice a year about what they want to do next.",
            "Keep the door for newcomers open, even though the work gets done without them.",
        ),
        (
            "Follow core retention, and find out why each of those who left did so.",
            "Take the community’s proposals to where decisions are made, and bring the answers back.",
            "Let this team mentor the coordinators of teams in earlier stages.",
        ),
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
