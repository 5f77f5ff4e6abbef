"""`uplift publish`: what it says, what it refuses, and what it leaves alone."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from dashboard.cli import main
from dashboard.commands.publish import check, publish
from dashboard.site import texts
from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.database.schema import events, participations, program
from data_access.derived.people_counts import refresh_people_counts
from data_access.publishing.folder import PublishRefused
from data_access.publishing.manifest import problems
from data_access.publishing.reader import Publication, PublicationError, open_publication
from tests.builders import ProgramBuilder
from tests.dashboard.site.conftest import AS_OF
from tests.people_programs import PeopleProgram
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


def published(built: ProgramBuilder | PeopleProgram, folder: Path, as_of: date = AS_OF) -> Publication:
    publish(built.database, folder, as_of)
    return open_publication(folder)


def test_what_is_published_is_what_is_known(built: ProgramBuilder, tmp_path: Path) -> None:
    """Whole quarters only; visits as ranges; countries without events are there."""
    found = published(built, tmp_path / "public")
    rows = found.table("events_by_country")[["quarter", "country", "events"]].to_numpy().tolist()
    assert rows == [["2024-Q2", "IN", 1], ["2025-Q2", "IN", 1], ["2026-Q2", "DE", 3]]
    figures = found.table("figures").set_index("figure")
    assert values(figures, "attendance", "at_least", "at_most") == [60, 60 + 4 + 3 * 4]
    assert values(figures, "events", "at_least", "before_at_least") == [3, 1]
    assert len(found.table("countries")) == 6
    finding = found.table("texts").set_index("name").loc["finding", "text"]
    assert finding == ("3 events in 1 country and 1 language from July 2025 to June 2026, 2 more than the year before.")


def test_talks_in_a_language_cannot_be_worked_out_from_how_many_spoke(built: ProgramBuilder, tmp_path: Path) -> None:
    """29 people gave a talk each, 25 of them in English: the other four are not just what is left over."""
    english, french = (built.add_event(starts_on=date(2026, 5, 2), languages=(tag,)) for tag in ("en", "fr"))
    for number in range(29):
        event, tag = (english, "en") if number < 25 else (french, "fr")
        key = built.add_person()
        built.add(participations, event_key=event, person_key=key, role="speaker", language=tag)
    with built.database.writing() as connection:
        refresh_people_counts(connection, 1, AS_OF)
    found = published(built, tmp_path / "public")
    figures, languages = found.table("figures").set_index("figure"), found.table("languages").set_index("language")
    assert values(figures, "speakers", "at_least", "at_most") == [25, 29]
    assert values(languages, "fr", "talks_at_least", "talks_at_most") == [0, 9]
    assert languages.loc[["en", "hi"], "talks_at_most"].sum() >= 29


def test_an_empty_program_is_published_as_one(tmp_path: Path) -> None:
    """No program, no people, no events: a page that says so."""
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    found = published(made, tmp_path / "public")
    assert found.title == "Community program"
    assert "No events were held" in (tmp_path / "public/index.html").read_text()
    assert problems(tmp_path / "public") == []


def test_one_country_and_one_quarter_are_a_site_too(tmp_path: Path) -> None:
    """One event ever: nothing to compare with, one language, and everybody else's country without any."""
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    made.add_program()
    made.add_event(starts_on=date(2026, 5, 1), attendance=3)
    found = published(made, tmp_path / "public")
    texts = found.table("texts").set_index("name")["text"]
    assert texts["finding"] == "1 event in 1 country and 1 language from July 2025 to June 2026."
    assert texts["where"] == "1 country with events: 5 countries and territories had none."
    assert texts["who"] == "Events report fewer than 5 visits."
    assert problems(tmp_path / "public") == []


def test_publishing_again_says_what_changed(
    built: ProgramBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers, the period, rows, definitions, in words; nothing, when there is nothing."""
    folder = tmp_path / "public"
    assert "nothing to compare with" in publish(built.database, folder, AS_OF)[1]
    assert publish(built.database, folder, AS_OF)[1] == "No number or definition changed."
    built.add_event(starts_on=date(2026, 5, 9), country="FR", languages=("fr",))
    monkeypatch.setattr(texts, "definition", lambda name, program: ("Title", "Another text."))
    said = publish(built.database, folder, AS_OF)
    for line in (
        "- Events: 3, now 4.",
        "- Countries: 1, now 2.",
        "- Table events_by_country: 1 row new.",
        "- Table languages: 1 row new, 2 rows changed.",
    ):
        assert line in said
    assert any(line.startswith("- The definition “Title” was reworded: “Events that were held.") for line in said)


def test_what_would_give_a_small_group_away_is_refused(tmp_path: Path) -> None:
    """The minimum group is lowered from 5 to 3: together, both publications would reveal groups of 3 and 4."""
    made = PeopleProgram(f"sqlite:///{tmp_path / 'p.db'}", 5, 36)
    folder = tmp_path / "public"
    first = published(made, folder)
    made.built.add_import()
    with made.database.writing() as connection:
        connection.execute(update(program).values(min_group_size=3))
        refresh_people_counts(connection, 2, AS_OF)
    with pytest.raises(PublishRefused, match=r"could be narrowed to .* set it back"):
        publish(made.database, folder, AS_OF)
    assert open_publication(folder).about == first.about
    with made.database.writing() as connection:
        connection.execute(update(program).values(min_group_size=5))
    assert publish(made.database, folder, AS_OF)


def test_tables_of_people_can_be_left_out(tmp_path: Path) -> None:
    """With all that they show elsewhere; the next publication may have them again."""
    made = PeopleProgram(f"sqlite:///{tmp_path / 'p.db'}", 5, 30)
    folder = tmp_path / "public"
    publish(made.database, folder, AS_OF, without=("shares", "funnel", "languages"))
    found = open_publication(folder)
    assert all(found.table(name).empty for name in ("shares", "funnel", "languages"))
    assert not {"members", "speakers", "contributors"} & set(found.table("figures")["figure"])
    assert "Who takes part" not in (folder / "index.html").read_text()
    said = publish(made.database, folder, AS_OF)
    assert any(line.startswith("- Contributors: not published, now ") for line in said)


def test_it_reads_one_moment_while_somebody_imports(built: ProgramBuilder, tmp_path: Path) -> None:
    """An event that comes in the middle is in no table."""

    def import_meanwhile(what: str, done: int, total: int | None) -> None:
        if what == "Asking for languages":
            built.add_event(starts_on=date(2026, 5, 9), languages=("sw",))

    publish(built.database, tmp_path / "public", AS_OF, progress=import_meanwhile)
    found = open_publication(tmp_path / "public")
    assert set(found.table("languages")["language"]) == {"en", "hi"}
    assert found.table("events_by_country")["events"].sum() == 5


def test_the_read_copy_publishes_the_same(built: ProgramBuilder, tmp_path: Path) -> None:
    """Every table, but for the moment of publishing."""
    write_read_copy(built.database.program, tmp_path / "copy.duckdb")
    copied = Database(built.database.url, tmp_path / "copy.duckdb")
    assert copied.reads_from_copy()
    publish(built.database, tmp_path / "public", AS_OF)
    assert publish(copied, tmp_path / "public", AS_OF)[1] == "No number or definition changed."


def test_the_command_publishes_checks_and_refuses(
    built: ProgramBuilder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 0, 1 for a site that was tampered with, 2 with a sentence for what cannot be done."""
    folder = tmp_path / "public"
    database = ["--database", built.database.url]
    assert main(["publish", "--out", str(folder), "--as-of", "2026-09-15", *database]) == 0
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


def test_a_changed_history_is_not_trusted(built: ProgramBuilder, tmp_path: Path) -> None:
    """Without what was published before, nobody can say what the next publication gives away."""
    folder = tmp_path / "public"
    publish(built.database, folder, AS_OF)
    (folder / "history.json").write_text("{}")
    with pytest.raises(PublishRefused, match="Bring the folder back"):
        publish(built.database, folder, AS_OF)
    assert check(folder) == 1


def test_a_reader_refuses_what_is_no_publication(built: ProgramBuilder, tmp_path: Path) -> None:
    """Nothing there, another database, another format: a sentence each."""
    shutil.copy(tmp_path / "p.db", tmp_path / "other.db")
    (tmp_path / "text.db").write_text("hello" * 500)
    folder = tmp_path / "public"
    publish(built.database, folder, AS_OF)
    later = (folder / "public.db").read_bytes().replace(b"format1", b"format9")
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
