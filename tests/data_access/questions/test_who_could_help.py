"""Who could help a team: a planted program of people who fit, nearly fit, are gone, or are in the team already."""

from __future__ import annotations

from datetime import date

import pytest

from data_access.answers import rows
from data_access.database.schema import memberships, person_languages
from data_access.questions.teams.helpers import PossibleHelper
from data_access.selection import NotAllowed, Role, Scope, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask

TODAY = date(2026, 9, 15)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> ProgramBuilder:
    """The team of documentation needs Swahili, somebody in Kenya, or a translator."""
    made = ProgramBuilder(f"sqlite:///{tmp_path_factory.mktemp('help') / 'p.db'}")
    made.add_program()
    for person, home, tongue in (
        ("all", "KE", "sw-KE"),
        ("speaks", "DE", "sw"),
        ("lives", "KE", None),
        ("skilled", "DE", "de"),
        ("member", "KE", "sw"),
        ("in team", "KE", "sw"),
        ("left team", "KE", "sw"),
        ("gone", "KE", "sw"),
        ("none", "DE", "en"),
    ):
        made.add_person(person, home_country=home)
        if tongue:
            made.add(person_languages, person_key=person, language=tongue)
    for person, day, area, quantity in (
        ("all", date(2026, 9, 15), "localization", 2),
        ("speaks", date(2025, 9, 16), "coding", 9),
        ("lives", date(2026, 6, 1), "coding", 1),
        ("skilled", date(2026, 6, 1), "localization", 5),
        ("gone", date(2025, 9, 15), "localization", 50),
        ("none", date(2026, 9, 1), "coding", 99),
        ("skilled", date(2026, 9, 16), "localization", 70),
    ):
        made.add_contributions(person, day, area=area, quantity=quantity)
    made.add_contributions("in team", date(2026, 9, 1), area="localization", team_key="docs")
    made.add_contributions("left team", date(2026, 6, 17), area="coding", team_key="docs")
    made.add(memberships, membership_key="m", person_key="member", started_on=date(2024, 1, 1))
    return made


def helpers(built: ProgramBuilder, limit: int = 20, **needs: str) -> list[PossibleHelper]:
    needed = Selection(as_of=TODAY, **{name: (value,) for name, value in needs.items()})  # type: ignore[arg-type]
    return rows(PossibleHelper, ask(built.database, "who_could_help", needed, None, limit=limit))


def test_who_fits_most_comes_first_and_who_is_in_the_team_not_at_all(built: ProgramBuilder) -> None:
    """Who left the team 90 days ago may be asked again; who has been silent for a year, and is no member, is gone."""
    found = helpers(built, team="docs", language="sw", country="KE", area="localization")
    assert [(row.person_key, row.fits) for row in found] == [
        ("all", 3), ("left team", 2), ("member", 2), ("skilled", 1), ("speaks", 1), ("lives", 1),
    ]  # fmt: skip
    first, skilled = found[0], found[3]
    assert (first.speaks, first.lives_there, first.in_area, first.contributions) == (True, True, 2, 2)
    assert (skilled.speaks, skilled.in_area, skilled.contributions, skilled.last_on) == (False, 5, 5, date(2026, 6, 1))
    assert [row.person_key for row in found if row.member] == ["member"]


def test_one_need_alone_and_no_team(built: ProgramBuilder) -> None:
    assert [row.person_key for row in helpers(built, area="localization")] == ["skilled", "all", "in team"]
    of_language = helpers(built, language="sw")
    assert {row.person_key for row in of_language} == {"all", "speaks", "member", "in team", "left team"}
    assert {(row.lives_there, row.in_area) for row in of_language} == {(None, None)}
    assert len(helpers(built, 2, language="sw")) == 2


def test_nothing_needed_and_nobody_else_may_ask(built: ProgramBuilder) -> None:
    assert helpers(built, team="docs") == []
    with pytest.raises(NotAllowed):
        ask(built.database, "who_could_help", Selection(as_of=TODAY), Scope(Role.PARTNER, ("docs",)))
