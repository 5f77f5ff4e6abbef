"""The case study of a team, written from its own data, for readers outside: what happened, what changed, what helped.

It leaves the house. So its people are those of the release, in ranges and as they were told there: a document says
nothing of people that was not told already, and however many documents somebody keeps, they narrow no range. Notes,
links, and risks in people's own words stay inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from dashboard.parts.documents import Paper, Passage
from dashboard.words.ranges import people_words
from dashboard.words.sentences import DAYS, Counted, say, sentence_case
from data_access.contract.lifecycle import LIFECYCLE, RISK_WORDS, STAGE
from data_access.questions.teams.details import ChangeStep, TeamMilestone, TeamQuarter, TeamRisk
from data_access.questions.teams.stages import TeamStay

CHANGES = Counted("It has changed its stage once", "It has changed its stage {n} times")
OWN_RISKS = Counted("One more risk was recorded in the team’s own words.", "{n} more were recorded in its own words.")
NOT_TOLD = "Numbers of people are told after a quarter’s release, once the time to become active or core is over."


@dataclass(frozen=True, slots=True)
class TeamStory:
    """What is known of a team for its case study: facts as they are, and people as released."""

    name: str
    program: str
    as_of: date
    stays: Sequence[TeamStay]
    milestones: Sequence[TeamMilestone]
    risks: Sequence[TeamRisk]
    funnel: Sequence[ChangeStep]
    quarters: Sequence[TeamQuarter]


def case_study(story: TeamStory) -> Paper:
    """The whole document. The team has at least one stage."""
    return Paper(
        title=say("Case study: {team}", team=story.name),
        lead=_lead(story),
        passages=(_way(story), *_changes(story), _helped(story), _risks(story)),
        notes=(
            say("{program}, as of {day}.", program=story.program, day=story.as_of),
            "Numbers of people are ranges, as they were released at the ends of quarters: new are people whose first "
            "contribution to the team lies in the quarter, active and core what became of them.",
        ),
    )


def _lead(story: TeamStory) -> str:
    first, last = story.stays[0], story.stays[-1]
    if first is last:
        return say(
            "{team} has been in its first stage, “{stage}”, for {days}.",
            team=story.name,
            stage=last.title,
            days=DAYS(last.days),
        )
    return say(
        "{team} went from “{first}” to “{last}” in {days}. {changes}.",
        team=story.name,
        first=first.title,
        last=last.title,
        days=DAYS((last.entered_on - first.entered_on).days),
        changes=CHANGES(len(story.stays) - 1),
    )


def _way(story: TeamStory) -> Passage:
    heads = ("Stage", "Entered on", "Left on", "Days")
    rows = [
        (stay.title, say("{day}", day=stay.entered_on), _left(stay), say("{days}", days=stay.days))
        for stay in story.stays
    ]
    return Passage("The way so far", (_present(story.stays[-1]),), rows=(heads, *rows))


def _present(stay: TeamStay) -> str:
    if stay.stage == LIFECYCLE[-1].code:
        return say("It is in “{stage}” now, which is the last stage.", stage=stay.title)
    return say("It is in “{stage}” now, until {when}.", stage=stay.title, when=STAGE[stay.stage].leaves_when)


def _left(stay: TeamStay) -> str:
    return say("{day}", day=stay.left_on) if stay.left_on else "still in it"


def _changes(story: TeamStory) -> Iterator[Passage]:
    """What changed around each change of stage: who was active, and what newcomers became before and after."""
    told = {key: list(rows) for key, rows in groupby(story.funnel, lambda row: (row.changed_on, row.side))}
    for before, after in pairwise(story.stays):
        title = say("From “{before}” to “{after}”", before=before.title, after=after.title)
        sentences = [
            say("The team changed on {day}, after {days}.", day=after.entered_on, days=DAYS(before.days)),
            *_active(story.quarters, after.entered_on),
        ]
        sides = [(side, told.get((after.entered_on, side), [])) for side in ("before", "after")]
        sentences += [_newcomers(side, rows) for side, rows in sides if rows]
        table = tuple(_row(side, rows) for side, rows in sides if rows)
        if not table:
            sentences.append(NOT_TOLD)
        heads = ("Newcomers", "First contributions", "New", "Active", "Core")
        yield Passage(title, tuple(sentences), rows=(heads, *table) if table else ())


# Of so few that their number is withheld, what they became says nothing.
_FEW = {
    "before": "Before the change {new} people came new.",
    "after": "After the change {new} people came new.",
}
_SIDES = {
    "before": "Before the change {new} people came new; {active} of them became active, and {core} core.",
    "after": "After the change {new} people came new; {active} of them became active, and {core} core.",
}


def _newcomers(side: str, rows: Sequence[ChangeStep]) -> str:
    told = _SIDES if rows[0].at_least else _FEW
    return say(told[side], **{row.step: about(row) for row in rows})


def about(row: ChangeStep | TeamQuarter) -> str:
    """`about 10 to 14`, `fewer than 5`. Raises ValueError for an exact number: it may not leave the house."""
    if row.at_least == row.at_most:
        raise ValueError("A case study tells people in ranges.")
    words = people_words(row.at_least, row.at_most)
    return say("about {range}", range=words) if row.at_least else words


def _row(side: str, rows: Sequence[ChangeStep]) -> tuple[str, ...]:
    first = rows[0]
    days = say("{first} to {last}", first=first.first_day, last=first.last_day)
    return (sentence_case(side), days, *(about(row) for row in rows))


def _active(quarters: Sequence[TeamQuarter], changed: date) -> Iterator[str]:
    """How many were active at the last end of a quarter before the change, and a year after that."""
    before = [row for row in quarters if row.counted_on < changed]
    after = [row for row in quarters if row.counted_on >= changed]
    if before and len(after) >= 4:
        yield say(
            "On {day}, before it, {then} people were active; on {later_day}, a year on, {later}.",
            then=about(before[-1]),
            day=before[-1].counted_on,
            later=about(after[3]),
            later_day=after[3].counted_on,
        )


def _helped(story: TeamStory) -> Passage:
    """Milestones by the stage in which they were reached, and risks that were closed."""
    points = []
    for stay in story.stays:
        reached = [
            row
            for row in story.milestones
            if row.reached_on
            and stay.entered_on <= row.reached_on
            and (not stay.left_on or row.reached_on < stay.left_on)
        ]
        points += [
            say("{milestone}, on {day}, while in “{stage}”.", milestone=row.words, day=row.reached_on, stage=stay.title)
            for row in sorted(reached, key=lambda row: (row.reached_on or date.min, row.milestone))
        ]
    if not points:
        return Passage("What helped", ("No milestone has been recorded yet.",))
    return Passage("What helped", ("Milestones, in the order in which they were reached:",), tuple(points))


def _risks(story: TeamStory) -> Passage:
    usual = sorted((row for row in story.risks if row.risk in RISK_WORDS), key=lambda row: (row.raised_on, row.risk))
    own = len(story.risks) - len(usual)
    more = (OWN_RISKS(own),) if own else ()
    if not story.risks:
        return Passage("Risks that were met", ("No risk has been recorded.",))
    return Passage("Risks that were met", more, tuple(_risk(row) for row in usual))


def _risk(row: TeamRisk) -> str:
    if row.closed_on is None:
        return say("{risk}: open since {day}.", risk=row.words, day=row.raised_on)
    return say(
        "{risk}: from {day} to {closed}, {days} in all.",
        risk=row.words,
        day=row.raised_on,
        closed=row.closed_on,
        days=DAYS(row.days_open),
    )
