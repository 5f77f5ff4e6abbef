"""Circles and needs, in words: whether organizers grow, who lacks a mentor, and what organizers wait for."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts.labels import short
from dashboard.parts.shapes import Headline
from dashboard.words import numbers
from dashboard.words.counts import LEAST_BASE, percent_range, share_of
from dashboard.words.sentences import DAYS, PEOPLE, Counted, listed, say
from data_access.contract.organizer_tables import NEED_KINDS
from data_access.questions.organizers.growth import QuarterOrganizers
from data_access.questions.organizers.helpers import CircleHelper
from data_access.questions.organizers.mentoring import MentorLoad, OrganizersMentored
from data_access.questions.organizers.needs import OrganizerNeeds

NEW_ORGANIZERS = Counted("{n} new organizer", "{n} new organizers")
OPEN_NEEDS = Counted("{n} need of organizers is open", "{n} needs of organizers are open")
NEEDS = Counted("{n} need", "{n} needs")
MENTORS = Counted("{n} mentor", "{n} mentors")
MENTEES = Counted("{n} mentee", "{n} mentees")
HALF = 0.5  # as many in both years
_LACK = Counted(
    "Of {people} of the last 365 days, {lacking} has no mentor.",
    "Of {people} of the last 365 days, {lacking} have no mentor.",
)
_GROWTH = {
    1: "More people organized for the first time in the last four full quarters ({now}) than in the four before "
    "({then}).",
    -1: "Fewer people organized for the first time in the last four full quarters ({now}) than in the four before "
    "({then}).",
    0: "{now} people organized for the first time in the last four full quarters, {then} in the four before: within "
    "what chance allows.",
}


def circles_finding(mentored: OrganizersMentored | None) -> str:
    """How many new organizers have no mentor."""
    if mentored is None:
        return "Nobody is recorded as an organizer, and no mentorship lasts."
    if not mentored.new:
        return "Nobody organized an event for the first time in the last 365 days."
    lacking = _part(mentored.unmentored, mentored.new)
    return say(_LACK.form(mentored.unmentored), people=NEW_ORGANIZERS(mentored.new), lacking=lacking)


def _part(n: int, base: int) -> str:
    if base < LEAST_BASE:
        return numbers.number(n)
    return say("{n} ({share})", n=n, share=numbers.percent(n / base))


def mentoring_words(mentored: OrganizersMentored) -> str:
    """Who could mentor, against who lacks one."""
    if not mentored.unmentored:
        return ""
    return say(
        "{free} experienced organizers mentor nobody yet: they could take on the {lacking} without a mentor.",
        free=mentored.free,
        lacking=mentored.unmentored,
    )


def growth_words(quarters: Sequence[QuarterOrganizers]) -> str:
    """First-time organizers of the last four full quarters against the four before, if there is data for both."""
    full = [row for row in quarters if not row.open]
    last = full[-1] if full else None
    if last is None or last.before is None or last.low is None or last.high is None:
        return "There is no data before for a comparison of two years of first-time organizers."
    if not (last.year or last.before):
        return "Nobody organized for the first time in two years."
    direction = 1 if last.low > HALF else -1 if last.high < HALF else 0
    return say(_GROWTH[direction], now=last.year, then=last.before)


def circle_headlines(mentored: OrganizersMentored) -> list[Headline]:
    """Organizers, first-time ones, those without a mentor, mentors with their load."""
    base, lacking = mentored.new, mentored.unmentored
    share = share_of(lacking, base) if base else ""
    if mentored.low is not None and mentored.high is not None and base >= LEAST_BASE:
        ends = percent_range(mentored.low, mentored.high)
        share = say("{share}, 95% interval {ends}", share=share, ends=ends)
    load = say("for {mentees}", mentees=MENTEES(mentored.mentees))
    return [
        Headline("Organizers", numbers.number(mentored.organizers), note="of the last 365 days"),
        Headline("First time", numbers.number(base), note=say("with a mentor: {n}", n=mentored.mentored)),
        Headline("Without a mentor", numbers.number(lacking), note=share),
        Headline("Mentors", numbers.number(mentored.mentors), note=load),
    ]


def load_words(loads: Sequence[MentorLoad]) -> str:
    """How mentees spread over mentors."""
    each = [
        say("{mentors} with {mentees}", mentors=MENTORS(row.mentors), mentees=MENTEES(row.mentees))
        for row in loads
        if row.mentors
    ]
    return say("Load: {each}.", each=listed(each)) if each else "No mentorship lasts on this day."


def helper_words(row: CircleHelper) -> str:
    """Why this circle could help: `both in Portuguese, both hold workshops, 340 km away`."""
    reasons = []
    if row.language:
        reasons.append(say("both in {language}", language=row.language))
    if row.kind:
        reasons.append(say("both hold {kind} events", kind=row.kind.replace("_", " ")))
    if row.distance is None:
        return listed(reasons)
    km = round(row.distance)
    if not reasons:
        return say("{km} km away", km=km)
    return say("{reasons}, {km} km away", reasons=listed(reasons), km=km)


def needs_finding(needs: Sequence[OrganizerNeeds]) -> str:
    """How many needs are open, and for how long."""
    waiting, late = sum(row.open for row in needs), sum(row.overdue for row in needs)
    if not needs:
        return "No need of an organizer is recorded."
    if not waiting:
        return "Every need that organizers raised is met."
    return say("{needs}; {late} of them for more than 30 days.", needs=OPEN_NEEDS(waiting), late=late)


def needs_more(needs: Sequence[OrganizerNeeds]) -> str:
    """How many of a year's needs were met within 30 days."""
    raised, met = sum(row.raised for row in needs), sum(row.met_soon for row in needs)
    if not raised:
        return ""
    return say("Met within 30 days: {share} of a year’s needs.", share=share_of(met, raised))


def needs_headlines(needs: Sequence[OrganizerNeeds]) -> list[Headline]:
    """Open, overdue, oldest, met in time."""
    waiting, late, raised, met = (
        sum(getattr(row, name) for row in needs) for name in ("open", "overdue", "raised", "met_soon")
    )
    oldest = max((row.oldest for row in needs if row.oldest is not None), default=None)
    first = max(needs, key=lambda row: row.open, default=None)
    most = say("most: {kind} ({n})", kind=NEED_KINDS[first.kind], n=first.open) if first and first.open else ""
    return [
        Headline("Open needs", numbers.number(waiting), note=most),
        Headline("Open over 30 days", numbers.number(late), note=share_of(late, waiting) if waiting else ""),
        Headline("Oldest", DAYS(oldest) if oldest is not None else "–", note="open for so long"),
        Headline("Met within 30 days", numbers.number(met), note=share_of(met, raised) if raised else ""),
    ]


def lacking_words(total: int, shown: int) -> str:
    """Over the list of who lacks a mentor."""
    if total > shown:
        return say("The {shown} who organize most, of {people}.", shown=shown, people=PEOPLE(total))
    return say("{people}, who organize most first.", people=PEOPLE(total))


def young_words(helpers: Sequence[CircleHelper]) -> str:
    """Which young circle waits for most, and who could help it."""
    if not helpers:
        return "No young circle has an established one with a reason to help it."
    first = helpers[0]
    template = "{circle} has {people} without a mentor; {helper} could help: {why}."
    return say(
        template,
        circle=short(first.circle),
        people=NEW_ORGANIZERS(first.unmentored),
        helper=short(first.helper),
        why=helper_words(first),
    )
