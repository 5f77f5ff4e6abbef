"""Nobody learns of small groups: an attacker with all that a role can fetch, solving for every hidden count."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from data_access.database.schema import people_counts, person_attributes
from data_access.derived.people_counts import ACCEPTED, ACTIVE, BREAKDOWNS, NOT_ACCEPTED, POPULATIONS, REACHED
from data_access.privacy.released import window_ending
from data_access.questions import QUESTIONS
from data_access.questions.people.counts import exact_counts
from data_access.selection import Period, Role, Scope, Selection
from tests.data_access.attacker import Attacker
from tests.people_programs import AS_OF, VALUES, PeopleProgram
from tests.tables import records

LEADERSHIP = Scope(Role.LEADERSHIP)
SIZE = LEADERSHIP.min_group_size
OTHER = "other"
PERIODS = (
    Period(date(2025, 10, 1), date(2026, 10, 1)),
    Period(date(2026, 7, 1), date(2026, 10, 1)),
    Period(date(2026, 9, 3), date(2026, 9, 4)),
    Period(date(2025, 1, 1), date(2026, 1, 1)),
)
FILTERS: tuple[dict[str, Any], ...] = ({"country": ("DE",)}, {"region": ("Western Europe",)}, {"area": ("coding",)}, {})
# An answer that heeded a filter would show a count differently than without one, which `learn` does not let pass.
CHOICES = (*zip(PERIODS, FILTERS, strict=True), *((period, {}) for period in PERIODS[:3]))


def ask(
    program: PeopleProgram, name: str, selection: Selection, scope: Scope = LEADERSHIP, **options: Any
) -> pd.DataFrame:
    with program.database.reading() as connection:
        return QUESTIONS[name].ask(connection, selection, scope, **options)


def everything_shown(program: PeopleProgram) -> dict[tuple[str, ...], tuple[int, int]]:
    """Every range of a count that leadership can fetch, over periods, filters, populations and breakdowns.

    Keyed by (population, window, breakdown, group, dimension, value); two answers about one count must agree.
    """
    shown: dict[tuple[str, ...], tuple[int, int]] = {}

    def learn(key: tuple[str, ...], row: dict[str, Any]) -> None:
        found = (int(row["at_least"]), int(row["at_most"]))
        assert shown.setdefault(key, found) == found, "the same count was shown in two ways"

    for period, filters in CHOICES:
        selection = Selection(period, AS_OF, **filters)
        for population in POPULATIONS:
            for by in ("", *BREAKDOWNS[population]):
                for row in records(ask(program, "attribute_shares", selection, population=population, by=by)):
                    value = "" if row["kind"] == "not disclosed" else "…" if row["kind"] == OTHER else row["value"]
                    learn((population, row["window"], by, row["member_of"], row["dimension"], value), row)
        for row in records(ask(program, "attribute_funnel", selection)):
            step = {"applied": ("", ""), "accepted": ("outcome", REACHED), "active member": ("outcome", ACTIVE)}[
                row["step"]
            ]
            value = "…" if row["kind"] == OTHER else row["value"]
            learn(("applicants", row["window"], *step, row["dimension"], value), row)
    for population, dimension in itertools.product(POPULATIONS, VALUES):
        trend = Selection(PERIODS[0], AS_OF)
        for row in records(ask(program, "attribute_trend", trend, population=population, dimension=dimension)):
            value = "" if row["kind"] == "not disclosed" else "…" if row["kind"] == OTHER else row["value"]
            learn((population, row["window"], "", "", row["dimension"], value), row)
    return shown


def truth(program: PeopleProgram) -> dict[tuple[str, ...], int]:
    """The released count behind every cell, values and groups as they are in the database."""
    with program.database.reading() as connection:
        rows = connection.execute(select(people_counts)).fetchall()
    return {
        (
            row.population,
            str(window_ending(row.window_end)),
            row.breakdown,
            row.member_of,
            row.dimension,
            row.value,
        ): row.released
        for row in rows
    }


Family = dict[tuple[str, ...], tuple[int, int]]


def system(shown: Family, real: dict[tuple[str, ...], int]) -> tuple[Attacker, dict[tuple[str, ...], int]]:
    """The cells of one family as unknowns, with everything that was shown of them and all that is known of their sums.

    The attacker is stronger than any viewer: they know which labels exist, also those that were shown together.
    """
    attacker = Attacker()
    at: dict[tuple[str, ...], int] = {}
    dimensions = sorted({cell[2] for cell in real if cell[2]})
    breakdowns = ["", *sorted({cell[0] for cell in real if cell[0] and cell[0] != "country"})]
    groups = {by: sorted({cell[1] for cell in real if cell[0] == by}) for by in breakdowns}
    if "outcome" in groups:
        # These are the same three in every program: that one of them has nobody is a count, and no viewer knows it
        # (the funnel shows 0 to 4 for such a step too).
        groups["outcome"] = [NOT_ACCEPTED, ACCEPTED, ACTIVE]
    values = {name: sorted({cell[3] for cell in real if cell[2] == name}) for name in dimensions}

    def cell(*key: str) -> int:
        if key not in at:
            at[key] = attacker.count()
        return at[key]

    for by in breakdowns:
        for group in groups[by]:
            for name in dimensions:
                attacker.adds_up(cell(by, group, "", ""), [cell(by, group, name, value) for value in values[name]])
        if by:
            attacker.adds_up(cell("", "", "", ""), [cell(by, group, "", "") for group in groups[by]])
            for name in dimensions:
                for value in values[name]:
                    parts = [cell(by, group, name, value) for group in groups[by]]
                    attacker.adds_up(cell("", "", name, value), parts)
    for by, group, name, value in shown:
        unlisted = [other for other in groups[by] if not any(known[:2] == (by, other) for known in shown)]
        these = {"…": unlisted, REACHED: [ACCEPTED, ACTIVE]}.get(group, [group])
        ones = [value] if value != "…" else [one for one in values[name] if ("", "", name, one) not in shown]
        if these == [group] and ones == [value]:
            attacker.learn(cell(by, group, name, value), *shown[by, group, name, value])
        else:
            parts = [cell(by, part, name, one) for part in these for one in ones]
            attacker.adds_up(attacker.count(*shown[by, group, name, value]), parts)
    return attacker, at


def families(program: PeopleProgram) -> list[tuple[Family, dict[tuple[str, ...], int]]]:
    """What was shown and what is true, population by population and window by window."""
    shown, real = everything_shown(program), truth(program)
    found = []
    for family in sorted({key[:2] for key in shown}):
        own_shown = {key[2:]: ends for key, ends in shown.items() if key[:2] == family}
        own_real = {key[2:]: count for key, count in real.items() if key[:2] == family}
        found.append((own_shown, own_real))
    return found


def attacked(program: PeopleProgram) -> Counter[str]:
    """Solve for every small count in every family; the figures of the attack. Fails when one is narrowed."""
    tried: Counter[str] = Counter()
    for shown, real in families(program):
        attacker, at = system(shown, real)
        small = [key for key in at if real.get(key, 0) < SIZE and (key[0] == "" or any(cell[0] for cell in shown))]
        unknowns = [at[key] for key in small]
        for key, (least, most) in zip(small, attacker.bounds_of(unknowns, enough=(0, SIZE - 1)), strict=True):
            assert round(least, 6) == 0, (key, least, most)
            assert round(most, 6) >= SIZE - 1, (key, least, most)
        tried.update(families=1, shown=len(shown), attacked=len(small))
    return tried


@pytest.mark.slow
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(0, 110))
def test_no_small_count_can_be_solved_for(seed: int, count: int) -> None:
    """Random programs; every answer over periods, filters, populations, breakdowns and steps; linear programming."""
    with TemporaryDirectory() as folder:
        attacked(PeopleProgram(f"sqlite:///{folder}/p.db", seed, count))


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> PeopleProgram:
    return PeopleProgram(f"sqlite:///{tmp_path_factory.mktemp('people') / 'p.db'}", 5, 140)


@pytest.mark.slow
def test_the_attack_has_something_to_attack(program: PeopleProgram) -> None:
    """The figures of one attack: hundreds of counts are shown, hundreds of small ones attacked, none resolved."""
    tried = attacked(program)
    assert tried["shown"] > 400
    assert tried["attacked"] > 400
    print(dict(tried))


@pytest.mark.slow
def test_the_attacker_finds_small_counts_that_are_merely_left_out(program: PeopleProgram) -> None:
    """A check of the check: with exact counts, and only the small ones left out, the same attacker solves for some."""
    solved = 0
    for shown, real in sorted(families(program), key=lambda family: len(family[0]))[-3:]:
        exact = {cell: (n, n) if (n := real.get(cell, 0)) >= SIZE else (0, SIZE - 1) for cell in shown if cell in real}
        attacker, at = system(exact, real)
        small = [at[cell] for cell in exact if real[cell] < SIZE]
        solved += sum(most - least < SIZE - 1 for least, most in attacker.bounds_of(small, enough=(0, SIZE - 1)))
    assert solved


@pytest.mark.parametrize("population", POPULATIONS)
def test_the_counts_of_an_import_are_those_of_the_question(program: PeopleProgram, population: str) -> None:
    """Two ways to count: in one pass at the import, and by SQL for the PM."""
    with program.database.reading() as connection:
        for end in (date(2026, 10, 1), date(2026, 1, 1), date(2025, 7, 1)):
            stored = {
                tuple(row[:4]): row[4]
                for row in connection.execute(
                    select(
                        people_counts.c.breakdown,
                        people_counts.c.member_of,
                        people_counts.c.dimension,
                        people_counts.c.value,
                        people_counts.c.people,
                    ).where(people_counts.c.population == population, people_counts.c.window_end == end)
                )
            }
            asked = Selection(window_ending(end), AS_OF)
            for by in BREAKDOWNS[population]:
                counted = exact_counts(connection, asked, population, by)
                assert counted == {cell: n for cell, n in stored.items() if cell[0] in ("", by)}
            assert sum(stored.values())


def test_other_filters_and_days_change_nothing_for_leadership(program: PeopleProgram) -> None:
    """A filter that leaves three people, or a period that is a day longer, reveals nothing new."""
    plain = Selection(Period(date(2025, 10, 1), date(2026, 10, 1)), AS_OF)
    for other in (
        Selection(Period(date(2025, 10, 2), date(2026, 10, 2)), AS_OF),
        Selection(plain.period, AS_OF, country=("KE",), area=("coding",), mode=("online",)),
    ):
        asked: tuple[tuple[str, dict[str, Any]], ...] = (
            ("attribute_shares", {"population": "members", "by": "region"}),
            ("attribute_funnel", {}),
            ("effective_groups", {}),
            ("fairness", {}),
            ("lorenz_curve", {"of": "events"}),
        )
        for name, options in asked:
            pd.testing.assert_frame_equal(ask(program, name, plain, **options), ask(program, name, other, **options))


@pytest.mark.slow
def test_a_few_new_people_change_no_answer_and_many_do(tmp_path: Path) -> None:
    """Two imports in a row: whoever compares them learns nothing of fewer people than the smallest group."""
    program = PeopleProgram(f"sqlite:///{tmp_path / 'p.db'}", 8, 60)
    selection = Selection(Period(date(2025, 10, 1), date(2026, 10, 1)), AS_OF)

    def answers() -> list[pd.DataFrame]:
        return [
            ask(program, "attribute_shares", selection, population=population, by=by)
            for population in POPULATIONS
            for by in ("", *BREAKDOWNS[population])
        ] + [ask(program, "attribute_funnel", selection), ask(program, "effective_groups", selection)]

    first = answers()
    program.add_people(SIZE - 1, start=1_000)
    program.built.add_import()
    program.count(2)
    for before, after in zip(first, answers(), strict=True):
        pd.testing.assert_frame_equal(before, after)
    exact = ask(program, "attribute_shares", selection, Scope(Role.PM), population="contributors")
    assert exact["people"].sum() > 0
    program.add_people(40, start=2_000)
    program.built.add_import()
    program.count(3)
    assert not all(before.equals(after) for before, after in zip(first, answers(), strict=True))
    assert set(answers()[0]["import_id"]) == {3}


def test_a_changed_answer_of_one_person_is_not_released(tmp_path: Path) -> None:
    """Somebody describes themselves otherwise: the PM sees it at once, everybody else when enough people changed."""
    program = PeopleProgram(f"sqlite:///{tmp_path / 'p.db'}", 9, 60)
    selection = Selection(Period(date(2025, 10, 1), date(2026, 10, 1)), AS_OF)
    before = ask(program, "attribute_shares", selection, population="contributors")
    exact = ask(program, "attribute_shares", selection, Scope(Role.PM), population="contributors")
    with program.database.writing() as connection:
        connection.execute(
            person_attributes.update().where(person_attributes.c.value == "agender").values(value="woman")
        )
    program.built.add_import()
    program.count(2)
    pd.testing.assert_frame_equal(before, ask(program, "attribute_shares", selection, population="contributors"))
    assert not exact.equals(ask(program, "attribute_shares", selection, Scope(Role.PM), population="contributors"))


@pytest.mark.slow
def test_rare_words_appear_in_no_answer_but_the_program_managers(program: PeopleProgram) -> None:
    """A dimension that one person answered, and five hundred values of one person each, are not even named."""
    with program.database.writing() as connection:
        rows = [{"person_key": "p1", "dimension": "faith", "value": "uniquely so"}]
        rows += [{"person_key": f"p{n}", "dimension": "mother tongue", "value": f"rare tongue {n}"} for n in range(140)]
        connection.execute(insert(person_attributes), rows)
    program.built.add_import()
    program.count(2)
    selection = Selection(Period(date(2025, 10, 1), date(2026, 10, 1)), AS_OF)
    with program.database.reading() as connection:
        released_now = connection.execute(select(people_counts.c.released_by).distinct()).scalars().all()
    assert 2 in released_now
    for name, question in QUESTIONS.items():
        if LEADERSHIP.role not in question.roles or name in ("data_problems", "language_reach"):
            continue
        text = ask(program, name, selection).to_csv()
        assert "uniquely so" not in text, name
        assert "rare tongue" not in text, name
        assert "faith" not in text, name
    shares = ask(program, "attribute_shares", selection, population="contributors")
    tongues = shares[shares["dimension"] == "mother tongue"]
    assert set(tongues["kind"]) <= {"other", "not disclosed"}
    assert "rare tongue" in ask(program, "attribute_shares", selection, Scope(Role.PM)).to_csv()


def test_applicants_who_were_not_accepted_cannot_be_worked_out(program: PeopleProgram) -> None:
    """Applied less accepted is a count too: the attack includes it, and no answer names the outcomes in between."""
    shares = ask(program, "attribute_shares", Selection(PERIODS[0], AS_OF), population="applicants", by="outcome")
    assert set(shares["member_of"]) == {NOT_ACCEPTED, REACHED, ACTIVE}
