"""The rows behind the marks of pictures: events, contributors and payments of a span of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from dashboard.asking import cached, filters
from dashboard.parts.figures import Opened
from dashboard.parts.shapes import ATTENDED, HELD, PAID
from dashboard.words.sentences import EVENTS, PEOPLE, Counted, say
from data_access.answers import rows
from data_access.questions.contributors.named import CountedContributor, contributors_counted
from data_access.questions.events.event_list import ListedEvent, events_list
from data_access.questions.impact.payments import ListedPayment, payments_list
from data_access.selection import Period, Selection, add_months

_PAYMENTS = Counted("{n} payment", "{n} payments")
_EVENTS_SHOWN = ("starts_on", "title", "city", "country", "scale", "language", "attendance", "url")


def events_of(selection: Selection, where: str) -> Opened:
    """The events of a selection, online ones too; `where` says which they are."""
    found = cached.answer(events_list, selection, filters.asked().scope, online=True)
    total = rows(ListedEvent, found.head(1))
    words = say("{events}: {where}", events=EVENTS(total[0].total if total else 0), where=where)
    return Opened(words, found, ListedEvent, _EVENTS_SHOWN)


def people_of(selection: Selection, which: str, where: str) -> Opened:
    """The contributors of a selection, as `contributors_counted` calls them."""
    found = cached.answer(contributors_counted, selection, filters.asked().scope, which=which)
    total = rows(CountedContributor, found.head(1))
    words = say("{people}: {where}", people=PEOPLE(total[0].total if total else 0), where=where)
    return Opened(words, found, CountedContributor, ("name", "home", "contributions", "first_on"))


def payments_of(selection: Selection, where: str) -> Opened:
    """The payments of a selection."""
    found = cached.answer(payments_list, selection, filters.asked().scope)
    total = rows(ListedPayment, found.head(1))
    words = say("{payments}: {where}", payments=_PAYMENTS(total[0].total if total else 0), where=where)
    return Opened(words, found, ListedPayment, ("paid_on", "name", "event", "paid"))


def of_span(mark: str, selection: Selection, narrowed: Mapping[str, Selection] | None = None) -> Opened | None:
    """What is behind a mark of a picture over time (`Panel.keys`); `narrowed` says what the events of a panel are."""
    what, _, rest = mark.partition(".")
    first, _, months = rest.partition(".")
    try:
        start = date.fromisoformat(first)
        period = Period(start, add_months(start, int(months)))
    except ValueError:
        return None
    own = (narrowed or {}).get(what, selection)
    within = replace(own, period=period)
    where = period.in_words()
    if what in (HELD, ATTENDED) or what in (narrowed or {}):
        return events_of(within, where)
    return payments_of(within, where) if what == PAID else people_of(within, what, where)
