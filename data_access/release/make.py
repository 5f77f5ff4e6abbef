"""Making a release: every released question asked about every released window, protected all together, and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Executable, FrozenResult, MetaData, Table, func, select

from data_access.database.schema import (
    NOT_COPIED,
    applications,
    contributions,
    events,
    funding_requests,
    memberships,
    metadata,
    people,
)
from data_access.database.unfinished_copy import UnfinishedCopy, copy_of_its_own
from data_access.privacy.book import Book
from data_access.program import Program, load_program
from data_access.questions import QUESTIONS
from data_access.questions.registry import Question
from data_access.questions.released import Options
from data_access.release import history
from data_access.release.facts import without
from data_access.release.history import ReleasedAnswer
from data_access.selection import Period, Role, Scope, Selection

Progress = Callable[[str, int, int | None], None]
MANY_ROWS = 100_000
# What no released question reads, as far as it is large: a copy takes the longer the more there is in it.
_TABLES_NOT_ASKED = frozenset({"audit", "event_topics", "import_counts", "import_problems", "materials", "reads"})
_TABLES_NOT_ASKED |= {"organizer_needs", "organizer_starts", "application_reviews", "trainings", "thanks"}
_TABLES_NOT_ASKED |= {"training_attendance", "space_notes", "decisions", "access_tokens", "disputes", "dispute_steps"}
_TABLES_NOT_ASKED |= {"time_notes", "inside_time_notes"}
_WORDS = ("fingerprint", "title", "url", "venue", "starts_at", "ends_at", "topics")
_PLACES = ("place_id", "state", "country", "latitude", "longitude")
_NOT_ASKED = {"events": frozenset((*_WORDS, *_PLACES)), "participations": frozenset({"language", "rating"})}


@dataclass(frozen=True, eq=False)
class _Asked:
    """One question to be asked for the release; `text` are its options as the released table has them."""

    question: Question
    window: Period
    options: Options
    text: str


def due_on(connection: Connection, as_of: date) -> date | None:
    """The day of the release that is to be made: the first of the quarter of `as_of`, unless it was made or a later.

    One that told nothing, because too few people were known, is made again as soon as enough are.
    """
    day = Period.quarter_of(as_of).start
    last = history.newest(connection)
    if last is None or last.released_on < day:
        return day
    is_in_vain = last.released_on == day and not history.told_anything(connection)
    return day if is_in_vain and _are_enough(connection) else None


def _are_enough(connection: Connection) -> bool:
    """Whether the program knows as many people as the least group: of fewer nothing could be told."""
    size = load_program(connection).min_group_size
    return len(connection.execute(select(people.c.person_key).limit(size)).all()) >= size


def make_release(
    connection: Connection,
    released_on: date,
    of_import: int,
    progress: Progress | None = None,
    begun: UnfinishedCopy | None = None,
) -> int:
    """Make the release of a day, the first after a quarter, in the transaction of the connection; returns its number.

    Every import that is the first after the end of a quarter makes one, before it is committed. Of too few people it
    tells nothing: then it is of events and teams alone. A large program is asked in a columnar copy: in one that was
    `begun` of what the connection sees, or in one that is thrown away.

    Raises ValueError for a day inside a quarter: windows are of whole ones.
    """
    if released_on != Period.quarter_of(released_on).start:
        raise ValueError(f"{released_on} is not the first day of a quarter.")
    program = load_program(connection)
    if not history.told_anything(connection):
        history.forget(connection)
    asked = list(_everything(connection, released_on, program)) if _are_enough(connection) else []
    before = history.told_before(connection, program.min_group_size)
    book = history.told_before(connection, program.min_group_size)
    with _asking(connection, progress, begun) as source:
        remembering = cast(Connection, _Remembering(source))
        untold: dict[_Asked, Any] = {}  # answers without a count or an amount: these are as they are
        for number, each in enumerate(asked):
            if progress:
                progress(f"Releasing {each.question.name.replace('_', ' ')}", number, 2 * len(asked))
            frame = _ask(remembering, each, released_on, book)
            if not book.answer_tells:
                untold[each] = frame
        if progress:
            progress("Protecting all released counts together", len(asked), 2 * len(asked))
        book.close()
        answers, withheld = [], 0
        for number, each in enumerate(asked):
            if progress:
                progress(f"Writing {each.question.name.replace('_', ' ')}", len(asked) + number, 2 * len(asked))
            frame = untold[each] if each in untold else _ask(remembering, each, released_on, book)
            if each in untold or book.answer_may_be_told:
                answers.append(ReleasedAnswer(each.question.name, each.window, each.text, frame))
            else:
                withheld += 1
    return history.keep(connection, book, before, released_on, of_import, answers, withheld)


@contextmanager
def _asking(connection: Connection, progress: Progress | None, begun: UnfinishedCopy | None) -> Iterator[Connection]:
    """What the questions are asked of: the connection, or a columnar copy of what it sees where that is much.

    Hundreds of questions over all years take hours at a million events in SQLite, and seconds there.
    """
    kept = (select(func.count()).select_from(table) for table in (events, contributions))
    if sum(connection.execute(count).scalar_one() for count in kept) < MANY_ROWS:
        yield connection
        return
    with nullcontext(begun) if begun is not None else copy_of_its_own(connection.engine) as copy:
        tables = _tables_asked()
        copy.take(connection, [metadata.tables[each.name] for each in tables] if copy.is_kept else tables, progress)
        copy.prepare(progress)
        with copy.reading() as engine, engine.connect() as asked:
            yield asked


def _tables_asked() -> list[Table]:
    """What released questions read: not what programs are told of how they came in, and of events no words."""
    into = MetaData()
    return [
        without(table, _NOT_ASKED.get(table.name, frozenset()), into)
        for table in metadata.sorted_tables
        if table not in NOT_COPIED and table.name not in _TABLES_NOT_ASKED
    ]


def _everything(connection: Connection, released_on: date, program: Program) -> Iterator[_Asked]:
    first, told = _first_quarter(connection, released_on), history.told_answers(connection)
    for question in sorted(QUESTIONS.values(), key=lambda each: each.name):
        released = question.released
        if released is None:
            continue
        windows = [window for kind in released.windows for window in kind.of(first, released_on, program)]
        options_asked = released.options(connection) if callable(released.options) else released.options
        for options in options_asked:
            text = released.text_of(question.options, options)
            for window in dict.fromkeys(windows):
                if released.goes_on or (question.name, window, text) not in told:
                    yield _Asked(question, window, options, text)


def _first_quarter(connection: Connection, released_on: date) -> date:
    """The start of the first quarter in which anything happened."""
    days = (
        events.c.starts_on,
        contributions.c.contributed_on,
        memberships.c.started_on,
        applications.c.applied_on,
        funding_requests.c.requested_on,
    )
    found = [connection.execute(select(func.min(day))).scalar() for day in days]
    earliest = min((day for day in found if day is not None and day < released_on), default=None)
    return Period.quarter_of(earliest or released_on - timedelta(days=1)).start


def _ask(connection: Connection, asked: _Asked, released_on: date, book: Book) -> Any:
    scope = Scope(Role.LEADERSHIP, min_group_size=book.size, book=book)
    selection = Selection(asked.window, released_on - timedelta(days=1), day_is_over=True)
    book.open_answer(asked.question.name, asked.text, str(asked.window), f"as of {released_on}")
    return asked.question.work_out(connection, selection, scope, **asked.options)


class _Remembering:
    """A connection that runs each statement once: the second time, when all ranges are known, nothing is read again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[Any, FrozenResult[Any]] = {}

    def execute(self, statement: Executable) -> Any:
        known = statement._generate_cache_key()  # type: ignore[attr-defined]  # what SQLAlchemy's own cache is keyed by
        if known is None:
            return self._connection.execute(statement)
        values = (parameter.effective_value for parameter in known.bindparams)
        key = (known.key, tuple(tuple(value) if isinstance(value, list) else value for value in values))
        if key not in self._known:
            self._known[key] = self._connection.execute(statement).freeze()
        return self._known[key]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
