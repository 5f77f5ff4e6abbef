"""The exit measure of a team's stage in words: what it has reached, against what it needs to move on, or to stay."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from dashboard.words.counts import LEAST_BASE
from dashboard.words.numbers import number, percent
from dashboard.words.ranges import people_words, share_words
from dashboard.words.sentences import Counted, say
from data_access.questions.teams.activity import Range
from data_access.questions.teams.board import TeamMove, TeamStanding
from data_access.selection import Scope

NEW_CONTRIBUTORS = Counted("{n} new contributor", "{n} new contributors")


@dataclass(frozen=True, slots=True)
class ExitMeasure:
    """What a stage's exit measure has reached on a day, as the viewer may see it, and what is needed.

    A value is missing where there is no base to compare with; if `withheld`, its numbers may also be too small to show.
    `base` and `second_base` are the people of whom a ratio is one.
    """

    stage: str
    value: Range | None
    needed: float
    second: Range | None
    second_needed: float
    withheld: bool
    base: Range | None = None
    second_base: Range | None = None

    @property
    def progress(self) -> float | None:
        """How much of what is needed is reached for certain, from 0 to 1; None where no value is shown.

        The last stage has two measures that both must hold: the one that is further from it counts.
        """
        if self.value is None or not self.needed:
            return None
        # More than 25 are needed: 25 are not enough.
        enough = self.needed + 1 if self.stage == "learning" else self.needed
        reached = [self.value.at_least / enough]
        if self.stage == "sustaining" and self.second and self.second_needed:
            reached.append(self.second.at_least / self.second_needed)
        return min(*reached, 1.0)


def measure_of(row: TeamStanding | TeamMove, scope: Scope) -> ExitMeasure | None:
    """The exit measure of a team's stage, or of the stage that a move left; None for a team without a stage."""
    if row.stage is None:
        return None
    return ExitMeasure(
        row.stage,
        _range(row.exit_at_least, row.exit_at_most),
        row.exit_threshold or 0,
        _range(row.second_at_least, row.second_at_most),
        row.second_threshold or 0,
        withheld=not scope.inside and row.team not in scope.teams,
        base=_range(row.exit_of_at_least, row.exit_of_at_most),
        second_base=_range(row.second_of_at_least, row.second_of_at_most),
    )


def _range(low: float | None, high: float | None) -> Range | None:
    return None if low is None or high is None else Range(low, high)


def measure_words(measure: ExitMeasure | None) -> str:
    """The measure in one or two sentences: `13 new contributors; more than 25 needed.`"""
    match measure:
        case ExitMeasure(stage="pre_work", value=value):
            return "Coordinator appointed." if value and value.at_least else "No coordinator appointed yet."
        case ExitMeasure(stage="starting", value=Range() as value):
            return say("{done} of {needed} pathway milestones reached.", done=value.at_least, needed=measure.needed)
        case ExitMeasure(stage="learning", value=Range() as value):
            return _newcomers(value, measure.needed)
        case ExitMeasure(stage="scaling"):
            return _growth(measure)
        case ExitMeasure(stage="sustaining"):
            return " ".join((_steady(measure), _kept(measure)))
        case _:
            return ""


def _newcomers(people: Range, needed: float) -> str:
    low, high = int(people.at_least), int(people.at_most)
    if people.is_exact:
        return say("{newcomers}; more than {needed} needed.", newcomers=NEW_CONTRIBUTORS(low), needed=needed)
    if people.is_withheld:
        return say("Fewer than {n} new contributors; more than {needed} needed.", n=high + 1, needed=needed)
    return say("{low} to {high} new contributors; more than {needed} needed.", low=low, high=high, needed=needed)


def _growth(measure: ExitMeasure) -> str:
    done = int(measure.second.at_least) if measure.second else 0
    needed = {"needed": measure.needed, "done": done, "all": measure.second_needed}
    if measure.value and measure.base:
        low, high = (number(round(end, 1)) for end in (measure.value.at_least, measure.value.at_most))
        template = (
            "{now} active now, {times} times the {people} at entry; {needed} times needed, and {done} of {all} "
            "leadership milestones."
            if measure.value.is_exact
            else "{times} times the {people} active at entry; {needed} times needed, and {done} of {all} leadership "
            "milestones."
        )
        return say(
            template,
            now=round(measure.value.at_least * measure.base.at_least),
            times=low if low == high else say("{low} to {high}", low=low, high=high),
            people=_people(measure.base),
            **needed,
        )
    if measure.withheld:
        return say(
            "Growth cannot be shown to your role, because the numbers are small; "
            "{needed} times needed, and {done} of {all} leadership milestones.",
            **needed,
        )
    return say(
        "Nobody was active at entry, so growth has no base; "
        "{needed} times needed, and {done} of {all} leadership milestones.",
        **needed,
    )


def _steady(measure: ExitMeasure) -> str:
    if measure.value and measure.base:
        return _share_of_base(_ACTIVE, measure.value, measure.base, measure.needed)
    needed = percent(measure.needed)
    if measure.withheld:
        return say(
            "Activity cannot be shown to your role, because the numbers are small; {needed} needed.", needed=needed
        )
    return say("Nobody was active a year ago, so activity has no base; {needed} needed.", needed=needed)


def _kept(measure: ExitMeasure) -> str:
    if measure.second and measure.second_base:
        return _share_of_base(_CORE, measure.second, measure.second_base, measure.second_needed)
    needed = percent(measure.second_needed)
    if measure.withheld:
        return say(
            "Core retention cannot be shown to your role, because the numbers are small; {needed} needed.",
            needed=needed,
        )
    return say("Nobody was core a year ago, so core retention has no base; {needed} needed.", needed=needed)


@dataclass(frozen=True, slots=True)
class _ShareWords:
    """A share of people of a year ago: exact, of so few that counts stand alone, as a range, as a range of few."""

    exact: str
    few: str
    between: str
    few_between: str


_ACTIVE = _ShareWords(
    "{part} active now against {whole} a year ago ({share}); {needed} needed.",
    "{part} active now against {whole} a year ago; at least {least} needed.",
    "{share} of the {whole} active a year ago; {needed} needed.",
    "{whole} were active a year ago, too few for a share; {needed} needed.",
)
_CORE = _ShareWords(
    "{part} of {whole} core contributors of a year ago stayed ({share}); {needed} needed.",
    "{part} of {whole} core contributors of a year ago stayed; at least {least} needed.",
    "{share} of the {whole} core contributors of a year ago stayed; {needed} needed.",
    "{whole} were core contributors a year ago, too few for a share; {needed} needed.",
)


def _share_of_base(words: _ShareWords, share: Range, base: Range, needed: float) -> str:
    said = {"whole": _people(base), "share": share_words(share.at_least, share.at_most), "needed": percent(needed)}
    is_few = base.at_most < LEAST_BASE
    if not (share.is_exact and base.is_exact):
        return say(words.few_between if is_few else words.between, **said)
    part, least = round(share.at_least * base.at_least), ceil(round(needed * base.at_least, 6))
    return say(words.few if is_few else words.exact, part=part, least=least, **said)


def _people(base: Range) -> str:
    return people_words(int(base.at_least), int(base.at_most))
