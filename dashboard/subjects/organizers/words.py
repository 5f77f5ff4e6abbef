"""Events and organizers, in words: whole arcs, what one event brought, projects, and what each scale takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.parts.labels import group_name, short
from dashboard.parts.shapes import Headline, Step
from dashboard.words import numbers
from dashboard.words.counts import LEAST_BASE, NOT_SHOWN, stands_out, with_share
from dashboard.words.sentences import EVENTS, PEOPLE, Counted, say
from data_access.questions.events.arcs import PHASES, EventTask, OneEvent, ProjectEvents, ScaleArcs
from data_access.questions.funnel.followthrough import LATER
from data_access.questions.organizers.arc_people import EventPeople
from data_access.questions.organizers.effort import ScaleEffort, ScaleYear

QUESTION = "Do events drive action, and who carries them?"
ARC, PROJECTS, CIRCLES, NEEDS, EFFORT = "arc", "projects", "circles", "needs", "effort"
VIEWS = {ARC: "Arc of an event", PROJECTS: "Projects", CIRCLES: "Circles", NEEDS: "Needs", EFFORT: "Effort"}
TASKS = Counted("{n} task", "{n} tasks")
PROJECTS_COUNTED = Counted("{n} project", "{n} projects")
COMPLETIONS = Counted("{n} completion", "{n} completions")
PHASE_NAMES = {"before": "Before", "during": "During", "after": "After", "": "Not recorded"}
FEW = 0.1
_NO_WHOLE = "None of {events} has tasks before, during and after; with any: {some}."
_FEW_WHOLE = Counted(
    "Only {whole} of {events} has tasks before, during and after; with any: {some}.",
    "Only {whole} of {events} have tasks before, during and after; with any: {some}.",
)
_WHOLE = Counted(
    "{whole} of {events} has tasks before, during and after; with any: {some}.",
    "{whole} of {events} have tasks before, during and after; with any: {some}.",
)
_MOVED = "Events moved on {projects}; most of them {first} ({events})."
# By whether the first, and the last, stands out from the others.
_PER_EVENT = {
    (True, True): "Most projects per event: {most} events ({most_rate}); fewest: {fewest} ones ({fewest_rate}).",
    (True, False): "Most projects per event: {most} events ({most_rate}).",
    (False, True): "Fewest projects per event: {fewest} events ({fewest_rate}).",
    (False, False): "How many projects an event moves on cannot be told apart by scale: the 95% intervals overlap.",
}
_ORGANIZERS = {
    (True, True): "Most organizers an event: {most} ones ({most_rate}); fewest: {fewest} ones ({fewest_rate}).",
    (True, False): "Most organizers an event: {most} ones ({most_rate}).",
    (False, True): "Fewest organizers an event: {fewest} ones ({fewest_rate}).",
    (False, False): "How many organizers an event takes cannot be told apart by scale: the 95% intervals overlap.",
}


def arcs_finding(scales: Sequence[ScaleArcs]) -> str:
    """How many events have all three phases."""
    events, whole, some = (sum(getattr(row, name) for row in scales) for name in ("events", "whole", "with_tasks"))
    template = _NO_WHOLE if not whole else (_FEW_WHOLE if whole < FEW * events else _WHOLE).form(whole)
    return say(template, whole=whole, events=EVENTS(events), some=with_share(some, events))


def arcs_more(scales: Sequence[ScaleArcs]) -> str:
    """In which phase tasks are missing most."""
    some = sum(row.with_tasks for row in scales)
    if not some:
        return ""
    counts = {phase: sum(getattr(row, phase) for row in scales) for phase in PHASES}
    rarest = min(PHASES, key=lambda phase: counts[phase])
    templates = {
        "before": "Of the {events} with tasks, fewest have one before the event: {count}.",
        "during": "Of the {events} with tasks, fewest have one during the event: {count}.",
        "after": "Of the {events} with tasks, fewest have one after the event: {count}.",
    }
    return say(templates[rarest], events=EVENTS(some), count=with_share(counts[rarest], some))


def phase_counts(scales: Sequence[ScaleArcs]) -> list[tuple[str, int]]:
    """Of all events: with tasks before, during, after, in all three."""
    counted = [(PHASE_NAMES[phase], sum(getattr(row, phase) for row in scales)) for phase in PHASES]
    return [*counted, ("All three", sum(row.whole for row in scales))]


def arc_headlines(scales: Sequence[ScaleArcs], projects: int) -> list[Headline]:
    """Events, with tasks, whole arcs, projects."""
    events, some, whole, named = (
        sum(getattr(row, name) for row in scales) for name in ("events", "with_tasks", "whole", "with_project")
    )
    return [
        Headline("Events", numbers.number(events)),
        Headline("With tasks", numbers.number(some), note=_of(some, events)),
        Headline("All three phases", numbers.number(whole), note=_of(whole, events)),
        Headline("Projects", numbers.number(projects), note=say("named at {events}", events=EVENTS(named))),
    ]


def _of(part: int, whole: int) -> str:
    if whole < LEAST_BASE:
        return say("of {events}", events=EVENTS(whole))
    return say("{share} of {events}", share=numbers.percent(part / whole), events=EVENTS(whole))


# ---- one event -----------------------------------------------------------------------------------------------------


def event_name(key: str, title: str | None, day: object) -> str:
    """`Documentation sprint, 3 May 2026`."""
    return say("{title}, {day}", title=short(title or key, 60), day=day)


def event_line(event: OneEvent) -> str:
    """When and where, in one line."""
    last = event.ends_on
    days = say("{first} to {last}", first=event.starts_on, last=last) if last > event.starts_on else event.starts_on
    where = event.city or ("online" if event.mode == "online" else "place not recorded")
    template = "{days} · {where} · {scale} · {status}"
    scale = group_name(event.scale.capitalize()) if event.scale else "scale not recorded"
    return say(template, days=days, where=short(where, 40), scale=scale, status=event.status)


def arc_steps(event: OneEvent, tasks: Sequence[EventTask]) -> list[Step]:
    """Before, during, after: how many tasks, what was completed of them, and the days between."""
    days = (event.starts_on, event.ends_on)
    steps = []
    for number, phase in enumerate(PHASES):
        own = [row for row in tasks if row.phase == phase]
        count = sum(row.tasks for row in own)
        done = [row.completed for row in own if row.completed is not None]
        label = PHASE_NAMES[phase]
        if count:
            said = COMPLETIONS(sum(done)) if done else "completions not reported"
            label = say("{phase}: {said}", phase=label, said=said)
        else:
            label = say("{phase}: nothing set", phase=label)
        rate = numbers.short_day(days[number - 1]) if number else ""
        steps.append(Step(label, TASKS(count), rate, _DAYS_BETWEEN[number]))
    return steps


_DAYS_BETWEEN = ("", "begins", "ends")


def event_headlines(event: OneEvent, people: EventPeople | None) -> list[Headline]:
    """Attendance and newcomers as reported; inside also who contributed because of it, and who came again."""
    reported = NOT_SHOWN if event.reported is None else numbers.number(event.reported)
    came = NOT_SHOWN if event.attendance is None else numbers.number(event.attendance)
    made = [Headline("Attendance", came, note="as the event reports" if event.attendance is not None else "no report")]
    if people is None:
        return [*made, Headline("Newcomers reported", reported, note="as the event reports")]
    known = say("{n} by their contributions", n=people.new_90)
    made.append(Headline("Newcomers reported", reported, note=known))
    contributed = people.before + people.during + people.after
    phases = say("{before} before, {during} during, {after} after", before=people.before, during=people.during,
                 after=people.after)  # fmt: skip
    made.append(Headline("Contributed for it", numbers.number(contributed), note=phases))
    again = say("of {people} recorded, within {days} days", people=PEOPLE(people.recorded), days=LATER)
    return [*made, Headline("Came again", numbers.number(people.came_again), note=again)]


def people_words(people: EventPeople) -> str:
    """Who followed the event, and whether that can still grow."""
    counts = {"new": people.new_90, "back": people.returning_90, "days": LATER}
    if people.open:
        template = (
            "So far {new} new and {back} returning contributors within {days} days; this is known whole on {day}."
        )
        return say(template, day=people.known_on, **counts)
    return say("{new} new and {back} returning contributors within {days} days.", **counts)


def differ_words(event: OneEvent, people: EventPeople) -> str:
    """Where what is reported and what contributions show differ."""
    if event.reported is None or event.reported == people.new_90:
        return ""
    template = (
        "The event reports {reported} newcomers, contributions show {known}: both are told, neither is corrected."
    )
    return say(template, reported=event.reported, known=people.new_90)


def missing_phases(tasks: Sequence[EventTask]) -> str:
    """What the arc lacks."""
    lacking = [phase for phase in PHASES if not any(row.phase == phase for row in tasks)]
    if not lacking:
        return "The arc is whole: tasks before, during and after."
    templates = {
        ("before",): "Nothing was set before the event.",
        ("during",): "Nothing was set during the event.",
        ("after",): "Nothing was set after the event.",
        ("before", "during"): "Nothing was set before and during the event.",
        ("before", "after"): "Nothing was set before and after the event.",
        ("during", "after"): "Nothing was set during and after the event.",
        PHASES: "No task was set for this event.",
    }
    return templates[tuple(lacking)]


# ---- projects ------------------------------------------------------------------------------------------------------


def projects_finding(projects: Sequence[ProjectEvents]) -> str:
    """How many projects events moved on, and which most."""
    named = [row for row in projects if row.project]
    if not named:
        return "No task of these events names a project."
    first = named[0]
    return say(_MOVED, projects=PROJECTS_COUNTED(len(named)), first=short(first.project), events=EVENTS(first.events))


def projects_more(scales: Sequence[ScaleArcs]) -> str:
    """Which scale moves on most projects per event, if the intervals tell it from the others."""
    known = [row for row in scales if row.events and row.scale]
    if len(known) < 2 or not any(row.pairs for row in known):
        return ""
    return _ranked(_PER_EVENT, [(row.scale, row.per_event, row.low, row.high) for row in known])


def _ranked(
    templates: Mapping[tuple[bool, bool], str], rates: Sequence[tuple[str, float, float | None, float | None]]
) -> str:
    """Which scale has most and which fewest, where intervals tell them from the others: (scale, rate, low, high)."""
    ordered = sorted(rates, key=lambda rate: -rate[1])
    ends = [(low, high) for _, _, low, high in ordered]
    apart = (stands_out(ends[0], ends[1:]), stands_out(ends[-1], ends[:-1]))
    (most, most_rate, *_), (fewest, fewest_rate, *_) = ordered[0], ordered[-1]
    rounded = {"most_rate": numbers.two_figures(most_rate), "fewest_rate": numbers.two_figures(fewest_rate)}
    return say(templates[apart], most=most, fewest=fewest, **rounded)


# ---- effort --------------------------------------------------------------------------------------------------------


def effort_finding(years: Sequence[ScaleYear]) -> str:
    """How many events of each scale the last whole year held."""
    whole = sorted({row.year for row in years})[:-1]
    if not whole:
        return "No year is over yet: events are told at the pace of the days that are known."
    last = {row.scale: row.events for row in years if row.year == whole[-1]}
    counts = {name: last.get(name, 0) for name in ("micro", "regional", "annual")}
    return say("{year} held {micro} micro, {regional} regional and {annual} annual events.", year=whole[-1], **counts)


def effort_more(efforts: Sequence[ScaleEffort]) -> str:
    """Which scale takes most organizers an event, if the intervals tell it from the others."""
    known = [row for row in efforts if row.organizers is not None and row.low is not None and row.scale]
    if len(known) < 2:
        return ""
    return _ranked(_ORGANIZERS, [(row.scale, row.organizers or 0.0, row.low, row.high) for row in known])
