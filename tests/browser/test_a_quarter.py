"""One quarter of a program, run from the product alone: from applications that arrive to the next year's budget.

Nothing is written here but by the product itself: files that came are uploaded, all else is recorded on its pages, by
the program manager and the board in turn. In the end Impact, Members, Budget and Strategy say what happened.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import func, select

from data_access.database.engine import Database
from data_access.database.schema import audit
from tests.browser.conftest import settle
from tests.browser.test_teams import opened
from tests.builders import ProgramBuilder
from tests.bundles import write_table
from tests.desk_builders import DeskBuilder
from tests.running import Running, running_server

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def quarter(tmp_path: Path) -> Iterator[tuple[Running, Database]]:
    """The program as the quarter begins: a cohort of four places, two members, a ceiling of 1,000 and a budget."""
    program = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    desk = DeskBuilder(program.database)
    desk.add_program()
    desk.add_cohort(places=4)
    desk.add_member("ada", cohort_key="c1", person={"name": "Ada Lovelace"})
    desk.add_member("bo", cohort_key="c1", person={"name": "Bo Diddley"})
    desk.add_budget("5000")
    program.add_import()
    with running_server(program.database.url, tmp_path) as running:
        yield running, program.database


@pytest.fixture
def look(context: BrowserContext) -> Iterator[list[Page]]:
    """Pages to be closed."""
    pages: list[Page] = []
    yield pages
    for page in pages:
        page.close()
    context.clear_cookies()


def what_came(folder: Path) -> Path:
    """A zip of the quarter's post: an application, a planned event with Ada on stage, two requests for it."""
    tables = folder / "post"
    write_table(tables, "people", {"person_key": "eve", "name": "Eve Moneypenny", "home_country": "DE"})
    write_table(
        tables,
        "applications",
        {"application_key": "a1", "person_key": "eve", "cohort_key": "c1", "applied_on": "2026-07-05"},
    )
    event = {
        "event_key": "e1",
        "title": "Docs sprint",
        "starts_on": "2026-08-20",
        "status": "planned",
        "mode": "online",
    }
    write_table(tables, "events", event)
    write_table(tables, "participations", {"event_key": "e1", "person_key": "ada", "role": "speaker"})
    asked = {"person_key": "ada", "event_key": "e1", "currency": "EUR", "requested_on": "2026-09-01"}
    write_table(
        tables,
        "funding_requests",
        *({"request_key": key, "requested_amount": amount, **asked} for key, amount in (("r1", "120"), ("r2", "950"))),
    )
    path = folder / "post.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(tables.iterdir()):
            archive.write(file, file.name)
    return path


def done(page: Page, words: str) -> None:
    """The product says so, and has drawn what follows."""
    expect(page.get_by_text(words)).to_be_visible()
    settle(page)


def choose(page: Page, label: str, option: str) -> None:
    settle(page)
    page.get_by_role("combobox", name=label).click()
    page.keyboard.type(option)
    page.keyboard.press("Enter")


def about(page: Page, person: str) -> Locator:
    """The forms about a person, on the Members page."""
    page.get_by_role("textbox", name="Member or applicant").fill(person)
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Code of conduct")).to_be_visible()
    settle(page)
    return page.get_by_role("tab")


def test_a_quarter_is_run_from_the_product_alone(
    context: BrowserContext, quarter: tuple[Running, Database], look: list[Page], tmp_path: Path
) -> None:
    running, database = quarter

    # What came by post is uploaded.
    page = opened(context, running, look, "/data")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(what_came(tmp_path))
    page.get_by_role("button", name="Check the files").click()
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_text("Imported: 6 rows created")).to_be_visible()

    # Eve is evaluated, accepted, trained, graduated, and a member.
    page = opened(context, running, look, "/members")
    about(page, "eve")
    page.get_by_role("textbox", name="Score, if one was given").fill("8.5")
    page.get_by_role("button", name="Record the evaluation").click()
    done(page, "Recorded: the application is evaluated.")
    choose(page, "Decision", "Accept")
    page.get_by_role("button", name="Record the decision").click()
    done(page, "Recorded: the application is decided.")
    page.get_by_role("button", name="Record the training").click()
    done(page, "Recorded: the training is done.")
    page.get_by_role("button", name="Record the graduation").click()
    done(page, "Recorded: graduated, and a member.")

    # Ada gets grace until the end of the year; Bo, who held nothing for ten quarters, is dropped.
    about(page, "ada").filter(has_text="Grace").click()
    page.get_by_role("textbox", name="Reason").fill("A child was born")
    page.get_by_role("button", name="Give grace").click()
    done(page, "Recorded: the quarters of these days are of grace.")
    about(page, "bo").filter(has_text="End the membership").click()
    choose(page, "Why it ends", "Dropped: below the floor")
    page.get_by_role("button", name="End the membership").click()
    done(page, "Recorded: the membership has ended.")
    expect(page.locator("h1", has_text="3 members in 2026 Q3")).to_be_visible()

    # The event was held.
    page = opened(context, running, look, "/event-map")
    page.get_by_label("Attendance, if it is known").fill("40")
    page.get_by_role("button", name="Record what became of it").click()
    done(page, "Recorded. Every number follows")

    # The manager approves what stays within the ceiling; what goes over it is the board's.
    page = opened(context, running, look, "/requests?request=r1")
    page.get_by_role("button", name="Approve", exact=True).click()
    done(page, "It now waits for its payment")
    page = opened(context, running, look, "/requests?request=r2")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("the board")
    page = opened(context, running, look, "/requests?request=r2&as=board")
    page.get_by_role("button", name="Approve", exact=True).click()
    page.get_by_role("button", name="Do it all the same").click()
    done(page, "It now waits for its payment")

    # The board approves the next year's budget, and writes down what it decided.
    page = opened(context, running, look, "/budget?as=board&approval=2027")
    page.get_by_role("textbox", name="Amount in EUR").fill("6000")
    page.get_by_role("button", name="Approve the budget").click()
    done(page, "Recorded: the budget is approved.")
    page = opened(context, running, look, "/strategy?as=board")
    choose(page, "Topic", "Resource distribution")
    page.get_by_role("textbox", name="Decision, in a sentence").fill("Next year has 6,000 EUR")
    page.get_by_role("textbox", name="Who decides").fill("Board")
    page.get_by_role("button", name="Record the decision").click()
    done(page, "Recorded: the decision is in the register.")

    # The figures say so.
    expect(page.locator("h1", has_text="1 decision stands")).to_be_visible()
    page = opened(context, running, look, "/?period=2026-Q3")
    expect(page.locator("h1", has_text="1 event")).to_be_visible()
    expect(page.get_by_label("Headline numbers")).to_contain_text("40")
    page = opened(context, running, look, "/members")
    # Eve in her first quarter and Ada; Bo left before the quarter’s last day.
    expect(page.get_by_label("Headline numbers")).to_contain_text(re.compile(r"In grace\s*2.*Left\s*1"))
    page = opened(context, running, look, "/budget?approval=2027")
    expect(page.get_by_text("was approved on 15 September 2026")).to_be_visible()
    expect(page.get_by_label("Headline numbers")).to_contain_text("1,070")
    with database.reading() as connection:
        counts = connection.execute(select(audit.c.role, func.count()).group_by(audit.c.role))
        by = {row[0]: row[1] for row in counts}
    # A graduation is two changes: of the application, and a membership that begins.
    assert by == {"pm": 9, "board": 3}
