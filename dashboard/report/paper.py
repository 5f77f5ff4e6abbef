"""The report as PDF: tagged, with a text for each picture, and checked against PDF/UA-1 while it is written.

Typst makes it. The template holds no data: texts reach it as values, so that none of them is ever markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from dashboard.parts.html import render
from dashboard.parts.labels import short
from dashboard.parts.theme import PALETTES
from dashboard.report import world
from dashboard.report.compose import about_lines, command_of, moment_words, the_period, title_of
from dashboard.report.shapes import (
    BarsPicture,
    Cell,
    MapPicture,
    Report,
    ReportFigure,
    ReportPicture,
    ReportSection,
    ReportTable,
    TimePicture,
)
from dashboard.words import numbers
from dashboard.words.letters import named_in, scripts_of, without_a_font
from dashboard.words.sentences import listed, say
from dashboard.words.text import visible

TEMPLATE = Path(__file__).with_name("report.typ")
STANDARD: Final = "ua-1"
BAR_NAME = 44
# In letters: what a line of the page holds, a cell that is never broken, and the most that counts of a long one.
FITS, SHORT_CELL, LONG_CELL = 95, 14, 90
NO_LETTER = "□"
NOT_SHOWN = (
    "No font of this computer has some letters ({scripts}): they are written as □. The page (report.html) shows them."
)
# A word without an end may be broken anywhere: it would stand over the next column.
_LONG_WORD = re.compile(r"(\S{16})(?=\S{4})")


def pdf(report: Report) -> bytes:
    """The file. Raises TypstError where the template itself is wrong; no data can make it so."""
    import typst

    data = paper_data(report)
    letters = _letters(data)
    made = datetime(report.made_on.year, report.made_on.month, report.made_on.day, tzinfo=UTC)
    try:
        return _compiled(saying_so(data, without_a_font(letters)), made)
    except typst.TypstError as problem:
        # Letters that have a font each, but not together: a mark on a letter of another script.
        if not named_in(problem.diagnostic):
            raise
    return _compiled(saying_so(data, {letter for letter in letters if ord(letter) > 0x24F}), made)


def saying_so(data: dict[str, Any], missing: set[str]) -> dict[str, Any]:
    """The data without the letters that cannot be written, and a sentence that names their scripts."""
    if not missing:
        return data
    changed = _replaced(data, missing)
    changed["about"].append(say(NOT_SHOWN, scripts=listed(scripts_of(missing))))
    return changed


def _compiled(data: dict[str, Any], made: datetime) -> bytes:
    import typst

    written = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=STANDARD,
        sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
        timestamp=made,
    )
    return bytes(written)


def picture_png(picture: MapPicture, ppi: int = 220) -> bytes:
    """The map as PNG, for slides."""
    import typst

    source = (
        '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.map), format: "svg", width: 24cm)'
    )
    written: Any = typst.compile(source.encode(), format="png", ppi=ppi, sys_inputs={"map": map_svg(picture)})
    return bytes(written)


def map_svg(picture: MapPicture) -> str:
    """The map as a file of its own."""
    return str(render(world.drawing(picture, {"xmlns": "http://www.w3.org/2000/svg"}, plain=True)))


def paper_data(report: Report) -> dict[str, Any]:
    """The report as the template reads it: texts, numbers and lists of them."""
    palette = PALETTES["light"]
    data: dict[str, Any] = _mapped(
        {
            "title": title_of(report),
            "program": short(report.program, 60),
            "period": the_period(report.period),
            "lang": report.locale.partition("_")[0],
            "region": report.locale.partition("_")[2] or None,
            "sample": report.sample,
            "about": about_lines(report),
            "colours": {
                name: getattr(palette, name) for name in ("accent", "context", "alarm", "line", "muted", "surface")
            },
            "sections": [_section(section) for section in report.sections],
            "definitions": [list(pair) for pair in report.definitions],
            "sources": [
                [str(at), source.line.replace("`", ""), command_of(report, source)]
                for at, source in enumerate(report.sources, start=1)
            ],
            "version": say(
                "All answers are of data version {number}, {moment}.",
                number=str(report.version.import_id),
                moment=moment_words(report),
            ),
        },
        visible,
    )
    return data


def _section(section: ReportSection) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "finding": section.finding,
        "more": list(section.more),
        "figures": [{"label": each.label, "shown": each.shown, "notes": list(each.notes)} for each in section.figures],
        "picture": _picture(section.picture) if section.picture else None,
        "tables": [_table(table) for table in section.tables],
        "points": list(section.points),
        "sources": sources_words(section.sources),
    }


def sources_words(sources: Iterable[int]) -> str:
    """`Sources 1, 2 and 5`: the places of the questions in the list at the end."""
    places = [str(at + 1) for at in sorted(sources)]
    return say("Source: {places}" if len(places) == 1 else "Sources: {places}", places=listed(places))


def _picture(picture: ReportPicture) -> dict[str, Any]:
    drawn = picture.drawn
    known: dict[str, Any] = {"caption": drawn.caption, "alt": picture.alt}
    if isinstance(drawn, MapPicture):
        legend = [[line.label, line.light] for line in drawn.legend]
        return known | {"kind": "map", "svg": map_svg(drawn), "legend": legend}
    if isinstance(drawn, TimePicture):
        most = max((value for value in drawn.values if value), default=1) or 1
        columns = [
            [short_name(name), "–" if value is None else numbers.number(value), (value or 0) / most, current, is_open]
            for name, value, current, is_open in zip(drawn.names, drawn.values, drawn.current, drawn.open, strict=True)
        ]
        return known | {"kind": "time", "columns": columns, "any_open": any(drawn.open)}
    assert isinstance(drawn, BarsPicture)  # noqa: S101  # the third kind
    bars = [[short(bar.name, BAR_NAME), bar.shown, length, mark, bar.alarm] for bar, length, mark in bar_lengths(drawn)]
    return known | {"kind": "bars", "bars": bars, "mark_said": drawn.mark_said, "series": drawn.series}


def bar_lengths(drawn: BarsPicture) -> list[tuple[Any, float, float | None]]:
    """Each bar with its length and its mark, from 0 to 1."""
    ends = [end for bar in drawn.bars for end in (bar.value, bar.mark) if end]
    most = max([*ends, 1.0] if drawn.percent else ends, default=1.0) or 1.0
    return [(bar, (bar.value or 0) / most, None if bar.mark is None else bar.mark / most) for bar in drawn.bars]


def short_name(name: str) -> str:
    """`Sep 2025` for `September 2025`."""
    month, _, year = name.partition(" ")
    return say("{month} {year}", month=month[:3], year=year)


def _table(table: ReportTable) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "heads": list(table.heads),
        "widths": text_widths(table),
        "numeric": [at in table.numeric for at in range(len(table.heads))],
        "rows": [[_LONG_WORD.sub("\\1\u200b", cell_text(cell)) for cell in row] for row in table.rows],
    }


def text_widths(table: ReportTable) -> list[int]:
    """How columns of text share the page where they do not fit as they are; 0 for what is as wide as it needs."""
    cells = [[*map(cell_text, column)] for column in zip(table.heads, *table.rows, strict=True)]
    longest = [max(map(len, column)) for column in cells]
    if sum(longest) <= FITS:
        return [0] * len(longest)
    is_text = [at not in table.numeric and length > SHORT_CELL for at, length in enumerate(longest)]
    return [
        round(10 * min(length, LONG_CELL) ** 0.5) if text else 0 for length, text in zip(longest, is_text, strict=True)
    ]


def cell_text(cell: Cell) -> str:
    """What stands in a cell."""
    return cell.shown if isinstance(cell, ReportFigure) else cell


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(each, change) for each in value]
    if isinstance(value, dict):
        # The map is drawn by us, and holds no letters.
        return {name: each if name == "svg" else _mapped(each, change) for name, each in value.items()}
    return value


def _letters(data: dict[str, Any]) -> set[str]:
    found: set[str] = set()

    def note(text: str) -> str:
        found.update(text)
        return text

    _mapped(data, note)
    return found


def _replaced(data: dict[str, Any], missing: set[str]) -> dict[str, Any]:
    table = dict.fromkeys(map(ord, missing), NO_LETTER)
    changed: dict[str, Any] = _mapped(
        data, lambda text: re.sub(f"{NO_LETTER}{{4,}}", NO_LETTER * 3, text.translate(table))
    )
    return changed
