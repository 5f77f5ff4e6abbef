"""Every chart opens the rows of its marks, or has a reason not to; every page with a selection compares two of them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import dashboard
from dashboard.navigation import NAMED_PAGES, PAGES, PageEntry
from dashboard.parts import beside, figures
from dashboard.parts.charts import Picture
from dashboard.parts.drawn import Mark
from data_access.selection import Role
from tests.dashboard.apptest import Dashboard

FOLDER = Path(dashboard.__file__).parent
_RELEASED = "released numbers: outside no rows are kept"
_OF_PERSONS = "what somebody says about themselves is not listed person by person"
WITHOUT_ROWS = {
    "members_summary": _RELEASED,
    "circle_sizes": _RELEASED,
    "people_now": _OF_PERSONS,
    "people_trend": _OF_PERSONS,
    "people_groups": _OF_PERSONS,
    "people_steps_figure": _OF_PERSONS,
    "people_lorenz": "a point is a share of all members, and no set of rows",
}
# What draws every chart: pages, and what is chosen on them.
LOOKS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("impact", {}),
    ("languages", {}),
    ("materials", {"context_of": "talks"}),
    ("materials", {"topics_by": "region", "context_of": "materials", "context_by_materials": "origin"}),
    ("funnel", {"period": "2025-01-01..2026-09-01"}),
    ("funnel", {"period": "2025-01-01..2026-09-01", "compare": "region", "curves_by": "region"}),
    ("retention", {}),
    ("organizers", {"look": "arc"}),
    ("organizers", {"look": "projects"}),
    ("organizers", {"look": "circles"}),
    ("organizers", {"look": "needs"}),
    ("organizers", {"look": "effort"}),
    ("teams", {}),
    ("teams", {"show_team": "docs"}),
    ("spaces", {}),
    ("budget", {}),
    ("members", {"care": "trainings", "more": "hires"}),
    ("data", {}),
    ("person", {"key": "ada"}),
)
# Charts whose marks are as high as there are rows behind them; of attendance, money and shares the rows say more.
COUNTED = {"impact_trends", "language_trends", "topics", "funnel_steps", "program_steps", "space_months", "kinds"}
COUNTED |= {"originals", "arc_phases", "event_projects", "organizer_growth", "team_growth", "team_funnel"}
COUNTED |= {"organizers_needs"}
# In the full program nobody is hired or trained.
NOT_DRAWN = {"members_hires", "trainings_effect"}
# What of a counted chart is no count of rows.
_NO_COUNT = ("attended.", "paid.")
MOST = 6


class Seen(NamedTuple):
    key: str
    behind: Mapping[str, figures.Opened | None]


def figures_in_source() -> Iterator[tuple[str, bool]]:
    """The key of each chart that a page draws, and whether its call names rows, or a widget that shows them."""
    for path in (*FOLDER.rglob("*.py"), *(FOLDER.parent / "pages").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ("show_figure", "show_trends"):
                continue
            named = {word.arg: word.value for word in node.keywords}
            keys = [each for each in (named.get("key"), *node.args[1:3]) if isinstance(each, ast.Constant)]
            if keys:
                opens = {"rows", "chooses"} & set(named) or len(node.args) > 3
                yield str(keys[0].value), bool(opens)


def test_every_chart_opens_its_rows_or_has_a_reason() -> None:
    opens: dict[str, bool] = {}
    for key, own in figures_in_source():
        opens[key] = own or opens.get(key, False)
    assert {key for key, does in opens.items() if not does} == set(WITHOUT_ROWS)


@dataclass
class Drawn:
    """Every chart that was drawn, and what is wrong with the rows behind its marks."""

    seen: list[Seen] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Fills while pages are opened: rows are asked for in the page's own run, as a click does."""
    found, draw = Drawn(), figures.show_figure

    def show(picture: Picture, key: str, *, rows: figures.Rows | None = None, **look: Any) -> None:
        behind = {}
        if rows:
            marks = [mark for mark in picture.marks() if mark.key]
            some = marks[:: max(len(marks) // MOST, 1)]
            behind = {mark.key: rows(mark.key) for mark in some}
            found.wrong += [f"{key} {mark.key}: {fault}" for mark in some for fault in faults(key, mark, behind)]
            if not picture.openable() and any(mark.value for mark in picture.marks()):
                found.wrong.append(f"{key}: nothing opens")
        found.seen.append(Seen(key, behind))
        draw(picture, key, rows=rows, **look)

    for module in [each for each in list(sys.modules.values()) if getattr(each, "show_figure", None) is draw]:
        monkeypatch.setattr(module, "show_figure", show)
    return found


def faults(key: str, mark: Mark, behind: Mapping[str, figures.Opened | None]) -> Iterator[str]:
    """It opens rows that are declared and said, and as many as it is high where it counts them."""
    opened = behind[mark.key]
    if opened is None or opened.table.empty:
        yield "no rows"
    elif not opened.words or not set(opened.shown or ()) <= set(opened.table.columns):
        yield "not said, or columns that are not there"
    elif key in COUNTED and not mark.key.startswith(_NO_COUNT) and float(len(opened.table)) != mark.value:
        yield f"{len(opened.table)} rows for {mark.value}"


def look(monkeypatch: pytest.MonkeyPatch, url: str, page: str, choices: Mapping[str, str]) -> None:
    made = Dashboard(monkeypatch, url)
    made.at.default_timeout = 300  # every mark that is tried asks a question
    made.open(page, **choices)


@pytest.mark.slow
def test_rows_are_behind_the_marks_of_every_chart(monkeypatch: pytest.MonkeyPatch, full: str, drawn: Drawn) -> None:
    for page, choices in LOOKS:
        look(monkeypatch, full, page, choices)
    assert not drawn.wrong, "\n".join(sorted(set(drawn.wrong)))
    every = {key for key, _ in figures_in_source()} - set(WITHOUT_ROWS) - NOT_DRAWN
    assert {figure.key for figure in drawn.seen} == every
    assert {figure.key for figure in drawn.seen if figure.behind} >= COUNTED


@pytest.mark.slow
@pytest.mark.parametrize("role", ["leadership", "partner:docs"])
def test_who_is_outside_opens_no_row_of_a_person(
    monkeypatch: pytest.MonkeyPatch, full: str, drawn: Drawn, role: str
) -> None:
    for page, choices in LOOKS:
        entry = next(entry for entry in (*PAGES, *NAMED_PAGES) if entry.url_path == page)
        if Role(role.partition(":")[0]) in entry.roles:
            look(monkeypatch, full, page, {**choices, "as": role})
    assert not drawn.wrong, "\n".join(sorted(set(drawn.wrong)))
    opened = [(figure.key, behind) for figure in drawn.seen for behind in figure.behind.values() if behind]
    assert opened
    assert not [key for key, behind in opened if "person_key" in behind.table.columns]


WITH_SELECTION = [entry for entry in PAGES if entry.heeds]


@pytest.mark.slow
@pytest.mark.parametrize("entry", WITH_SELECTION, ids=lambda entry: entry.url_path)
def test_every_page_with_a_selection_sets_two_of_them_side_by_side(
    monkeypatch: pytest.MonkeyPatch, full: str, entry: PageEntry
) -> None:
    """By the first thing that they can differ by: both have a heading and a finding."""
    chosen = {"quality_of": "Only what the filters choose"} if entry.url_path == "data" else {}
    shown = Dashboard(monkeypatch, full).open(entry.url_path, **chosen)
    assert "Side by side" in [header.value for header in shown.at.header]
    shown.at.selectbox(key=beside.BY).select_index(1)
    shown.run()
    other = shown.at.selectbox(key=beside.WITH)
    other.select_index(len(other.options) - 1)
    before = len(shown.at.subheader)
    both = shown.run()
    assert len(both.at.subheader) == before + 2
    assert all(each.value for each in both.at.subheader)
