"""The strategy in words: the page's finding, each topic's targets, and decisions as cards and lists name them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dashboard.parts import aims
from dashboard.subjects.strategy.cards import TopicCard
from dashboard.subjects.strategy.measures import NOTHING_RELEASED, NOTHING_YET
from dashboard.words import numbers
from dashboard.words.measures import LABELS
from dashboard.words.sentences import Counted, listed, say
from data_access.contract.strategy_tables import DECIDED, DONE, PROPOSED, TOPICS
from data_access.questions.impact.targets import BASE, THROUGH_SPACES, TargetProgress, named_metric
from data_access.questions.strategy.decisions import RegisteredDecision

DECISIONS = Counted("{n} decision stands", "{n} decisions stand")
PROPOSALS = Counted("{n} is proposed", "{n} are proposed")
# A longer list says no more than the cards.
MOST_WITHOUT = 4
QUESTION = "What do we want, how far are we, and what was decided?"
PARTS = {
    "who_decides": "Who decides",
    "who_agrees": "Who agrees",
    "consulted": "Consulted",
    "informed": "Informed",
}
STATUSES = {"proposed": "Proposed", "decided": "Decided", "done": "Decided and done", "withdrawn": "Withdrawn"}
# Of which topic a target is, by its measure; what is for a team, space, region or country comes first.
_OF_MEASURE = {
    "events": "regional_identities",
    "countries": "regional_identities",
    "languages": "diversity",
    "attendance": "communication",
    "spend": "resources",
    "new_contributors": "journey",
    "active_contributors": "journey",
    BASE: "journey",
    THROUGH_SPACES: "journey",
}
_OF_SCOPE = {"team": "staff_support", "space": "regional_identities", "region": "regional_identities"}


def topic_of(row: TargetProgress) -> str:
    """The topic that a target belongs to; what is measured otherwise belongs to metrics."""
    scope = aims.scope_of(row.scope)[0]
    return _OF_SCOPE.get(scope) or _OF_MEASURE.get(named_metric(row.metric), "metrics")


def targets_of(
    found: Sequence[TargetProgress], topic: str, scope_words: Callable[[str], str], currency: str, most: int = 2
) -> list[str]:
    """The targets of a topic with what is reached of each, and how many more there are."""
    own = [row for row in found if topic_of(row) == topic]
    if topic == "metrics" and found and not own:
        return ["Each stands with its own topic."]
    said = [_target(row, scope_words, currency) for row in own[:most]]
    return said if len(own) <= most else [*said, say("and {n} more", n=len(own) - most)]


def _target(row: TargetProgress, scope_words: Callable[[str], str], currency: str) -> str:
    name = LABELS.get(named_metric(row.metric), row.metric)
    said = aims.note(row, currency)
    if not row.scope:
        return say("{name}. {said}", name=name, said=said)
    return say("{name} of {scope}. {said}", name=name, scope=scope_words(row.scope), said=said)


def finding(cards: Sequence[TopicCard], found: Sequence[RegisteredDecision]) -> str:
    """On how many topics the data speak, and how many decisions stand."""
    stand = sum(row.state in (DECIDED, DONE) for row in found)
    open_ones = sum(row.state == PROPOSED for row in found)
    words: dict[str, object] = {"told": sum(bool(card.told.bars) for card in cards), "topics": len(cards)}
    words |= {"stand": DECISIONS(stand), "open": PROPOSALS(open_ones)}
    template = "The data speak on {told} of {topics} topics; {stand}, and {open}."
    return say(template if open_ones else "The data speak on {told} of {topics} topics; {stand}.", **words)


def unknown(cards: Sequence[TopicCard]) -> str:
    """Of which topics there are no data in the time that is asked about, and what to do."""
    missing = [card.title.lower() for card in cards if card.told.finding in (NOTHING_YET, NOTHING_RELEASED)]
    if not missing:
        return ""
    return say(
        "Nothing is known in this time of {topics}. Choose another period, or import what their pages ask for.",
        topics=listed(missing),
    )


def without_decision(found: Sequence[RegisteredDecision]) -> str:
    """Which topics nobody has decided anything on."""
    decided = {row.topic for row in found if row.state in (DECIDED, DONE)}
    without = [title.lower() for topic, title in TOPICS.items() if topic not in decided]
    if not without or len(without) > MOST_WITHOUT:
        return ""
    return say("Nothing is decided yet on {topics}.", topics=listed(without))


def decision_words(row: RegisteredDecision) -> str:
    """A decision as a card names it: `Three events a quarter (decided on 2 March 2026)`."""
    if row.state == PROPOSED:
        return say("Proposed: {what}", what=row.what)
    if row.decided_on is None:
        return row.what
    return say("{what} ({day})", what=row.what, day=numbers.short_day(row.decided_on))


def standing(found: Iterable[RegisteredDecision], topic: str, most: int = 2) -> list[str]:
    """The newest decisions of a topic that stand, and how many more there are."""
    own = [row for row in found if row.topic == topic and row.state in (DECIDED, DONE, PROPOSED)]
    said = [decision_words(row) for row in own[:most]]
    return said if len(own) <= most else [*said, say("and {n} more below", n=len(own) - most)]
