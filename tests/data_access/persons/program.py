"""One small program in which Ada is named everywhere: as member, author, coordinator, in notes, records and files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import select

from data_access.actions import Author, appoint_coordinator, approve, raise_risk, request_snapshot, snapshot
from data_access.database.engine import Database
from data_access.database.schema import metadata
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from data_access.persons.reads import Read, record_read
from data_access.selection import Role, Scope
from tests.bundles import write_table

TODAY = date(2026, 8, 23)
PM = Author("pm@example.org", Scope(Role.PM))
ADA, NAME = "ada@lovelace.example", "Ada Zqlovelace"
# Words that only Ada's rows hold; none may be left of her. Her answer is none:
# a count that was released with it stays.
HERS = (ADA, "zqlovelace", "zqtown", "zqstate", "zqaddress", "zqhirer", "zqguide", "gsw")


def write_bundle(folder: Path) -> Path:
    """The bundle as it was handed in; one row of each file about people is Ada's, one Bob's."""
    both = ((ADA, NAME, "m1"), ("bob", "Bob Brown", "m2"))
    write_table(folder, "program", {"name": "Test", "currency": "EUR", "member_ceiling": "900"})
    write_table(folder, "areas", {"area": "docs"})
    home = {"home_city": "zqtown", "home_state": "zqstate", "home_country": "DE", "languages": "gsw"}
    write_table(
        folder,
        "people",
        {"person_key": ADA, "name": NAME, "joined_on": "2024-01-05", "entry_channel": "event", **home},
        {"person_key": "bob", "name": "Bob Brown", "joined_on": "2024-02-05", "home_country": "FR", "languages": "fr"},
    )
    write_table(
        folder,
        "person_attributes",
        {"person_key": ADA, "dimension": "gender", "value": "woman", "consented_on": "2024-01-05"},
        {"person_key": "bob", "dimension": "gender", "value": "man", "consented_on": "2024-01-05"},
    )
    write_table(folder, "cohorts", {"cohort_key": "c1", "name": "First"})
    write_table(
        folder,
        "applications",
        *(
            {"application_key": f"a{m}", "person_key": key, "cohort_key": "c1", "applied_on": "2024-01-10",
             "decision": "accepted", "decided_on": "2024-01-20", "graduated_on": "2024-02-20"}
            for key, _, m in both
        ),
    )  # fmt: skip
    write_table(
        folder,
        "memberships",
        *(
            {"membership_key": m, "person_key": key, "cohort_key": "c1", "started_on": "2024-03-01", "hired_by": hirer}
            for (key, _, m), hirer in zip(both, ("zqhirer", "Example Corp"), strict=True)
        ),
    )
    write_table(
        folder,
        "teams",
        {"team_key": "docs", "name": "Docs", "area": "docs", "coordinator_key": ADA,
         "coordinator_appointed_on": "2024-04-01"},
        {"team_key": "l10n", "name": "L10n", "area": "docs", "coordinator_key": "bob",
         "coordinator_appointed_on": "2024-04-01"},
    )  # fmt: skip
    note = {"team_key": "docs", "stage": "pre_work", "entered_on": "2024-04-02", "note": f"Thanks to {NAME.upper()}!"}
    write_table(folder, "team_stages", note)
    write_table(
        folder,
        "events",
        {"event_key": "e1", "title": "Meetup", "starts_on": "2026-02-01", "status": "held", "country": "DE",
         "languages": "de", "area": "docs", "team_key": "docs"},
    )  # fmt: skip
    write_table(
        folder,
        "participations",
        *({"event_key": "e1", "person_key": key, "role": "speaker", "language": "de"} for key, _, _ in both),
    )
    guide = {"material_key": "g1", "language": "de", "author_key": ADA, "published_on": "2025-05-05"}
    write_table(folder, "materials", guide | {"title": "zqguide", "url": "https://zqaddress.example/x"})
    write_table(folder, "budgets", {"fiscal_year": "2026", "amount": "500", "currency": "EUR", "person_key": ADA})
    write_table(
        folder,
        "funding_requests",
        *(
            {"request_key": f"r{m}", "person_key": key, "requested_amount": "100", "currency": "EUR",
             "requested_on": "2026-07-01", "decision": "pending", "event_key": "e1"}
            for key, _, m in both
        ),
        {"request_key": "paid", "person_key": ADA, "requested_amount": "70", "currency": "EUR",
         "requested_on": "2026-01-01", "decision": "approved", "decided_on": "2026-01-02", "approved_amount": "70",
         "paid_amount": "70", "paid_on": "2026-02-03"},
    )  # fmt: skip
    write_table(
        folder,
        "contributions",
        *(
            {"person_key": key, "contributed_on": day, "area": "docs", "team_key": "docs", "event_key": "e1"}
            for key, _, _ in both
            for day in ("2026-02-01", "2026-03-01", "2026-03-02", "2026-08-01")
        ),
    )
    circle = {"mentor_key": ADA, "mentee_key": "bob", "started_on": "2026-03-01", "circle": "First circle"}
    write_table(folder, "mentorships", circle)
    # No event has this key: the row is rejected, and its problem names Ada.
    write_table(folder, "challenges", {"challenge_key": "x", "event_key": NAME, "phase": "before"})
    return folder


def imported(database: Database, folder: Path) -> ImportReport:
    """The bundle, imported with what of it is good."""
    options = ImportOptions(skip_bad_rows=True, rejected_dir=folder.parent / "rejected", as_of=TODAY)
    report = run_import(database, [folder], options)
    assert report.committed, report.problems
    return report


def build(database: Database, folder: Path) -> None:
    """The bundle, and what was then recorded about Ada in the product."""
    imported(database, write_bundle(folder))
    with database.program.connect() as connection:
        docs, asked = snapshot(connection, "l10n"), request_snapshot(connection, "rm1")
    appoint_coordinator(database, PM, "l10n", opened=docs, today=TODAY, person=ADA, appointed_on=date(2026, 5, 1))
    raise_risk(database, PM, "docs", today=TODAY, risk=f"{NAME} may leave")
    approve(database, PM, "rm1", opened=asked, today=TODAY, amount="90", note=f"{NAME} said so")
    record_read(database, Read(TODAY, "pm@example.org", "pm", "person", ADA, 1))


def every_text(database: Database) -> Iterator[tuple[str, str]]:
    """Each cell of the whole database as text, with its table and column."""
    with database.program.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                yield from ((f"{table.name}.{name}", str(value)) for name, value in row._mapping.items())


def where_she_is(database: Database) -> set[str]:
    """The columns that hold a word of hers."""
    words = [word for word in HERS if word != "gsw"]
    found = {where for where, text in every_text(database) if any(word in text.lower() for word in words)}
    return found | {where for where, text in every_text(database) if text == "gsw"}
