"""From application to membership, group by group, in words: who drops more often than chance explains."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dashboard.parts.shapes import Dot
from dashboard.subjects.people.words import heading_of, value_words, with_interval
from dashboard.words.counts import LEAST_BASE, share_of
from dashboard.words.numbers import number, percent
from dashboard.words.ranges import people_words
from dashboard.words.sentences import Counted, say
from data_access.answers import rows
from data_access.questions.people.steps import (
    ACCEPTED,
    ACTIVE_MEMBER,
    LESS,
    MORE,
    NO_DIFFERENCE,
    STEPS,
    AttributeStep,
)

# From so many comparisons on, one that looks clear by chance is to be expected.
MANY_COMPARISONS = 20

COMPARISONS = Counted("{n} comparison", "{n} comparisons")

_DIFFERENCES = {
    (ACCEPTED, LESS): (
        "{dimension}, {value}: accepted less often than the others, {share} against {others}: a difference of {points} "
        "percentage points, larger than chance explains."
    ),
    (ACCEPTED, MORE): (
        "{dimension}, {value}: accepted more often than the others, {share} against {others}: a difference of {points} "
        "percentage points, larger than chance explains."
    ),
    (ACTIVE_MEMBER, LESS): (
        "{dimension}, {value}: of those accepted, fewer became active members than of the others, {share} against "
        "{others}: a difference of {points} percentage points, larger than chance explains."
    ),
    (ACTIVE_MEMBER, MORE): (
        "{dimension}, {value}: of those accepted, more became active members than of the others, {share} against "
        "{others}: a difference of {points} percentage points, larger than chance explains."
    ),
}
# A range of people: at least, at most.
_Ends = tuple[int, int]


class _Funnel:
    """How many people of each group took each step, and how many of all the other groups."""

    def __init__(self, answered: Sequence[AttributeStep]) -> None:
        self._own = {(row.dimension, row.kind, row.value, row.step): (row.at_least, row.at_most) for row in answered}

    def are_two(self, dimension: str) -> bool:
        """Whether a dimension has two groups: then “less often” of the one says “more often” of the other."""
        return len({key[1:3] for key in self._own if key[0] == dimension}) == 2

    def own(self, row: AttributeStep) -> tuple[_Ends, _Ends]:
        """Who took the step and who took the one before it, of the row's group."""
        return self._at(row, row.step), self._at(row, _before(row.step))

    def others(self, row: AttributeStep) -> tuple[_Ends, _Ends]:
        """The same of all the others who disclosed the dimension."""
        return self._rest(row, row.step), self._rest(row, _before(row.step))

    def _at(self, row: AttributeStep, step: str) -> _Ends:
        return self._own[row.dimension, row.kind, row.value, step]

    def _rest(self, row: AttributeStep, step: str) -> _Ends:
        found = [
            ends
            for (dimension, kind, value, taken), ends in self._own.items()
            if (dimension, taken) == (row.dimension, step) and (kind, value) != (row.kind, row.value)
        ]
        return sum(low for low, _ in found), sum(high for _, high in found)


def _before(step: str) -> str:
    return STEPS[STEPS.index(step) - 1]


def _share_words(share: float, part: _Ends, whole: _Ends) -> str:
    """`20% (8 of 40)`; of ranges `about 20% (5 to 9 of 40 to 44)`."""
    if part[0] == part[1] and whole[0] == whole[1]:
        return share_of(part[0], whole[0])
    return say(
        "about {share} ({part} of {whole})", share=percent(share), part=people_words(*part), whole=people_words(*whole)
    )


def step_sentences(funnel: pd.DataFrame) -> list[str]:
    """Where a group drops more often than chance explains, and where nothing can be said."""
    answered = rows(AttributeStep, funnel)
    people = _Funnel(answered)
    clear = [
        say(
            _DIFFERENCES[row.step, row.verdict],
            dimension=heading_of(row.dimension),
            value=row.value,
            share=_share_words(row.share or 0, *people.own(row)),
            others=_share_words(row.others or 0, *people.others(row)),
            points=number(round(100 * abs(row.difference or 0))),
        )
        for row in answered
        if row.verdict == LESS or (row.verdict == MORE and not people.are_two(row.dimension))
    ]
    compared = sum(row.verdict in (LESS, MORE, NO_DIFFERENCE) for row in answered)
    if not compared:
        return ["There are too few applicants in each group to compare them."]
    if not clear:
        template = (
            "In {comparisons} no group can be told apart from the others by how many are accepted, or become active "
            "members: every difference is as small as chance makes it."
        )
        return [say(template, comparisons=COMPARISONS(compared))]
    if compared >= MANY_COMPARISONS:
        clear.append("Among so many comparisons about one in twenty looks clear by chance alone.")
    return clear


def step_dots(funnel: pd.DataFrame, size: int) -> list[Dot]:
    """The share of a group's applicants who were accepted; none where no share is shown."""
    answered = rows(AttributeStep, funnel)
    people = _Funnel(answered)
    made = []
    for row in answered:
        if row.step == ACCEPTED:
            accepted, applied = people.own(row)
            share = with_interval(row)
            if not share:
                template = "{accepted} accepted of {applied}: share not shown"
            else:
                few = applied[0] < LEAST_BASE
                template = "{accepted} accepted of {applied}" if few else "{accepted} accepted of {applied}: {share}"
            said = say(template, accepted=people_words(*accepted), applied=people_words(*applied), share=share)
            made.append(Dot(value_words(row, size), row.share, row.low, row.high, said, heading_of(row.dimension)))
    return made if any(dot.share is not None for dot in made) else []
