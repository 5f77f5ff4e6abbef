"""The Budget page: as the PM, board and leadership, forbidden to others, empty, hostile, searched and paged."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, update

from dashboard.subjects.budget import panel
from dashboard.subjects.budget.scenario import Hires
from data_access.database.engine import Database
from data_access.database.schema import budget_conversions, people, program
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard
from tests.desk_builders import DeskBuilder
from tests.releasing import release

# A member's name in the list, which leads to their page.
MEMBERS = r'<th scope="row"><a [^>]*>(.*?)</a></th>'
pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)> =HYPERLINK(1) \u202egnp"
NAMES = [f"Member {number:02d}" for number in range(30)]


@pytest.fixture
def spending(program: ProgramBuilder) -> str:
    """Thirty members, ceilings of 1,000 euro, paid 100 to 1,260 this year in the order of their names."""
    _set(program, member_ceiling=Decimal(1000))
    for number, name in enumerate(NAMES):
        program.add_person(f"p{number:02d}", name)
        first = date(2026, 1, 20) + timedelta(days=number)
        program.add_payment(str(100 + 40 * number), first, f"p{number:02d}", category="travel")
    _set_budget(program, "40000")
    program.add_event(starts_on=date(2026, 3, 3))
    return program.database.url


def _set(built: ProgramBuilder, **columns: object) -> None:
    with built.database.writing() as connection:
        connection.execute(update(program).values(**columns))


def _set_budget(built: ProgramBuilder, amount: str) -> None:
    with built.database.writing() as connection:
        row = {"fiscal_year": 2026, "person_key": "", "amount": Decimal(amount)}
        connection.execute(insert(budget_conversions), row)


def everything(page: Dashboard) -> str:
    tables = " ".join(table.value.to_csv() for table in page.at.dataframe)
    figures = " ".join(str(element.proto) for element in page.at.get("plotly_chart"))
    words = " ".join(element.value for element in [*page.at.caption, *page.at.markdown])
    return " ".join((tables, figures, words, page.html))


def test_the_finding_says_how_much_of_the_budget_and_of_the_year_is_gone(
    monkeypatch: pytest.MonkeyPatch, spending: str
) -> None:
    """20,400 of 40,000 euro on 15 September; nothing was spent in the last 90 days."""
    shown = Dashboard(monkeypatch, spending).open("budget")
    assert shown.finding == (
        "51% of the year’s budget is paid or committed, with 71% of the year gone; at this pace it lasts the year."
    )
    assert "Members: 7 over their ceiling, 3 near it." in shown.text


@pytest.mark.parametrize("role", ["pm", "board"])
def test_those_at_risk_stand_first_with_their_names(monkeypatch: pytest.MonkeyPatch, spending: str, role: str) -> None:
    """A bar has its words next to it; the list has pages."""
    shown = Dashboard(monkeypatch, spending).open("budget", **{"as": role})
    names = re.findall(MEMBERS, shown.html)
    assert names == NAMES[::-1][:25]
    assert "paid €1,260; of €1,000" in shown.text
    assert "Page 1 of 2 (30 members)" in shown.text
    shown.at.button(key="budget_next").click()
    assert re.findall(MEMBERS, shown.run().html) == NAMES[::-1][25:]


def test_a_search_begins_at_its_first_page(monkeypatch: pytest.MonkeyPatch, spending: str) -> None:
    shown = Dashboard(monkeypatch, spending).open("budget")
    shown.at.button(key="budget_next").click()
    shown.run()
    shown.at.text_input(key="budget_search").set_value("member 07")
    assert re.findall(MEMBERS, shown.run().html) == ["Member 07"]
    shown.at.text_input(key="budget_search").set_value("nobody")
    assert "No member matches." in shown.run().text


def test_the_download_of_members_is_whole_and_has_the_declared_headings(
    monkeypatch: pytest.MonkeyPatch, spending: str
) -> None:
    made: dict[str, bytes] = {}
    monkeypatch.setattr(panel, "download_button", lambda _, make, name, *about: made.setdefault(name, make()))
    Dashboard(monkeypatch, spending).open("budget")
    head, *rows = made["budget_burn.csv"].decode("utf-8-sig").splitlines()
    assert head.startswith(
        "Member’s key,Member,State,Ceiling,Paid,Committed,Carried over,Pending,Remaining,Burnt,Pace,"
    )
    assert len(rows) == len(NAMES)
    assert "matches" not in head


def test_leadership_sees_no_names_and_no_exact_counts(monkeypatch: pytest.MonkeyPatch, spending: str) -> None:
    """Not in tables, figures, sentences or markup; members are ranges at the last quarter's end."""
    release(Database(spending), date(2026, 7, 1))
    shown = Dashboard(monkeypatch, spending).open("budget", **{"as": "leadership"})
    assert shown.finding == "50% of the year’s budget is paid, with 50% of the year gone.", "20,400 is told as 20,000"
    found = everything(shown)
    assert "Member 0" not in found
    assert not re.search(r"\bp[0-3]\d\b", found)
    shown_counts = next(table.value for table in shown.at.dataframe if "shown" in table.value)
    assert all(re.fullmatch(r"fewer than 5|\d+ to \d+", words) for words in shown_counts["shown"])
    assert "over the ceiling" in set(shown_counts["state"])


def test_leadership_reads_when_too_few_members_were_paid(
    monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder
) -> None:
    program.add_payment("321", date(2026, 5, 5), "one")
    for _ in range(5):
        program.add_person()
    _set_budget(program, "1000")
    release(program.database, date(2026, 7, 1))
    shown = Dashboard(monkeypatch, program.database.url).open("budget", **{"as": "leadership"})
    assert shown.finding == "Too few members were paid in the quarters that are over to say how much."
    assert "321" not in everything(shown)
    assert "679" not in everything(shown)


def test_a_name_of_ten_thousand_characters_is_cut(
    monkeypatch: pytest.MonkeyPatch, spending: str, program: ProgramBuilder
) -> None:
    with program.database.writing() as connection:
        connection.execute(update(people).where(people.c.person_key == "p28").values(name="長" * 10_000))
    shown = Dashboard(monkeypatch, spending).open("budget")
    assert "長" in shown.html
    assert "長" * 100 not in shown.html


def test_another_period_shows_its_fiscal_year(monkeypatch: pytest.MonkeyPatch, spending: str) -> None:
    shown = Dashboard(monkeypatch, spending).open("budget", period="2025")
    assert "Fiscal year 2025: 1 January 2025 to 31 December 2025" in shown.text


def test_an_amount_without_a_rate_is_named_and_listed(monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder) -> None:
    from sqlalchemy import literal, select

    from data_access.derived.money import refresh_money

    key = program.add_payment("43000", date(2026, 5, 5), "one", currency="SSP")
    with program.database.writing() as connection:
        refresh_money(connection, select(literal(key)))
    shown = Dashboard(monkeypatch, program.database.url).open("budget")
    assert "1 amount is left out of all sums" in shown.text
    assert "SSP" in everything(shown)


def test_the_scenario_follows_its_assumptions(monkeypatch: pytest.MonkeyPatch, spending: str) -> None:
    """One hire at 60,000 a year with 88 events costs 681.82 for each."""
    shown = Dashboard(monkeypatch, spending).open("budget")
    assert "681" in everything(shown)
    shown.at.number_input(key="hires").set_value(2)
    shown.at.number_input(key="hire_cost").set_value(120_000)
    assert "2 hires" in everything(shown.run())
    assert "€1,364 each" in everything(shown)
    made = Hires(2, 120_000, 2, 44, 20)
    assert (made.cost, made.events, made.attendees) == (240_000, 176, 3520)


def test_the_board_approves_the_budget_and_the_manager_sees_it(
    monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder
) -> None:
    made = DeskBuilder(program.database)
    made.add_member()
    made.add_budget("5000")
    program.add_import()
    waits = "The budget of 2026 waits for the board’s approval."
    assert waits in Dashboard(monkeypatch, program.database.url).open("budget").text
    board = Dashboard(monkeypatch, program.database.url).open("budget", **{"as": "board"})
    next(each for each in board.at.button if each.label == "Approve the budget").click()
    board.run()
    assert "the budget is approved" in board.at.success[0].value
    manager = Dashboard(monkeypatch, program.database.url).open("budget")
    assert waits not in manager.text
    assert "Budget of 2026 approved on 15 September 2026: 5,000 EUR" in manager.text
    assert "Undo" not in [each.label for each in manager.at.button]
