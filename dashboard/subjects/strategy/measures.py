"""The ten topics measured: from the answers of other pages' questions to a finding with its number, and a few bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from dashboard.parts import aims
from dashboard.parts.labels import group_name
from dashboard.subjects.strategy.cards import MOST_BARS, Told, TopicBar
from dashboard.words import numbers
from dashboard.words.counts import LEAST_BASE, counted_people, percent_range, shown_range
from dashboard.words.measures import LABELS
from dashboard.words.periods import during, quarter_name
from dashboard.words.ranges import people_words
from dashboard.words.sentences import EVENTS, MEMBERS, PEOPLE, REGIONS, TEAMS, Counted, say
from dashboard.words.steps import STEP_NAMES
from data_access.questions.data.quality import ALL, CheckResult
from data_access.questions.events.presence import ONLINE, UNKNOWN_PLACE, RegionPresence
from data_access.questions.funnel.step_table import FunnelStep
from data_access.questions.health.judging import interval
from data_access.questions.impact.targets import TargetProgress, named_metric
from data_access.questions.members.standing import MET, MISSED
from data_access.questions.members.summary import FloorCount
from data_access.questions.organizers.circles import CircleSize
from data_access.questions.people.diversity import EffectiveGroups
from data_access.questions.people.fairness import EVERYONE, FairShare
from data_access.questions.strategy.thanks import ThanksDue
from data_access.questions.teams.board import TeamStanding
from data_access.selection import Period

NOTHING_YET = "There are no data for this yet."
NOTHING_RELEASED = "Nothing was released of this yet."
WEEKS = Counted("{n} week", "{n} weeks")
CIRCLES = Counted("{n} local circle", "{n} local circles")
PARTNERS = Counted("{n} partner", "{n} partners")
CHECKED = Counted("{n} event was checked", "{n} events were checked")
REASONS = Counted("{n} reason for a word of thanks", "{n} reasons for a word of thanks")
TIMES = Counted("{n} time", "{n} times")
NO_COORDINATOR = Counted("{n} has no coordinator", "{n} have no coordinator")
NO_EVENT = Counted("{n} never had an event", "{n} never had an event")
STALLED = Counted("{n} is stalled", "{n} are stalled")


def _of(n: int, base: int) -> str:
    """`27 of 32 (84%)`; of few the counts alone."""
    template = "{n} of {base}" if base < LEAST_BASE else "{n} of {base} ({share})"
    return say(template, n=n, base=base, share=numbers.percent(n / base))


def regional(found: Sequence[RegionPresence]) -> Told:
    """In how many regions there is always something, and which waits longest."""
    regions = [row for row in found if row.region not in (ONLINE, UNKNOWN_PLACE) and row.weeks]
    if not regions:
        return Told(NOTHING_YET)
    often = sum(row.weeks_with_events * 2 >= row.weeks for row in regions)
    quiet = sorted(
        (row for row in regions if row.last_event_on), key=lambda row: (-(row.longest_silence or 0), row.region)
    )
    words = {"often": often, "regions": REGIONS(len(regions)), "never": NO_EVENT(len(regions) - len(quiet))}
    if not quiet:
        return Told(say("Nothing was held in any of {regions} yet.", regions=words["regions"]))
    finding = say(
        "In {often} of {regions} something was held in at least half of the weeks; {never}, and elsewhere {region} "
        "waited longest, {silence}.",
        region=quiet[0].region,
        silence=WEEKS(quiet[0].longest_silence or 0),
        **words,
    )
    bars = [
        TopicBar(row.region, row.share or 0.0, say("{n} of {weeks}", n=row.weeks_with_events, weeks=WEEKS(row.weeks)))
        for row in quiet[:MOST_BARS]
    ]
    return Told(finding, "Weeks with an event, where the silence was longest", tuple(bars))


def diverse(found: Sequence[EffectiveGroups], *, exact: bool) -> Told:
    """In what contributors are least varied, against as many groups of equal size."""
    known = [row for row in found if row.effective is not None and row.groups]
    if not known:
        return Told(NOTHING_YET if exact else NOTHING_RELEASED)
    known.sort(key=lambda row: ((row.effective or 0) / row.groups, row.dimension))
    least = known[0]
    values = {
        "dimension": least.dimension,
        "people": PEOPLE(least.people or 0),
        "effective": numbers.tenths(least.effective or 0),
        "groups": least.groups,
        "low": numbers.tenths(least.low or 0),
        "high": numbers.tenths(least.high or 0),
    }
    template = (
        "Least even is {dimension}: {people} who contribute and disclose it are as varied as {effective} equal "
        "groups would be (95% interval {low}–{high}), of {groups} that are named."
    )
    about = (
        "Least even is {dimension}: about {people} who contribute and disclose it are as varied as {effective} equal "
        "groups would be (95% interval {low}–{high}), of {groups} that are named."
    )
    bars = [
        TopicBar(
            group_name(row.dimension),
            (row.effective or 0) / row.groups,
            say("{effective} of {groups}", effective=numbers.tenths(row.effective or 0), groups=row.groups),
        )
        for row in known[:MOST_BARS]
    ]
    words = say(template if exact else about, **values)
    return Told(words, "Groups of equal size that would be as varied, of those named", tuple(bars))


def measured(found: Sequence[TargetProgress], scope_words: Callable[[str], str]) -> Told:
    """How the targets that run today stand; `scope_words` names what a target is for."""
    if not found:
        return Told("No target runs today: nothing says what would be enough.")
    known = sorted((row for row in found if row.share is not None), key=lambda row: (row.share or 0.0, row.metric))
    bars = []
    for row in known[:MOST_BARS]:
        name = LABELS.get(named_metric(row.metric), row.metric)
        label = say("{name}, {scope}", name=name, scope=scope_words(row.scope)) if row.scope else name
        bars.append(TopicBar(label, min(row.share or 0.0, 1.0), numbers.percent(row.share or 0.0)))
    return Told(aims.finding(found), "Reached of the targets that are furthest away", tuple(bars))


def accountable(found: Sequence[FloorCount], floor: int, *, exact: bool) -> Told:
    """How many members met the floor in the last quarter that is over."""
    quarters: dict[date, dict[str, FloorCount]] = {}
    for row in found:
        if not row.open:
            quarters.setdefault(row.quarter, {})[row.state] = row
    judged = {day: each for day, each in sorted(quarters.items()) if _base(each)}
    if not judged:
        return Told(NOTHING_YET if exact else NOTHING_RELEASED)
    day, last = list(judged.items())[-1]
    hits, base = _middle(last.get(MET)), _base(last)
    words = {"quarter": quarter_name(Period.quarter_of(day)), "events": EVENTS(floor)}
    if exact:
        low, high = interval(hits, base)
        template = "In {quarter}, {hits} of {members} met the floor of {events}: {share} (95% interval {interval})."
        if base < LEAST_BASE:
            template = "In {quarter}, {hits} of {members} met the floor of {events}."
        shares = {"share": numbers.percent(hits / base), "interval": percent_range(low or 0.0, high or 1.0)}
        finding = say(template, hits=hits, members=MEMBERS(base), **words, **shares)
    else:
        met, missed = (people_words(row.at_least, row.at_most) if row else "0" for row in map(last.get, (MET, MISSED)))
        template = "In {quarter}, {met} members met the floor of {events}; {missed} missed it."
        finding = say(template, met=met, missed=missed, **words)
    bars = [_floor_bar(day, each, exact=exact) for day, each in list(judged.items())[-MOST_BARS:]]
    return Told(finding, "Members who met the floor, of those it counted for", tuple(bars))


def _floor_bar(day: date, states: dict[str, FloorCount], *, exact: bool) -> TopicBar:
    hits, base = _middle(states.get(MET)), _base(states)
    shown = _of(hits, base) if exact else say("about {share}", share=numbers.percent(hits / base))
    return TopicBar(quarter_name(Period.quarter_of(day)), hits / base, shown)


def _base(states: dict[str, FloorCount]) -> int:
    """Members for whom the floor counted."""
    return _middle(states.get(MET)) + _middle(states.get(MISSED))


def _middle(row: FloorCount | None) -> int:
    return (row.people or 0) if row else 0


def led(found: Sequence[CircleSize], *, exact: bool) -> Told:
    """How many local circles there are, and in how many nobody mentors."""
    if not found:
        return Told(NOTHING_YET if exact else NOTHING_RELEASED)
    largest = found[0]
    words = {"circles": CIRCLES(len(found)), "circle": largest.circle}
    words["people"] = counted_people(largest.at_least, largest.at_most)
    if exact:
        without = sum(not (row.mentors or row.both) for row in found)
        template = "There are {circles}, the largest {circle} with {people}; in {without} of them nobody mentors."
        finding = say(template, without=without, **words)
    else:
        finding = say("There are {circles} of enough people to be told, the largest {circle} with {people}.", **words)
    bars = [
        TopicBar(row.circle, (row.at_least + row.at_most) / 2, shown_range(row.at_least, row.at_most))
        for row in found[:MOST_BARS]
    ]
    return Told(finding, "People of the largest circles", tuple(bars), most=bars[0].value)


def shared(found: Sequence[FairShare], *, exact: bool) -> Told:
    """How evenly money was spread over members."""
    if not found and not exact:
        return Told(NOTHING_RELEASED)
    everyone = next((row for row in found if row.member_of == EVERYONE), None)
    if everyone is None or everyone.gini is None:
        return Told("Too few members received money to say how evenly it is spread.")
    values = {
        "gini": numbers.ratio(everyone.gini),
        "low": numbers.ratio(everyone.low or 0.0),
        "high": numbers.ratio(everyone.high or 1.0),
        "members": MEMBERS(everyone.members or 0),
    }
    template = "Money was spread over {members} with a Gini of {gini} (95% interval {low}–{high}); 0 is even."
    about = "Money was spread over about {members} with a Gini of {gini} (95% interval {low}–{high}); 0 is even."
    groups = [row for row in found if row.member_of != EVERYONE and row.share_of_amount is not None]
    groups.sort(key=lambda row: -(row.share_of_amount or 0.0))
    bars = [
        TopicBar(
            row.member_of or "Not known",
            row.share_of_amount or 0.0,
            say(
                "{money} of the money, {members} of the members",
                money=numbers.percent(row.share_of_amount or 0.0),
                members=numbers.percent(row.share_of_members or 0.0),
            ),
        )
        for row in groups[:MOST_BARS]
    ]
    return Told(say(template if exact else about, **values), "Where the most of it went, by region", tuple(bars))


_THANKS = {
    "first_talk": "First talks",
    "tenth_event": "Tenth events",
    "new_language": "New languages",
    "member_anniversary": "Anniversaries",
}


def thanked(found: Sequence[ThanksDue], period: Period) -> Told:
    """How much there is to thank for."""
    number = sum(row.occasions for row in found)
    if not number:
        return Told(say("No member gave a reason for a word of thanks {during}.", during=during(period)))
    most = max(found, key=lambda row: row.occasions)
    finding = say(
        "Members gave {reasons} {during}, most often {what}: {times}, by {members}.",
        reasons=REASONS(number),
        during=during(period),
        what=_THANKS[most.what].lower(),
        times=TIMES(most.occasions),
        members=MEMBERS(most.people),
    )
    bars = [TopicBar(_THANKS[row.what], row.occasions, numbers.number(row.occasions)) for row in found]
    return Told(finding, "What there was to thank for", tuple(bars), most=most.occasions)


def communicated(found: Sequence[CheckResult]) -> Told:
    """How complete the record of events is."""
    total = next((row.events for row in found if row.check == ALL), 0)
    if not total:
        return Told(NOTHING_YET)
    gaps = sorted((row for row in found if row.check != ALL and row.events), key=lambda row: (-row.events, row.check))
    if not gaps:
        return Told(say("{checked}, and no gap was found.", checked=CHECKED(total)))
    finding = say(
        "{checked}; the most frequent gap is “{gap}”: {share}.",
        checked=CHECKED(total),
        gap=gaps[0].label,
        share=_of(gaps[0].events, total),
    )
    bars = [TopicBar(row.label, row.events / total, _of(row.events, total)) for row in gaps[:MOST_BARS]]
    return Told(finding, "Events with a gap or doubt, of all", tuple(bars))


def travelled(found: Sequence[FunnelStep], period: Period, *, exact: bool) -> Told:
    """How far the people who joined have come."""
    steps = {row.step: row for row in found}
    joined, active = steps.get("joined"), steps.get("active")
    if joined is None or active is None or not joined.at_most:
        return Told(NOTHING_YET if exact else NOTHING_RELEASED)
    words = {
        "people": counted_people(joined.at_least, joined.at_most),
        "during": during(period),
        "active": shown_range(active.at_least, active.at_most),
    }
    template = "Of {people} who joined {during}, {active} became active so far."
    if active.share_of_previous is not None and active.low is not None and (active.counted or 0) >= LEAST_BASE:
        template = (
            "Of {people} who joined {during}, {active} became active so far: of those whose time is over, {share} "
            "took that step (95% interval {interval})."
        )
        words["share"] = numbers.percent(active.share_of_previous)
        words["interval"] = percent_range(active.low, active.high or 1.0)
    bars = [
        TopicBar(STEP_NAMES.get(row.step, row.step), row.share_of_start, shown_range(row.at_least, row.at_most))
        for row in found
        if row.share_of_start is not None
    ]
    return Told(say(template, **words), "People who came so far", tuple(bars[:MOST_BARS]))


def supported(found: Sequence[TeamStanding]) -> Told:
    """How many teams each partner looks after, and which have nobody."""
    if not found:
        return Told(NOTHING_YET)
    load = Counter(row.partner for row in found if row.partner)
    without = sum(not row.coordinator_appointed for row in found)
    words = {
        "teams": TEAMS(len(found)),
        "partners": PARTNERS(len(load)),
        "most": max(load.values(), default=0),
        "without": NO_COORDINATOR(without),
        "stalled": STALLED(sum(bool(row.stalled) for row in found)),
    }
    template = "{partners} for {teams}, {most} at most for one; {without}, and {stalled}."
    bars = [TopicBar(name, teams, TEAMS(teams)) for name, teams in load.most_common(MOST_BARS)]
    return Told(say(template, **words), "Teams of each partner", tuple(bars), most=max(load.values(), default=1))
