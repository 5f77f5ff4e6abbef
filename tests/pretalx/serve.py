"""A real pretalx with one conference of three speakers, served by its own interpreter until it is stopped.

    python tests/pretalx/serve.py FOLDER

FOLDER/ready.json then has the address and a token that may read. Nothing of Uplift is loaded here: pretalx has an
environment of its own, `.venv/pretalx`.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

FOLDER = Path(sys.argv[1])
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "pretalx.settings",
    "PRETALX_DATA_DIR": str(FOLDER),
    "PRETALX_DB_TYPE": "sqlite3",
    "PRETALX_DB_NAME": str(FOLDER / "db.sqlite3"),
    "PRETALX_DEBUG": "False",
}
PASSWORD = "only-for-this-test"
SESSIONS = (
    ("Docs in two languages", "confirmed", "en", ["Ada Lovelace", "Bo Ek"]),
    ("Second of Ada", "confirmed", "de", ["Ada Lovelace"]),
    ("Accepted yet", "accepted", "de", ["=cmd()|' /C calc'!A0"]),
    ("Rejected", "rejected", "en", ["Di Rejected"]),
    *((f"Submitted {n}", "submitted", "en", ["Di Rejected"]) for n in range(55)),  # so many that there are two pages
)


class EveryAppAsItIs:
    """Tables are made as the models have them now: all of history's migrations would take half a minute."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


class Silent(WSGIRequestHandler):
    """Writes no line a request."""

    def log_message(self, *args: object) -> None:
        """Nothing."""


def main() -> None:
    """Make the tables, the conference and the token, say where they are, and serve."""
    import django
    from django.conf import settings

    settings.MIGRATION_MODULES = EveryAppAsItIs()
    settings.ALLOWED_HOSTS = ["*"]
    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", run_syncdb=True, verbosity=0)
    token = conference()
    application = get_wsgi_application()
    with make_server("127.0.0.1", 0, application, handler_class=Silent) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        unfinished = FOLDER / "ready.unfinished"
        unfinished.write_text(json.dumps({"address": address, "token": token}))
        unfinished.rename(FOLDER / "ready.json")
        server.serve_forever()


def conference() -> str:
    """Docs Conference with its sessions; a token that may read them."""
    from django_scopes import scopes_disabled
    from pretalx.event.models import Event, Organiser, Team
    from pretalx.person.models import User
    from pretalx.person.models.auth_token import UserApiToken
    from pretalx.submission.models import Submission

    with scopes_disabled():
        owner = User.objects.create_user(email="o@example.org", password=PASSWORD, name="Organizer")
        organiser = Organiser.objects.create(name="Docs", slug="docs")
        event = Event.objects.create(
            organiser=organiser, name="Docs Conference", slug="docsconf", is_public=True, email="o@example.org",
            date_from=date(2026, 5, 1), date_to=date(2026, 5, 2), timezone="Europe/Berlin", locale="en",
            locale_array="en,de", content_locale_array="en,de",
        )  # fmt: skip
        event.build_initial_data()
        team = Team.objects.create(organiser=organiser, name="All", all_events=True, can_change_submissions=True)
        team.members.add(owner)
        people: dict[str, Any] = {}
        for title, state, language, names in SESSIONS:
            session = Submission.objects.create(
                event=event, title=title, state=state, content_locale=language,
                submission_type=event.cfp.default_type,
            )  # fmt: skip
            for name in names:
                if name not in people:
                    address = f"s{len(people)}@example.org"
                    people[name] = User.objects.create_user(email=address, password=PASSWORD, name=name)
                    people[name].event_profile(event)
                session.speakers.add(people[name])
        may = {what: ["list", "retrieve"] for what in ("events", "submissions", "speakers")}
        token = UserApiToken.objects.create(user=owner, name="reads", endpoints=may, version="LEGACY")
        token.events.add(event)
        return str(token.token)


if __name__ == "__main__":
    main()
