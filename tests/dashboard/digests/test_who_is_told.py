"""Who is told what, whatever way it goes; and nothing about persons to who is outside.

In the program (see conftest.py) every person's name is a word that stands nowhere else.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.cli import main
from dashboard.digests.feed import own_feed
from dashboard.digests.found import found
from dashboard.digests.letter import as_text, letter
from dashboard.digests.mail import as_html, as_mail
from dashboard.digests.routes import feed_routes
from dashboard.digests.run import by_the_clock, send_due
from dashboard.digests.webhook import as_chat, quoted
from dashboard.door.logs import redacted
from dashboard.settings import Settings, SettingsError
from data_access.database.engine import Database
from data_access.database.schema import subscriptions
from data_access.selection import Role, Scope
from data_access.subscriptions import CEILING, TOPICS, Subscription
from tests.dashboard.digests.conftest import NAMES, subscribe
from tests.data_access.questions.test_this_week import AS_OF
from tests.receivers import receiving
from tests.recording_rows import stored

SITE = "https://uplift.example.org"
EVERYTHING = tuple(TOPICS)
SCOPES = {
    "pm": Scope(Role.PM),
    "board": Scope(Role.BOARD),
    "leadership": Scope(Role.LEADERSHIP),
    "partner": Scope(Role.PARTNER, ("ready",)),
    "public": Scope(Role.PUBLIC),
}
# By topic, the kinds that the program holds.
ALL_KINDS = {"at_risk", "missed", "request", "board_request", "ready", "stalled", "target", "stale", "source"}
ALL_KINDS |= {"refused"}
ALL_KINDS |= {"ceiling", "release", "unmarked", "dispute", "application", "budget", "pilot"}


@pytest.fixture(scope="module")
def read_only(told_of: Path) -> Database:
    return Database(f"sqlite:///{told_of}")


def test_each_role_is_told_what_it_may_know_and_no_more(read_only: Database) -> None:
    kinds = {
        name: {each.kind for each in found(read_only, scope, EVERYTHING, AS_OF).news} for name, scope in SCOPES.items()
    }
    assert kinds == {
        "pm": ALL_KINDS,
        "board": ALL_KINDS,
        "leadership": {"release"},
        "partner": {"ready", "release"},
        "public": {"release"},
    }
    assert {each.topic for each in found(read_only, SCOPES["pm"], EVERYTHING, AS_OF).news} == set(TOPICS)


def test_nothing_about_persons_leaves_for_who_is_outside(read_only: Database) -> None:
    """Even where a subscription names topics that the role may not know: its role was another, once."""

    def written(of: Scope) -> str:
        subscription = Subscription("k", "email", "x@example.org", None, of.teams, EVERYTHING, "once", AS_OF)
        now = found(read_only, of, EVERYTHING, AS_OF)
        it = letter(subscription, of.role, now, now.kinds(), 3, SITE, "secret")
        mail = as_mail(it, "uplift@example.org", "x@example.org", "<1@example.org>")
        since = dict.fromkeys(now.kinds(), by_the_clock())
        feed = own_feed(subscription, of.role, now, since, SITE).decode()
        return "\n".join((as_text(it), as_html(it), as_chat(it), str(mail.items()), feed))

    # Names, keys, amounts and shares, and a team that is not the partner's.
    secrets = (*NAMES.values(), "person=bo", "2,000", "820", "82%", "show_team=stalled")
    inside = written(SCOPES["pm"])
    assert [secret for secret in secrets if secret not in inside] == []
    for name in ("leadership", "partner", "public"):
        outside = written(SCOPES[name])
        assert [secret for secret in secrets if secret in outside] == []
        assert ("show_team=ready" in outside) == (name == "partner")


def test_who_is_near_the_ceiling_is_who_used_four_fifths(read_only: Database) -> None:
    """One paid 820 of 1,000 and nobody else came near; before the payment nobody."""
    [news] = found(read_only, SCOPES["pm"], [CEILING], AS_OF).news
    assert (news.head, news.words) == (
        "Near the ceiling",
        f"{NAMES['bo']} has used 82% of the ceiling of €1,000 for 2026: €820 are paid or approved.",
    )
    assert found(read_only, SCOPES["pm"], [CEILING], date(2026, 1, 20)).news == ()


def test_a_webhook_gets_json_once_and_is_followed_nowhere(
    program: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "web"
    folder.mkdir()
    for name in ("HOOK", "MOVED", "BUSY", "GONE", "PLAIN"):
        subscribe(program, f"UPLIFT_WEBHOOK_{name}", "floor", "release", channel="webhook", role="pm")
    with receiving("web", folder) as port:
        for name, address in {
            "HOOK": f"http://127.0.0.1:{port}/hook/T0psecret",
            "MOVED": f"http://127.0.0.1:{port}/moved/T0psecret",
            "BUSY": f"http://127.0.0.1:{port}/busy/T0psecret",
            "GONE": "http://127.0.0.1:9/T0psecret",
            "PLAIN": "http://chat.example.org/T0psecret",
        }.items():
            monkeypatch.setenv(f"UPLIFT_WEBHOOK_{name}", address)
        outcomes = send_due(program, Settings(named_site=SITE), AS_OF)
        assert send_due(program, Settings(named_site=SITE), AS_OF)[0].subscription.address == "UPLIFT_WEBHOOK_PLAIN"
    problems = {each.subscription.address.removeprefix("UPLIFT_WEBHOOK_"): each.problem for each in outcomes}
    assert problems == {
        "HOOK": "",
        "MOVED": "The webhook's address leads on to another, which is not followed: name that one.",
        "BUSY": "The webhook's server answered 503.",
        "GONE": "The webhook's server cannot be reached (ConnectError).",
        "PLAIN": "UPLIFT_WEBHOOK_PLAIN holds no address that begins with https:// (or http://localhost).",
    }
    posts = [json.loads(line) for line in (folder / "posts").read_bytes().splitlines()]
    assert len(posts) == 3, "to the hook, the one that leads on and the one that is busy: no more"
    assert set(posts[0]) == {"text", "html", "username"}
    assert f"{NAMES['bo']} has 2 of 3 events" in posts[0]["text"]
    assert f"{SITE}/person?key=bo" in posts[0]["text"]
    main(["subscriptions", "--database", program.url])
    assert "T0psecret" not in f"{capsys.readouterr()}{stored(program, subscriptions)}{outcomes}"


def test_a_chat_is_told_words_and_no_commands() -> None:
    for hostile in ("@channel", "<!here>", "[x](http://e.example)", "@room `x` *b*", "<http://e|ok>"):
        said = quoted(hostile)
        assert not {"@channel", "@room", "<", ">", "](", "`x`", "*b*"} & _pieces(said)


def _pieces(text: str) -> set[str]:
    return {text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1)}


def test_the_feeds_are_read_by_their_address_alone(program: Database) -> None:
    token = subscribe(program, "Ada’s reader", "floor", "release", channel="feed", role="pm")
    settings = Settings(database_url=program.url, as_of=AS_OF, named_site=SITE)
    client = TestClient(Starlette(routes=feed_routes(settings)), "http://localhost", client=("127.0.0.1", 5))
    entries = []
    for _ in range(2):
        answer = client.get(f"/feeds/own.atom?token={token}")
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert token not in answer.text
        entries.append(_entries(answer.content))
    assert entries[0] == entries[1], "an entry keeps its identity"
    assert [len({number for number, _, _ in entries[0]}), len(entries[0])] == [3, 3]
    assert f"{SITE}/person?key=bo" in {link for _, _, link in entries[0]}
    tag = answer.headers["etag"]
    assert client.get(f"/feeds/own.atom?token={token}", headers={"if-none-match": tag}).status_code == 304
    assert client.get("/feeds/own.atom?token=uplift_x").status_code == 404
    away = TestClient(Starlette(routes=feed_routes(settings)), "http://uplift.example.org", client=("10.0.0.9", 5))
    assert away.get(f"/feeds/own.atom?token={token}").status_code == 403, "over https only"
    everybody = _entries(away.get("/feeds/releases.atom").content)
    assert [link for _, _, link in everybody] == [f"{SITE}/impact"]
    assert token not in redacted(f"GET /feeds/own.atom?token={token} HTTP/1.1")
    # Whoever reads has read: the message run finds nothing new.
    assert send_due(program, settings, AS_OF) == []


def _entries(content: bytes) -> list[tuple[str, str, str]]:
    """Identity, words and link of each."""
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(content)  # noqa: S314  # our own
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{atom}{name}")
    return [
        (
            str(entry.findtext(f"{atom}id")),
            str(entry.findtext(f"{atom}summary")),
            next(link.attrib["href"] for link in entry.iter(f"{atom}link")),
        )
        for entry in feed.iter(f"{atom}entry")
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"UPLIFT_SMTP_HOST": "mail.example.org"}, "UPLIFT_MAIL_FROM is missing"),
        ({"UPLIFT_SMTP_HOST": "mail.example.org", "UPLIFT_SMTP_SECURITY": "none"}, "choose starttls or tls"),
        ({"UPLIFT_SMTP_HOST": "h", "UPLIFT_MAIL_FROM": "a@b.org\nBcc: x@y.org"}, "is not an e-mail address"),
        ({"UPLIFT_SMTP_HOST": "h", "UPLIFT_MAIL_FROM": "a@b.org", "UPLIFT_SMTP_USER": "u"}, "go together"),
        ({"UPLIFT_SMTP_HOST": "h", "UPLIFT_MAIL_FROM": "a@b.org", "UPLIFT_SMTP_PORT": "x"}, "UPLIFT_SMTP_PORT"),
        ({"UPLIFT_SITE": "http://uplift.example.org"}, "UPLIFT_SITE"),
        ({"UPLIFT_SITE": "https://uplift.example.org/x"}, "UPLIFT_SITE"),
    ],
)
def test_settings_that_would_not_work_are_refused(given: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        Settings.from_environment(given)


def test_without_a_mail_server_nothing_is_claimed(program: Database) -> None:
    """It goes out once there is one."""
    subscribe(program, "pm@example.org", "release")
    settings = replace(Settings(named_site=SITE), mail=None)
    for _ in range(2):
        [outcome] = send_due(program, settings, AS_OF)
        assert outcome.problem.startswith("E-mail is not set up")
