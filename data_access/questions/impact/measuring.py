"""The figures of the impact summary, for one selection or for many in the same few statements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select, union_all

from data_access.answers import rows
from data_access.database.schema import contributor_spans, events, funding_conversions, funding_requests
from data_access.geography.language_reach import base_language
from data_access.program import Program
from data_access.questions.contributors.activity import (
    active_contributors,
    active_counts,
    can_count,
    last_day,
    new_to_these,
    shown_new_contributors,
)
from data_access.questions.impact.windows import (
    SAME_REQUEST,
    ContributorsMeasured,
    PaidMeasured,
    contributors_measured,
    paid_conditions,
    paid_measured,
)
from data_access.questions.registry import question_of
from data_access.questions.teams.activity import activity
from data_access.selection import Period, Role, Scope, Selection
from data_access.wording import counted, say

OF_EVENTS = ("events", "attendance", "countries", "languages")
ACTIVE, NEW, SPEND = "active_contributors", "new_contributors", "spend"
PEOPLE_MEASURES = (ACTIVE, NEW)
MEASURES = (*OF_EVENTS, *PEOPLE_MEASURES, SPEND)
_NO_LANGUAGE = "und"  # BCP-47: undetermined
NEW_TO_TEAM, NEW_TO_AREA = "new to the program; new to this team: {n}", "new to the program; new to this area: {n}"
# The notes of a count that is withheld for that reason alone.
FEW_PEOPLE, FEW_RELEASED = "fewer than {size} people", "fewer than {size} people; as released: {window}"
ABOUT, ABOUT_RELEASED = "about", "about; as released: {window}"
RELEASED_MEASURES = (*PEOPLE_MEASURES, SPEND)
NOT_BROKEN_DOWN, NOTHING_RELEASED = "released figures are not broken down", "nothing was released yet"


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure and what is to be known about it; without a value, the note says why."""

    value: int | Decimal | None
    note: str = ""
    reporting: int | None = None
    # The window that was released, where it is not worked out from the program's own tables.
    window: Period | None = None


_Figures = dict[Selection, dict[str, Measured]]
# So many selections a statement: SQLite takes at most 500 parts of a UNION ALL.
_MOST = 100


def measured(
    connection: Connection,
    selections: Iterable[Selection],
    scope: Scope,
    program: Program,
    measures: Collection[str] = MEASURES,
) -> _Figures:
    """The measures that are wanted of each selection, as the scope may see them; others may be among them."""
    found: _Figures = {selection: {} for selection in selections}
    for names, measure in _TOGETHER:
        wanted = [name for name in names if name in measures]
        for selection, figures in measure(connection, list(found), scope, program, wanted).items() if wanted else ():
            found[selection] |= figures
    return found


def _each(
    connection: Connection, selections: Sequence[Selection], part: Callable[[Selection], Select[Any]]
) -> Iterator[tuple[Selection, Any]]:
    """The rows of every selection, asked in few statements: the part of each begins with its number."""
    for start in range(0, len(selections), _MOST):
        some = selections[start : start + _MOST]
        numbered = (part(each).add_columns(literal_column(str(at)).label("number")) for at, each in enumerate(some))
        for row in connection.execute(union_all(*numbered)).all():
            yield some[row.number], row


def _events(
    connection: Connection, selections: Sequence[Selection], scope: Scope, program: Program, wanted: Sequence[str]
) -> _Figures:
    def counts(selection: Selection) -> Select[Any]:
        attendance, unnamed = selection.attendance(), func.coalesce(events.c.languages, "").in_(("", _NO_LANGUAGE))
        numbers: list[ColumnElement[Any]] = [
            func.count().label("events"),
            func.sum(attendance).label("attendance"),
            func.count().filter(attendance.is_(None)).label("unreported"),
            func.count().filter(unnamed).label("unnamed"),
            func.count(func.distinct(events.c.located_country)).label("countries"),
        ]
        return select(*numbers).where(*selection.conditions())

    def lists(selection: Selection) -> Select[Any]:
        # By the lists of events, which are few and stand in the events themselves.
        listed = events.c.languages
        return select(listed).distinct().where(listed.is_not(None), *selection.conditions())

    tags: dict[Selection, set[str]] = {}
    for selection, row in _each(connection, selections, lists) if "languages" in wanted else ():
        tags.setdefault(selection, set()).update(row.languages.split(";"))
    found: _Figures = {}
    for selection, row in _each(connection, selections, counts):
        attendance = None if row.attendance is None else int(row.attendance)
        unreported = _missing("{n} of {events} events report none", row.unreported, row.events)
        found[selection] = {
            "events": Measured(row.events),
            "attendance": Measured(0 if not row.events else attendance, unreported, row.events - row.unreported),
            "countries": Measured(row.countries),
        }
        if "languages" in wanted:
            languages = {base_language(tag) for tag in tags.get(selection, ())} - {_NO_LANGUAGE}
            unnamed = _missing("{n} of {events} events name none", row.unnamed, row.events)
            found[selection]["languages"] = Measured(len(languages), unnamed)
    return found


def _missing(template: str, missing: int, of: int) -> str:
    return say(template, n=missing, events=of) if missing else ""


def _people(
    connection: Connection, selections: Sequence[Selection], scope: Scope, program: Program, wanted: Sequence[str]
) -> _Figures:
    if not scope.exact:
        return {selection: _released_people(connection, selection, scope) for selection in selections}
    found: _Figures = {}
    for selection in selections:
        filters = ", ".join(item.label.lower() for item in selection.narrowed_by)
        why = say("contributors are not counted by {filters}", filters=filters)
        found[selection] = {} if can_count(selection) else dict.fromkeys(PEOPLE_MEASURES, Measured(None, why))
    countable = [selection for selection in selections if can_count(selection)]
    if ACTIVE in wanted:
        for selection, number in _active(connection, countable, program).items():
            found[selection][ACTIVE] = Measured(number)
    if NEW in wanted:
        for selection, came in _new(connection, countable, scope).items():
            found[selection][NEW] = Measured(came, _new_note(connection, selection))
    return found


def _active(connection: Connection, selections: Sequence[Selection], program: Program) -> dict[Selection, int]:
    found: dict[Selection, int] = {}
    everybody = [selection for selection in selections if not selection.narrowed_by]
    if everybody:
        days = [last_day(selection.period, selection.as_of) for selection in everybody]
        found |= zip(everybody, active_counts(connection, everybody[0], program, days), strict=True)
    of_team = {
        selection: (selection.team[0], last_day(selection.period, selection.as_of))
        for selection in selections
        if len(selection.team) == len(selection.narrowed_by) == 1
    }
    by_team = activity(connection, program, of_team.values())
    found |= {selection: by_team[pair][0] for selection, pair in of_team.items()}
    others = (selection for selection in selections if selection not in found)
    return found | {selection: active_contributors(connection, selection, program) for selection in others}


def _new(connection: Connection, selections: Sequence[Selection], scope: Scope) -> dict[Selection, int | None]:
    began = contributor_spans.c.first_on

    def in_period(selection: Selection) -> Select[Any]:
        within = (began >= selection.period.start, began <= last_day(selection.period, selection.as_of))
        return select(func.count().label("people")).select_from(contributor_spans).where(*within)

    everybody = [selection for selection in selections if not selection.narrowed_by]
    found: dict[Selection, int | None] = {
        selection: row.people for selection, row in _each(connection, everybody, in_period)
    }
    others = (selection for selection in selections if selection.narrowed_by)
    return found | {selection: shown_new_contributors(connection, selection, scope) for selection in others}


def _new_note(connection: Connection, selection: Selection) -> str:
    if not (selection.team or selection.area):
        return ""
    return say(NEW_TO_TEAM if selection.team else NEW_TO_AREA, n=new_to_these(connection, selection))


def _released_people(connection: Connection, selection: Selection, scope: Scope) -> dict[str, Measured]:
    told = rows(ContributorsMeasured, question_of(contributors_measured).ask(connection, selection, scope))
    if not told:
        return dict.fromkeys(PEOPLE_MEASURES, _not_told(selection))
    counts = dict(zip(PEOPLE_MEASURES, told[0][1:], strict=True))
    return {name: _released_count(count, told[0].window, selection, scope) for name, count in counts.items()}


def _not_told(selection: Selection) -> Measured:
    return Measured(None, NOT_BROKEN_DOWN if selection.narrowed_by else NOTHING_RELEASED)


def _released_count(count: int | None, window: str, selection: Selection, scope: Scope) -> Measured:
    """A released count; its note says that it is not exact, and for which days where others were asked about."""
    shown = Period.parse(window)
    if shown == selection.period:
        note = say(FEW_PEOPLE, size=scope.min_group_size) if count is None else ABOUT
    else:
        template = FEW_RELEASED if count is None else ABOUT_RELEASED
        note = say(template, size=scope.min_group_size, window=shown.in_words())
    return Measured(count, note, window=shown)


def _spend(
    connection: Connection, selections: Sequence[Selection], scope: Scope, program: Program, wanted: Sequence[str]
) -> _Figures:
    def same(note: str) -> _Figures:
        return {selection: {SPEND: Measured(None, note)} for selection in selections}

    if not program.currency:
        return same("no program with a currency is imported yet")
    if scope.role is Role.PUBLIC:
        return same("money is shown to the public in the publication")
    if not scope.inside:
        return {selection: {SPEND: _released_spend(connection, selection, scope)} for selection in selections}
    paid = funding_conversions.c.paid

    def payments(selection: Selection) -> Select[Any]:
        without = func.count().filter(paid.is_(None)).label("without")
        sums: list[ColumnElement[Any]] = [func.sum(paid).label("paid"), func.count().label("payments"), without]
        return (
            select(*sums)
            .join_from(funding_requests, funding_conversions, SAME_REQUEST)
            .where(*paid_conditions(selection))
        )

    one, other = "{n} payment excluded: no exchange rate", "{n} payments excluded: no exchange rate"
    found: _Figures = {}
    for selection, row in _each(connection, selections, payments):
        amount = row.paid if row.paid is not None or row.payments else Decimal(0)
        found[selection] = {SPEND: Measured(amount, counted(row.without, one, other) if row.without else "")}
    return found


def _released_spend(connection: Connection, selection: Selection, scope: Scope) -> Measured:
    told = rows(PaidMeasured, question_of(paid_measured).ask(connection, selection, scope))
    return _released_amount(told[0], selection) if told else _not_told(selection)


def _released_amount(told: PaidMeasured, selection: Selection) -> Measured:
    shown = Period.parse(told.window)
    if shown == selection.period:
        note = "too few people were paid, or one of them most of it" if told.paid is None else ABOUT
    else:
        template = (
            "too few people were paid, or one of them most of it; as released: {window}"
            if told.paid is None
            else ABOUT_RELEASED
        )
        note = say(template, window=shown.in_words())
    return Measured(told.paid, note, window=shown)


_Measuring = Callable[[Connection, Sequence[Selection], Scope, Program, Sequence[str]], _Figures]
# What one look at the data measures together.
_TOGETHER: tuple[tuple[tuple[str, ...], _Measuring], ...] = (
    (OF_EVENTS, _events),
    (PEOPLE_MEASURES, _people),
    ((SPEND,), _spend),
)
