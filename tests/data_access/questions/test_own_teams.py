"""Partners: counts and records of their own teams, exact and live; nobody’s name, and nobody else’s team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import update

from data_access import actions
from data_access.actions import Author
from data_access.database.engine import Database
from data_access.database.schema import people, teams
from data_access.questions import QUESTIONS, Question
from data_access.questions.answering import answer_from
from data_access.questions.own_teams import TEAM
from data_access.selection import NotAllowed, Role, Scope, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ways
from tests.full_program import AS_OF, full_program
from tests.releasing import release
from tests.team_builders import TeamBuilder

NOW = Selection(as_of=AS_OF)
PARTNER, LEADERSHIP = Scope(Role.PARTNER, ("docs",)), Scope(Role.LEADERSHIP)
OWN = Scope(Role.PARTNER, ("docs",), own_teams=True)
CANARY = "zq-somebody"
ABOUT_TEAMS = sorted((each for each in QUESTIONS.values() if each.own_teams), key=lambda each: each.name)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProgramBuilder]:
    """Two teams with newcomers, in which every person and author is a canary; released, and then changed."""
    made = full_program(f"sqlite:///{tmp_path_factory.mktemp('own') / 'uplift.db'}")
    others = TeamBuilder(made.database)
    _contribute(others, "qa", 7, date(2026, 5, 1))
    with made.database.writing() as connection:
        connection.execute(update(people).values(name=CANARY))
        connection.execute(update(teams).values(coordinator_key="ada", coordinator_appointed_on=date(2026, 6, 1)))
    release(made.database, date(2026, 7, 1))
    by = Author(f"{CANARY}@example.org", Scope(Role.PM))
    for team in ("docs", "qa"):
        actions.record_milestone(
            made.database, by, team, opened={}, today=AS_OF, milestone="roles_clear", reached_on=date(2026, 9, 1)
        )
        actions.appoint_coordinator(
            made.database, by, team, opened=_opened(made.database, team), today=AS_OF, person="bo", appointed_on=AS_OF
        )
    _contribute(others, "docs", 1, date(2026, 8, 1))
    _contribute(others, "qa", 1, date(2026, 8, 1))
    yield made
    made.database.close()


def _contribute(to: TeamBuilder, team: str, number: int, on: date) -> None:
    for each in range(number):
        to.contribute(team, to.add_person(f"{CANARY}-{team}-{on}-{each}", CANARY), on, quantity=3)


def _opened(database: Database, team: str) -> actions.Snapshot:
    with database.reading() as connection:
        return actions.snapshot(connection, team)


def ask(built: ProgramBuilder, name: str, scope: Scope, **options: object) -> pd.DataFrame:
    return answer_from(built.database, QUESTIONS[name], NOW, scope, **options)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda each: each.name)
def test_a_question_about_own_teams_answers_with_them_alone_and_names_nobody(
    built: ProgramBuilder, question: Question
) -> None:
    """Whatever the function finds, `Question.ask` keeps no other row; other questions cannot be asked so at all."""
    seen = []
    with built.database.reading() as connection:
        for options in ways(question, {"team": ["", "qa"], "check": [], "kind": []}, {"team": "docs", "request": "r0"}):
            if question.own_teams is None:
                with pytest.raises(NotAllowed):
                    question.ask(connection, NOW, OWN, **options)
                continue
            found = question.ask(connection, NOW, OWN, **options)
            assert set(found[TEAM]) <= {"docs"}
            seen.append(found)
    shown = " ".join(found.to_csv() for found in seen)
    assert CANARY not in shown
    assert not question.own_teams or seen


@pytest.mark.parametrize("question", ABOUT_TEAMS, ids=lambda each: each.name)
def test_the_other_teams_are_shown_as_released(built: ProgramBuilder, question: Question) -> None:
    """And of the two together nothing is lost, doubled, or out of order."""
    for options in ways(question, {"team": [""]}, {"team": "qa"}):
        mine = answer_from(built.database, question, NOW, PARTNER, **options)
        others = mine[mine[TEAM] != "docs"].reset_index(drop=True)
        if Role.LEADERSHIP in question.roles:
            theirs = answer_from(built.database, question, NOW, LEADERSHIP, **options)
            pd.testing.assert_frame_equal(others, theirs[theirs[TEAM] != "docs"].reset_index(drop=True))
        assert question.own_teams
        pd.testing.assert_frame_equal(mine, question.own_teams.order(mine))


def test_own_counts_are_exact_and_live_and_the_others_ranges_of_the_last_release(built: ProgramBuilder) -> None:
    """docs: six newcomers in May and one in August; qa: seven and one."""
    own, other = (ask(built, "team_growth", PARTNER, team=team) for team in ("docs", "qa"))
    assert own[["at_least", "at_most"]].values.tolist()[-2:] == [[6, 6], [1, 1]]
    assert own["counted_on"].iloc[-1] == AS_OF
    assert other[["at_least", "at_most"]].values.tolist() == [[5, 9]]
    theirs = ask(built, "team_growth", LEADERSHIP, team="docs")
    assert theirs[["at_least", "at_most"]].values.tolist() == [[5, 9]]
    board = ask(built, "team_board", PARTNER).set_index(TEAM)
    assert board.loc[["docs"], ["exit_at_least", "exit_at_most"]].values.tolist() == [[7, 7]]


def test_what_was_recorded_is_there_at_once_for_a_partner_of_the_team(built: ProgramBuilder) -> None:
    """For everybody else when the release's facts are written again."""
    reached = {"docs": "2026-09-01", "qa": "2026-09-01"}
    mine, theirs = (ask(built, "team_milestones_list", scope) for scope in (PARTNER, LEADERSHIP))
    assert _reached(mine, "roles_clear") == {"docs": reached["docs"]}
    assert _reached(theirs, "roles_clear") == {}
    changes = ask(built, "team_changes", PARTNER)
    assert set(changes[TEAM]) == {"docs"}
    assert changes["in_all"].tolist() == [2, 2]
    from data_access.release.project import write_release

    write_release(built.database)
    assert _reached(ask(built, "team_milestones_list", LEADERSHIP), "roles_clear") == reached


def _reached(found: pd.DataFrame, milestone: str) -> dict[str, str]:
    here = found[found["milestone"] == milestone]
    return dict(zip(here[TEAM], here["reached_on"].astype(str), strict=True))
