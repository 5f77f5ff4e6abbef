"""What is requested (Selection) and what is allowed (Scope): both become SQL conditions, words and query parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_

from data_access.contract.tables import STATUSES
from data_access.database.schema import events
from data_access.database.sql import mostly
from data_access.narrowing import FILTERS, Filter
from data_access.wording import either, say

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
QUARTERS = (
    "first quarter of {year}",
    "second quarter of {year}",
    "third quarter of {year}",
    "fourth quarter of {year}",
)


class SelectionError(ValueError):
    """A request that cannot be understood; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Period:
    """The half-open span of days [start, end)."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise SelectionError(f"The period {self.start}..{self.end} is empty: its end must lie after its start.")

    @classmethod
    def parse(cls, text: str) -> Period:
        """`2019`, `2019-Q3`, `2019-03`, or `2019-01-01..2020-01-01` (the end day is not included)."""
        text = text.strip()
        try:
            if ".." in text:
                start, end = (date.fromisoformat(part.strip()) for part in text.split("..", 1))
                return cls(start, end)
            if re.fullmatch(r"\d{4}", text):
                return cls(date(int(text), 1, 1), date(int(text) + 1, 1, 1))
            if matched := re.fullmatch(r"(\d{4})-?[Qq]([1-4])", text):
                return cls.quarter_of(date(int(matched[1]), int(matched[2]) * 3, 1))
            if matched := re.fullmatch(r"(\d{4})-(\d{2})", text):
                start = date(int(matched[1]), int(matched[2]), 1)
                return cls(start, add_months(start, 1))
        except SelectionError:
            raise
        except ValueError:
            pass
        raise SelectionError(
            f"{text!r} is not a period. Write 2019, 2019-Q3, 2019-03, or 2019-01-01..2020-01-01 (end not included)."
        )

    @classmethod
    def quarter_of(cls, day: date) -> Period:
        """The calendar quarter that holds the day."""
        start = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        return cls(start, add_months(start, 3))

    @property
    def in_months(self) -> int | None:
        """The length in months when the period is made of whole months, else None."""
        if self.start.day != 1 or self.end.day != 1:
            return None
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    def previous(self) -> Period:
        """The same length directly before; whole months stay whole months."""
        if self.in_months:
            return Period(add_months(self.start, -self.in_months), self.start)
        return Period(self.start - (self.end - self.start), self.start)

    def whole_quarters(self) -> Period:
        """The smallest span of whole calendar quarters around the period."""
        return Period(Period.quarter_of(self.start).start, Period.quarter_of(self.end - timedelta(days=1)).end)

    def shared_with(self, other: Period) -> Period:
        """The days of both; the other's where they share none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else other

    def is_open(self, day: date) -> bool:
        """Whether the period is not over on the day: on its last day its figures can still grow."""
        return self.end > day

    def __str__(self) -> str:
        return f"{self.start}..{self.end}"

    def in_words(self) -> str:
        """`all time`, `2019`, `third quarter of 2019`, `March 2019`, `April 2018 to March 2019`, `1 May to …`."""
        months, start = self.in_months, self.start
        if start <= EARLIEST and self.end >= LATEST:
            return "all time"
        if months == 12 and start.month == 1:
            return str(start.year)
        if months == 3 and start.month in (1, 4, 7, 10):
            return say(QUARTERS[start.month // 3], year=str(start.year))
        if months == 1:
            return f"{start:%B} {start.year}"
        last = self.end - timedelta(days=1)
        if months:
            return say("{first} to {last}", first=f"{start:%B} {start.year}", last=f"{last:%B} {last.year}")
        return say("{first} to {last}", first=start, last=last)


def add_months(day: date, months: int) -> date:
    """The first of the month that lies `months` after the day's month."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_index(day: date) -> int:
    """The number of the day's month, as `month_number` has it in SQL: differences are months."""
    return day.year * 12 + day.month - 1


@dataclass(frozen=True)
class Selection:
    """What is requested. Every tuple is sorted and without repeats; an empty one means all. Hashable: a cache key."""

    period: Period = field(default_factory=lambda: Period(EARLIEST, LATEST))
    as_of: date = field(default_factory=date.today)
    country: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    scale: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    space: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    status: tuple[str, ...] = ("held",)
    # Whether `as_of` is over itself. It is where somebody sees whole quarters alone, as of the last day of one.
    day_is_over: bool = False

    def __post_init__(self) -> None:
        for name in (*(item.name for item in FILTERS), "status"):
            object.__setattr__(self, name, tuple(sorted({value for value in getattr(self, name) if value})))
        object.__setattr__(self, "language", tuple(sorted({tag.partition("-")[0] or tag for tag in self.language})))
        for item in FILTERS:
            _refuse_unknown(item.name, getattr(self, item.name), item.choices)
        _refuse_unknown("status", self.status, STATUSES)

    @property
    def over_by(self) -> date:
        """Periods that end on this day or before are over; the others are open."""
        return self.as_of + timedelta(days=1) if self.day_is_over else self.as_of

    @property
    def narrowed_by(self) -> tuple[Filter, ...]:
        """The filters in use, except period and status."""
        return tuple(item for item in FILTERS if getattr(self, item.name))

    def conditions(self) -> list[ColumnElement[bool]]:
        """Conditions on `events`: the period by local start date, the status as of the day requested, every filter."""
        narrowed = [item.condition(getattr(self, item.name)) for item in self.narrowed_by]
        return [*self.period_conditions(), *self.status_conditions(), *narrowed]

    def period_conditions(self) -> list[ColumnElement[bool]]:
        if self.is_all_time:
            # A range of every day would make SQLite walk an index, several times slower than reading all rows.
            return [events.c.starts_on.is_not(None)]
        return [events.c.starts_on >= self.period.start, events.c.starts_on < self.period.end]

    @property
    def is_all_time(self) -> bool:
        """Whether the period leaves out no day."""
        return self.period.start <= EARLIEST and self.period.end >= LATEST

    def status_conditions(self) -> list[ColumnElement[bool]]:
        """Conditions by status, which is that of the day requested: see `has_begun` and `status_on`."""
        if set(self.status) == set(STATUSES) or not self.status:
            return []
        if self.status == ("held",):
            return [or_(events.c.status == "held", events.c.status.is_(None)), self.has_begun()]
        return [status_on(self.as_of).in_(self.status)]

    def has_begun(self) -> ColumnElement[bool]:
        """Whether an event had begun by the day requested: what is dated later has not happened."""
        return mostly(events.c.starts_on <= self.as_of)

    def attendance(self) -> ColumnElement[int | None]:
        """The attendance of an event that had begun by the day requested, else none: nobody had counted it yet."""
        if self.status == ("held",):
            return events.c.attendance
        return case((events.c.starts_on <= self.as_of, events.c.attendance))

    def previous(self) -> Selection:
        """The same question for the period directly before."""
        return replace(self, period=self.period.previous())

    def without(self, name: str) -> Selection:
        """The selection with one filter taken away."""
        return replace(self, **{name: ()})  # type: ignore[arg-type]  # every filter's field is a tuple

    def in_words(self, names: Mapping[str, Mapping[str, str]] | None = None) -> str:
        """`third quarter of 2019, in Germany or France, held online`; `names[filter][code]` is shown for a code."""
        return ", ".join((self.period.in_words(), *(words for _, words in self.parts_in_words(names))))

    def parts_in_words(self, names: Mapping[str, Mapping[str, str]] | None = None) -> list[tuple[str, str]]:
        """(filter name, words) for each filter in use, so that a page can offer to remove it."""
        parts = []
        for item in self.narrowed_by:
            known = (names or {}).get(item.name, {})
            shown = [known.get(value, value.replace("_", " ")) for value in getattr(self, item.name)]
            parts.append((item.name, item.words.format(either(shown))))
        if self.status != ("held",):
            parts.append(("status", "any status" if len(self.status) in (0, len(STATUSES)) else either(self.status)))
        return parts

    def to_query(self) -> dict[str, str]:
        """URL parameters that make this selection again; `as_of` only when it is not today."""
        query = {"period": str(self.period)}
        if self.as_of != date.today():
            query["as_of"] = self.as_of.isoformat()
        query |= {item.name: ",".join(map(escape_item, getattr(self, item.name))) for item in self.narrowed_by}
        if self.status != ("held",):
            query["status"] = ",".join(self.status) or "all"
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, str], default: Selection | None = None) -> Selection:
        """Read what `to_query` wrote, the rest from `default`. Raises SelectionError for what is not valid."""
        selection = default or cls()
        values: dict[str, object] = {}
        if query.get("period"):
            values["period"] = Period.parse(query["period"])
        if query.get("as_of"):
            values["as_of"] = parse_day(query["as_of"])
        for item in FILTERS:
            if query.get(item.name):
                values[item.name] = split_list(query[item.name])
        if query.get("status"):
            values["status"] = STATUSES if query["status"] == "all" else split_list(query["status"])
        return replace(selection, **values)  # type: ignore[arg-type]  # each value was made for its own field


QUERY_NAMES = ("period", "as_of", *(item.name for item in FILTERS), "status")


def parse_day(text: str) -> date:
    """An ISO date, or a SelectionError that shows one."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise SelectionError(f"{text!r} is not a date. Write it like 2026-08-23.") from None


def _refuse_unknown(name: str, values: Iterable[str], choices: tuple[str, ...]) -> None:
    for value in values:
        if choices and value not in choices:
            raise SelectionError(f"{value!r} is not a {name}. Choose from {', '.join(choices)}.")


def escape_item(value: str) -> str:
    return value.replace("\\", "\\\\").replace(",", "\\,")


def split_list(text: str) -> tuple[str, ...]:
    """The entries of a comma-separated list; `escape_item` writes an entry so that it is read back as it was."""
    parts = re.findall(r"(?:\\.|[^,\\])+", text)
    return tuple(re.sub(r"\\(.)", r"\1", part).strip() for part in parts)


def status_on(day: date) -> ColumnElement[str]:
    """The status of an event on the day: planned until it begins, whatever is recorded; without a record then held."""
    planned = and_(events.c.starts_on > day, or_(events.c.status == "held", events.c.status.is_(None)))
    return case((planned, "planned"), else_=func.coalesce(events.c.status, "held"))


class Role(StrEnum):
    """Who looks; docs/glossary.md says what each decides."""

    PM = "pm"
    BOARD = "board"
    LEADERSHIP = "leadership"
    PARTNER = "partner"
    PUBLIC = "public"


INSIDE = frozenset({Role.PM, Role.BOARD})
STAFF = frozenset({Role.PM, Role.BOARD, Role.LEADERSHIP, Role.PARTNER})
EVERYBODY = frozenset(Role)


class NotAllowed(Exception):
    """The viewer's role does not include this answer."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is allowed. Hashable: part of every cache key."""

    role: Role
    teams: tuple[str, ...] = ()
    min_group_size: int = 5
    # The book of the release that is being made (privacy.book.Book), which protects what the answers tell.
    book: Any = field(default=None, compare=False, repr=False)
    # A partner who asks about their own teams: counts are exact and live, names are not for them.
    own_teams: bool = False

    @classmethod
    def parse(cls, text: str, min_group_size: int = 5) -> Scope:
        """`pm`, `board`, `leadership`, `public`, or `partner:TEAM,TEAM`."""
        name, _, teams = text.partition(":")
        if name not in set(Role) or bool(teams) != (name == Role.PARTNER):
            raise SelectionError(f"{text!r} is not a role. Choose pm, board, leadership, public or partner:TEAM.")
        return cls(Role(name), tuple(sorted(teams.split(","))) if teams else (), min_group_size)

    @classmethod
    def everything(cls) -> Scope:
        return cls(Role.PM)

    @property
    def inside(self) -> bool:
        """Whether names, exact counts of people and money are shown, live: to the program manager and the board."""
        return self.role in INSIDE

    @property
    def exact(self) -> bool:
        """Whether counts of people are shown as they are: inside, and to a partner about their own teams."""
        return self.inside or self.own_teams

    def reads_notes_of(self, team: str) -> bool:
        """Whether free text about a team is shown: inside, and to its own partner, who writes it."""
        return self.inside or (self.role is Role.PARTNER and team in self.teams)

    def require(self, roles: frozenset[Role], what: str) -> None:
        if self.role not in roles:
            raise NotAllowed(f"{what} is not open to the role “{self.role}”.")
