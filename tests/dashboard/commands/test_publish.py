"""`uplift publish`: what it says, what it refuses, and what it leaves alone."""

from __future__ import annotations

import lzma
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from dashboard.cli import main
from dashboard.commands.publish import publish
from dashboard.commands.release import release
from dashboard.site import texts
from dashboard.site.changes import NEW_HISTORY
from data_access.database.engine import Database
from data_access.database.schema import events, participations
from data_access.publishing.folder import PublishRefused
from data_access.publishing.manifest import MANIFEST_FILE, manifest_file, problems
from data_access.publishing.reader import Publication, PublicationError, open_publication
from tests.builders import ProgramBuilder
from tests.dashboard.site.conftest import AS_OF
from tests.publications import FORMAT_1
from tests.tables import values

pytestmark = pytest.mark.slow


@pytest.fixture
def built(tmp_path: Path) -> ProgramBuilder:
    """Three events in Germany in spring 2026, one in India in the spring of each of the two years before; no people."""
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    made.add_program()
    for day in (date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 30)):
        made.add_event(starts_on=day)
    for year in (2024, 2025):
        made.add_event(starts_on=date(year, 5, 1), country="IN", languages=("hi",))
    made.add_event(starts_on=date(2026, 7, 1))  # in a quarter that is not over
    made.add_import()
    return made


def published(built: ProgramBuilder, folder: Path, as_of: date = AS_OF) -> Publication:
    """The publication of the release that is due on the day, or of the newest."""
    release(built.database, as_of)
    publish(built.database, folder)
    return open_publication(folder)


def test_what_is_published_is_what_is_known(built: ProgramBuilder, tmp_path: Path) -> None:
    """Whole quarters only; visits as events report them; countries without events are there."""
    found = published(built, tmp_path / "public")
    rows = found.table("events_by_country")[["quarter", "country", "events"]].to_numpy().tolist()
    assert rows == [["2024-Q2", "IN", 1], ["2025-Q2", "IN", 1], ["2026-Q2", "DE", 3]]
    figures = found.table("figures").set_index("figure")
    assert values(figures, "attendance", "at_least", "at_most") == [60, 60]
    assert values(figures, "events", "at_least", "before_at_least") == [3, 1]
    assert len(found.table("countries")) == 6
    finding = found.table("texts").set_index("name").loc["finding", "text"]
    assert finding == ("3 events in 1 country and 1 language from July 2025 to June 2026, 2 more than the year before.")


def test_people_and_money_are_published_as_they_were_released(built: ProgramBuilder, tmp_path: Path) -> None:
    """29 speakers; six members paid 400 each in 2025, four in 2023, too few for a sum. Late data change nothing."""
    event = built.add_event(starts_on=date(2026, 5, 2))
    for _ in range(29):
        built.add(participations, event_key=event, person_key=built.add_person(), role="speaker", language="en")
    for number in range(6):
        built.add_payment("400", date(2025, 3, 1), f"m{number}")
        if number < 4:
            built.add_payment("400", date(2023, 2, 1), f"m{number}")
    first = published(built, tmp_path / "public")
    figures = first.table("figures").set_index("figure")
    assert values(figures, "speakers", "at_least", "at_most") == [25, 29]
    spans = first.table("spending")[["level", "starts_on", "at_least", "at_most"]].to_numpy().tolist()
    assert spans == [["year", date(2025, 1, 1), 2_350, 2_450]]
    assert "About €2,400 paid to members in 2025." in first.table("texts")["text"].tolist()
    built.add(participations, event_key=event, person_key=built.add_person(), role="speaker", language="en")
    built.add_payment("9000", date(2025, 3, 1), "m0")
    second = published(built, tmp_path / "public")
    for name in ("figures", "shares", "spending"):
        assert second.table(name).equals(first.table(name))


def test_an_empty_program_is_published_as_one(tmp_path: Path) -> None:
    """No program, no people, no events: a page that says so."""
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    made.add_import()
    found = published(made, tmp_path / "public")
    assert found.title == "Community program"
    assert "No events were held" in (tmp_path / "public/index.html").read_text()
    assert problems(tmp_path / "public") == []


def test_one_country_and_one_quarter_are_a_site_too(tmp_path: Path) -> None:
    """One event ever: nothing to compare with, one language, and everybody else's country without any."""
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    made.add_program()
    made.add_event(starts_on=date(2026, 5, 1), attendance=3)
    made.add_import()
    found = published(made, tmp_path / "public")
    texts = found.table("texts").set_index("name")["text"]
    assert texts["finding"] == "1 event in 1 country and 1 language from July 2025 to June 2026."
    assert texts["where"] == "1 country with events: 5 countries and territories had none."
    assert texts["who"] == "Events report 3 visits."
    assert problems(tmp_path / "public") == []


def test_publishing_again_says_what_changed(
    built: ProgramBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers, the period, rows, definitions, in words; nothing, when there is nothing."""
    folder = tmp_path / "public"
    release(built.database, AS_OF)
    assert "nothing to compare with" in publish(built.database, folder)[1]
    assert publish(built.database, folder)[1] == "No number or definition changed."
    built.add_event(starts_on=date(2026, 5, 9), country="FR", languages=("fr",))
    release(built.database, AS_OF)
    monkeypatch.setattr(texts, "definition", lambda name, program: ("Title", "Another text."))
    said = publish(built.database, folder)
    for line in (
        "- Events: 3, now 4.",
        "- Countries: 1, now 2.",
        "- Table events_by_country: 1 row new.",
        "- Table languages: 1 row new, 2 rows changed.",
    ):
        assert line in said
    assert any(line.startswith("- The definition “Title” was reworded: “Events that were held.") for line in said)


def test_without_a_release_nothing_is_published_and_the_way_is_told(built: ProgramBuilder, tmp_path: Path) -> None:
    with pytest.raises(PublishRefused, match=r"Nothing was released yet.*`uplift release`"):
        publish(built.database, tmp_path / "public")
    assert not (tmp_path / "public").exists()


def test_the_first_publication_of_a_release_says_that_a_new_history_begins(
    built: ProgramBuilder, tmp_path: Path
) -> None:
    """Over a site of an earlier version, and only there: on the page, and in what is said to have changed."""
    folder = tmp_path / "public"
    folder.mkdir()
    older = lzma.decompress(FORMAT_1.read_bytes())
    (folder / "public.db").write_bytes(older)
    (folder / "history.json").write_text("{}")
    about = {"title": "", "published_at": "", "data_version": "", "format": "1"}
    files = {name: (folder / name).read_bytes() for name in ("public.db", "history.json")}
    (folder / MANIFEST_FILE).write_bytes(manifest_file(files, about))
    release(built.database, AS_OF)
    assert f"- {NEW_HISTORY}" in publish(built.database, folder)
    assert NEW_HISTORY in (folder / "index.html").read_text()
    assert not (folder / "history.json").exists()
    assert problems(folder) == []
    assert f"- {NEW_HISTORY}" not in publish(built.database, folder)
    assert NEW_HISTORY not in (folder / "index.html").read_text()


def test_it_reads_one_moment_while_somebody_imports(built: ProgramBuilder, tmp_path: Path) -> None:
    """An event that comes in the middle, with a release of its own, is in no table."""

    def import_meanwhile(what: str, done: int, total: int | None) -> None:
        if what == "Asking for languages":
            built.add_event(starts_on=date(2026, 5, 9), languages=("sw",))
            release(built.database, AS_OF)

    release(built.database, AS_OF)
    publish(built.database, tmp_path / "public", progress=import_meanwhile)
    found = open_publication(tmp_path / "public")
    assert set(found.table("languages")["language"]) == {"en", "hi"}
    assert found.table("events_by_country")["events"].sum() == 5


def test_the_read_copy_publishes_the_same(built: ProgramBuilder, tmp_path: Path) -> None:
    """Every table, but for the moment of publishing."""
    copied = Database(built.database.url, tmp_path / "copy.duckdb")
    release(copied, AS_OF)
    publish(built.database, tmp_path / "public")
    assert publish(copied, tmp_path / "public")[1] == "No number or definition changed."


def test_the_command_publishes_checks_and_refuses(
    built: ProgramBuilder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 0, 1 for a site that was tampered with, 2 with a sentence for what cannot be done."""
    folder = tmp_path / "public"
    database = ["--database", built.database.url]
    assert main(["release", "--as-of", "2026-09-15", *database]) == 0
    assert main(["publish", "--out", str(folder), *database]) == 0
    assert "SHA-256 of manifest.json: " in capsys.readouterr().out
    assert main(["publish", "--check", str(folder)]) == 0
    assert "is as it was published: " in capsys.readouterr().out
    (folder / "index.html").write_text("<h1>Other numbers</h1>")
    (folder / "added.html").write_text("")
    (folder / "card.png").unlink()
    assert main(["publish", "--check", str(folder)]) == 1
    said = capsys.readouterr().err
    for line in ("index.html was changed.", "added.html is not part of the publication.", "card.png is missing."):
        assert line in said
    for arguments, says in (
        (["publish", *database], "Say where"),
        (["publish", "--out", str(folder), *database], "added.html"),
        (["publish", "--out", str(tmp_path / "p.db"), *database], "is a file"),
        (["publish", "--check", str(tmp_path)], "was not written by"),
        (["publish", "--out", str(tmp_path / "new"), "--address", "javascript:x", *database], "is not an address"),
        (["publish", "--out", str(tmp_path / "new"), "--database", f"sqlite:///{tmp_path}/other.db"], "uplift init"),
    ):
        assert main(arguments) == 2
        assert says in capsys.readouterr().err


def test_a_reader_refuses_what_is_no_publication(built: ProgramBuilder, tmp_path: Path) -> None:
    """Nothing there, another database, another format: a sentence each."""
    shutil.copy(tmp_path / "p.db", tmp_path / "other.db")
    (tmp_path / "text.db").write_text("hello" * 500)
    folder = tmp_path / "public"
    published(built, folder)
    later = (folder / "public.db").read_bytes().replace(b"format2", b"format9")
    for source, says in (
        (tmp_path / "nowhere", "There is no publication"),
        (tmp_path / "other.db", "is not a publication"),
        (tmp_path / "text.db", "is not a publication"),
        (later, "has format 9"),
    ):
        with pytest.raises(PublicationError, match=says):
            open_publication(source)


def test_events_of_a_mistyped_year_do_not_make_the_site_endless(
    built: ProgramBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event in the year 1926 that was meant for 2026 is left out: a hundred quarters at most (here: twelve)."""
    monkeypatch.setattr("data_access.publishing.collect.MOST_QUARTERS", 12)
    with built.database.writing() as connection:
        connection.execute(update(events).where(events.c.event_key == "event-1").values(starts_on=date(1926, 4, 1)))
    found = published(built, tmp_path / "public")
    assert found.day("period_start") == date(2023, 7, 1)
    assert found.table("trends")["quarter"].nunique() == 12
