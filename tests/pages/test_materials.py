"""The Materials page: its finding, what is inside only, and words from data as words."""

from __future__ import annotations

from datetime import date

import pytest

from data_access.database.schema import materials, participations
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard
from tests.releasing import release

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def made(program: ProgramBuilder) -> ProgramBuilder:
    """Twelve talks in Germany, nine of them by Germans; three guides, one of them a translation."""
    event = program.add_event(starts_on=date(2026, 5, 5), topics=("l10n", HOSTILE))
    program.add_event(starts_on=date(2026, 5, 6))
    for number in range(12):
        person = program.add_person(f"p{number}", home_country="DE" if number < 9 else "IN")
        program.add(participations, event_key=event, person_key=person, role="speaker", language="en")
    for number, original in enumerate((None, None, "m0")):
        row = {"title": "T", "kind": "guide", "language": "de", "author_key": "p0", "event_key": event}
        program.add(materials, material_key=f"m{number}", original_key=original, published_on=date(2026, 5, 6), **row)
    program.add_import()
    return program


def everything(shown: Dashboard) -> str:
    tables = " ".join(table.value.to_csv() for table in shown.at.dataframe)
    figures = " ".join(element.proto.spec + element.proto.alt for element in shown.at.get("plotly_chart"))
    return " ".join([shown.text, tables, figures, *(element.value for element in shown.at.markdown)])


def test_inside_it_says_what_is_made_and_in_whose_context(
    monkeypatch: pytest.MonkeyPatch, made: ProgramBuilder
) -> None:
    shown = Dashboard(monkeypatch, made.database.url).open("materials", period="2026")
    assert shown.finding == "3 materials of 1 kind, original: 2 of 3; events were about 2 topics."
    assert "No topic is named by 1 event of 2." in shown.text
    said = everything(shown)
    assert "75% of 12 talks were given by somebody who lives in the country" in said
    assert "l10n: most in English (1)" in said
    assert "<img" not in shown.html
    shown.at.segmented_control(key="context_of").set_value("materials")
    shown.run()
    assert "3 of 3 materials were written by somebody who lives in the country of the event" in everything(shown)


def test_outside_the_facts_stand_and_nobodys_home(monkeypatch: pytest.MonkeyPatch, made: ProgramBuilder) -> None:
    release(made.database, date(2026, 7, 1))
    shown = Dashboard(monkeypatch, made.database.url).open("materials", period="2026", **{"as": "leadership"})
    assert shown.finding == "3 materials of 1 kind, original: 2 of 3; events were about 2 topics."
    assert "lives in the country" not in everything(shown)
    assert "In whose context?" not in [header.value for header in shown.at.header]
