"""What helps a team in each stage of its lifecycle: who it is by then, who does what, what to offer; in our own words.

Facts after a community program's own notes on its lifecycle. Where these leave a stage's resources open, what the
product itself shows of the team is named.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StageGuide:
    """One stage: `who` the team is; what coordinator and partner do in it; `resources` to offer."""

    who: str
    for_coordinator: tuple[str, ...]
    for_partner: tuple[str, ...]
    resources: tuple[str, ...]


GUIDES: dict[str, StageGuide] = {
    "pre_work": StageGuide(
        "The team has never worked with contributors. It doubts that it is worth it, and sees first what stands "
        "in the way.",
        (
            "Be named: a member of staff who commits to getting participation going.",
            "Have it written into your performance goals, and agree with your manager how many hours a week it takes, "
            "and what you stop doing for it.",
            "List the work that the team would be glad to hand over, small pieces first.",
            "Ask two colleagues who doubt the idea what would have to be true for them to help.",
        ),
        (
            "Walk the team through the two lifecycles, the team’s own and that of one contributor, and through the "
            "pillars of building a community.",
            "Bring the team to a workshop in which it designs how people can take part: everybody whose work will "
            "change, not the willing alone.",
            "Work with the manager to get a coordinator appointed, with a date and with time for it.",
            "Write down objections as risks; an objection that is heard now does not stall the next stage.",
        ),
        (
            "A readiness workshop in modules: what is possible, being open actively and on request, which channels "
            "there are and when to use which, a plan of action.",
            "A short film on what working with contributors changed for other teams.",
            "A page that says in plain words whom to ask for what.",
            "How the program’s entry page and its other ways in work.",
            "How to reach people of a certain place, language or skill.",
        ),
    ),
    "starting": StageGuide(
        "The team has no volunteers yet, and has decided to build a community.",
        (
            "Define what people will do, and be the one who knows the subject of the pathway.",
            "Draw the way from the first hello to the first accepted piece of work, with a name next to each step.",
            "Walk the first members through it yourself, at most twenty of them: that is how trust begins. Note every "
            "place where they had to ask.",
            "Set up channels in which information flows both ways, and say who welcomes people when you are away.",
            "Prepare opportunities that fit the pathway: a next one is ready before somebody asks for it.",
            "Show colleagues what the community brings, and find ways to measure it from the first day.",
        ),
        (
            "Help to decide what to offer: support the coordinator in defining activities from the team’s goals.",
            "Find the first people with the skills the team needs yourself, beyond the ways in: from your own network.",
            "Connect the pathway to one main way in, such as a series of events, and leave the others for later.",
            "Agree what the first run has to show before the team opens up.",
        ),
        (
            "What makes a pathway healthy: it is alive, and is changed with everybody who walks it.",
            "The four intents of a community of practice.",
            "A workshop on designing participation, and one on finding out who your contributors could be.",
            "The six functions of a coordinator.",
        ),
    ),
    "learning": StageGuide(
        "The team has some volunteers and wants to build on what works.",
        (
            "Grow into managing a community, and get help with it: hand one recurring task to a member or another team "
            "every month, and stay away from it.",
            "Say what the community is for in the organization, and how it relates to its other fields.",
            "Keep to the core purpose, and find another outlet for what distracts from it.",
            "Go from sharing ideas to keeping knowledge in order and looking after it, and look for gaps in what the "
            "community knows.",
            "Look each month at the step where most newcomers stop, and change one thing about it.",
        ),
        (
            "Help to connect people at scale, and advertise the team’s opportunities across the program.",
            "Help to sketch the likely contributors: what they do, want to learn and hope for.",
            "Reach each kind of them through events and outreach of their own.",
            "Read the funnel with the coordinator: conversion before and after each change, not totals.",
            "Check that every newcomer of the last month was offered a next task by a person.",
        ),
        (
            "The steps of this team’s funnel against the other teams’, as a list of gaps to close.",
            "The points at which people become casual, active and core, and how long they take to get there.",
            "The duties of a record keeper.",
        ),
    ),
    "scaling": StageGuide(
        "The team has a few core and many active contributors, and is ready to look after steady growth.",
        (
            "With the core, run a visible channel in which the community’s work reaches the organization.",
            "Plan how members are recruited and mentored: give each mentor a limit, and find the next one before.",
            "Plan how leaders are found and developed, and open real decisions to them.",
            "Build relationships with other teams outside, and trade people and practices with one of them.",
            "Go on documenting, measuring and improving: report every quarter what contributors’ work changed.",
        ),
        (
            "Help to establish that channel.",
            "Advise on recruiting, and on developing leadership; ask each quarter who would run the team if the "
            "coordinator left.",
            "Watch the line of active contributors against the tenfold goal, and core contributors next to it.",
            "Bring known gaps of the pathway up again until they are closed, and secure money and rooms for the time "
            "after the growth.",
        ),
        (
            "The case study of a team that has grown: see “Case study” on that team’s page.",
            "The measure of leadership: how many make half of the work, who begins to lead, who mentors, how often the "
            "team meets.",
        ),
    ),
    "sustaining": StageGuide(
        "The community is active and stable, and wants to keep its momentum and its key people.",
        (
            "Bring in new energy with events that renew: meetups, talks, new people in each role every year.",
            "Keep the community influential in the organization: take its proposals to where decisions are made.",
            "Speak with everybody of the core twice a year about what they want to do next.",
            "Keep the door for newcomers open, even though the work gets done without them.",
        ),
        (
            "Champion the community’s voice, and bring the answers back.",
            "Bring ideas for renewal, and let this team mentor coordinators in earlier stages.",
            "Support it in managing conflicts, in finding consensus, and in questions of culture.",
            "Follow core retention, and find out why each of those who left did so.",
        ),
        (
            "Activities that renew: a meetup in a new place, a talk by somebody new, a season with another theme, new "
            "hands for old roles.",
            "Another jump is expected here: write the team’s case study, so that others can learn from it.",
        ),
    ),
}

# One of them leads; the others fit in.
INTENTS: tuple[str, ...] = (
    "Help each other with everyday problems.",
    "Develop what works best, and spread it.",
    "Look after the tools, insights and approaches that the field needs.",
    "Develop new ideas and solutions.",
)
FUNCTIONS: tuple[str, ...] = (
    "Find out which questions of the field matter most.",
    "Plan and run events, the most visible part: link people informally across units, and pass on what each knows.",
    "Foster the development of members.",
    "Look after the border between community and organization.",
    "Help to build the practice: a base of knowledge, lessons, tools, events to learn at.",
    "Judge how healthy the community is, and what it gives to its members and to the organization.",
)
RECORD_KEEPER: tuple[str, ...] = (
    "Creates resources, and files them in the community’s own order of things.",
    "Helps the coordinator to see the gaps in it.",
    "Takes notes of meetings, and edits them.",
    "Connects members with those who know, in the field and in the organization.",
)
LEADERSHIP_IDEAL = (
    "Leadership is shared and yet strong when the work rests on many, new people begin to lead, newcomers have "
    "mentors, and there are regular meetings and check-ins across the organization."
)
