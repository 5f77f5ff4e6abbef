"""Pictures that other pages may show: each a drawing of its own with what it shows, its source and its date.

A drawing needs no script, no font and no other file; the small page around it is for a frame.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

import htpy as h

from dashboard.parts import theme
from dashboard.parts.html import render, style_sheet
from dashboard.parts.labels import short
from dashboard.site.page import published_words
from dashboard.site.parts import Site
from dashboard.site.sections import MEASURES
from dashboard.site.texts import range_words
from dashboard.words import numbers
from dashboard.words.ranges import people_words
from dashboard.words.sentences import EVENTS, LANGUAGES, say
from dashboard.words.steps import STEP_NAMES
from dashboard.words.text import visible
from data_access.answers import rows
from data_access.geography.countries import country
from data_access.publishing.rows import PublishedCountryQuarter, PublishedLanguage, PublishedStep, PublishedTrend

WIDTH, MOST_BARS = 640, 10
_NOT_RECORDED = "und"
_HEAD, _ROW, _COLUMNS, _LINE = 20, 26, 150, 17
_NAME, _VALUE = 170, 110  # what names and numbers take of a line of bars
# A letter's width at 1 px: no browser is here to measure it.
_LETTER = 0.6
_THEMES = ":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
_POLICY = "default-src 'none'; style-src {own}; base-uri 'none'"
_CSS = (
    "text{font-family:'Segoe UI',system-ui,sans-serif;fill:var(--text)}.t{font-size:17px;font-weight:600}"
    ".l{font-size:13px}.s{font-size:11px;fill:var(--muted)}.r{text-anchor:end}.m{text-anchor:middle}.back{fill:var(--background)}"
    ".fill,.pale{fill:var(--accent)}.pale{fill-opacity:.45}"
)


class DrawnLine(NamedTuple):
    """One line or column: its name, its number in words, and its ends."""

    name: str
    words: str
    low: float
    high: float


class Embedded(NamedTuple):
    """A picture: what it shows, its lines, and whether they stand side by side over time."""

    title: str
    shown: list[DrawnLine]
    over_time: bool


def pictures(site: Site) -> dict[str, Embedded]:
    """Every picture by its name, in the order of the page; what the publication has nothing of is left out."""
    found = dict(_trends(site))
    for name, made in (("events_by_country", _countries), ("languages_of_events", _languages), ("funnel", _funnel)):
        if picture := made(site):
            found[name] = picture
    return found


def files(site: Site) -> dict[str, bytes]:
    """A drawing and a page of each picture, by path in the site."""
    made: dict[str, bytes] = {}
    for name, picture in pictures(site).items():
        svg = drawing(site, picture)
        made[f"embed/{name}.svg"] = render(svg).encode()
        made[f"embed/{name}.html"] = framed(site, picture, svg).encode()
    return made


def _trends(site: Site) -> list[tuple[str, Embedded]]:
    published, found = rows(PublishedTrend, site.tables["trends"]), []
    for measure in MEASURES:
        quarters = [row for row in published if row.measure == measure]
        if not any(row.at_most for row in quarters):
            continue
        last, before = quarters[-1], quarters[-5] if len(quarters) > 4 else None
        told = {"what": last.label, "now": range_words(last), "quarter": last.quarter}
        template = "{what}: {now} in {quarter}; {before} a year before" if before else "{what}: {now} in {quarter}"
        title = say(template, before=range_words(before) if before else "", **told)
        lines = [DrawnLine(row.quarter, range_words(row), row.at_least, row.at_most) for row in quarters]
        found.append((f"{measure}_by_quarter", Embedded(title, lines, over_time=True)))
    return found


def _countries(site: Site) -> Embedded | None:
    counts: Counter[str] = Counter()
    for row in rows(PublishedCountryQuarter, site.tables["events_by_country"]):
        if country(row.country):  # online events and those of unknown place have none
            counts[row.name] += row.events
    most = sorted(((name, n) for name, n in counts.items() if n), key=lambda pair: (-pair[1], pair[0]))
    if not most:
        return None
    title = say("Most events in {country}: {n}", country=visible(most[0][0]), n=most[0][1])
    lines = [DrawnLine(name, numbers.number(n), n, n) for name, n in most[:MOST_BARS]]
    return Embedded(title, lines, over_time=False)


def _languages(site: Site) -> Embedded | None:
    spoken = [row for row in rows(PublishedLanguage, site.tables["languages"]) if row.language != _NOT_RECORDED]
    if not spoken:
        return None
    title = say(
        "{events} in {language}, the most frequent of {languages}",
        events=EVENTS(spoken[0].events),
        language=visible(spoken[0].name),
        languages=LANGUAGES(len(spoken)),
    )
    lines = [DrawnLine(row.name, numbers.number(row.events), row.events, row.events) for row in spoken[:MOST_BARS]]
    return Embedded(title, lines, over_time=False)


def _funnel(site: Site) -> Embedded | None:
    steps = [row for row in rows(PublishedStep, site.tables["funnel"]) if row.funnel == "contributors"]
    last = [row for row in steps if row.cohort == steps[-1].cohort]
    if len(last) < 2:
        return None
    title = say(
        "Of {people} people who joined in {year}, {core} reached “{step}”",
        people=people_words(last[0].at_least, last[0].at_most),
        year=last[0].cohort,
        core=people_words(last[-1].at_least, last[-1].at_most),
        step=STEP_NAMES.get(last[-1].step, last[-1].step),
    )
    lines = [DrawnLine(STEP_NAMES.get(row.step, row.step), range_words(row), row.at_least, row.at_most) for row in last]
    return Embedded(title, lines, over_time=False)


def drawing(site: Site, picture: Embedded) -> h.Element:
    """The picture as an element with its own colours, for both themes."""
    heads = _lines(visible(picture.title), 17)
    feet = [*_lines(visible(site.publication.title), 11), *_lines(published_words(site.publication), 11)]
    if site.address:
        feet.append(site.address)
    top = _HEAD + len(heads) * 22
    high = _COLUMNS + 20 if picture.over_time else _ROW * len(picture.shown)
    whole = top + high + 12 + len(feet) * _LINE
    body = _columns(picture.shown, top) if picture.over_time else _bars(picture.shown, top)
    size = {"viewBox": f"0 0 {WIDTH} {whole}", "width": str(WIDTH), "height": str(whole)}
    box = {"xmlns": "http://www.w3.org/2000/svg", **size, "role": "img"}
    return h.svg(box, aria_label=picture.title)[
        h.title[picture.title],
        h.desc["; ".join(say("{name}: {words}", name=visible(row.name), words=row.words) for row in picture.shown)],
        style_sheet(style()),
        _rect("back", 0, 0, WIDTH, whole),
        [h.text(".t", x="12", y=str(_HEAD + 6 + number * 22))[line] for number, line in enumerate(heads)],
        body,
        [h.text(".s", x="12", y=str(top + high + 18 + number * _LINE))[line] for number, line in enumerate(feet)],
    ]


def style() -> str:
    """Our colours for both themes, and the look of the texts."""

    def variables(palette: theme.Palette) -> str:
        return "".join(f"--{key}:{getattr(palette, key)};" for key in palette.__slots__)

    light, dark = variables(theme.PALETTES["light"]), variables(theme.PALETTES["dark"])
    return _THEMES.format(light=light, dark=dark) + _CSS


def _bars(shown: Sequence[DrawnLine], top: float) -> list[h.Node]:
    most, room = max([row.high for row in shown] + [1]), WIDTH - _NAME - _VALUE - 24
    made: list[h.Node] = []
    for number, row in enumerate(shown):
        y, low, high = top + number * _ROW, room * row.low / most, room * row.high / most
        made += [
            h.text(".l", x="12", y=str(y + 17))[short(row.name, 24)],
            _rect("fill", _NAME, y + 6, low, 14),
            _rect("pale", _NAME + low, y + 6, high - low, 14) if high > low else None,
            h.text(".l.r", x=str(WIDTH - 12), y=str(y + 17))[row.words],
        ]
    return made


def _columns(shown: Sequence[DrawnLine], top: float) -> list[h.Node]:
    most, width = max([row.high for row in shown] + [1]), (WIDTH - 24) / max(len(shown), 1)
    made: list[h.Node] = []
    for number, row in enumerate(shown):
        x, low, high = 13 + number * width, (_COLUMNS - 10) * row.low / most, (_COLUMNS - 10) * row.high / most
        made += [
            _rect("fill", x, top + _COLUMNS - low, width - 2, low),
            _rect("pale", x, top + _COLUMNS - high, width - 2, high - low) if high > low else None,
        ]
    y = str(top + _COLUMNS + 15)
    ends = [h.text(".s", x="12", y=y)[shown[0].name], h.text(".s.r", x=str(WIDTH - 12), y=y)[shown[-1].name]]
    return [*made, *ends, h.text(".s.m", x=str(WIDTH // 2), y=y)[say("most {n}", n=most)]]


def _rect(kind: str, x: float, y: float, width: float, height: float) -> h.Element:
    ends = {"x": x, "y": y, "width": max(width, 0), "height": max(height, 0)}
    return h.rect(f".{kind}", {name: f"{value:.1f}" for name, value in ends.items()})


def _lines(text: str, size: int) -> list[str]:
    """The text in lines that fit the picture."""
    most, found = int((WIDTH - 24) / (size * _LETTER)), [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        found = [*found[:-1], longer] if len(longer) <= most else [*found, word[:most]]
    return [line for line in found if line]


def framed(site: Site, picture: Embedded, svg: h.Element) -> str:
    """A page for a frame: the drawing, and the way to where it is from."""
    own = " ".join(f"'sha256-{b64encode(sha256(css.encode()).digest()).decode()}'" for css in (style(), _PAGE))
    policy = _POLICY.format(own=own)
    link = h.a(href=site.address, target="_blank", rel="noopener")[svg] if site.address else svg
    whole = h.html(lang="en")[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(http_equiv="Content-Security-Policy", content=policy),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="color-scheme", content="light dark"),
            h.title[picture.title],
            style_sheet(_PAGE),
        ],
        h.body[link],
    ]
    return render(whole)


_PAGE = "body{margin:0}svg{display:block;width:100%;height:auto}"
