"""A travel fund's request table, typed by hand over the years: requests, the people who made them, and their events."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from data_access.geography.addresses import is_country
from data_access.geography.countries import country_code
from data_access.imports.csv_rows import has_columns
from data_access.imports.files import SourceFile
from data_access.imports.readers.free_text import Flaw, ReadAmount, read_amount, read_days
from data_access.imports.readers.opening import digest, error, filled, folded, hint, one_line, read_rows, slug
from data_access.imports.readers.places import federal_country, read_place
from data_access.imports.rows import Problem, Record

NAME = "travel fund"
COLUMNS = {"person_key": "member_id", "requested_amount": "requested", "approved_amount": "approved"}

_REQUIRED = ("source", "row", "member_id", "event", "requested_raw")
_COLUMNS = (
    *_REQUIRED,
    "location",
    "travel_dates",
    "requested",
    "requested_cur",
    "pr_date_raw",
    "expense_raw",
    "approved_date_raw",
    "approved_raw",
    "approved",
    "approved_cur",
    "status",
)
_TABLE = "funding_requests"

# Expenses that were sent in but not answered are no approval.
_DECISIONS = {
    "granted": "approved",
    "reimbursed": "approved",
    "expensed": "pending",
    "requested": "pending",
    "declined": "declined",
    "withdrawn": "withdrawn",
}


@dataclass(slots=True)
class _Event:
    """One event, as the requests for it describe it."""

    title: str
    place: dict[str, str]
    file: SourceFile
    line: int
    spans: Counter[tuple[date, date]] = field(default_factory=Counter)


@dataclass(slots=True)
class _Row:
    """A row on its way through the reader."""

    cells: dict[str, str]
    file: SourceFile
    line: int

    @property
    def year(self) -> int | None:
        """The year of the source's page ("…/2019.md"), which dates without a year belong to."""
        match = re.search(r"(?<![\d-])((?:19|20)\d\d)(?![\d-])", self.cells["source"], re.ASCII)
        return int(match[1]) if match else None

    def hint(self, column: str, *, says: str, do: str, value: str | None = None) -> Problem:
        shown = self.cells.get(column, "") if value is None else value
        return hint(self.file, self.line, _TABLE, column, shown, says=says, do=do)

    def error(self, column: str, *, says: str, do: str) -> Problem:
        return error(self.file, self.line, _TABLE, column, self.cells[column], says=says, do=do)


def recognises(file: SourceFile) -> bool:
    """Whether the header is that of the request table."""
    return has_columns(file, _REQUIRED)


def read(files: Sequence[SourceFile], as_of: date | None = None) -> Iterator[Record | Problem]:
    """One funding request a row; members come as bare people, and requests for the same event share it."""
    people: set[str] = set()
    events: dict[str, _Event] = {}
    for file in files:
        for found in read_rows(file, _TABLE, _COLUMNS, _REQUIRED):
            if isinstance(found, Problem):
                yield found
                continue
            row = _Row(dict(zip(_COLUMNS, found[1], strict=True)), file, found[0])
            yield from _request(row, people, events)
    for key, event in events.items():
        yield _event_record(key, event)


def _request(row: _Row, people: set[str], events: dict[str, _Event]) -> Iterator[Record | Problem]:
    cells = row.cells
    yield from _shifted_columns(row)
    requested = _amount(row, "requested")
    yield from requested.problems
    if requested.amount.flaw:
        yield row.error("requested_raw", says=requested.amount.flaw.value, do="Write one amount and its currency")
        return
    travel = read_days(cells["travel_dates"], row.year)
    request_days = read_days(cells["pr_date_raw"], row.year)
    if request_days is None and travel is None:
        yield row.error(
            "pr_date_raw",
            says="the day of the request is not given, and the days of travel cannot be read",
            do="Fill in the day of the request as YYYY-MM-DD",
        )
        return
    if request_days is None:
        yield row.hint(
            "pr_date_raw",
            says="the day of the request is not given; the first day of travel was taken",
            do="Fill it in as YYYY-MM-DD if you know it",
        )
    requested_on = (request_days or travel or (date.min,))[0]
    decision, problems = _decision(row, requested.amount, requested_on)
    yield from problems
    event_key = ""
    if cells["event"] and travel is not None:
        event_key, problems = _add_event(row, travel, events)
        yield from problems
    if cells["member_id"] and cells["member_id"] not in people:
        people.add(cells["member_id"])
        yield Record("people", {"person_key": cells["member_id"]}, row.file.name, row.line)
    values = filled(
        request_key=f"{cells['source']}#{cells['row']}",
        person_key=cells["member_id"],
        event_key=event_key,
        category="travel",
        requested_amount=requested.amount.number,
        currency=requested.amount.currency,
        requested_on=requested_on.isoformat(),
        **decision,
    )
    yield Record(_TABLE, values, row.file.name, row.line)


@dataclass(slots=True)
class _Checked:
    amount: ReadAmount
    problems: list[Problem]


def _amount(row: _Row, name: str) -> _Checked:
    """The amount as read from the text, checked against the source's own reading of it where there is one.

    The source's reading serves where the text cannot be understood; where the two differ, the text is right.
    """
    text, given, currency = (row.cells[column] for column in (f"{name}_raw", name, f"{name}_cur"))
    read = read_amount(text)
    number = _decimal(given)
    if number is None or not currency or read.flaw in (Flaw.SUM, Flaw.DATE):
        return _Checked(read, [])
    if read.flaw:
        return _Checked(ReadAmount(given, currency, Flaw.NONE), [])
    if _decimal(read.number) == number and read.currency == currency:
        return _Checked(read, [])
    says = f"the columns {name} and {name}_cur read this as {given} {currency}"
    do = f"{read.number} {read.currency} was taken; mend what is wrong and import again"
    return _Checked(read, [row.hint(f"{name}_raw", says=says, do=do)])


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _shifted_columns(row: _Row) -> Iterator[Problem]:
    for column in ("requested_raw", "expense_raw", "approved_raw"):
        if read_amount(row.cells[column]).flaw is Flaw.DATE:
            yield row.hint(column, says=Flaw.DATE.value, do="Put the row's cells under their columns and import again")


def _decision(row: _Row, requested: ReadAmount, requested_on: date) -> tuple[dict[str, str], list[Problem]]:
    """What became of the request. What is reimbursed is paid; only an amount in the request's currency can be kept."""
    status = row.cells["status"].casefold()
    values = {"decision": _DECISIONS.get(status, "")}
    problems = []
    if status and not values["decision"]:
        problems.append(row.hint("status", says="this status is not known", do=f"Use one of {', '.join(_DECISIONS)}"))
    if values["decision"] != "approved":
        return values, problems
    checked = _amount(row, "approved")
    problems += checked.problems
    approved = checked.amount
    if approved.number and approved.currency == requested.currency:
        values["approved_amount"] = approved.number
        if Decimal(approved.number) > Decimal(requested.number):
            says = f"more was approved than the {requested.number} {requested.currency} requested"
            problems.append(row.hint("approved_raw", says=says, do="Nothing, if this is meant"))
        if status == "reimbursed":
            values["paid_amount"] = approved.number
    elif approved.number:
        says = (
            f"the request is in {requested.currency}, and a request has one currency; the approved amount was left out"
        )
        problems.append(row.hint("approved_raw", says=says, do="Give both amounts in the currency of the payment"))
    decided = read_days(row.cells["approved_date_raw"], row.year)
    if decided is not None and decided[0] < requested_on:
        says = f"this is before the request of {requested_on}; the date was left out"
        problems.append(row.hint("approved_date_raw", says=says, do="Mend the wrong one of the two dates"))
    elif decided is not None:
        values["decided_on"] = decided[0].isoformat()
        if "paid_amount" in values:
            values["paid_on"] = values["decided_on"]
    return values, problems


def _add_event(row: _Row, travel: tuple[date, date], events: dict[str, _Event]) -> tuple[str, list[Problem]]:
    """The key of the request's event: one for each name, city and year, however its visitors' days of travel differ."""
    title = _without_link(row.cells["event"])
    place, problem = _place(row)
    key = "-".join(
        part
        for part in (
            slug(title),
            str(travel[0].year),
            digest(folded(title), folded(place.get("city", "")), str(travel[0].year)),
        )
        if part
    )
    event = events.setdefault(key, _Event(title, place, row.file, row.line))
    event.place = {**place, **event.place}
    event.spans[travel] += 1
    return key, [problem] if problem else []


def _event_record(key: str, event: _Event) -> Record:
    """The event's days are those that most of its visitors requested."""
    (start, end), _ = event.spans.most_common(1)[0]
    values = filled(
        event_key=key, title=event.title, starts_on=start.isoformat(), ends_on=end.isoformat(), **event.place
    )
    return Record("events", values, event.file.name, event.line)


def _without_link(text: str) -> str:
    """The words of a Markdown link."""
    return one_line(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text))


def _place(row: _Row) -> tuple[dict[str, str], Problem | None]:
    """City, state and country of "Vancouver BC, CAN", "Montreal (Canada)", "Lagos NG" and "Ireland"."""
    text = row.cells["location"].replace("(", ", ").replace(")", " ")
    text = re.sub(r"(?<=[a-z]) ([A-Z]{2})(?=\s*(?:,|$))", r", \1", one_line(text))
    parts = [part.strip(" .") for part in text.split(",") if part.strip(" .")]
    if not parts:
        return {}, None
    if len(parts) == 1:
        return ({"country": parts[0]} if is_country(parts[0]) else {"city": parts[0]}), None
    city, *between, last = parts
    read = read_place(", ".join(parts)).values if not between else {}
    if "city" in read:  # a state, a country, or what is both, beside a town of its own
        return {name: read[name] for name in ("city", "state", "country") if name in read}, None
    if not between and len(last) < 3 and country_code(last):
        says, do = f"{last!r} is no state or country with this town; the place is the city alone", "Mend the country"
        return {"city": city}, row.hint("location", says=says, do=do)
    if country_code(last) is None:
        says, do = f"{last!r} is no country that is known; the place is the city alone", "Mend the country"
        return {"city": city}, row.hint("location", says=says, do=do)
    state = between[-1] if between and federal_country(last) else ""
    return filled(city=city, state=state, country=last), None
