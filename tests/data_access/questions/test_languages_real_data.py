"""Languages over pyvideo's talks: the known answers, by the questions that the page asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.selection import Selection
from tests.data_access.questions.asking import ask
from tests.real_data import real_data
from tests.tables import value

pytestmark = pytest.mark.slow

AS_OF = date(2026, 8, 23)


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('pyvideo') / 'program.db'}")
    initialise(database.program)
    files = [real_data("pyvideo_talks.csv.gz"), real_data("pyvideo_events.csv")]
    assert run_import(database, files, ImportOptions(as_of=AS_OF, releases=False)).committed
    yield database
    database.close()


def test_17392_talks_are_in_english_1027_in_spanish_and_522_unknown(talks: Database) -> None:
    """A recorded talk is a material of kind "talk"; none of them is known to be translated."""
    found = ask(talks, "materials_by_language", Selection(as_of=AS_OF), kind="talk").set_index("language")
    assert found.loc[["en", "es", "und"], "materials"].tolist() == [17_392, 1_027, 522]
    assert found["materials"].sum() == 21_715
    assert (found["originals"] == found["materials"]).all()


def test_each_event_is_in_its_languages_or_not_recorded(talks: Database) -> None:
    """English leads among the events as well, and no event is lost."""
    found = ask(talks, "languages_of_events", Selection(as_of=AS_OF)).set_index("language")
    total = int(ask(talks, "events_total", Selection(as_of=AS_OF))["events"].iloc[0])
    assert found.index[0] == "en"
    assert found["events"].sum() >= total
    assert value(found, "en", "share") == value(found, "en", "events") / total
