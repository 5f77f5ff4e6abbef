"""Materials by kind, topics by language and region, and whose context works come from: counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data_access.database.schema import materials, participations
from data_access.selection import NotAllowed, Period, Role, Scope, Selection, SelectionError
from data_access.statistics.intervals import wilson_interval
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.releasing import release

YEAR = Selection(Period.parse("2026"), date(2026, 9, 15))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> ProgramBuilder:
    """Talks in Germany by two Germans, a Frenchman and an Indian, online and unknown; five materials of three kinds.

    Of the materials a German wrote two for the event in Germany, an Indian one; one is translated, one is of no event.
    """
    made = ProgramBuilder(f"sqlite:///{tmp_path_factory.mktemp('materials') / 'p.db'}")
    made.add_program()
    homes: dict[str, str | None] = {"ada": "DE", "bo": "DE", "cy": "FR", "dev": "IN", "eve": None}
    for person, home in homes.items():
        made.add_person(person, home_country=home)
    made.add_event(key="de", country="DE", topics=("l10n", "privacy"), languages=("de", "de-AT"))
    made.add_event(key="in", country="IN", topics=("l10n",), languages=("hi", "en"))
    made.add_event(key="online", mode="online", topics=("privacy",), languages=("en",))
    made.add_event(key="plain", country="DE", languages=())
    made.add_event("Later", date(2026, 9, 16), "FR", key="later", topics=("l10n", "later"))
    talks = [("de", "ada"), ("de", "bo"), ("de", "cy"), ("de", "dev"), ("de", "eve"), ("in", "dev"), ("online", "ada")]
    for event, person in [*talks, ("later", "cy")]:
        made.add(participations, event_key=event, person_key=person, role="speaker", language="de")
    made.add(participations, event_key="in", person_key="ada", role="organizer")
    written = [
        ("m1", "slides", "de", "ada", "de", None, date(2026, 5, 6)),
        ("m2", "slides", "de-CH", "ada", "de", None, date(2026, 5, 6)),
        ("m3", "guide", "en", "dev", "de", None, date(2026, 5, 6)),
        ("m4", "slides", "fr", None, "de", "m1", date(2026, 5, 6)),
        ("m5", None, "en", "cy", None, None, date(2026, 9, 15)),
        ("m6", "video", "en", "cy", "de", None, date(2026, 9, 16)),
    ]
    names = ("material_key", "kind", "language", "author_key", "event_key", "original_key", "published_on")
    for row in written:
        made.add(materials, title="T", **dict(zip(names, row, strict=True)))
    return made


def test_materials_by_kind(built: ProgramBuilder) -> None:
    """Three slides, in German and French, one of them translated; tomorrow's video is not yet there."""
    found = ask(built.database, "materials_by_kind", YEAR)
    columns = ["materials", "originals", "translations", "languages", "of_event"]
    assert found.set_index("kind")[columns].T.to_dict("list") == {
        "slides": [3, 2, 1, 2, 3],
        "guide": [1, 1, 0, 1, 1],
        "": [1, 1, 0, 1, 0],
    }
    assert list(found["kind"]) == ["slides", "guide", ""]
    assert found.loc[0, "original_share"] == pytest.approx(2 / 3)
    assert ask(built.database, "materials_by_kind", Selection(Period.parse("2025"), YEAR.as_of)).empty


def test_topics_with_their_languages_regions_and_materials(built: ProgramBuilder) -> None:
    """Four events were held; the one without a topic stands last. All materials with an event are of the German one."""
    found = ask(built.database, "topics_covered", YEAR).set_index("topic")
    columns = ["events", "share", "languages", "regions", "materials", "originals"]
    assert found[columns].T.to_dict("list") == {
        "l10n": [2, 0.5, 3, 2, 4, 3],
        "privacy": [2, 0.5, 2, 1, 4, 3],
        "": [1, 0.25, 0, 1, 0, 0],
    }
    assert list(found.index) == ["l10n", "privacy", ""]


def test_topics_by_language_and_region(built: ProgramBuilder) -> None:
    """An event counts once in German, however many Germans it names; online is a region of its own."""
    by_language = ask(built.database, "topics_by_language", YEAR)
    assert {(row.topic, row.among): row.events for row in by_language.itertuples()} == {
        ("l10n", "de"): 1,
        ("l10n", "en"): 1,
        ("l10n", "hi"): 1,
        ("privacy", "de"): 1,
        ("privacy", "en"): 1,
    }
    by_region = ask(built.database, "topics_by_language", YEAR, by="region")
    assert {(row.topic, row.name): row.events for row in by_region.itertuples()} == {
        ("l10n", "Southern Asia"): 1,
        ("l10n", "Western Europe"): 1,
        ("privacy", "Online"): 1,
        ("privacy", "Western Europe"): 1,
    }
    with pytest.raises(SelectionError):
        ask(built.database, "topics_by_language", YEAR, by="team")


def counts(found: pd.DataFrame) -> dict[str, list[int]]:
    columns = ["works", "known", "same_country", "same_region", "elsewhere"]
    return {str(row.among): [getattr(row, name) for name in columns] for row in found.itertuples()}


def test_talks_against_the_country_they_are_given_in(built: ProgramBuilder) -> None:
    """Of five in Germany two by Germans, one by a neighbour, one from afar, one unknown; the one online is unknown."""
    found = ask(built.database, "authors_and_audiences", YEAR)
    assert counts(found) == {"Western Europe": [5, 4, 2, 1, 1], "Southern Asia": [1, 1, 1, 0, 0], "": [1, 0, 0, 0, 0]}
    first = found.iloc[0]
    low, high = wilson_interval(2, 4)
    assert (first["share"], first["region_share"]) == (0.5, 0.75)
    assert (first["low"], first["high"]) == (pytest.approx(float(low)), pytest.approx(float(high)))
    assert found.iloc[-1]["among"] == ""
    assert pd.isna(found.iloc[-1]["share"])
    assert list(ask(built.database, "authors_and_audiences", YEAR, by="country")["name"]) == ["Germany", "India", ""]
    assert counts(ask(built.database, "authors_and_audiences", YEAR, by="language")) == {"de": [7, 5, 3, 1, 1]}


def test_materials_against_the_country_of_their_event(built: ProgramBuilder) -> None:
    of_region = ask(built.database, "authors_and_audiences", YEAR, of="materials")
    assert counts(of_region) == {"Western Europe": [4, 3, 2, 0, 1], "": [1, 0, 0, 0, 0]}
    by_origin = ask(built.database, "authors_and_audiences", YEAR, of="materials", by="origin")
    assert counts(by_origin) == {"original": [4, 3, 2, 0, 1], "translation": [1, 0, 0, 0, 0]}
    by_kind = ask(built.database, "authors_and_audiences", YEAR, of="materials", by="kind")
    assert counts(by_kind) == {"slides": [3, 2, 2, 0, 0], "guide": [1, 1, 0, 0, 1], "": [1, 0, 0, 0, 0]}
    in_language = ask(built.database, "authors_and_audiences", YEAR, of="materials", by="language")
    assert set(in_language["name"]) == {"German", "English", "French"}


@pytest.mark.parametrize("options", [{"of": "talks", "by": "kind"}, {"of": "books"}, {"by": "team"}])
def test_what_has_no_authors_is_refused(built: ProgramBuilder, options: dict[str, str]) -> None:
    with pytest.raises(SelectionError, match="Choose"):
        ask(built.database, "authors_and_audiences", YEAR, None, **options)


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.PARTNER, Role.PUBLIC])
def test_outside_facts_stand_as_they_are_and_authors_are_not_told(tmp_path: Path, role: Role) -> None:
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    made.add_program()
    event = made.add_event(topics=("l10n",))
    row = {"title": "T", "kind": "guide", "language": "de", "author_key": made.add_person(), "event_key": event}
    made.add(materials, material_key="m", published_on=date(2026, 5, 6), **row)
    release(made.database, date(2026, 7, 1))
    assert list(ask(made.database, "materials_by_kind", YEAR, Scope(role))["materials"]) == [1]
    assert list(ask(made.database, "topics_covered", YEAR, Scope(role))["materials"]) == [1]
    with pytest.raises(NotAllowed):
        ask(made.database, "authors_and_audiences", YEAR, Scope(role))
