"""A program in which each thing that can be told of is so, and a mail server that is a process of its own.

Names are words that stand nowhere else, so that whoever may not read them cannot have them by chance. "Today" is
15 September 2026.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from dashboard.settings import Settings
from dashboard.settings.databases import database
from data_access import actions
from data_access.actions import Author
from data_access.database.engine import Database
from data_access.database.schema import live_sources, people, refused_imports
from data_access.migrations.migrate import initialise
from data_access.selection import Role, Scope
from data_access.subscriptions import ONCE
from tests.data_access.questions.test_this_week import AS_OF, planted
from tests.desk_builders import DeskBuilder
from tests.receivers import PASSWORD, USER, certificate, emptied, receiving
from tests.releasing import release

PM = Author("pm@example.org", Scope(Role.PM))
NAMES = {"ada": "Zqadazq", "bo": "Zqbozq", "cy": "Zqcyzq"}


@pytest.fixture(scope="session")
def told_of(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program's file, with its release beside it. Not to be written to."""
    file = tmp_path_factory.mktemp("told") / "uplift.db"
    built = planted(f"sqlite:///{file}")
    # 820 of 1,000 euros are paid: 82%, more than 80 and not yet near in the Budget page's words.
    desk = DeskBuilder(built)
    desk._known.add("bo")
    desk.add_request(
        "820", "bo", "paid", requested_on=date(2026, 2, 1), decision="approved", approved_amount=820,
        decided_on=date(2026, 2, 2), paid_amount=820, paid_on=date(2026, 2, 3),
    )  # fmt: skip
    initialise(built.program)
    asked = {"asked_at": datetime(2026, 9, 14, 3), "next_step": "Look whether it is up"}  # noqa: DTZ001
    with built.writing() as connection:
        for key, name in NAMES.items():
            connection.execute(update(people).where(people.c.person_key == key).values(name=name))
        connection.execute(
            live_sources.insert(),
            {"name": "camp", "kind": "csv", "address": "https://example.org/", "allow_private": False,
             "settings": "{}", "state": "{}", **asked},
        )  # fmt: skip
        connection.execute(
            refused_imports.insert(),
            {"refused_at": datetime(2026, 9, 14, 3), "imported_by": "nightly", "source": "camps.csv", "errors": 3},  # noqa: DTZ001
        )
    release(built, date(2026, 7, 1))
    for role, teams in (("pm", ()), ("board", ()), ("leadership", ()), ("partner", ("ready",))):
        actions.set_viewer(built, PM, f"{role}@example.org", role, teams)
    built.close()
    return file


@pytest.fixture
def program(told_of: Path, tmp_path: Path) -> Iterator[Database]:
    """The same, to be written to."""
    for file in told_of.parent.iterdir():
        shutil.copy(file, tmp_path / file.name)
    opened = database(f"sqlite:///{tmp_path / told_of.name}", None)
    yield opened
    opened.close()


@dataclass
class Post:
    """A mail server, what it keeps, and the settings that lead to it."""

    folder: Path
    environment: dict[str, str]

    def settings(self, program: Database, **more: str) -> Settings:
        """As the environment would have them."""
        return Settings.from_environment({**self.environment, "UPLIFT_DATABASE_URL": program.url, **more})


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("mail")
    keys = certificate(folder)
    with receiving("mail", folder, *keys) as port:
        yield (
            folder,
            {
                "UPLIFT_SMTP_HOST": "127.0.0.1",
                "UPLIFT_SMTP_PORT": str(port),
                "UPLIFT_SMTP_USER": USER,
                "UPLIFT_SMTP_PASSWORD": PASSWORD,
                "UPLIFT_MAIL_FROM": "uplift@example.org",
                "UPLIFT_SITE": "https://uplift.example.org",
                "UPLIFT_AS_OF": AS_OF.isoformat(),
                "SSL_CERT_FILE": keys[0],
            },
        )


@pytest.fixture
def post(server: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> Post:
    """The server with an empty box; this process trusts its certificate."""
    folder, environment = server
    emptied(folder)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Post(folder, environment)


def subscribe(program: Database, address: str, *topics: str, channel: str = "email", **more: str) -> str:
    """The subscription's key, or for a feed its token."""
    pace = more.pop("pace", ONCE)
    done = actions.subscribe(program, PM, channel, address, topics, pace, today=AS_OF, **more)
    return done.secret or done.key
