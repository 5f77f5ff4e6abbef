"""The report as one page of HTML that loads nothing, prints, and can be read without seeing it."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

import htpy as h

from dashboard.parts.html import render, style_sheet
from dashboard.parts.labels import short
from dashboard.parts.theme import PALETTES, Palette
from dashboard.report import world
from dashboard.report.compose import about_lines, command_of, moment_words, title_of
from dashboard.report.paper import bar_lengths, short_name, sources_words, text_widths
from dashboard.report.shapes import (
    BarsPicture,
    Cell,
    MapPicture,
    Report,
    ReportFigure,
    ReportPicture,
    ReportSection,
    ReportSource,
    ReportTable,
    TimePicture,
)
from dashboard.words import numbers
from dashboard.words.sentences import say

_COLOURS = ":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


@lru_cache(maxsize=1)
def _sheet() -> str:
    return Path(__file__).with_name("report.css").read_text(encoding="utf-8")


def html(report: Report) -> bytes:
    """The page, in UTF-8."""
    css = _style(report)
    own = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    allowed = {"default-src": "'none'", "style-src": f"'sha256-{own}'", "base-uri": "'none'", "form-action": "'none'"}
    policy = "; ".join(f"{what} {where}" for what, where in allowed.items())
    title = title_of(report)
    page = h.html(lang=report.locale.replace("_", "-"))[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(http_equiv="Content-Security-Policy", content=policy),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="referrer", content="no-referrer"),
            h.title[title],
            style_sheet(css),
        ],
        h.body[
            h.a(".skip", href="#main")["Skip to the findings"],
            h.header[h.h1[h.bdi[title]], h.ul(".about")[[h.li[h.bdi[line]] for line in about_lines(report)]]],
            _contents(report),
            h.main("#main")[[_section(report, section) for section in report.sections]],
            h.footer[_definitions(report), _sources(report)],
        ],
    ]
    return render(page).encode()


def _style(report: Report) -> str:
    def variables(palette: Palette) -> str:
        return "".join(f"--{key}:{getattr(palette, key)};" for key in palette.__slots__)

    maps = [
        each.picture.drawn for each in report.sections if each.picture and isinstance(each.picture.drawn, MapPicture)
    ]
    shades = {
        theme: "".join(f"--k{at}:{getattr(line, theme)};" for drawn in maps for at, line in enumerate(drawn.legend))
        for theme in ("light", "dark")
    }
    classes = "".join(
        f".k{at}{{fill:var(--k{at});background:var(--k{at})}}\n" for drawn in maps for at in range(len(drawn.legend))
    )
    light, dark = variables(PALETTES["light"]) + shades["light"], variables(PALETTES["dark"]) + shades["dark"]
    return _COLOURS.format(light=light, dark=dark) + classes + _sheet()


def _contents(report: Report) -> h.Element:
    return h.nav(aria_labelledby="short")[
        h.h2("#short")["In short"],
        h.ul[
            [
                h.li[
                    h.a(href=f"#{section.key}")[section.title],
                    h.span[h.bdi[section.points[0] if section.points else section.finding]],
                ]
                for section in report.sections
            ]
        ],
    ]


def _section(report: Report, section: ReportSection) -> h.Element:
    head = f"{section.key}-title"
    return h.section(id=section.key, aria_labelledby=head)[
        h.h2(id=head)[section.title],
        h.p(".lead")[h.bdi[section.finding]],
        [h.p[h.bdi[sentence]] for sentence in section.more],
        h.dl(".tiles")[[_tile(report, figure) for figure in section.figures]] if section.figures else None,
        _picture(section.picture) if section.picture else None,
        h.ol(".points")[[h.li[h.bdi[point]] for point in section.points]] if section.points else None,
        [_table(report, table) for table in section.tables],
        h.p(".source")[h.a(href="#sources")[sources_words(section.sources)]],
    ]


def _tile(report: Report, figure: ReportFigure) -> h.Element:
    return h.div[h.dt[h.bdi[figure.label]], h.dd[h.b[_number(report, figure)], [h.span[note] for note in figure.notes]]]


def _number(report: Report, figure: ReportFigure) -> h.Element:
    """A number with where it comes from, for programs and for whoever points at it."""
    source = report.sources[figure.source]
    value = "" if figure.value is None else str(figure.value)
    said = say("{question}, column {column}", question=source.question, column=figure.column)
    return h.data(value=value, data_source=str(figure.source + 1), title=said)[figure.shown]


def _table(report: Report, table: ReportTable) -> h.Element:
    long = text_widths(table)

    def cell(at: int, content: Cell) -> h.Element:
        inside = _number(report, content) if isinstance(content, ReportFigure) else h.bdi[content]
        kind = "n" if at in table.numeric else "w" if long[at] > 65 else None
        return h.td(class_=kind)[inside] if at else h.th(scope="row")[inside]

    return h.div(".wide", tabindex="0", role="region", aria_label=table.caption)[
        h.table[
            h.caption[table.caption],
            h.thead[
                h.tr[
                    [
                        h.th(scope="col", class_="n" if at in table.numeric else None)[head]
                        for at, head in enumerate(table.heads)
                    ]
                ]
            ],
            h.tbody[[h.tr[[cell(at, content) for at, content in enumerate(row)]] for row in table.rows]],
        ]
    ]


def _picture(picture: ReportPicture) -> h.Element:
    drawn = picture.drawn
    caption = h.figcaption[drawn.caption]
    if isinstance(drawn, MapPicture):
        seen = {"role": "img", "aria-label": picture.alt, "class": "world"}
        legend = h.ul(".legend")[[h.li[h.i(class_=f"k{at}"), line.label] for at, line in enumerate(drawn.legend)]]
        return h.figure[caption, world.drawing(drawn, seen), legend]
    if isinstance(drawn, TimePicture):
        return h.figure[caption, _over_time(drawn, picture.alt)]
    return h.figure[caption, _bars(drawn)]


def _over_time(drawn: TimePicture, alt: str) -> h.Fragment:
    most = max((value for value in drawn.values if value), default=1) or 1
    columns = [
        h.li(class_="open" if is_open else "now" if current else None)[
            h.span["–" if value is None else numbers.number(value)],
            _rectangle(100 * (value or 0) / most),
            h.small[short_name(name)],
        ]
        for name, value, current, is_open in zip(drawn.names, drawn.values, drawn.current, drawn.open, strict=True)
    ]
    explained = "Dark: the period. Outlined: not over yet." if any(drawn.open) else "Dark: the period."
    return h.fragment[
        h.div(".wide", tabindex="0", role="region", aria_label=alt)[h.ol(".columns")[columns]], h.p(".note")[explained]
    ]


def _rectangle(height: float) -> h.Element:
    box = {"viewBox": "0 0 10 100", "preserveAspectRatio": "none", "aria-hidden": "true", "focusable": "false"}
    return h.svg(box)[h.rect(x="0", y=f"{100 - height:.1f}", width="10", height=f"{max(height, 0.8):.1f}")]


def _bars(drawn: BarsPicture) -> h.Fragment:
    lines = [
        h.li(class_="alarm" if bar.alarm else None)[
            h.span(".name")[h.bdi[short(bar.name, 48)]], _bar(length, mark), h.span(".value")[bar.shown]
        ]
        for bar, length, mark in bar_lengths(drawn)
    ]
    explained = say("The line: {what}.", what=drawn.mark_said) if drawn.mark_said else ""
    return h.fragment[h.ul(".bars")[lines], h.p(".note")[explained] if explained else None]


def _bar(length: float, mark: float | None) -> h.Element:
    box = {"viewBox": "0 0 100 10", "preserveAspectRatio": "none", "aria-hidden": "true", "focusable": "false"}
    return h.svg(box)[
        h.rect(".track", width="100", height="10"),
        h.rect(".fill", width=f"{min(length, 1) * 100:.2f}", height="10"),
        h.rect(".mark", x=f"{min(mark, 1) * 99.2:.2f}", width="0.8", height="10") if mark is not None else None,
    ]


def _definitions(report: Report) -> h.Element:
    pairs = [[h.dt[title], h.dd[text]] for title, text in report.definitions]
    return h.section(aria_labelledby="definitions")[
        h.h2("#definitions")["What the numbers mean"], h.dl(".terms")[pairs]
    ]


def _sources(report: Report) -> h.Element:
    version = say(
        "All answers are of data version {number}, {moment}.",
        number=str(report.version.import_id),
        moment=moment_words(report),
    )
    lines = [_source(report, at, source) for at, source in enumerate(report.sources, start=1)]
    return h.section(id="sources", aria_labelledby="sources-title")[
        h.h2("#sources-title")["Where the numbers come from"],
        h.p["Each number is an answer to one of these questions, and each can be asked again."],
        h.p[version],
        h.p[h.code["uplift report --check"], " asks them all and says what changed since."],
        h.div(".wide", tabindex="0", role="region", aria_label="Questions")[
            h.table[
                h.thead[h.tr[h.th(scope="col")["No."], h.th(scope="col")["Question"], h.th(scope="col")["Command"]]],
                h.tbody[lines],
            ]
        ],
    ]


def _source(report: Report, at: int, source: ReportSource) -> h.Element:
    command = command_of(report, source)
    return h.tr(id=f"source-{at}")[
        h.th(scope="row")[str(at)], h.td[source.line.replace("`", "")], h.td[h.code[command]]
    ]
