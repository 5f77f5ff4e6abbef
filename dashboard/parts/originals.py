"""Originals against translations, a bar a language or kind: what more than one subject draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dashboard.parts import theme
from dashboard.parts.charts import Canvas, Picture
from dashboard.parts.labels import Bold, parts_of, short
from dashboard.words.numbers import number
from dashboard.words.sentences import MATERIALS, say
from data_access.questions.materials.listed import ORIGINAL, TRANSLATION

ORIGIN_NAMES = {ORIGINAL: "originals", TRANSLATION: "translations"}
ORIGINALS = "{name}: {originals} original, {translations} translated"


class OriginalsOf(NamedTuple):
    """One bar: what it is of, how many are originals and translations, and what names its materials."""

    name: str
    originals: int
    translations: int
    key: str = ""

    @property
    def originals_key(self) -> str:
        return f"{self.key}.{ORIGINAL}" if self.key and self.originals else ""

    @property
    def translations_key(self) -> str:
        return f"{self.key}.{TRANSLATION}" if self.key and self.translations else ""


def originals_picture(bars: Sequence[OriginalsOf], theme_type: theme.ThemeType) -> Picture:
    """A bar a row: originals, then translations (hatched)."""
    canvas = Canvas(theme_type, 46 * len(bars) + 56, left=0, top=8, barmode="stack")
    rows = range(len(bars))
    canvas.bars(
        rows,
        [bar.originals for bar in bars],
        horizontal=True,
        width=0.34,
        said=[say("{name}: {n} original", name=short(bar.name, 40), n=bar.originals) for bar in bars],
        keys=[bar.originals_key for bar in bars],
    )
    canvas.bars(
        rows,
        [bar.translations for bar in bars],
        colour=canvas.palette.context,
        horizontal=True,
        width=0.34,
        hatched=[True] * len(bars),
        said=[say("{name}: {n} translated", name=short(bar.name, 40), n=bar.translations) for bar in bars],
        keys=[bar.translations_key for bar in bars],
    )
    labels = [
        parts_of(
            ORIGINALS,
            name=short(bar.name, 40),
            originals=Bold(number(bar.originals)),
            translations=number(bar.translations),
        )
        for bar in bars
    ]
    canvas.listed_above(labels, lift=8)
    canvas.x_axis(title="materials", nticks=6, zeroline=False, rangemode="tozero")
    return canvas.picture(originals_in_words(bars), _finding(bars))


def _finding(bars: Sequence[OriginalsOf]) -> str:
    originals, translations = sum(bar.originals for bar in bars), sum(bar.translations for bar in bars)
    if not originals + translations:
        return "No material is counted here."
    template = "{originals} of {all} are originals; most translations: {name}, {n}."
    most = max(bars, key=lambda bar: bar.translations)
    told = {"originals": originals, "all": MATERIALS(originals + translations)}
    if not most.translations:
        return say("{originals} of {all} are originals; nothing is translated.", **told)
    return say(template, name=short(most.name, 40), n=most.translations, **told)


def originals_in_words(bars: Sequence[OriginalsOf]) -> str:
    """The bars for readers who do not see them."""
    return "; ".join(
        say(ORIGINALS, name=bar.name[:60], originals=bar.originals, translations=bar.translations) for bar in bars
    )
