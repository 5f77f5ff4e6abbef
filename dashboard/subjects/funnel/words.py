"""The funnel, in words and shapes: from answers to the finding, the headline numbers and the pictures."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts.labels import group_name
from dashboard.parts.shapes import Dot, FunnelBar, Headline
from dashboard.words.counts import (
    LEAST_BASE,
    NOT_SHOWN,
    counted_people,
    percent_range,
    shown_percent,
    shown_range,
    stands_out,
    with_share,
)
from dashboard.words.periods import during
from dashboard.words.sentences import DAYS, PEOPLE, Counted, listed, say
from dashboard.words.steps import STEP_NAMES
from data_access.program import Program
from data_access.questions.contributors.cohorts import BREAKDOWNS
from data_access.questions.funnel.step_table import FunnelStep
from data_access.selection import Period

COMPARED = {name: item.label for name, item in BREAKDOWNS.items()}
LEVELS = {"casual": "Joined → casual", "active": "Casual → active", "core": "Active → core"}
_REACHED = {"casual": "Contributed", "active": "Became active", "core": "Became core"}
_ABOUT_PEOPLE = Counted("about {n} person", "about {n} people")
_STILL_HAVE_TIME = Counted("{n} still has time", "{n} still have time")
_ABOUT_STILL_HAVE_TIME = Counted("about {n} still has time", "about {n} still have time")
_CAN_TAKE_IT = Counted("{n} still has time to take this step", "{n} still have time to take this step")
_ABOUT_CAN_TAKE_IT = Counted(
    "about {n} still has time to take this step", "about {n} still have time to take this step"
)
# By how many of the steps active and core are known.
_FINDINGS = (
    "Of {people} who joined {during}, it is too early to say how many became active, or there are too few to show.",
    (
        "Of {people} who joined {during}, {active} became active so far; there are too few who became core to "
        "show how many."
    ),
    "Of {people} who joined {during}, {active} became active so far, and {core} core.",
)
_IN_THE_END = {
    "casual": "When nobody has time left, an estimated {estimate} will have contributed.",
    "active": "When nobody has time left, an estimated {estimate} will have become active.",
    "core": "When nobody has time left, an estimated {estimate} will have become core.",
}
# By whether the people are too few for a percentage.
_WEAKEST = {
    False: (
        "The weakest step is {step}: of {people} whose time is over, {share} took it within {days} (95% interval "
        "{interval})."
    ),
    True: "The weakest step is {step}: of {people} whose time is over, {taken} took it within {days}.",
}
# A chart compares at most so many groups.
MOST_GROUPS = 7
# What the keys of groups begin with: that of the unknown one is empty.
GROUP = "group."


def shown_people(step: FunnelStep) -> str:
    """The people of a step: `12`, `10 to 14`, `fewer than 5`."""
    return shown_range(step.at_least, step.at_most)


def _is_exact(step: FunnelStep) -> bool:
    """Whether its numbers are not the middles of ranges."""
    return step.at_least == step.at_most


def of_group(funnel: Sequence[FunnelStep], group: str = "") -> dict[str, FunnelStep]:
    """The steps of one group, by name; of everybody where no groups are compared."""
    return {step.step: step for step in funnel if (step.group or "") == group}


def finding(funnel: Sequence[FunnelStep], period: Period) -> str:
    """The page's answer in one sentence."""
    if not funnel:
        return "Nothing is released about the people who joined."
    steps = of_group(funnel)
    joined, active, core = (steps[name] for name in ("joined", "active", "core"))
    if not joined.at_most:
        return say("Nobody joined {during}.", during=during(period))
    people = counted_people(joined.at_least, joined.at_most)
    known = [step for step in (active, core) if _has_come(step, joined)]
    said = {step.step: _come(step, joined) for step in known}
    return say(_FINDINGS[len(known)], people=people, during=during(period), **said)


def _has_come(step: FunnelStep, joined: FunnelStep) -> bool:
    """Whether it may be said how many came as far as this step."""
    return step.share_of_start is not None and (_is_exact(joined) or step.people is not None)


def _come(step: FunnelStep, joined: FunnelStep) -> str:
    """`221 (44%)`, `10 to 14 (about 30%)`; of few people the count alone."""
    if _is_exact(step) and _is_exact(joined):
        return with_share(step.people or 0, joined.people or 0)
    share = shown_percent(step.share_of_start)
    return say("{people} (about {share})", people=shown_people(step), share=share)


def as_released(funnel: Sequence[FunnelStep], period: Period) -> str:
    """Of whom the released funnel is, and of which day."""
    return say("Released: people who joined {during}, as of {day}.", during=during(period), day=funnel[0].as_of)


def no_dots(grouped: Sequence[FunnelStep]) -> str:
    """Why no share of a group is shown."""
    if not grouped:
        return "No group is large enough to be shown. Choose a longer period, or another breakdown."
    return "No group has people whose time for this step is over, and enough of them. Choose an earlier period."


def _counted(step: FunnelStep) -> str:
    """The people whose time is over: `12 people`, `about 12 people`."""
    return (PEOPLE if _is_exact(step) else _ABOUT_PEOPLE)(step.counted or 0)


def in_the_end(funnel: Sequence[FunnelStep]) -> str:
    """The estimate of what the furthest known step will be once every window is over; nothing once they are."""
    steps = list(of_group(funnel).values())
    for number in range(len(steps) - 1, 0, -1):
        step = steps[number]
        if _is_estimated(step, steps[: number + 1]):
            return say(_IN_THE_END[step.step], estimate=_estimate_words(step))
    return ""


def _is_estimated(step: FunnelStep, before: Sequence[FunnelStep]) -> bool:
    """Whether an estimate says more than what has happened: somebody still has time, and enough are known."""
    waiting = any(each.open for each in before)
    return waiting and step.estimate is not None and (before[0].at_least or 0) >= LEAST_BASE


def _estimate_words(step: FunnelStep) -> str:
    """`52% (48–57%)`."""
    interval = percent_range(step.estimate_low or 0, step.estimate_high or 0)
    return say("{share} ({interval})", share=shown_percent(step.estimate), interval=interval)


def weakest(funnel: Sequence[FunnelStep]) -> str:
    """Where most people are lost, in a sentence, if the intervals tell."""
    known = [(step.share_of_previous, step) for step in funnel if step.share_of_previous is not None]
    # Released are the shares of steps whose time is over for everybody: the others may be weaker.
    if not known or (len(known) < len(LEVELS) and not _is_exact(known[0][1])):
        return ""
    share, step = min(known, key=lambda pair: pair[0])
    others = [(each.low, each.high) for _, each in known if each is not step]
    if others and not stands_out((step.low, step.high), others):
        return "No step is clearly the weakest: their 95% intervals overlap."
    few = (step.counted or 0) < LEAST_BASE
    return say(
        _WEAKEST[few],
        step=LEVELS[step.step].lower(),
        share=shown_percent(share),
        taken=round(share * (step.counted or 0)),
        people=_counted(step),
        days=DAYS(step.window_days or 0),
        interval=percent_range(step.low or 0, step.high or 0),
    )


def headlines(funnel: Sequence[FunnelStep]) -> list[Headline]:
    """How many joined, and what became of them."""
    steps = of_group(funnel)
    made = [Headline("Joined", shown_people(steps["joined"]), note="the start of the funnel")]
    for number, (name, label) in enumerate(_REACHED.items(), start=2):
        step, before = steps[name], list(steps.values())[:number]
        value = shown_percent(step.share_of_start)
        if (before[0].at_most or 0) < LEAST_BASE and _has_come(step, before[0]):
            value = say("{n} of {base}", n=shown_people(step), base=shown_people(before[0]))
        made.append(Headline(label, value, note=_so_far(step, before)))
    median = steps["active"].median_days
    waited = NOT_SHOWN if median is None else _days(median)
    if median is not None or _is_exact(steps["joined"]):
        made.append(Headline("Casual to active", waited, note="median, of those who did and whose time is over"))
    return made


def _so_far(step: FunnelStep, before: Sequence[FunnelStep]) -> str:
    people = say(
        "{people} of {joined} so far",
        people=shown_people(step),
        joined=counted_people(before[0].at_least, before[0].at_most),
    )
    noted = [people]
    if step.open:
        noted.append((_STILL_HAVE_TIME if _is_exact(step) else _ABOUT_STILL_HAVE_TIME)(step.open))
    if _is_estimated(step, before):
        noted.append(say("estimate for the end: {estimate}", estimate=_estimate_words(step)))
    return "; ".join(noted)


def early_words(funnel: Sequence[FunnelStep]) -> str:
    """How many of whom no median knows how long they took, because a step lies before the one that it follows."""
    said = [
        say("{step}: {people}", step=STEP_NAMES[step.step], people=PEOPLE(step.early)) for step in funnel if step.early
    ]
    template = "Taken before the step it follows, and left out of the days: {steps}."
    return say(template, steps=listed(said)) if said else ""


def _days(days: float) -> str:
    return DAYS(int(days)) if days == int(days) else say("{n} days", n=days)


def stages(funnel: Sequence[FunnelStep], group: str = "") -> list[FunnelBar]:
    """The bars of one group."""
    return [
        FunnelBar(name, STEP_NAMES[name], step.people or 0, step.open or 0, _stage_said(step), _open_said(step))
        for name, step in of_group(funnel, group).items()
    ]


def _stage_said(step: FunnelStep) -> str:
    if step.window_days is None or step.share_of_start is None:
        return shown_people(step)
    people, of_start = shown_people(step), shown_percent(step.share_of_start)
    if step.share_of_previous is None or (step.counted or 0) < LEAST_BASE:
        return say("{people} · {of_start} of start", people=people, of_start=of_start)
    # Beside a range there is no room on a phone for of how many: the table has it.
    of_whom = say("of {counted} with time over", counted=step.counted) if _is_exact(step) else "with time over"
    return say(
        "{people} · {of_start} of start · {of_previous} ({interval}) {of_whom}",
        people=people,
        of_start=of_start,
        of_previous=shown_percent(step.share_of_previous),
        interval=percent_range(step.low or 0, step.high or 0),
        of_whom=of_whom,
    )


def _open_said(step: FunnelStep) -> str:
    if step.open is None:
        return ""
    return _CAN_TAKE_IT(step.open) if _is_exact(step) else _ABOUT_CAN_TAKE_IT(step.open)


def dots(funnel: Sequence[FunnelStep], step: str) -> list[Dot]:
    """The shares of one step in the largest groups; what may not be shown, or is not known, is left out."""
    known = [each for each in funnel if each.step == step and each.share_of_previous is not None]
    by_size = sorted(range(len(known)), key=lambda place: -(known[place].counted or 0))
    return [_dot(known[place]) for place in sorted(by_size[:MOST_GROUPS])]


def _dot(step: FunnelStep) -> Dot:
    name = group_name(step.name)
    said = say(
        "{name}: {share} ({interval}) of {people} whose time is over",
        name=name,
        share=shown_percent(step.share_of_previous),
        interval=percent_range(step.low or 0, step.high or 0),
        people=_counted(step),
    )
    key = f"{GROUP}{step.group or ''}" if step.people else ""
    return Dot(name, step.share_of_previous, step.low, step.high, said, key=key)


def people_line(count: int) -> str:
    """How many people a list has."""
    return say("{people}, the latest first.", people=PEOPLE(count))


def thresholds_line(program: Program) -> str:
    """What active and core mean now, where other numbers can be tried."""
    return say(
        "Contributions within {days}. Now: active from {active}, core from {core}. Trying changes nothing.",
        days=DAYS(program.window_days),
        active=program.active_min,
        core=program.core_min,
    )
