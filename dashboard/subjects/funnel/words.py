"""The funnel, in words and shapes: from answers to the finding, the headline numbers and the pictures."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts.labels import group_name
from dashboard.parts.shapes import Dot, FunnelBar, Headline, Series, with_gaps
from dashboard.words.counts import NOT_SHOWN, counted_people, shown_percent, shown_range
from dashboard.words.periods import during
from dashboard.words.sentences import DAYS, PEOPLE, Counted, say
from dashboard.words.steps import STEP_NAMES
from data_access.program import Program
from data_access.questions.contributors.cohorts import BREAKDOWNS
from data_access.questions.funnel.conversion import CohortConversion
from data_access.questions.funnel.stepwise import FunnelStep
from data_access.questions.funnel.waiting import PaceTest, WaitedShare
from data_access.selection import Period

COMPARED = {name: item.label for name, item in BREAKDOWNS.items()}
LEVELS = {"casual": "Joined → casual", "active": "Casual → active", "core": "Active → core"}
_REACHED = {"casual": "Contributed", "active": "Became active", "core": "Became core"}
_STILL_HAVE_TIME = Counted("{n} still has time", "{n} still have time")
_ABOUT_STILL_HAVE_TIME = Counted("about {n} still has time", "about {n} still have time")
_CAN_TAKE_IT = Counted("{n} still has time to take this step", "{n} still have time to take this step")
_ABOUT_CAN_TAKE_IT = Counted(
    "about {n} still has time to take this step", "about {n} still have time to take this step"
)
# A chart compares at most so many groups.
MOST_GROUPS = 7


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
        return "The funnel is not broken down by filters for your role."
    steps = of_group(funnel)
    joined, active, core = (steps[name] for name in ("joined", "active", "core"))
    if not joined.at_most:
        return say("Nobody joined {during}.", during=during(period))
    people = counted_people(joined.at_least, joined.at_most)
    if core.share_of_start is not None:
        template = "Of {people} who joined {during}, {active} became active and {core} core."
    elif active.share_of_start is not None:
        template = (
            "Of {people} who joined {during}, {active} became active; it is too early to say how many became core, "
            "or there are too few to show."
        )
    else:
        template = (
            "Of {people} who joined {during}, it is too early to say how many became active, or there are too few "
            "to show."
        )
    shares = {step.step: shown_percent(step.share_of_start) for step in (active, core)}
    return say(template, people=people, during=during(period), **shares)


def weakest(funnel: Sequence[FunnelStep]) -> str:
    """Where most people are lost, in a sentence."""
    known = [(step.share_of_previous, step) for step in funnel if step.share_of_previous is not None]
    if not known:
        return ""
    share, step = min(known, key=lambda pair: pair[0])
    return say(
        "The weakest step is {step}: {share} take it within {days} (95% interval {low}–{high}).",
        step=LEVELS[step.step].lower(),
        share=shown_percent(share),
        days=DAYS(step.window_days or 0),
        low=shown_percent(step.low),
        high=shown_percent(step.high),
    )


def headlines(funnel: Sequence[FunnelStep]) -> list[Headline]:
    """How many joined, and what became of them."""
    steps = of_group(funnel)
    made = [Headline("Joined", shown_people(steps["joined"]), note="the start of the funnel")]
    for name, label in _REACHED.items():
        made.append(Headline(label, shown_percent(steps[name].share_of_start), note=_so_far(steps[name])))
    median = steps["active"].median_days
    waited = NOT_SHOWN if median is None else _days(median)
    made.append(Headline("Casual to active", waited, note="median, of those who did"))
    return made


def _so_far(step: FunnelStep) -> str:
    people = counted_people(step.at_least, step.at_most)
    if not step.open:
        return say("{people} so far", people=people)
    noun = _STILL_HAVE_TIME if _is_exact(step) else _ABOUT_STILL_HAVE_TIME
    return say("{people} so far; {others}", people=people, others=noun(step.open))


def _days(days: float) -> str:
    return DAYS(int(days)) if days == int(days) else say("{n} days", n=days)


def stages(funnel: Sequence[FunnelStep], group: str = "") -> list[FunnelBar]:
    """The bars of one group."""
    return [
        FunnelBar(name, STEP_NAMES[name], step.people or 0, step.open or 0, _stage_said(step), _open_said(step))
        for name, step in of_group(funnel, group).items()
    ]


def _stage_said(step: FunnelStep) -> str:
    if step.share_of_previous is None:
        return shown_people(step)
    return say(
        "{people} · {of_start} of start · {of_previous} of previous ({low}–{high}%)",
        people=shown_people(step),
        of_start=shown_percent(step.share_of_start),
        of_previous=shown_percent(step.share_of_previous),
        low=round(100 * (step.low or 0)),
        high=round(100 * (step.high or 0)),
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
        "{name}: {share} ({low}–{high}) of {people}",
        name=name,
        share=shown_percent(step.share_of_previous),
        low=shown_percent(step.low),
        high=shown_percent(step.high),
        people=step.counted or 0,
    )
    return Dot(name, step.share_of_previous, step.low, step.high, said)


def cohort_rows(trend: Sequence[CohortConversion]) -> list[Series]:
    """Each conversion over cohorts, up to the last one with a share."""
    made = []
    for step, name in LEVELS.items():
        cohorts = [cohort for cohort in trend if cohort.step == step]
        while cohorts and cohorts[-1].share is None:
            cohorts.pop()
        if cohorts:
            made.append(
                Series(
                    name,
                    [cohort.starts_on for cohort in cohorts],
                    with_gaps(cohort.share for cohort in cohorts),
                    with_gaps(cohort.low for cohort in cohorts),
                    with_gaps(cohort.high for cohort in cohorts),
                    [_cohort_said(cohort) for cohort in cohorts],
                    [cohort.open for cohort in cohorts],
                )
            )
    return made


def _cohort_said(cohort: CohortConversion) -> str:
    if cohort.share is None:
        template = "{cohort}: not known or not shown"
    elif cohort.open:
        template = "{cohort}: {share} ({low}–{high}) of {people}, still open"
    else:
        template = "{cohort}: {share} ({low}–{high}) of {people}"
    return say(
        template,
        cohort=cohort.cohort,
        share=shown_percent(cohort.share),
        low=shown_percent(cohort.low),
        high=shown_percent(cohort.high),
        people=cohort.counted or 0,
    )


def curves(times: Sequence[WaitedShare]) -> list[Series]:
    """A curve for each of the largest groups."""
    by_group: dict[str, list[WaitedShare]] = {}
    for time in times:
        by_group.setdefault(time.group, []).append(time)
    largest = sorted(by_group, key=lambda group: -(by_group[group][0].people or 0))[:MOST_GROUPS]
    return [_curve(group) for key, group in by_group.items() if key in largest]


def _curve(times: Sequence[WaitedShare]) -> Series:
    name = group_name(times[0].name)
    return Series(
        name,
        [float(time.days) for time in times],
        [time.share for time in times],
        with_gaps(time.low for time in times),
        with_gaps(time.high for time in times),
        [
            say("{name}: {share} within {days}", name=name, share=shown_percent(time.share), days=DAYS(time.days))
            for time in times
        ],
    )


def log_rank_words(tests: Sequence[PaceTest]) -> str:
    """The log-rank test in a sentence that says no more than it knows."""
    if not tests:
        return "There are not two groups to compare here."
    test = tests[0]
    if test.p_value < 0.001:
        template = (
            "The {groups} groups take the step {step} at different paces: curves as far apart as these would come by "
            "chance with a probability of less than 0.1% (log-rank test). It does not say why."
        )
    elif test.p_value < 0.05:
        template = (
            "The {groups} groups take the step {step} at different paces: curves as far apart as these would come by "
            "chance with a probability of {chance}% (log-rank test). It does not say why."
        )
    else:
        template = (
            "The {groups} groups do not clearly differ in the step {step}: chance alone would give curves as far apart "
            "as these with a probability of {chance}% (log-rank test)."
        )
    return say(template, groups=test.groups, step=LEVELS[test.level].lower(), chance=100 * test.p_value)


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
