"""A mapped table as rows of the contract's tables: they are checked and written like those of any other source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from data_access.contract.tables import TABLES
from data_access.geography.folding import fold
from data_access.imports.batches import Batch, Heading, Meter, nothing_in
from data_access.imports.csv_rows import BrokenRow, column_id
from data_access.imports.event_checks import said_in
from data_access.imports.mapping.cells import converter, home
from data_access.imports.mapping.decided import DECIDED
from data_access.imports.mapping.in_its_words import NAMES, PLACES, called
from data_access.imports.mapping.known import Known, digest_key, made_event_key, made_person_key
from data_access.imports.mapping.mapping import ATTRIBUTE, LISTED_ROLES, SheetMapping, told_apart
from data_access.imports.mapping.money import DECIDED_BY, as_decided, without_signs
from data_access.imports.mapping.values import (
    name_and_mail,
    names_in,
    read_amount,
    read_date,
    read_languages,
    read_word,
)
from data_access.imports.readers.places import read_place
from data_access.imports.rows import BATCH_ROWS, Problem, clipped
from data_access.wording import counted

Values = dict[str, str]
Rows = Iterator[tuple[int, list[str]] | BrokenRow]
_BESIDE = {"people.email", "people.handle", "people.first_name", "people.last_name", "participations.attended"}


def mapped_batches(
    file: str, heading: Heading, reading: SheetMapping, rows: Rows, known: Known, meter: Meter
) -> Iterator[Batch | Problem]:
    """Batches for each contract table that the rows feed, with the lines and headings of the original."""
    yield from _Sheet(file, heading, reading, known, meter).batches(rows)


class _Sheet:
    """One table on its way into the contract's tables."""

    def __init__(self, file: str, heading: Heading, reading: SheetMapping, known: Known, meter: Meter) -> None:
        self.file, self.reading, self.known, self.meter = file, reading, known, meter
        self.heading = heading
        names = told_apart(heading.names)
        self.at: dict[str, list[int]] = {}
        # The next list of the same shape may spell its headings otherwise.
        columns = {column_id(name): target for name, target in reading.columns.items()}
        meanings = {column_id(name): meant for name, meant in reading.values.items()}
        self.unread = [name for name in names if name and not columns.get(column_id(name))]
        for index, name in enumerate(names):
            if target := columns.get(column_id(name), ""):
                self.at.setdefault(target, []).append(index)
        self.names = names
        self.targets = {*self.at, *reading.always}
        self.meanings = [meanings.get(column_id(name), {}) for name in names]
        self.converters = {target: converter(target, reading) for target in self.targets}
        self.attributes = sorted(
            target for target in self.targets if target.startswith(ATTRIBUTE) and not target.endswith("consented_on")
        )
        self.roles = [role for role in LISTED_ROLES if f"participations.{role}" in self.targets]
        only = {column_id(name): {fold(cell) for cell in cells.split(";")} for name, cells in reading.only.items()}
        self.only = [(at, only[column_id(name)]) for at, name in enumerate(names) if column_id(name) in only]
        self.width = len(names)
        self.open: dict[str, Batch] = {}
        self.full: list[Batch | Problem] = []
        self.seen_people: set[str] = set()
        self.seen_events: set[str] = set()
        self.requests: Counter[str] = Counter()
        self.made: Counter[str] = Counter()
        self.orders: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        self.own: dict[tuple[str, tuple[str, ...]], list[tuple[str, str]]] = {}
        self.line = 0

    def batches(self, rows: Rows) -> Iterator[Batch | Problem]:
        table = self.reading.rows_are
        take = {
            "people": self._person_row,
            "events": self._event_row,
            "participations": self._participation,
            "funding_requests": self._request,
            "contributions": self._contribution,
        }.get(table, self._plain_row)
        read = 0
        for name in self.unread:
            remedy = "It is not read, as the mapping says."
            yield Problem(self.file, self.heading.line, table, name, "", "unknown column", remedy, "hint")
        for item in rows:
            if isinstance(item, BrokenRow):
                yield Problem(self.file, item.line, table, None, clipped(item.text, 500), item.says, f"{item.do}.")
                continue
            self.line, cells = item
            if len(cells) < self.width:
                cells = cells + [""] * (self.width - len(cells))
            if all(fold(cells[at]) in wanted for at, wanted in self.only):
                take(cells)
            else:
                self.made["not wanted"] += 1
            read += 1
            self.meter.rows += 1
            if self.full:
                yield from self.full
                self.full.clear()
        yield from self._in_all()
        yield from self.open.values()
        if not read:
            yield nothing_in(self.file, table, "no row stands below the header", "Add rows, or leave the file out.")

    # ---- cells --------------------------------------------------------------------------------------------

    def _raw(self, target: str, cells: list[str]) -> str:
        """What the columns of the target say, in the mapping's own words where it has some."""
        places = self.at.get(target, ())
        if len(places) == 1:
            text = cells[places[0]].strip()
            if meanings := self.meanings[places[0]]:
                text = meanings.get(text, text)
            return text or self.reading.always.get(target, "")
        said = [self.meanings[index].get(cells[index].strip(), cells[index].strip()) for index in places]
        return "\n".join(filter(None, said)) or self.reading.always.get(target, "")

    def _cell(self, target: str, cells: list[str]) -> str:
        text = self._raw(target, cells) if target in self.targets else ""
        if not text:
            return ""
        found = self.converters[target](text)
        if target.endswith(("languages", "language")) and (unknown := read_languages(text)[1]) and found != text:
            self._hint(target, ", ".join(unknown), "no known language", "The others of the cell were taken.")
        return found

    def _hint(self, target: str, value: str, says: str, do: str, severity: str = "hint") -> None:
        table, _, column = target.partition(".")
        heading = next((self.names[index] for index in self.at.get(target, ())), column)
        self.full.append(
            Problem(self.file, self.line, self.reading.rows_are or table, heading, clipped(value), says, do, severity)
        )

    def _of(self, table: str, cells: list[str], *left_out: str) -> Values:
        """The contract's columns of a table that have targets, as the row says them."""
        wanted = self.own.get((table, left_out))
        if wanted is None:
            named = [(target, target.partition(".")) for target in sorted(self.targets)]
            wanted = self.own[table, left_out] = [
                (name, target)
                for target, (own, _, name) in named
                if own == table and target not in PLACES and target not in _BESIDE and name not in left_out
            ]
        return {name: self._cell(target, cells) for name, target in wanted}

    # ---- people -------------------------------------------------------------------------------------------

    def _person(self, cells: list[str]) -> tuple[str, Values]:
        """Key and values of the person whom a row is about; an empty key where it names none."""
        name = self._cell("people.name", cells) or " ".join(
            filter(None, (self._cell("people.first_name", cells), self._cell("people.last_name", cells)))
        )
        email = self._cell("people.email", cells)
        if not email and "<" in name:
            name, email = name_and_mail(name)
        key = self._cell("people.person_key", cells) or self._cell("people.handle", cells)
        if not key and not email and name and (key := self.known.person(name)):
            self.made["name known"] += 1
        if not key and (email or name):
            key = made_person_key(email, name)
            self.made["mail" if email else "name"] += 1
        if not key:
            return "", {}
        self.known.add_person(name, key)
        values = {"person_key": key, **self._of("people", cells, "person_key", "name")}
        if {*NAMES} & self.targets:
            values["name"] = " ".join(name.split())
        if "people.place" in self.targets and (text := self._cell("people.place", cells)):
            city, state, country, doubt = home(text, values.get("home_country", ""))
            values |= {"home_city": city, "home_state": state, "home_country": country}
            if doubt:
                self._hint("people.place", text, doubt, "Add the state or the country, if another is meant.")
        elif "people.place" in self.targets:
            values |= dict.fromkeys(("home_city", "home_state", "home_country"), "")
        return key, values

    def _person_row(self, cells: list[str]) -> None:
        key, values = self._person(cells)
        if not key:
            self._hint("people.name", "", "nobody is named", "Fill in a name, an e-mail address or a key.", "error")
            return
        started = self._cell("memberships.started_on", cells)
        if started and "people.joined_on" not in self.targets:
            values["joined_on"] = read_date(started)  # what is no date is said once, of the membership
        self._emit("people", values)
        self._attributes(key, cells)
        if started:
            membership = {"person_key": key, **self._of("memberships", cells)}
            membership.setdefault("membership_key", digest_key("membership", key, started))
            self._emit("memberships", membership)

    def _attributes(self, key: str, cells: list[str]) -> None:
        for target in self.attributes:
            if value := self._cell(target, cells):
                row = {"person_key": key, "dimension": target.removeprefix(ATTRIBUTE), "value": value}
                if f"{ATTRIBUTE}consented_on" in self.targets:
                    row["consented_on"] = self._cell(f"{ATTRIBUTE}consented_on", cells)
                self._emit("person_attributes", row)

    def _beside(self, cells: list[str]) -> str:
        """The key of the person of a row that is about something else; they come in once."""
        key, values = self._person(cells)
        if key and key not in self.seen_people and any(value for name, value in values.items() if name != "person_key"):
            self.seen_people.add(key)
            self._emit("people", values)
            self._attributes(key, cells)
        return key

    # ---- events -------------------------------------------------------------------------------------------

    def _event(self, cells: list[str]) -> Values:
        values = self._of("events", cells, *LISTED_ROLES)
        if "events.place" in self.targets:
            text = self._cell("events.place", cells)
            read = read_place(text) if text else None
            for name in PLACES["events.place"]:
                said = read.values.get(name, "") if read else ""
                values[name] = values.get(name) or said
            if read and read.doubt:
                self._hint("events.place", text, read.doubt, "Add the town, state or country, if another is meant.")
        if "events.event_key" not in self.targets:
            place = values.get("city") or values.get("venue") or ""
            values["event_key"] = made_event_key(values.get("title", ""), values.get("starts_on", ""), place)
            self.made["event"] += 1
        if values.get("status") == "" and said_in(values.get("title", "")) == ("cancelled", True):
            values["status"] = "cancelled"
        return values

    def _event_row(self, cells: list[str]) -> None:
        values = self._event(cells)
        self.known.add_event(values.get("title", ""), values.get("starts_on", ""), values["event_key"])
        self._emit("events", values)
        self._listed(cells, {"event_key": values["event_key"]})

    def _listed(self, cells: list[str], values: Values) -> None:
        """The people whom cells of a role list took part in the event of the `values`."""
        for role in self.roles:
            for name in names_in(self._raw(f"participations.{role}", cells)):
                key = self.known.person(name) or made_person_key("", name)
                self.known.add_person(name, key)
                if key not in self.seen_people:
                    self.seen_people.add(key)
                    self._emit("people", {"person_key": key, "name": name})
                self._emit("participations", {**values, "person_key": key, "role": role})

    def _event_beside(self, cells: list[str]) -> str:
        """The key of the event of a row that is about something else; "" where the row names none that is known."""
        title, day = self._cell("events.title", cells), self._cell("events.starts_on", cells)
        key = self._cell("events.event_key", cells)
        known = self.known.event(title, day) if title and not key else ""
        if known or not (title and day):
            return known or key
        values = self._event(cells)
        if values["event_key"] not in self.seen_events:
            self.seen_events.add(values["event_key"])
            self.known.add_event(title, day, values["event_key"])
            self._emit("events", values)
        return values["event_key"]

    # ---- rows about both ----------------------------------------------------------------------------------

    def _participation(self, cells: list[str]) -> None:
        attended = self._raw("participations.attended", cells)
        if attended and read_word("attended", attended) == "no":
            self.made["absent"] += 1
            return
        values = {"person_key": self._beside(cells), "event_key": self._event_beside(cells)}
        values |= {"role": "attendee", **self._of("participations", cells, *LISTED_ROLES)}
        values["role"] = values["role"] or "attendee"
        if not values["event_key"]:
            says, do = "no event of this title is known", "Import the events first, or add the day of the event."
            self._hint("events.title", self._cell("events.title", cells), says, do, "error")
            return
        self._listed(cells, {name: each for name, each in values.items() if name not in ("person_key", "role")})
        if values["person_key"] or not self.roles:
            self._emit("participations", values)

    def _request(self, cells: list[str]) -> None:
        values = self._of("funding_requests", cells)
        values["person_key"], values["event_key"] = self._beside(cells), self._event_beside(cells)
        if not values["event_key"] and (title := self._cell("events.title", cells)):
            says, do = "no event of this title is known", "The request came in without it; import the events first."
            self._hint("events.title", title, says, do)
        amounts = ("requested_amount", "approved_amount", "paid_amount")
        usual = self.reading.always.get("funding_requests.currency") or self.known.currency
        said = [
            read_amount(self._raw(f"funding_requests.{name}", cells), self.reading.decimal, usual)[1]
            for name in amounts
        ]
        currencies = {currency for currency in said if currency}
        own = values.get("currency") if self.at.get("funding_requests.currency") else ""
        if len(currencies | ({own.upper()} if own else set())) > 1:
            says, do = (
                "the row has amounts in several currencies",
                "A request has one currency: write all amounts in it.",
            )
            self._hint("funding_requests.requested_amount", ", ".join(sorted(currencies)), says, do, "error")
            return
        values["currency"] = own or "".join(currencies) or usual
        decided = {f"funding_requests.{name}" for name in DECIDED_BY} & self.targets
        self.made.update(without_signs(values))
        self.made.update(as_decided(values, decided=bool(decided)))
        if not values.get("request_key"):
            about = (*(values[name] for name in ("person_key", "event_key")), values.get("requested_on", ""))
            base = digest_key("request", *about, values.get("category", ""))
            self.requests[base] += 1
            values["request_key"] = base if self.requests[base] == 1 else f"{base}-{self.requests[base]}"
            self.made["request"] += 1
        self._emit("funding_requests", values)

    def _contribution(self, cells: list[str]) -> None:
        self._emit("contributions", {"person_key": self._beside(cells), **self._of("contributions", cells)})

    def _plain_row(self, cells: list[str]) -> None:
        self._emit(self.reading.rows_are, self._of(self.reading.rows_are, cells))

    # ---- out ----------------------------------------------------------------------------------------------

    def _emit(self, table: str, values: Mapping[str, str]) -> None:
        batch = self.open.get(table)
        given = tuple(values)
        columns = self.orders.get((table, given), ())
        if not columns:
            columns = tuple(name for name in TABLES[table].column_names if name in values)
            self.orders[table, given] = columns
        if batch is not None and (batch.columns != columns or len(batch.rows) >= BATCH_ROWS):
            self.full.append(batch)
            batch = None
        if batch is None:
            names, letters = called(self.heading.letters, self.names, self.at, table, columns)
            batch = self.open[table] = Batch(table, self.file, columns, names=names, letters=letters, blank_keeps=True)
        batch.rows.append([values[name] for name in columns])
        batch.lines.append(self.line)

    def _in_all(self) -> Iterator[Problem]:
        """What was decided for many rows, said once."""
        for what, one, other, do in DECIDED:
            if number := self.made[what]:
                says = counted(number, one, other)
                yield Problem(self.file, None, self.reading.rows_are, None, "", says, do, "hint")
