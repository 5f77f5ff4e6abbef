"""The report as slides: a finding each, charts that can be edited, texts for pictures, sources in the notes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dashboard.parts.labels import short
from dashboard.parts.theme import PALETTES
from dashboard.report.compose import about_lines, command_of, title_of
from dashboard.report.paper import cell_text, picture_png, short_name
from dashboard.report.shapes import (
    BarsPicture,
    MapPicture,
    Report,
    ReportFigure,
    ReportPicture,
    ReportSection,
    ReportTable,
    TimePicture,
)
from dashboard.words.sentences import say
from dashboard.words.text import visible

if TYPE_CHECKING:
    from pptx.slide import Slide

WIDTH, HEIGHT, LEFT = 13.333, 7.5, 0.6
LAYOUT_TITLE, LAYOUT_TITLE_ONLY = 0, 5
MOST_TILES, MOST_BARS, MOST_ROWS, MOST_COLUMNS = 8, 16, 8, 6
LONGEST_TITLE, LONGEST_CELL = 150, 90
CONTINUES = "{n} more rows are in the report."


def pptx(report: Report) -> bytes:
    """The file, for PowerPoint, Impress and Keynote."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    properties = deck.core_properties
    properties.title, properties.author = _clean(title_of(report))[:250], _clean(report.program)[:250]
    properties.language, properties.comments = report.locale.replace("_", "-"), ""
    properties.created = properties.modified = datetime(*report.made_on.timetuple()[:3], tzinfo=UTC)
    _cover(deck, report)
    for section in report.sections:
        slide = _titled(deck, section.finding, section.title)
        _inside(slide, report, section)
        _notes(slide, report, section)
        # Where a table is all there is to see, each has a slide.
        for table in section.tables[1:] if section.picture is None else ():
            slide = _titled(deck, table.caption, section.title)
            _table(slide, table, LEFT, 1.75, WIDTH - 2 * LEFT)
            _footed(slide, report, section)
            _notes(slide, report, section)
    written = io.BytesIO()
    deck.save(written)
    return written.getvalue()


def _clean(text: str) -> str:
    return visible(text)


def _cover(deck: Any, report: Report) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[LAYOUT_TITLE])
    _place(slide.shapes.title, LEFT, 2.1, WIDTH - 2 * LEFT, 1.6)
    _write(slide.shapes.title, [short(title_of(report), LONGEST_TITLE)], 40, bold=True, colour="accent")
    under = slide.placeholders[1]
    _place(under, LEFT, 3.9, WIDTH - 2 * LEFT, 2.2)
    _write(under, about_lines(report), 16, colour="muted")


def _titled(deck: Any, finding: str, subject: str) -> Slide:
    slide: Slide = deck.slides.add_slide(deck.slide_layouts[LAYOUT_TITLE_ONLY])
    title = slide.shapes.title
    _place(title, LEFT, 0.65, WIDTH - 2 * LEFT, 0.95)
    said = short(finding, LONGEST_TITLE)
    _write(title, [said], 26 if len(said) < 90 else 21, bold=True)
    above = slide.shapes.add_textbox(*_inches(LEFT, 0.3, WIDTH - 2 * LEFT, 0.4))
    above.name = "Subject"
    _write(above, [subject], 14, colour="accent", bold=True)
    return slide


def _inside(slide: Slide, report: Report, section: ReportSection) -> None:
    top = 1.75
    if section.figures:
        top = _tiles(slide, section.figures[:MOST_TILES], top)
    room = HEIGHT - top - 0.75
    table = section.tables[0] if section.tables else None
    if section.picture is not None:
        _picture(slide, section.picture, LEFT, top, WIDTH - 2 * LEFT, room)
    elif table is not None:
        _table(slide, table, LEFT, top, WIDTH - 2 * LEFT)
    if section.points:
        box = slide.shapes.add_textbox(*_inches(LEFT, top, WIDTH - 2 * LEFT, room))
        box.name = "What is asked"
        _write(box, [say("{n}. {what}", n=at, what=point) for at, point in enumerate(section.points, start=1)], 18)
    _footed(slide, report, section)


def _footed(slide: Slide, report: Report, section: ReportSection) -> None:
    """The questions and the data version, at the foot."""
    foot = slide.shapes.add_textbox(*_inches(LEFT, HEIGHT - 0.5, WIDTH - 2 * LEFT, 0.35))
    foot.name = "Source"
    asked = ", ".join(report.sources[at].question for at in sorted(section.sources)[:5])
    template = "Sample program · {questions} · data version {n}" if report.sample else "{questions} · data version {n}"
    said = say(template, questions=asked, n=str(report.version.import_id))
    _write(foot, [said], 10, colour="muted")


def _tiles(slide: Slide, figures: Sequence[ReportFigure], top: float) -> float:
    """The numbers in a row; returns where the next part begins."""
    width = (WIDTH - 2 * LEFT) / len(figures)
    for at, figure in enumerate(figures):
        box = slide.shapes.add_textbox(*_inches(LEFT + at * width, top, width - 0.1, 1.2))
        box.name = say("Number: {label}", label=short(figure.label, 40))
        frame = box.text_frame
        frame.word_wrap = True
        size = 24 if len(figure.shown) < 7 and len(figures) < 8 else 16
        _line(frame, short(figure.label, 40), 11, colour="muted", first=True)
        _line(frame, short(figure.shown, 24), size, bold=True)
        for note in figure.notes[:1]:
            _line(frame, short(note, 90), 10, colour="muted")
    return top + 1.35


def _picture(slide: Slide, picture: ReportPicture, left: float, top: float, width: float, room: float) -> None:
    drawn = picture.drawn
    if isinstance(drawn, MapPicture):
        _map(slide, drawn, picture.alt, left, top, width, room)
        return
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    percent = isinstance(drawn, BarsPicture) and drawn.percent
    data = CategoryChartData(number_format="0%" if percent else "#,##0.##")
    if isinstance(drawn, TimePicture):
        kind = XL_CHART_TYPE.COLUMN_CLUSTERED
        data.categories = [short_name(name) for name in drawn.names]
        data.add_series(drawn.series, list(drawn.values))
    else:
        kind = XL_CHART_TYPE.BAR_CLUSTERED
        bars = drawn.bars[:MOST_BARS]
        data.categories = [short(bar.name, 44) for bar in bars]
        data.add_series(drawn.series, [bar.value for bar in bars])
        if any(bar.mark is not None for bar in bars):
            data.add_series(drawn.mark_said.capitalize(), [bar.mark for bar in bars])
    frame = slide.shapes.add_chart(kind, *_inches(left, top, width, room), data)
    frame.name = drawn.caption
    _describe(frame, picture.alt)
    chart = frame.chart
    chart.font.size = Pt(12)
    chart.has_title, chart.chart_title.text_frame.text = True, _clean(drawn.caption)
    chart.chart_title.text_frame.paragraphs[0].font.size = Pt(13)
    chart.has_legend = len(chart.plots[0].series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    if isinstance(drawn, BarsPicture):
        chart.category_axis.reverse_order = True
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _marks(chart, drawn)


def _marks(chart: Any, drawn: BarsPicture | TimePicture) -> None:
    """Colours as in the other two, and the numbers beside the bars as they are written there."""
    from pptx.util import Pt

    plot = chart.plots[0]
    plot.gap_width = 40
    for number, series in enumerate(plot.series):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb("context" if number or isinstance(drawn, TimePicture) else "accent")
    main = plot.series[0]
    if isinstance(drawn, TimePicture):
        for at, current in enumerate(drawn.current):
            if current:
                _fill(main.points[at], "accent")
        plot.has_data_labels = True
        plot.data_labels.font.size = Pt(11)
        return
    for at, bar in enumerate(drawn.bars[:MOST_BARS]):
        if bar.alarm:
            _fill(main.points[at], "alarm")
        label = main.points[at].data_label
        label.has_text_frame = True
        label.text_frame.text = _clean(bar.shown)
        label.text_frame.paragraphs[0].font.size = Pt(11)


def _fill(point: Any, colour: str) -> None:
    point.format.fill.solid()
    point.format.fill.fore_color.rgb = _rgb(colour)


def _map(slide: Slide, drawn: MapPicture, alt: str, left: float, top: float, width: float, room: float) -> None:
    from pptx.util import Inches

    height = room - 0.35
    shape = slide.shapes.add_picture(io.BytesIO(picture_png(drawn)), Inches(left), Inches(top), height=Inches(height))
    shape.left = Inches((WIDTH - shape.width / 914400) / 2)
    shape.name = drawn.caption
    _describe(shape, alt)
    legend = slide.shapes.add_textbox(*_inches(left, top + height, width, 0.35))
    legend.name = "Legend"
    frame = legend.text_frame
    paragraph = frame.paragraphs[0]
    for line in drawn.legend:
        _run(paragraph, "■ ", 14, rgb=line.light)
        _run(paragraph, say("{label}    ", label=line.label), 11)


def _table(slide: Slide, table: ReportTable, left: float, top: float, width: float) -> None:
    heads, rows = table.heads[:MOST_COLUMNS], table.rows[:MOST_ROWS]
    height = 0.38 * (len(rows) + 1)
    frame = slide.shapes.add_table(len(rows) + 1, len(heads), *_inches(left, top, width, height))
    frame.name = table.caption
    _describe(frame, table.caption)
    grid = frame.table
    grid.first_row = True
    longest = [max(len(cell_text(line[at])[:LONGEST_CELL]) for line in (heads, *rows)) + 4 for at in range(len(heads))]
    for at, length in enumerate(longest):
        grid.columns[at].width = int(frame.width * length / sum(longest))
    for row, line in enumerate((heads, *rows)):
        for at in range(len(heads)):
            _write(grid.cell(row, at), [short(cell_text(line[at]), LONGEST_CELL)], 12, bold=row == 0, colour="")
    if len(table.rows) > len(rows):
        more = slide.shapes.add_textbox(*_inches(left, top + height + 0.5, width, 0.35))
        more.name = "More rows"
        _write(more, [say(CONTINUES, n=len(table.rows) - len(rows))], 11, colour="muted")


def _notes(slide: Slide, report: Report, section: ReportSection) -> None:
    """What the finding rests on: its other sentences, each number with its question, and how to ask again."""
    lines = [*section.more]
    lines += [say("{label}: {shown}", label=each.label, shown=each.shown) for each in section.figures]
    lines += [command_of(report, report.sources[at]) for at in sorted(section.sources)]
    slide.notes_slide.notes_text_frame.text = _clean("¶".join(lines)).replace("¶", "\n")


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = _inches(left, top, width, height)


def _inches(*sides: float) -> tuple[int, ...]:
    from pptx.util import Inches

    return tuple(Inches(side) for side in sides)


def _write(shape: Any, lines: Sequence[str], size: int, *, bold: bool = False, colour: str = "text") -> None:
    from pptx.enum.text import PP_ALIGN

    frame = shape.text_frame
    frame.word_wrap = True
    for at, line in enumerate(lines):
        paragraph = _line(frame, line, size, bold=bold, colour=colour, first=at == 0)
        paragraph.alignment = PP_ALIGN.LEFT


def _line(frame: Any, text: str, size: int, *, bold: bool = False, colour: str = "text", first: bool = False) -> Any:
    from pptx.util import Pt

    paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
    paragraph.space_after = Pt(4)
    _run(paragraph, text, size, bold=bold, rgb=getattr(PALETTES["light"], colour) if colour else "")
    return paragraph


def _run(paragraph: Any, text: str, size: int, *, bold: bool = False, rgb: str = "") -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = _clean(text)
    run.font.size, run.font.bold = Pt(size), bold
    if rgb:
        run.font.color.rgb = RGBColor.from_string(rgb.removeprefix("#").upper())


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(str(getattr(PALETTES["light"], colour)).removeprefix("#").upper())


def _describe(shape: Any, alt: str) -> None:
    """Give the shape its text alternative, for which python-pptx has no name."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", _clean(alt))
