"""How fast people take their steps, and whether cohorts get better, in words and shapes."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts.labels import group_name
from dashboard.parts.shapes import Series, with_gaps
from dashboard.subjects.funnel.words import GROUP, LEVELS, MOST_GROUPS
from dashboard.words.counts import shown_percent
from dashboard.words.sentences import DAYS, PEOPLE, Counted, say
from data_access.questions.funnel.conversion import CohortConversion
from data_access.questions.funnel.waiting import PaceTest, WaitedShare

_LEFT_OUT = Counted(
    "{n} person took the step before the one it follows, and is in no curve.",
    "{n} people took the step before the one it follows, and are in no curve.",
)


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
                    [f"{step}.{cohort.starts_on.isoformat()}" if cohort.share else "" for cohort in cohorts],
                )
            )
    return made


def _cohort_said(cohort: CohortConversion) -> str:
    if cohort.share is None:
        template = "{cohort}: not known or not shown"
    elif cohort.open:
        template = "{cohort}: {share} ({low}–{high}) of {people} whose time is over; others still have time"
    else:
        template = "{cohort}: {share} ({low}–{high}) of {people}"
    return say(
        template,
        cohort=cohort.cohort,
        share=shown_percent(cohort.share),
        low=shown_percent(cohort.low),
        high=shown_percent(cohort.high),
        people=PEOPLE(cohort.counted or 0),
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
        keys=[f"{GROUP}{times[0].group or ''}"] * len(times),
    )


def left_out_words(times: Sequence[WaitedShare]) -> str:
    """How many took the step before the one it follows, and are in no curve."""
    early = sum({time.group: time.early or 0 for time in times}.values())
    return say(_LEFT_OUT.form(early), n=early) if early else ""


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
