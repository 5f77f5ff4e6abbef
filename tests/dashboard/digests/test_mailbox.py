"""Messages in a real mailbox: a mail server process that wants STARTTLS and a sign-in, and keeps a Maildir."""

from __future__ import annotations

import multiprocessing
import os
import re
import threading
import time
from datetime import timedelta
from email.message import EmailMessage
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.cli import main
from dashboard.digests.routes import feed_routes
from dashboard.digests.run import by_the_clock, send_due
from dashboard.digests.schedule import begin_schedule
from data_access.actions.deliveries import newest_deliveries
from data_access.database.engine import Database
from data_access.database.schema import reads, subscriptions
from data_access.subscriptions import TOPICS
from tests.dashboard.digests.conftest import NAMES, Post, subscribe
from tests.data_access.questions.test_this_week import AS_OF
from tests.receivers import PASSWORD, mails, raw_mails, receiving
from tests.recording_rows import stored


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def _digest(url: str, start: Barrier) -> None:
    """What `uplift digest --due` does, in a process of its own, at the same moment as the other."""
    start.wait()
    os._exit(main(["digest", "--due", "--database", url]))


def test_two_schedulers_at_once_send_one_message_each(program: Database, post: Post) -> None:
    """And a third run, later, none: nothing is new."""
    subscribe(program, "pm@example.org", *TOPICS)
    subscribe(program, "partner@example.org", "teams", "release", pace="weekly")
    program.close()
    forked = multiprocessing.get_context("fork")
    start = forked.Barrier(2)
    both = [forked.Process(target=_digest, args=(program.url, start)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    assert [each.exitcode for each in both] == [0, 0]
    assert sorted(str(each["To"]) for each in mails(post.folder)) == ["partner@example.org", "pm@example.org"]
    assert send_due(program, post.settings(program), AS_OF) == []
    assert len(mails(post.folder)) == 2
    envelopes = (post.folder / "envelopes").read_text().splitlines()
    assert sorted(envelopes) == [f"uplift@example.org {who}@example.org starttls" for who in ("partner", "pm")]


def test_a_message_says_what_why_and_how_to_stop_it(program: Database, post: Post) -> None:
    key = subscribe(program, "pm@example.org", *TOPICS)
    [outcome] = send_due(program, post.settings(program), AS_OF)
    [message] = mails(post.folder)
    assert (outcome.problem, message.get_content_type()) == ("", "multipart/alternative")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [raw] = raw_mails(post.folder)
    assert re.search(rb"^List-Unsubscribe: <https://uplift\.example\.org/subscriptions/stop\?token=\S+>$", raw, re.M)
    assert max(map(len, raw.splitlines())) < 998, "no line is longer than mail allows"
    assert str(message["Message-ID"]).endswith("@uplift.example.org>")
    text, page = text_of(message), text_of(message, "html")
    for topic in TOPICS.values():
        assert topic.label.upper() in text
        assert topic.label in page
    for said in (
        "Third quarter of 2026, as of 15 September 2026",
        f"{NAMES['bo']} has 2 of 3 events this quarter",
        f"{NAMES['bo']} has used 82% of the ceiling of €1,000 for 2026: €820 are paid or approved.",
        "https://uplift.example.org/person?person=bo",
        "“camp” brought nothing when it was asked last",
        "up to the end of the second quarter of 2026 are released",
        "This came because pm@example.org is told, as program manager, at once, of: floor risk,",
        f"uplift unsubscribe {key}",
    ):
        assert said in text
    assert "Zq" not in str(message["Subject"]), "a locked phone shows the subject"
    # Nothing is loaded from anywhere: no address but those of links.
    addresses = re.findall(r"(\w+)=\"(https?://[^\"]*)", page)
    assert {name for name, _ in addresses} == {"href"}
    assert not re.search(r"<(img|script|link|iframe)|url\(|@import", page)
    assert [row["question"] for row in stored(program, reads)] == ["messages"]


def test_the_link_in_a_message_stops_it_and_opening_it_alone_does_not(program: Database, post: Post) -> None:
    subscribe(program, "pm@example.org", "floor")
    settings = post.settings(program)
    send_due(program, settings, AS_OF)
    [message] = mails(post.folder)
    link = str(message["List-Unsubscribe"]).strip("<>").removeprefix("https://uplift.example.org")
    client = TestClient(Starlette(routes=feed_routes(settings)))
    assert "Messages to pm@example.org will end at once." in client.get(link).text
    assert client.get("/subscriptions/stop?token=uplift_wrong").status_code == 404
    assert len(stored(program, subscriptions)) == 1
    # As RFC 8058 has it.
    assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert (len(stored(program, subscriptions)), client.post(link).status_code) == (0, 404)


def test_a_failed_message_is_tried_again_later_each_time_and_shown(
    program: Database, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    key = subscribe(program, "later@example.org", "release")
    gone = subscribe(program, "nobody@example.org", "release")
    settings, moment = post.settings(program), [by_the_clock()]

    def run() -> list[str]:
        return [each.problem for each in send_due(program, settings, AS_OF, lambda: moment[0])]

    refused = "The mail server does not take the address ({})."
    assert run() == [refused.format(451), refused.format(550)]
    waits = []
    for _ in range(6):
        assert run() == [], "it is not time yet"
        with program.program.connect() as connection:
            now = newest_deliveries(connection, [key, gone])
        assert (now[gone].state, now[gone].next_try_at) == ("given_up", None)
        again = now[key].next_try_at
        if again is None:
            break
        waits.append(again - moment[0])
        moment[0] = again
        assert run() == [refused.format(451)]
    assert waits == [timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12), timedelta(1)]
    assert now[key].state == "given_up"
    assert main(["subscriptions", "--database", program.url]) == 0
    said = capsys.readouterr().out
    assert f"given up. {refused.format(451)}" in said
    assert mails(post.folder) == []
    assert PASSWORD not in said


def test_what_failed_once_arrives_with_the_next_try(program: Database, post: Post) -> None:
    subscribe(program, "later@example.org", "release")
    settings, start = post.settings(program), by_the_clock()
    send_due(program, settings, AS_OF, lambda: start)
    (post.folder / "now").touch()
    try:
        [outcome] = send_due(program, settings, AS_OF, lambda: start + timedelta(minutes=6))
    finally:
        (post.folder / "now").unlink()
    assert (outcome.things, len(mails(post.folder))) == (1, 1)


def test_a_server_that_begins_with_tls_is_spoken_to_so(program: Database, post: Post, tmp_path: Path) -> None:
    subscribe(program, "pm@example.org", "release")
    own = str(post.folder / "own.crt")
    with receiving("mail", tmp_path, own, own.replace(".crt", ".key"), "tls") as port:
        [outcome] = send_due(
            program, post.settings(program, UPLIFT_SMTP_SECURITY="tls", UPLIFT_SMTP_PORT=str(port)), AS_OF
        )
    assert (outcome.problem, len(mails(tmp_path))) == ("", 1)


def test_what_may_have_arrived_is_not_sent_again_and_shown(program: Database, post: Post, tmp_path: Path) -> None:
    """A server (of this machine, without TLS) that dies once it has the message and before it says so."""
    key = subscribe(program, "pm@example.org", "release")
    (tmp_path / "hang_up").touch()
    plain = {"UPLIFT_SMTP_SECURITY": "none", "UPLIFT_SMTP_USER": "", "UPLIFT_SMTP_PASSWORD": ""}
    with receiving("mail", tmp_path) as port:
        settings = post.settings(program, **plain, UPLIFT_SMTP_PORT=str(port))
        [outcome] = send_due(program, settings, AS_OF)
    assert outcome.problem == "The mail server did not answer (SMTPServerDisconnected)."
    assert send_due(program, settings, AS_OF, lambda: by_the_clock() + timedelta(days=3)) == []
    with program.program.connect() as connection:
        problem = newest_deliveries(connection, [key])[key].problem
    assert problem is not None
    assert problem.endswith("Nobody knows whether it arrived, so it is not sent again.")


def test_a_schedule_sends_until_it_is_stopped(program: Database, post: Post) -> None:
    subscribe(program, "pm@example.org", "release")
    stopped = threading.Event()
    thread = begin_schedule(post.settings(program), stopped)
    while not mails(post.folder):
        assert thread.is_alive()
        time.sleep(0.01)
    stopped.set()
    thread.join()
    assert len(mails(post.folder)) == 1


def test_a_wrong_password_is_told_without_it(program: Database, post: Post) -> None:
    subscribe(program, "pm@example.org", "release")
    settings = post.settings(program, UPLIFT_SMTP_PASSWORD="hunter2hunter2")
    [outcome] = send_due(program, settings, AS_OF)
    assert outcome.problem == "The mail server does not let us in (535): check user and password."
    assert "hunter2" not in repr(settings)


def test_a_dry_run_prints_what_would_go_to_whom_and_writes_nothing(
    program: Database, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    subscribe(program, "pm@example.org", "floor")
    program.close()
    before = {file.name: file.read_bytes() for file in program_files(program)}
    assert main(["digest", "--dry-run", "--database", program.url]) == 0
    said = capsys.readouterr().out
    assert "pm@example.org by e-mail" in said
    assert f"{NAMES['bo']} has 2 of 3 events" in said
    assert "Nothing was sent or written" in said
    assert {file.name: file.read_bytes() for file in program_files(program)} == before
    assert mails(post.folder) == []


def program_files(program: Database) -> list[Path]:
    file = Path(str(program.program.url.database))
    return [file, *file.parent.glob("*.release.db")]
