"""What is due, in words: the finding, a sentence a thing, and by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.parts.aims import scope_of, scope_words
from dashboard.parts.labels import short
from dashboard.parts.shapes import Headline, Thing
from dashboard.words import numbers
from dashboard.words.measures import LABELS
from dashboard.words.sentences import DAYS, EVENTS, PEOPLE, QUARTERS, Counted, say
from data_access.contract.lifecycle import LIFECYCLE, ORDER, stage_title
from data_access.contract.runbook import DISPUTE_DAYS
from data_access.questions.impact.targets import named_metric
from data_access.questions.members.waiting import DECISION, EVALUATION, GRADUATION, TRAINING
from data_access.questions.named.entries import EVENT, PERSON, SPACE, TEAM
from data_access.questions.this_week import items as due
from data_access.questions.this_week.items import DueItem
from data_access.questions.this_week.people import HISTORY

LONGEST_NAME, LONGEST_TITLE = 60, 90
HEADS = {
    due.REQUEST: "A request to decide",
    due.BOARD_REQUEST: "Only the board can approve it",
    due.AT_RISK: "At risk of the floor",
    due.MISSED: "Below the floor for long",
    due.UNMARKED: "An event nobody marked",
    due.DISPUTE: "A dispute",
    due.APPLICATION: "An application that waits",
    due.BUDGET: "A budget for the board to approve",
    due.TARGET: "A target off its pace",
    due.PILOT: "A pilot that ends",
    due.READY: "A team that is ready",
    due.STALLED: "A team that is stalled",
    due.STALE: "Old data",
    due.SOURCE: "A live source that failed",
    due.REFUSED: "An import that was refused",
}
MORE = {
    due.REQUEST: Counted("{n} more request to decide", "{n} more requests to decide"),
    due.BOARD_REQUEST: Counted("{n} more request for the board", "{n} more requests for the board"),
    due.AT_RISK: Counted("{n} more member at risk", "{n} more members at risk"),
    due.MISSED: Counted("{n} more member below the floor", "{n} more members below the floor"),
    due.UNMARKED: Counted("{n} more event nobody marked", "{n} more events nobody marked"),
    due.DISPUTE: Counted("{n} more dispute", "{n} more disputes"),
    due.APPLICATION: Counted("{n} more application that waits", "{n} more applications that wait"),
    due.BUDGET: Counted("{n} more budget", "{n} more budgets"),
    due.TARGET: Counted("{n} more target off its pace", "{n} more targets off their pace"),
    due.PILOT: Counted("{n} more pilot", "{n} more pilots"),
    due.READY: Counted("{n} more team that is ready", "{n} more teams that are ready"),
    due.STALLED: Counted("{n} more team that is stalled", "{n} more teams that are stalled"),
    due.STALE: Counted("{n} more import", "{n} more imports"),
    due.SOURCE: Counted("{n} more source that failed", "{n} more sources that failed"),
    due.REFUSED: Counted("{n} more import that was refused", "{n} more imports that were refused"),
}
THINGS = Counted("{n} thing", "{n} things")
FIRST = Counted("{n} thing needs you", "{n} things need you")
_ERRORS = Counted("{n} error", "{n} errors")
_LEFT = Counted("{n} day left", "{n} days left")
_LATE = Counted("{n} day late", "{n} days late")
# Of what kind that is which its sentence names besides a person.
_ABOUT = {
    due.REQUEST: EVENT,
    due.BOARD_REQUEST: EVENT,
    due.UNMARKED: EVENT,
    due.PILOT: SPACE,
    due.READY: TEAM,
    due.STALLED: TEAM,
}
_STEPS = {EVALUATION: "the evaluation", DECISION: "a decision", TRAINING: "the training", GRADUATION: "graduation"}


def finding(shown: Sequence[DueItem]) -> str:
    """How much comes first, and how much of it is late."""
    late = sum(map(is_late, shown))
    if not shown:
        return "Nothing is due this week."
    if not late:
        return say("{things} first; nothing of it is late.", things=FIRST(len(shown)))
    return say("{things} first; {late} of them late.", things=FIRST(len(shown)), late=late)


def more(shown: Sequence[DueItem], left: int, recorded: int) -> str:
    """When the next day is, what comes later, and what the viewer has done since Monday."""
    days = min((thing.days for thing in shown if thing.days is not None and thing.days >= 0), default=None)
    said = []
    if days is not None:
        said.append(say("The next day is in {days}.", days=DAYS(days)) if days else "The next one is due today.")
    if left > len(shown):
        said.append(say("{n} more can wait a little.", n=left - len(shown)))
    done = say("You have recorded {things} since Monday.", things=THINGS(recorded))
    return " ".join([*said, done if recorded else "You have recorded nothing since Monday."])


def is_late(thing: DueItem) -> bool:
    """Whether its day is over."""
    return thing.days is not None and thing.days < 0


def headlines(shown: Sequence[DueItem], left: int, recorded: int, put_off: int) -> list[Headline]:
    """Recorded since Monday, left, late, put off."""
    return [
        Headline("Recorded since Monday", numbers.number(recorded)),
        Headline("Left", numbers.number(left), note=say("{n} of them below", n=len(shown))),
        Headline("Late", numbers.number(sum(map(is_late, shown))), note="of those below"),
        Headline("Hidden for now", numbers.number(put_off)),
    ]


def when(thing: DueItem) -> str:
    """`3 days left`, `today`, `2 days late`; nothing where no day is set."""
    if thing.days is None:
        return "no set day"
    if thing.days == 0:
        return "today"
    return _LEFT(thing.days) if thing.days > 0 else _LATE(-thing.days)


def sentence(thing: DueItem, names: Mapping[str, Mapping[str, str]]) -> str:
    """What it is, why now, by when. `names` are those of teams and spaces."""
    own = _SENTENCES[thing.kind]
    return own(thing, names) if thing.kind == due.TARGET else own(thing, {})


def things(thing: DueItem, names: Mapping[str, Mapping[str, str]]) -> list[Thing]:
    """What its sentence names that has a page, as it is called there; `names` are those of teams and spaces."""
    about = _ABOUT.get(thing.kind)
    found: list[Thing] = [(PERSON, thing.person, _who(thing))] if thing.person else []
    if thing.kind == due.TARGET and thing.title:
        kind, key = scope_of(thing.title)
        found.append((kind, key, names.get(kind, {}).get(key, key)))
    if about:
        found.append((about, thing.event_key if about == EVENT else thing.key, _about(thing)))
    return found


def _who(thing: DueItem) -> str:
    return short(thing.name or thing.person or thing.key, LONGEST_NAME)


def _about(thing: DueItem) -> str:
    return short(thing.title or thing.key, LONGEST_TITLE)


def _amount(thing: DueItem) -> str:
    return numbers.money(thing.amount or 0, thing.currency or "")


def _request(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    known: dict[str, object] = {
        "who": _who(thing),
        "amount": _amount(thing),
        "event": _about(thing),
        "day": thing.due_on,
    }
    if thing.state == due.OVER:
        return say(
            "{who} asked for {amount} for “{event}”, which began on {day}: approve what was spent, or decline it.",
            **known,
        )
    if thing.state == "waits":
        return say(
            "{who} asked for {amount} and has waited for {age}: decide it, or say what is missing.",
            age=DAYS(thing.age or 0),
            **known,
        )
    if thing.days == 0:
        return say("{who} asks for {amount} for “{event}”, which begins today: decide it now.", **known)
    return say("{who} asks for {amount} for “{event}”: decide it before the event begins on {day}.", **known)


def _at_risk(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    missing = round((thing.needed or 0) - (thing.done or 0))
    known: dict[str, object] = {
        "who": _who(thing),
        "done": round(thing.done or 0),
        "needed": EVENTS(round(thing.needed or 0)),
        "day": thing.due_on,
    }
    if (thing.more or 0) >= missing:
        return say(
            "{who} has {done} of {needed} this quarter, planned ones included; past events of theirs are not marked as "
            "held, and marking {missing} by {day} saves it.",
            missing=missing,
            **known,
        )
    return say(
        "{who} has {done} of {needed} this quarter, planned ones included; {missing} more by {day} saves it.",
        missing=missing,
        **known,
    )


def _missed(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    known: dict[str, object] = {"who": _who(thing), "quarters": QUARTERS(thing.more or 0), "day": thing.due_on}
    if (thing.more or 0) >= HISTORY:
        return say(
            "{who} has missed the floor for {quarters} or more: decide by {day} whether the membership goes on.",
            **known,
        )
    return say("{who} has missed the floor for {quarters}: decide by {day} whether the membership goes on.", **known)


def _unmarked(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    known: dict[str, object] = {"event": _about(thing), "age": DAYS(thing.age or 0)}
    if thing.more:
        return say(
            "“{event}” was {age} ago and nobody has said whether it was held; once somebody does, it counts for "
            "{people}.",
            people=PEOPLE(thing.more),
            **known,
        )
    return say(
        "“{event}” was {age} ago and nobody has said whether it was held: until then it counts for nothing.", **known
    )


def _dispute(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    known: dict[str, object] = {
        "about": _about(thing),
        "age": DAYS(thing.age or 0),
        "limit": DAYS(DISPUTE_DAYS),
        "day": thing.due_on,
    }
    if not thing.state:
        return say("The dispute about “{about}” has been open for {age}, and every step is done: close it.", **known)
    known["step"] = short(thing.state, LONGEST_TITLE)
    if is_late(thing):
        return say(
            "The dispute about “{about}” has been open for {age}, where {limit} are the limit. Next: {step}.", **known
        )
    return say("The dispute about “{about}” has been open for {age}: decide it by {day}. Next: {step}.", **known)


def _application(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    step = _STEPS[thing.state or EVALUATION]
    return say(
        "{who} has waited for {step} for {age}: take the step, or tell them when.",
        who=_who(thing),
        step=step,
        age=DAYS(thing.age or 0),
    )


def _budget(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    known: dict[str, object] = {"year": thing.key, "amount": _amount(thing), "day": thing.due_on}
    if is_late(thing):
        return say("The budget of {year}, {amount}, is not approved, though the year began on {day}.", **known)
    return say("The budget of {year}, {amount}, is to be approved before the year begins on {day}.", **known)


def _target(thing: DueItem, names: Mapping[str, Mapping[str, str]]) -> str:
    metric = thing.state or ""
    known: dict[str, object] = {
        "measure": short(LABELS.get(named_metric(metric), metric), LONGEST_NAME),
        "done": numbers.number(thing.done or 0),
        "needed": numbers.number(thing.needed or 0),
        "day": thing.due_on,
    }
    if thing.title:
        about = short(scope_words(thing.title, names), LONGEST_NAME)
        return say(
            "{measure} for {about}: {done} of {needed} by now, too few to reach it by {day} at this pace.",
            about=about,
            **known,
        )
    return say("{measure}: {done} of {needed} by now, too few to reach it by {day} at this pace.", **known)


def _pilot(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    known: dict[str, object] = {
        "space": _about(thing),
        "done": round(thing.done or 0),
        "needed": EVENTS(round(thing.needed or 0)),
        "day": thing.due_on,
    }
    if thing.state == "verdict":
        return say(
            "The pilot of {space} is over with {done} of {needed} and has no verdict: give it by {day}.", **known
        )
    return say("The pilot of {space} ends on {day} with {done} of {needed} so far: decide whether it stays.", **known)


def _ready(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    stage = thing.state or ""
    following = LIFECYCLE[min(ORDER.get(stage, 0) + 1, len(LIFECYCLE) - 1)].title
    known: dict[str, object] = {
        "team": _about(thing),
        "age": DAYS(thing.age or 0),
        "stage": stage_title(stage),
        "next": following,
    }
    return say("{team} meets what “{stage}” ends with, after {age} in it: agree on the move to “{next}”.", **known)


def _stalled(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    return say(
        "{team} has been in “{stage}” for {age}, where {usual} are usual at most: ask what holds it back.",
        team=_about(thing),
        stage=stage_title(thing.state or ""),
        age=DAYS(thing.age or 0),
        usual=DAYS(round(thing.needed or 0)),
    )


def _stale(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    return say("Nothing was imported for {age}: every number here is as old.", age=DAYS(thing.age or 0))


def _source(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    return say(
        "“{source}” brought nothing when it was asked last, {age} ago. Next: {step}.",
        source=_about(thing),
        age=DAYS(thing.age or 0),
        step=short(thing.state or "", LONGEST_TITLE),
    )


def _refused(thing: DueItem, _: Mapping[str, Mapping[str, str]]) -> str:
    known: dict[str, object] = {"files": _about(thing), "day": thing.due_on}
    if not thing.more:
        return say(
            "“{files}” was not imported on {day}: it could not be read, or held no row. Nothing was changed.", **known
        )
    return say(
        "“{files}” was not imported on {day}: {errors} to mend first. Nothing was changed.",
        errors=_ERRORS(thing.more),
        **known,
    )


_SENTENCES = {
    due.REQUEST: _request,
    due.BOARD_REQUEST: _request,
    due.AT_RISK: _at_risk,
    due.MISSED: _missed,
    due.UNMARKED: _unmarked,
    due.DISPUTE: _dispute,
    due.APPLICATION: _application,
    due.BUDGET: _budget,
    due.TARGET: _target,
    due.PILOT: _pilot,
    due.READY: _ready,
    due.STALLED: _stalled,
    due.STALE: _stale,
    due.SOURCE: _source,
    due.REFUSED: _refused,
}
