"""The care for members and contributors in words: thanks, invitations, trainings, ties in cohorts, reviews."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.words.numbers import percent, tenths
from dashboard.words.sentences import DAYS, PEOPLE, Counted, say
from data_access.questions.members.cohesion import CohortCohesion
from data_access.questions.members.invite import Invitation
from data_access.questions.members.reviews import ReviewAgreement, ReviewerLoad
from data_access.questions.members.thanking import ThanksGiven, WaitsForThanks
from data_access.questions.members.trainings import TrainingEffect

KINDS = {
    "speaking": "Speaking",
    "materials": "Materials",
    "event_management": "Event management",
    "other": "Other",
}
WAIT = Counted(
    "{n} achievement of the last 90 days waits for thanks", "{n} achievements of the last 90 days wait for thanks"
)
_REVIEWS_WAIT = Counted("{n} review waits", "{n} reviews wait")
TRAININGS = Counted("{n} training", "{n} trainings")
_PAIRS = Counted("{n} pair", "{n} pairs")
SMALL = 10


def thanks_waiting(found: Sequence[WaitsForThanks]) -> str:
    """How many wait, and since when the newest."""
    if not found:
        return "Nobody waits for thanks: everything of the last 90 days was thanked for."
    return say("{wait}; rarer things first, then the newest.", wait=WAIT(found[0].waiting))


def thanks_given(found: Sequence[ThanksGiven]) -> str:
    """What part of the period's achievements was thanked for within 30 days."""
    every = next((row for row in found if row.what == "all"), None)
    if every is None:
        return ""
    words = {"in_time": every.in_time, "judged": every.judged}
    if not every.judged or every.share is None or every.low is None or every.high is None:
        return "The 30 days of all that happened in the period still run."
    if every.judged < SMALL:
        return say("{in_time} of {judged} in the period were thanked for within 30 days.", **words)
    return say(
        "{in_time} of {judged} in the period were thanked for within 30 days: {share} ({low} to {high}).",
        **words,
        share=percent(every.share),
        low=percent(every.low),
        high=percent(every.high),
    )


def invite(found: Sequence[Invitation]) -> str:
    """How many could be invited, and by what they are ordered."""
    if not found:
        return ""
    return say(
        "{people} did the work of members in the last 12 months without ever being one. "
        "Those with the most kinds of reasons come first.",
        people=PEOPLE(found[0].candidates),
    )


def trainings(found: Sequence[TrainingEffect]) -> str:
    """What changed after the trainings whose 180 days are over, by kind; only what can be told apart."""
    if not found:
        return "The 180 days after each training still run: nothing can be said of them yet."
    came = {name: sum(getattr(row, name) for row in found) for name in ("attended", "active_before", "active_after")}
    both = say(
        "Of {attended} who came, {active_after} spoke or organized in the 180 days after, {active_before} in the 180 "
        "before.",
        **came,
    )
    return " ".join((both, _against_others(found)))


def _against_others(found: Sequence[TrainingEffect]) -> str:
    told = [row for row in found if row.difference_low is not None and row.difference_low > 0]
    if told:
        best = max(told, key=lambda row: row.difference or 0)
        return say(
            "After trainings in {kind}, {after} who came spoke or organized, and {others} who did not come.",
            kind=KINDS[best.kind].lower(),
            after=_part(best.active_after, best.attended),
            others=_part(round((best.others_after or 0) * best.others), best.others),
        )
    if not any(row.others for row in found):
        return "Nobody is known who could have come and did not, so that nothing can be held against it."
    return "Those who did not come cannot be told apart from them: the numbers are small, or alike."


def _part(part: int, whole: int) -> str:
    """Counts where they are few, else the share and what it is of."""
    if whole < SMALL:
        return say("{part} of {whole}", part=part, whole=whole)
    return say("{share} of {whole}", share=percent(part / whole), whole=whole)


def cohesion(found: Sequence[CohortCohesion]) -> str:
    """How far the newest cohort whose year is over came together."""
    over = [row for row in found if row.state == "over" and row.pairs]
    if not over:
        return "No cohort’s first year is over yet."
    newest = over[0]
    return say(
        "{cohort}: {met} of {pairs} met at events in their first year; {alone} met nobody of it.",
        cohort=newest.name or newest.cohort_key,
        met=newest.at_events,
        pairs=_PAIRS(newest.pairs),
        alone=PEOPLE(newest.alone),
    )


def reviewers(found: Sequence[ReviewerLoad]) -> str:
    """How many reviews wait, and with whom most of them."""
    waiting = sum(row.waiting for row in found)
    if not waiting:
        return "No review waits."
    first = found[0]
    return say(
        "{reviews_wait}. {reviewer} has the most: {most}, the oldest for {days}.",
        reviews_wait=_REVIEWS_WAIT(waiting),
        reviewer=first.reviewer,
        most=first.waiting,
        days=DAYS(first.days or 0),
    )


def agreement(found: Sequence[ReviewAgreement]) -> str:
    """How far reviewers of the same application are apart."""
    if not found or found[0].difference is None:
        return "No application was reviewed by two people yet: whether reviewers agree is not known."
    every = found[0]
    said = {"n": every.twice, "points": tenths(every.difference or 0)}
    if every.agreement is None:
        return say("Two reviews of one application are {points} points apart on average (of {n}).", **said)
    return say(
        "Two reviews of one application are {points} points apart on average (of {n}); agreement {agreement} of 1.",
        agreement=f"{every.agreement:.2f}",
        **said,
    )
