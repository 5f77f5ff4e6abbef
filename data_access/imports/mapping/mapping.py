"""How a table is read: what its rows are, and which of its columns is which; written and read as TOML."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from data_access.contract.tables import TABLES
from data_access.imports.csv_rows import column_id
from data_access.imports.mapping.values import DAY_FIRST, MONTH_FIRST
from data_access.imports.rows import ImportRefused
from data_access.wording import say

NOT_READ = ""
ORDERS = (DAY_FIRST, MONTH_FIRST)
_PERSON = ("name", "first_name", "last_name", "email", "handle", "person_key", "place")
_HOME = ("home_city", "home_state", "home_country", "home_latitude", "home_longitude", "joined_on", "languages")
PEOPLE = (*(f"people.{name}" for name in (*_PERSON, *_HOME, "entry_channel")),)
LISTED_ROLES = ("speaker", "organizer", "mentor", "facilitator", "attendee")
ATTRIBUTE = "person_attributes."
# What is more than the columns of the contract: a place in one text, names in one cell.
_OWN = ("place",)


def _columns(table: str, *left_out: str) -> tuple[str, ...]:
    return tuple(f"{table}.{name}" for name in TABLES[table].column_names if name not in left_out)


_EVENT = ("events.event_key", "events.title", "events.starts_on", "events.ends_on", "events.place")
# What the rows of a table may be, and what their cells may then say; the first tables are the usual ones.
SUBJECTS: dict[str, tuple[str, ...]] = {
    "people": (*PEOPLE, *_columns("memberships", "person_key", "cohort_key"), "person_attributes.consented_on"),
    "events": (
        "events.place",
        *_columns("events", "starts_at", "ends_at"),
        *(f"participations.{role}" for role in LISTED_ROLES),
    ),
    "participations": (
        "participations.role",
        "participations.attended",
        "participations.language",
        "participations.rating",
        *(f"participations.{role}" for role in LISTED_ROLES),
        *PEOPLE,
        *_EVENT,
    ),
    "funding_requests": (*_columns("funding_requests", "person_key", "event_key"), *PEOPLE, *_EVENT),
    "contributions": (*_columns("contributions", "person_key"), *PEOPLE),
}
SUBJECTS |= {name: _columns(name) for name in TABLES if name not in SUBJECTS}
# Columns that several headings may feed: their cells are put together.
MANY = tuple(f"participations.{role}" for role in LISTED_ROLES)


class MappingRefused(ImportRefused):
    """A mapping that cannot be used; the message says why and what would do."""


@dataclass(frozen=True)
class SheetMapping:
    """How the tables of one shape are read.

    `columns` has a target for each heading ("people.name", or "" for a column that is not read), in the order of the
    sheet. `always` has values for targets that no column has; `values` what the cells of a column mean, by heading.
    Of the headings in `only`, rows are read that have one of the cells told there, with `;` between them ("": none).
    `dates` is the order in "3/4/2026", `decimal` the mark before decimals where the table shows it.
    """

    rows_are: str
    columns: Mapping[str, str]
    always: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: str = DAY_FIRST
    decimal: str = ""
    name: str = ""
    only: Mapping[str, str] = field(default_factory=dict)

    @property
    def shape(self) -> str:
        return shape_of(self.columns)

    def headings(self, target: str) -> list[str]:
        """The headings whose cells say the target."""
        return [heading for heading, each in self.columns.items() if each == target]

    @property
    def targets(self) -> set[str]:
        return {target for target in (*self.columns.values(), *self.always) if target}

    def changed(self, **changes: Any) -> SheetMapping:
        return replace(self, **changes)


def shape_of(headings: Iterable[str]) -> str:
    """What tables with the same headings share, in whatever order and spelling they stand."""
    ids = sorted(filter(None, map(column_id, headings)))
    return hashlib.blake2b("\x1f".join(ids).encode(), digest_size=12).hexdigest()


def told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """The headings of a table, each once: a second "Name" is "Name (2)"; blanks stay blank."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if not name or seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(found)


def checked(reading: SheetMapping) -> SheetMapping:
    """The reading itself. Raises MappingRefused for targets that do not exist, stand twice, or do not belong here."""
    if reading.rows_are not in SUBJECTS:
        raise MappingRefused(
            say("{given!r} is no kind of rows. Choose {known}.", given=reading.rows_are, known=", ".join(SUBJECTS))
        )
    allowed = SUBJECTS[reading.rows_are]
    for target in reading.targets:
        if target not in allowed and not (target.startswith(ATTRIBUTE) and f"{ATTRIBUTE}consented_on" in allowed):
            raise MappingRefused(
                say(
                    "{target!r} cannot be said by rows that are {rows}. Choose {known}.",
                    target=target,
                    rows=reading.rows_are,
                    known=", ".join(allowed),
                )
            )
    for target in reading.targets:
        if len(headings := reading.headings(target)) > 1 and target not in MANY:
            raise MappingRefused(
                say("Two columns are {target}: {columns}. Keep one.", target=target, columns=", ".join(headings))
            )
    if reading.dates not in ORDERS:
        raise MappingRefused(say("dates is {given!r}. Choose {known}.", given=reading.dates, known=" or ".join(ORDERS)))
    if reading.decimal not in ("", ".", ","):
        raise MappingRefused("decimal is a dot, a comma, or left out.")
    return reading


# What is often the same for a whole table, and so stands in no column of it.
_OFTEN_THE_SAME = {
    "participations": ("events.title", "events.starts_on"),
    "funding_requests": ("funding_requests.currency",),
    "contributions": ("contributions.area",),
}


def may_be_told(reading: SheetMapping) -> list[str]:
    """The targets that no column has and that a value for all rows may give: the usual ones, and what is required."""
    given = set(reading.columns.values())
    needed = [
        f"{reading.rows_are}.{column.name}"
        for column in TABLES[reading.rows_are].columns
        if column.required and not (reading.rows_are in _USUAL and column.name in _MADE)
    ]
    asked = (*_OFTEN_THE_SAME.get(reading.rows_are, ()), *needed, *reading.always)
    return [target for target in dict.fromkeys(asked) if target not in given]


def what_is_missing(reading: SheetMapping) -> list[str]:
    """What rows of this kind cannot do without and the reading does not give, in words."""
    given = reading.targets
    missing = []
    if reading.rows_are in ("people", "participations", "funding_requests", "contributions") and not given & {
        *("people.name", "people.first_name", "people.last_name", "people.email", "people.handle", "people.person_key"),
        *(MANY if reading.rows_are == "participations" else ()),
    }:
        missing.append("a column that says who it is: a name, an e-mail address or a key")
    if reading.rows_are == "participations" and not given & {"events.title", "events.event_key"}:
        missing.append("which event it was: events.title and events.starts_on, or events.event_key")
    made = _MADE if reading.rows_are in _USUAL else frozenset[str]()
    if given & {"funding_requests.paid_on", "funding_requests.decided_on"}:
        made |= {"requested_on"}  # what was paid was asked for, on that day at the latest
    missing += [
        say("a column or value for {target}", target=target)
        for column in TABLES[reading.rows_are].columns
        if column.required and column.name not in made and (target := f"{reading.rows_are}.{column.name}") not in given
    ]
    return missing


# The tables for which keys are made, and what their rows need no column for.
_USUAL = frozenset(("people", "events", "participations", "funding_requests", "contributions"))
_MADE = frozenset(("event_key", "request_key", "person_key", "role", "currency"))


# ---- TOML -------------------------------------------------------------------------------------------------

_HEAD = """\
# How Uplift reads these tables. Change what is wrong, then: uplift import FILE --map THIS_FILE
# rows_are: one of {subjects}.
# columns: what each column says; "" is not read. always: what no column says and is the same in every row.
# values: what cells of a column mean, where they have words of their own. only: the cells of rows that are read.
"""


def written(readings: Sequence[SheetMapping]) -> str:
    """The readings as TOML, to be edited and read again."""
    parts = [_HEAD.format(subjects=", ".join(SUBJECTS))]
    for reading in readings:
        lines = ["[[sheet]]"]
        own = {key: getattr(reading, key) for key in ("name", "rows_are", "dates", "decimal")}
        lines += _pairs_bare(own)
        lines += ["", "[sheet.columns]", *_pairs(reading.columns)]
        if reading.always:
            lines += ["", "[sheet.always]", *_pairs(reading.always)]
        if reading.only:
            lines += ["", "[sheet.only]", *_pairs(reading.only)]
        for heading, meanings in reading.values.items():
            lines += ["", f"[sheet.values.{_text(heading)}]", *_pairs(meanings)]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _pairs_bare(own: Mapping[str, str]) -> Iterator[str]:
    return (f"{key} = {_text(value)}" for key, value in own.items() if value)


def _pairs(mapping: Mapping[str, str]) -> Iterator[str]:
    return (f"{_text(key)} = {_text(value)}" for key, value in mapping.items())


def _text(value: str) -> str:
    """A basic string of TOML, which is JSON's but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def read_toml(text: str, name: str = "The mapping") -> list[SheetMapping]:
    """The readings in a TOML text. Raises MappingRefused with what is wrong where."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise MappingRefused(say("{name} is not readable TOML: {cause}.", name=name, cause=cause)) from cause
    sheets = content.get("sheet")
    if not isinstance(sheets, list) or not sheets or not all(isinstance(each, dict) for each in sheets):
        raise MappingRefused(
            say("{name} holds no [[sheet]]. `uplift import FILE --guess` writes one to begin with.", name=name)
        )
    return [checked(_reading(sheet, name)) for sheet in sheets]


def _reading(sheet: dict[str, Any], name: str) -> SheetMapping:
    known = {"name", "rows_are", "dates", "decimal", "columns", "always", "values", "only"}
    if unknown := set(sheet) - known:
        raise MappingRefused(
            say(
                "{name} has {unknown}, which is not known. Known are {known}.",
                name=name,
                unknown=", ".join(sorted(unknown)),
                known=", ".join(sorted(known)),
            )
        )
    tables = {key: sheet.get(key, {}) for key in ("columns", "always", "values", "only")}
    meanings = tables["values"].values() if isinstance(tables["values"], dict) else [None]
    for table in (tables["columns"], tables["always"], tables["only"], *meanings):
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise MappingRefused(say("{name}: columns, always, values and only hold texts in quotes.", name=name))
    texts = {key: sheet[key] for key in ("name", "rows_are", "dates", "decimal") if key in sheet}
    if not all(isinstance(value, str) for value in texts.values()) or not tables["columns"] or "rows_are" not in texts:
        raise MappingRefused(say("{name}: each [[sheet]] has rows_are and [sheet.columns].", name=name))
    return SheetMapping(**texts, **tables)
