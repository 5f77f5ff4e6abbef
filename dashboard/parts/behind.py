"""The rows behind the marks of pictures: events, contributors and payments of a span of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pandas as pd

from dashboard.asking import cached, filters
from dashboard.parts.figures import Opened
from dashboard.parts.shapes import ATTENDED, HELD, PAID
from dashboard.words.sentences import EVENTS, MATERIALS, PEOPLE, Counted, say
from data_access.answers import rows
from data_access.questions.contributors.named import CountedContributor, contributors_counted
from data_access.questions.events.event_list import ListedEvent, events_list
from data_access.questions.impact.payments import ListedPayment, payments_list
from data_access.questions.materials.listed import ListedMaterial, materials_list
from data_access.selection import Period, Selection, add_months

_PAYMENTS = Counted("{n} payment", "{n} payments")
_MATERIALS_SHOWN = ("published_on", "title", "kind", "language", "origin", "event", "url")
_EVENTS_SHOWN = ("starts_on", "title", "city", "country", "scale", "language", "attendance", "url")


def events_of(selection: Selection, where: str, *, online: bool = True) -> Opened:
    """The events of a selection, with or without online ones; `where` says which they are."""
    found = cached.answer(events_list, selection, filters.asked().scope, online=online)
    total = rows(ListedEvent, found.head(1))
    words = say("{events}: {where}", events=EVENTS(total[0].total if total else 0), where=where)
    return Opened(words, found, ListedEvent, _EVENTS_SHOWN)


def people_of(selection: Selection, which: str, where: str) -> Opened:
    """The contributors of a selection, as `contributors_counted` calls them."""
    found = cached.answer(contributors_counted, selection, filters.asked().scope, which=which)
    total = rows(CountedContributor, found.head(1))
    words = say("{people}: {where}", people=PEOPLE(total[0].total if total else 0), where=where)
    return Opened(words, found, CountedContributor, ("name", "home", "contributions", "first_on"))


def people_listed(found: pd.DataFrame, columns: type[NamedTuple], where: str) -> Opened:
    """The people of an answer that counts in its column `total` how many there are; `where` says which they are."""
    total = int(found["total"].iloc[0]) if len(found) else 0
    shown = [name for name in columns._fields if name not in ("person_key", "total")]
    return Opened(say("{people}: {where}", people=PEOPLE(total), where=where), found, columns, shown)


def materials_of(selection: Selection, where: str, *, kind: str = "", language: str = "", origin: str = "") -> Opened:
    """The materials of a selection, by kind or language, originals or translations."""
    scope = filters.asked().scope
    found = cached.answer(materials_list, selection, scope, kind=kind, language=language, origin=origin)
    total = int(found["total"].iloc[0]) if len(found) else 0
    words = say("{materials}: {where}", materials=MATERIALS(total), where=where)
    return Opened(words, found, ListedMaterial, _MATERIALS_SHOWN)


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
