"""The report: its numbers are the questions' answers, its files can be read by everybody, and it says when it is old.

Two are made: the program manager's of the full program, and leadership's of the one with hostile words, in which every
person has a name that nothing else has.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pptx import Presentation
from sqlalchemy import text

from dashboard.api.asking import answer_by_text
from dashboard.cli import main
from dashboard.report import panel
from dashboard.report.compose import compose
from dashboard.report.files import DATA_FILE, NAMES, all_files, write_report
from dashboard.report.paper import NOT_SHOWN, paper_data, saying_so
from dashboard.report.shapes import Report
from dashboard.words.letters import scripts_of, without_a_font
from dashboard.words.sentences import say
from data_access.answers import plain
from data_access.database.engine import Database
from data_access.questions import QUESTIONS
from data_access.release.project import write_release
from data_access.selection import Period, Role, Scope
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard
from tests.full_program import AS_OF, LONG
from tests.security_table import allowed

pytestmark = pytest.mark.slow

PERIOD = Period.parse("2026-Q2")
NAMED = "zqperson"
TEAM = '#panic("run") $x$ \\ ] } *b* </script><img src=x onerror=alert(1)> שלום'


@dataclass(frozen=True)
class Made:
    database: Database
    scope: Scope
    report: Report
    files: dict[str, bytes]

    @property
    def data(self) -> dict[str, Any]:
        return dict(json.loads(self.files[DATA_FILE]))

    @property
    def numbers(self) -> list[dict[str, Any]]:
        return [number for section in self.data["sections"] for number in section["numbers"]]

    @property
    def words(self) -> str:
        """Everything that somebody can read in any of the files; the PDF says what its data say."""
        slides = zipfile.ZipFile(io.BytesIO(self.files[NAMES["pptx"]]))
        parts = [slides.read(name).decode() for name in slides.namelist() if name.endswith(".xml")]
        own = [self.files[name].decode() for name in (NAMES["html"], DATA_FILE)]
        return "\n".join([*own, *parts, json.dumps(paper_data(self.report), ensure_ascii=False)])


def made(database: Database, role: Role) -> Made:
    report, _ = compose(database, Scope(role), PERIOD, AS_OF)
    return Made(database, Scope(role), report, all_files(report))


@pytest.fixture(scope="module")
def exact(full: str) -> Made:
    return made(Database(full), Role.PM)


@pytest.fixture(scope="module")
def released(hostile: str, tmp_path_factory: pytest.TempPathFactory) -> Made:
    url = f"sqlite:///{shutil.copy(hostile.removeprefix('sqlite:///'), tmp_path_factory.mktemp('report'))}"
    database = Database(url)
    with database.writing() as connection:
        connection.execute(text("UPDATE people SET name = :name || person_key").bindparams(name=NAMED))
        for own, name in (("%qa", TEAM), ("%docs", LONG)):
            renamed = text("UPDATE teams SET name = :name WHERE name LIKE :own")
            connection.execute(renamed.bindparams(name=name, own=own))
    write_release(database)
    return made(database, Role.LEADERSHIP)


@pytest.fixture(scope="module", params=("exact", "released"))
def either(request: pytest.FixtureRequest) -> Made:
    found: Made = request.getfixturevalue(request.param)
    return found


def test_every_number_is_what_its_question_answers(either: Made) -> None:
    """Asked as any other program asks: with the text that stands beside the number."""
    answers: dict[str, Any] = {}
    for number in either.numbers:
        asked = {"period": number["period"], "as_of": number["as_of"]}
        asked |= {name: str(value) for name, value in number["options"].items()}
        key = json.dumps([number["question"], asked])
        if key not in answers:
            question = QUESTIONS[number["question"]]
            _, found = answer_by_text(either.database, question, either.scope, asked, AS_OF, "tests")
            answers[key] = [{name: plain(value) for name, value in row.items()} for row in found.to_dict("records")]
        [row] = [row for row in answers[key] if number["where"].items() <= row.items()]
        assert number["value"] == pytest.approx(row[number["column"]], abs=1e-12), number
        if re.fullmatch(r"[\d,]+", number["shown"]):
            assert int(number["shown"].replace(",", "")) == round(float(number["value"]))
        assert number["role"] == str(either.scope.role)
        assert number["data_version"]["number"] == either.report.version.import_id
    assert len(either.numbers) > 80
    assert len(answers) > 8


def test_it_tells_what_was_asked_for(exact: Made, released: Made) -> None:
    asked_for = ["impact", "targets", "map", "gaps", "languages", "funnel", "teams", "money", "risks", "asked"]
    assert [section.key for section in exact.report.sections] == asked_for
    # Of a measure with a hostile name there is no target that could be measured.
    assert [section.key for section in released.report.sections] == [key for key in asked_for if key != "targets"]
    assert all(section.finding and section.sources for section in exact.report.sections)
    public, _ = compose(released.database, Scope(Role.PUBLIC), PERIOD, AS_OF)
    assert {section.key for section in public.sections} == {*asked_for} - {"targets", "teams", "money", "risks"}


def test_no_person_is_named_and_only_the_board_reads_exact_sums(exact: Made, released: Made) -> None:
    assert NAMED not in released.words
    assert "@example.org" not in released.words
    inside, _ = compose(released.database, Scope(Role.BOARD), PERIOD, AS_OF)
    assert NAMED not in json.dumps(paper_data(inside), ensure_ascii=False)
    assert "exact" in " ".join(exact.report.notes)
    assert "as released" in " ".join(released.report.notes)


def test_hostile_words_stay_words_and_short(released: Made) -> None:
    """That it was written at all says that Typst ran none of them: one would have stopped it."""
    page = released.files[NAMES["html"]].decode()
    assert "<img" not in page
    assert "<script" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert '#panic("run") $x$' in json.dumps(paper_data(released.report)).replace('\\"', '"')
    assert max(map(len, re.findall(r"長+", released.words.replace(released.files[DATA_FILE].decode(), "")))) < 200
    assert without_a_font("é \U0010fffd ש محمد") == {"\U0010fffd"}


def test_letters_without_a_font_are_never_boxes_without_a_word() -> None:
    """Arabic stands in Typst's own fonts; Chinese and Korean only where the computer has some."""
    data = {"about": ["Made today."], "teams": ["中国 team", "محمد", "한"]}
    assert saying_so(data, set()) == data
    said = saying_so(data, {"中", "国", "한"})
    assert said["teams"] == ["□□ team", "محمد", "□"]
    assert said["about"] == ["Made today.", say(NOT_SHOWN, scripts="Chinese and Korean")]
    assert scripts_of("あ☃ไ") == ["Japanese", "Thai", "symbols"]


def elements(root: Any) -> list[Any]:
    """Every element of a PDF's structure, from the first to the last."""
    found, waiting = [], [root]
    while waiting:
        at = waiting.pop(0)
        if isinstance(at, pikepdf.Dictionary) and "/S" in at:
            found.append(at)
        kids = at.get("/K") if isinstance(at, pikepdf.Dictionary) else None
        waiting += list(kids) if isinstance(kids, pikepdf.Array) else [kids] if kids is not None else []
    return found


def test_the_pdf_can_be_read_without_seeing_it(either: Made) -> None:
    with pikepdf.open(io.BytesIO(either.files[NAMES["pdf"]])) as document:
        root = document.Root
        assert str(root.Lang) == "en"
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with document.open_metadata() as said:
            assert said["pdfuaid:part"] == "1"
            assert str(said["dc:title"]).endswith("report on the second quarter of 2026")
        structure = elements(root.StructTreeRoot)
        kinds = [str(each.S) for each in structure]
        pictures = [each for each in structure if str(each.S) == "/Figure"]
        drawn = sum(section.picture is not None for section in either.report.sections)
        assert len(pictures) >= drawn
        assert all(str(each.get("/Alt", "")) for each in pictures)
        tables = sum(len(section.tables) for section in either.report.sections)
        assert kinds.count("/Table") == tables + 1  # and the questions
        assert "/TH" in kinds
        assert kinds.count("/H1") >= len(either.report.sections)


def test_the_page_loads_nothing_and_says_what_it_shows(either: Made) -> None:
    page = either.files[NAMES["html"]].decode()
    assert '<html lang="en">' in page
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"<(script|link|iframe|img)\b|url\(|@import", page)
    assert not re.search(r'(?:src|href)="(?!#)', page)
    identifiers = re.findall(r'\bid="([^"]*)"', page)
    assert len(identifiers) == len(set(identifiers))
    assert page.count('role="img"') == page.count('role="img" aria-label="')
    assert page.count("<caption>") == sum(len(section.tables) for section in either.report.sections)


def test_slides_have_titles_texts_of_pictures_and_charts_that_can_be_edited(either: Made) -> None:
    deck = Presentation(io.BytesIO(either.files[NAMES["pptx"]]))
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert all(titles)
    assert len(titles) > len(either.report.sections)
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    shown = [shape for shape in shapes if shape.has_chart or shape.has_table or shape.shape_type == 13]
    assert all(shape._element.xpath(".//p:cNvPr/@descr")[0] for shape in shown)
    charts = [shape.chart for shape in shapes if shape.has_chart]
    assert len(charts) >= 5
    impact = next(section for section in either.report.sections if section.key == "impact")
    assert impact.picture is not None
    assert tuple(charts[0].plots[0].series[0].values) == impact.picture.drawn.values  # type: ignore[union-attr]


def test_a_check_says_what_changed_since(
    exact: Made, full_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, copy = tmp_path / "report", shutil.copy(full_file, tmp_path)
    write_report(folder, exact.files)
    command = ["report", "--check", str(folder), "--database", f"sqlite:///{copy}"]
    assert main(command) == 0
    assert f"{len(exact.numbers)} numbers are unchanged, 0 changed" in capsys.readouterr().out
    events = next(number["value"] for number in exact.numbers if number["question"] == "events_total")
    later = ProgramBuilder(f"sqlite:///{tmp_path / 'other.db'}").copied_to(f"sqlite:///{copy}")
    later.add_event(starts_on=date(2026, 5, 6), key="late", located=False)
    later.add_import()
    (folder / NAMES["html"]).write_text("another", encoding="utf-8")
    data = exact.data
    of_money = [number for section in data["sections"] for number in section["numbers"] if number["column"] == "budget"]
    of_money[0]["question"] = data["sources"][of_money[0]["source"] - 1]["question"] = "gone"
    (folder / DATA_FILE).write_text(json.dumps(data), encoding="utf-8")
    assert main(command) == 1
    said = capsys.readouterr().out
    assert re.search(rf"changed +Where events were held +Events held +events +{events} → {events + 1}\n", said)
    assert "report.html was changed after it was made." in said
    assert re.search(r"no longer answerable +What it costs +Budget +budget", said)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--period", "2027-Q3"), "The third quarter of 2027 has not begun"),
        (("--period", "1950"), "Nothing is recorded for 1950"),
        (("--period", "soon"), "'soon' is not a period"),
        (("--period", "2026-Q2", "--for", "king"), "'king' is not a role"),
        ((), "Say for which period"),
    ],
)
def test_what_cannot_be_made_is_said_and_what_was_there_stays(
    full: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / DATA_FILE).write_text("before", encoding="utf-8")
    out = ["--as-of", AS_OF.isoformat(), "--out", str(tmp_path / "report"), "--database", full]
    assert main(["report", *arguments, *out]) == 2
    assert sentence in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["report", DATA_FILE]
    assert (tmp_path / "report" / DATA_FILE).read_text(encoding="utf-8") == "before"


def test_a_folder_with_something_else_in_it_is_left_alone(
    full: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    command = ["report", "--period", "2026-Q2", "--database", full]
    for out in (tmp_path, tmp_path / "mine.txt", tmp_path / "mine.txt" / "report"):
        assert main([*command, "--as-of", AS_OF.isoformat(), "--out", str(out)]) == 2
        assert "mine.txt" in capsys.readouterr().err
    assert main(["report", "--check", str(tmp_path), "--database", full]) == 2
    assert "report.json is missing" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_impact_offers_it_to_whoever_may_hand_it_on(monkeypatch: pytest.MonkeyPatch, full: str) -> None:
    offered: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(panel, "download_button", lambda _, make, name, *about: offered.setdefault(name, make))
    shown = Dashboard(monkeypatch, full).open("impact", period="2026-Q2")
    assert shown.at.selectbox(key="report_for").options[2] == panel.LABELS[Role.LEADERSHIP]
    assert set(offered) == set(NAMES.values())
    offered.clear()
    Dashboard(monkeypatch, full).open("impact", **{"as": "partner:docs"})
    assert not offered
    assert frozenset(panel.FOR) == allowed("a report to hand on")
