"""The picture of trainings: who spoke or organized before and after, beside those who did not come."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts import findings, theme
from dashboard.parts.charts import PERCENT, Canvas, Picture
from dashboard.subjects.members.care_words import KINDS
from dashboard.words.numbers import percent
from dashboard.words.sentences import say
from data_access.questions.members.trainings import TrainingEffect

_ROW = 62


def trainings_picture(kinds: Sequence[TrainingEffect], theme_type: theme.ThemeType) -> Picture:
    """A row a kind of training: before, after with its interval, and those who did not come."""
    shown = [row for row in kinds if row.after is not None]
    canvas = Canvas(theme_type, max(len(shown), 1) * _ROW + 70, right=16, bottom=8, legend=True)
    places = list(range(len(shown)))
    before, after, others = "Before", "After", "Did not come, after"
    known = [at for at in places if shown[at].others_after is not None]
    keys = [row.kind for row in shown]
    canvas.dots(
        [shown[at].others_after for at in known],
        [at + 0.16 for at in known],
        name=others,
        colour=canvas.palette.muted,
        symbol="diamond-open",
        rim=2,
        said=[_said("{kind}, did not come: {share} after", shown[at], shown[at].others_after) for at in known],
    )
    canvas.dots(
        [row.before for row in shown],
        places,
        name=before,
        colour=canvas.palette.accent,
        symbol="circle-open",
        rim=2,
        said=[_said("{kind}: {share} before", row, row.before) for row in shown],
        keys=keys,
    )
    canvas.dots(
        [row.after for row in shown],
        places,
        name=after,
        low=[row.after_low or 0.0 for row in shown],
        high=[row.after_high or 0.0 for row in shown],
        said=[_said("{kind}: {share} after", row, row.after) for row in shown],
        keys=keys,
    )
    canvas.x_axis(**PERCENT, range=[-0.03, 1.04], title="spoke or organized within 180 days")
    canvas.listed([KINDS[row.kind] for row in shown])
    return canvas.picture(trainings_in_words(shown), _finding(shown))


def _finding(shown: Sequence[TrainingEffect]) -> str:
    if not shown:
        return findings.NOTHING
    most = max(shown, key=lambda row: abs((row.after or 0) - (row.before or 0)))
    told = {"kind": KINDS[most.kind], "before": percent(most.before or 0), "after": percent(most.after or 0)}
    return say("{kind}: {before} spoke or organized before, {after} after.", **told)


def _said(template: str, row: TrainingEffect, share: float | None) -> str:
    return say(template, kind=KINDS[row.kind], share=percent(share or 0.0))


def trainings_in_words(kinds: Sequence[TrainingEffect]) -> str:
    """The picture for readers who do not see it."""
    said = [_in_words(row) for row in kinds if row.after is not None and row.before is not None]
    return " ".join(["Share who spoke or organized in the 180 days before and after trainings.", *said])


def _in_words(row: TrainingEffect) -> str:
    told = {"kind": KINDS[row.kind], "before": percent(row.before or 0.0), "after": percent(row.after or 0.0)}
    if row.others_after is None:
        return say("{kind}: {before} before, {after} after.", **told)
    others = percent(row.others_after)
    return say("{kind}: {before} before, {after} after; of those who did not come {others}.", others=others, **told)
