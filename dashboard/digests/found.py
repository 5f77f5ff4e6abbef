"""What there is to tell now, as a role may know it: by the same questions as the pages, in the same words.

What is at risk, stale, stalled or off its pace is decided by the question of the week alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from dashboard.parts.labels import short
from dashboard.subjects.this_week import ways, words
from dashboard.words import numbers
from dashboard.words.sentences import say, sentence_case
from data_access import answers
from data_access.database.engine import Database, NoReleaseError
from data_access.money.ledger import fiscal_year_of
from data_access.program import load_program
from data_access.questions.answering import answer_from, connection_for
from data_access.questions.budget.burn import MemberBurn, budget_burn
from data_access.questions.options import filter_options
from data_access.questions.registry import question_of
from data_access.questions.this_week import items as due
from data_access.questions.this_week.due import this_week
from data_access.questions.this_week.items import DueItem
from data_access.questions.this_week.places import failed_sources, refused_files
from data_access.release.history import MadeRelease, made_releases
from data_access.selection import Period, Scope, Selection
from data_access.subscriptions import (
    CEILING,
    DATA,
    DESK,
    FLOOR,
    IMPORTS,
    QUEUE,
    RELEASE,
    TARGETS,
    TEAMS,
    TOPICS,
)

# So many of a kind are looked for; of more, nothing is said to be over that was told.
EACH = 200
NEAR_CEILING = 80  # per cent
_TOPIC_OF = {
    due.AT_RISK: FLOOR,
    due.MISSED: FLOOR,
    due.REQUEST: QUEUE,
    due.BOARD_REQUEST: QUEUE,
    due.READY: TEAMS,
    due.STALLED: TEAMS,
    due.TARGET: TARGETS,
    due.STALE: DATA,
    due.SOURCE: IMPORTS,
    due.REFUSED: IMPORTS,
}
# By the week's question; the others have their own.
_OF_THE_WEEK = frozenset({FLOOR, QUEUE, TEAMS, TARGETS, DESK, DATA})
# What tells one state of a thing from the next. A source that fails anew is no news, nor is a dispute's next step.
_STATELESS = frozenset({due.SOURCE, due.REFUSED, due.DISPUTE, due.UNMARKED, due.TARGET, due.BUDGET})
_BY_ITS_DAY = frozenset({due.AT_RISK, due.MISSED, due.STALE})


@dataclass(frozen=True, slots=True)
class News:
    """One thing: `item` is its identity and state, hashed; `path` leads to where it is done, from the site on."""

    item: str
    topic: str
    kind: str
    head: str
    when: str
    words: str
    way: str
    path: str
    names_person: bool = False


@dataclass(frozen=True, slots=True)
class ToTell:
    """All there is to tell: `periods` says of which time each topic is, `cut_off` are kinds with more than are here."""

    program: str
    today: date
    news: tuple[News, ...]
    periods: Mapping[str, str]
    cut_off: frozenset[str]

    def kinds(self) -> dict[str, str]:
        """The kind of each by its item."""
        return {each.item: each.kind for each in self.news}

    def only(self, items: Collection[str]) -> tuple[News, ...]:
        """Those of them that are these."""
        return tuple(each for each in self.news if each.item in items)


def found(database: Database, scope: Scope, topics: Collection[str], today: date) -> ToTell:
    """What there is to tell of the topics that the scope's role may know."""
    allowed = [topic for topic in TOPICS if topic in topics and scope.role in TOPICS[topic].roles]
    with database.program.connect() as connection:
        program = load_program(connection)
    scope = replace(scope, min_group_size=program.min_group_size)
    year = fiscal_year_of(today, program)
    fiscal = Period(year.start, year.end)
    news: list[News] = []
    cut_off: set[str] = set()
    if _OF_THE_WEEK & set(allowed):
        options: dict[str, object] = {"whose": "", "most": 0, "of_each": EACH}
        answer = answer_from(database, question_of(this_week), Selection(as_of=today), scope, **options)
        things = answers.rows(DueItem, answer)
        listed = Counter(thing.kind for thing in things)
        cut_off |= {thing.kind for thing in things if thing.in_all > listed[thing.kind]}
        names = _names(database, scope) if listed[due.TARGET] else {}
        news += [_of_thing(thing, scope, names) for thing in things]
    if IMPORTS in allowed:
        with database.program.connect() as connection:
            things = [*failed_sources(connection, today, EACH), *refused_files(connection, today, EACH)]
        news += [_of_thing(thing, scope, {}) for thing in things]
    if CEILING in allowed:
        answer = answer_from(
            database, question_of(budget_burn), Selection(as_of=today), scope, size=EACH, at_least=NEAR_CEILING
        )
        burns = answers.rows(MemberBurn, answer)
        news += [_of_burn(row, fiscal) for row in burns]
        cut_off |= {CEILING for row in burns if row.matches > len(burns)}
    if RELEASE in allowed:
        news += map(of_release, releases_made(database, today)[:1])
    periods = {
        FLOOR: say("{quarter}, as of {day}", quarter=sentence_case(Period.quarter_of(today).in_words()), day=today),
        CEILING: say("Fiscal year {period}, as of {day}", period=fiscal.in_words(), day=today),
    }
    as_of = say("As of {day}", day=today)
    kept = tuple(each for each in news if each.topic in allowed)
    periods = {topic: periods.get(topic, as_of) for topic in allowed}
    return ToTell(program.name or "Uplift", today, kept, periods, frozenset(cut_off))


def identity(kind: str, key: str, state: object) -> str:
    """By what a thing in a state is known among those that were told: no key of a person can be read from it."""
    return hashlib.sha256(f"{kind}\x1f{key}\x1f{state}".encode()).hexdigest()


def _state(thing: DueItem) -> object:
    if thing.kind in _BY_ITS_DAY:
        return thing.due_on
    return "" if thing.kind in _STATELESS else thing.state


def _of_thing(thing: DueItem, scope: Scope, names: Mapping[str, Mapping[str, str]]) -> News:
    where = ways.way_of(thing, scope.role)
    return News(
        identity(thing.kind, thing.key, _state(thing)),
        _TOPIC_OF.get(thing.kind, DESK),
        thing.kind,
        words.HEADS[thing.kind],
        words.when(thing),
        words.sentence(thing, names),
        where.label,
        _path(where),
        names_person=thing.person is not None,
    )


def _path(where: ways.Way) -> str:
    query = urlencode(dict(where.chosen))
    return "".join((f"/{where.page}", query and f"?{query}", where.part and f"#{where.part}"))


def _of_burn(row: MemberBurn, year: Period) -> News:
    is_over = row.state == "over"
    who = short(row.name or row.person_key, words.LONGEST_NAME)
    known: dict[str, object] = {
        "who": who,
        "ceiling": numbers.money(row.ceiling or 0, row.currency),
        "used": numbers.money(row.paid + row.committed, row.currency),
        "year": year.in_words(),
    }
    if is_over:
        said = say("{who} is over the ceiling of {ceiling} for {year}: {used} are paid or approved.", **known)
    else:
        said = say(
            "{who} has used {share} of the ceiling of {ceiling} for {year}: {used} are paid or approved.",
            share=numbers.percent(row.burn or 0),
            **known,
        )
    where = ways.Way("Open the member", "person", {"person": row.person_key})
    item = identity(CEILING, row.person_key, ("over" if is_over else "near", year.start))
    head = "Over the ceiling" if is_over else "Near the ceiling"
    return News(item, CEILING, CEILING, head, "", said, where.label, _path(where), names_person=True)


def releases_made(database: Database, today: date) -> list[MadeRelease]:
    """The releases that were made, as everybody may know them, the newest first."""
    try:
        with database.outside() as connection:
            return made_releases(connection, today)
    except NoReleaseError:
        return []


def of_release(release: MadeRelease) -> News:
    """That it was made, as everybody is told."""
    said = say(
        "Counts of people and money up to the end of the {quarter} are released: outside, pages show them from now on.",
        quarter=release.quarter.in_words(),
    )
    item = identity(RELEASE, str(release.number), release.released_on)
    return News(item, RELEASE, RELEASE, "A release was made", "", said, "Look at the impact", "/impact")


def _names(database: Database, scope: Scope) -> Mapping[str, Mapping[str, str]]:
    with connection_for(database, scope) as connection:
        return filter_options(connection, of_people=False).names()
