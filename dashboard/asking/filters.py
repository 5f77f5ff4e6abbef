"""The filters: sidebar ↔ address ↔ Selection. The address is the one source of truth; widgets show and change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from dashboard import settings
from dashboard.asking import cached, links, run
from dashboard.asking.access import Viewer
from dashboard.words import periods
from dashboard.words.sentences import listed, say, sentence_case
from dashboard.words.text import plain
from data_access.contract.tables import STATUSES
from data_access.geography.languages import language_name
from data_access.narrowing import FILTERS
from data_access.questions.options import FilterOptions
from data_access.selection import QUERY_NAMES, Period, Scope, Selection

CUSTOM = "custom"
FIRST_SHOWN = ("country", "region")
MOST_UNFOLDED, MOST_TOPICS = 3, 200
STATUS_CHOICES = {
    ("held",): "Held",
    ("held", "planned"): "Held and planned",
    ("planned",): "Planned",
    ("cancelled",): "Cancelled",
    tuple(sorted(STATUSES)): "Any status",
}
_REMEMBERED, _PATH, _IS_CUSTOM = "uplift_remembered", "uplift_path", "uplift_custom_period"


@dataclass(frozen=True, slots=True)
class Asked:
    """What this run is about: who looks, what they ask, what a page opens with, and what the link got wrong.

    `heeds` are the filters that change something on this page; `people` says that it is a page of people.
    """

    viewer: Viewer
    selection: Selection
    opening: Selection
    offered: FilterOptions
    ignored: tuple[str, ...]
    heeds: frozenset[str]
    people: bool

    @property
    def scope(self) -> Scope:
        return self.viewer.scope

    @property
    def names(self) -> dict[str, dict[str, str]]:
        """Names of filter values, for sentences."""
        names = self.offered.names()
        names["language"] = {tag: language_name(tag) for tag in names.get("language", {})}
        return names


def asked() -> Asked:
    """What this run is about; set by `main.py` before any page runs."""
    found: Asked = run.recall(run.ASKED)
    return found


def remember_across_pages() -> None:
    """Streamlit empties the address when another page is opened: put the filters back. Call before reading it."""
    path = urlsplit(st.context.url or "").path
    moved = st.session_state.get(_PATH, path) != path
    st.session_state[_PATH] = path
    ours = {*QUERY_NAMES, links.ROLE}
    if moved and not ours & set(st.query_params) and st.session_state.get(_REMEMBERED):
        st.query_params.from_dict(own_parameters() | st.session_state[_REMEMBERED])


def read(viewer: Viewer, heeds: frozenset[str], *, people: bool = False) -> Asked:
    """The selection that the address asks for, on a page that heeds these filters."""
    today, offered = settings.current().today(), cached.choices(viewer.scope)
    if people and not viewer.scope.exact:
        heeds = heeds & {"period"}  # released counts of people are not filtered
    opening = Selection(period=periods.opening_period(today, offered.first, offered.last), as_of=today)
    reading = links.read(st.query_params.to_dict(), opening, offered)
    found = Asked(viewer, reading.selection, opening, offered, reading.ignored, heeds, people)
    run.remember(run.ASKED, found)
    run.remember(run.READER, viewer.name)
    st.session_state[_REMEMBERED] = links.write(found.selection, opening, viewer.parameter)
    return found


def ask(selection: Selection) -> None:
    """Change what is asked: the address now says so. For callbacks."""
    now = asked()
    st.query_params.from_dict(own_parameters() | links.write(selection, now.opening, now.viewer.parameter))


def own_parameters() -> dict[str, str]:
    """What of the address belongs to the page itself, like the team it shows: filters leave it alone."""
    ours = {*QUERY_NAMES, links.ROLE}
    return {name: value for name, value in st.query_params.to_dict().items() if name not in ours}


def without(name: str) -> None:
    """Take one filter away; the period and the status go back to what a page opens with."""
    now = asked()
    back: dict[str, Any] = {name: getattr(now.opening, name)}
    if name == "period":
        st.session_state[_IS_CUSTOM] = False
    ask(replace(now.selection, **back))


def reset() -> None:
    """Back to what a page opens with."""
    st.session_state[_IS_CUSTOM] = False
    ask(asked().opening)


def narrow(name: str, values: tuple[str, ...]) -> None:
    """Set one filter to these values."""
    chosen: dict[str, Any] = {name: values}
    ask(replace(asked().selection, **chosen))


def sidebar(now: Asked) -> None:
    """Every filter that the page heeds and that has something to offer; the rarer ones fold away until used."""
    if "period" in now.heeds:
        _choose_period(now)
    heeded = [item for item in FILTERS if item.name in now.heeds]
    rarer = [item for item in heeded if item.name not in FIRST_SHOWN]
    if len(heeded) <= MOST_UNFOLDED:
        rarer = []
    for item in heeded:
        if item not in rarer:
            _choose_values(now, item.name, item.label, item.choices)
    if not rarer:
        return
    has_status = "status" in now.heeds
    used = sum(bool(getattr(now.selection, item.name)) for item in rarer)
    used += has_status and now.selection.status != ("held",)
    label = say("More filters ({n} in use)", n=used) if used else "More filters"
    with st.expander(label, expanded=bool(used)):
        for item in rarer:
            _choose_values(now, item.name, item.label, item.choices)
        if has_status:
            _choose_status(now)


def _show(key: str, value: object) -> None:
    """Let the widget show the value, without touching one that shows it already (it may be in the user's hands)."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _choose_period(now: Asked) -> None:
    listed = periods.choices(now.selection.as_of, now.offered.first, now.offered.last)
    custom = st.session_state.get(_IS_CUSTOM, False) or now.selection.period not in listed
    _show("period", CUSTOM if custom else now.selection.period)
    st.selectbox(
        "Period",
        [*listed, CUSTOM],
        format_func=lambda choice: "Other dates…" if choice == CUSTOM else listed[choice],
        key="period",
        on_change=_period_chosen,
    )
    if not custom:
        return
    period = _within_data(now.selection.period, now.offered)
    _show("first_day", period.start)
    _show("last_day", period.end - timedelta(days=1))
    for label, key in (("First day", "first_day"), ("Last day", "last_day")):
        st.date_input(
            label,
            key=key,
            format="YYYY-MM-DD",
            min_value=periods.ALL_TIME.start,
            max_value=periods.ALL_TIME.end - timedelta(days=1),
            on_change=_days_chosen,
        )
    if st.session_state.pop("uplift_bad_days", False):
        st.caption("The last day must not lie before the first. The period stays as it was.")


def _within_data(period: Period, offered: FilterOptions) -> Period:
    if period != periods.ALL_TIME or offered.first is None or offered.last is None:
        return period
    return Period(offered.first, offered.last + timedelta(days=1))


def _period_chosen() -> None:
    choice = st.session_state["period"]
    st.session_state[_IS_CUSTOM] = choice == CUSTOM
    if isinstance(choice, Period):
        ask(replace(asked().selection, period=choice))


def _days_chosen() -> None:
    first, last = st.session_state.get("first_day"), st.session_state.get("last_day")
    if not isinstance(first, date) or not isinstance(last, date) or last < first:
        st.session_state["uplift_bad_days"] = True
        return
    ask(replace(asked().selection, period=Period(first, last + timedelta(days=1))))


def _choose_values(now: Asked, name: str, label: str, choices: tuple[str, ...]) -> None:
    chosen = list(getattr(now.selection, name))
    named = named_values(now, name, choices)
    options = list(named) + [value for value in chosen if value not in named]
    if not options:
        return
    key = f"filter_{name}"
    _show(key, chosen)
    st.multiselect(
        label,
        options,
        format_func=lambda value: named.get(value, value),
        key=key,
        on_change=_values_chosen,
        args=(name,),
        placeholder="All",
        select_all=False,
    )


def named_values(now: Asked, name: str, choices: tuple[str, ...]) -> Mapping[str, str]:
    """The values that a filter offers, by what they are called; `choices` where they do not come from the program."""
    if choices:
        return {value: value.replace("_", " ").capitalize() for value in choices}
    namer: Callable[[str, str], str] = (
        (lambda tag, _: language_name(tag)) if name == "language" else (lambda _, own: own)
    )
    most = MOST_TOPICS if name == "topic" else None  # the most frequent come first
    pairs = [(value, namer(value, own)) for value, own in now.offered.of(name, people=now.people)[:most]]
    return dict(sorted(pairs, key=lambda pair: pair[1].casefold()))


def _values_chosen(name: str) -> None:
    narrow(name, tuple(st.session_state[f"filter_{name}"]))


def _choose_status(now: Asked) -> None:
    options = list(STATUS_CHOICES)
    if now.selection.status not in STATUS_CHOICES:
        options.append(now.selection.status)
    _show("filter_status", now.selection.status)
    st.selectbox(
        "Status",
        options,
        format_func=lambda status: STATUS_CHOICES.get(status) or sentence_case(listed(status)),
        key="filter_status",
        on_change=lambda: narrow("status", st.session_state["filter_status"]),
    )


def show_ignored(now: Asked) -> None:
    """What of the link was left out, a sentence each, in one place."""
    sentences = [*now.ignored, *([now.viewer.ignored] if now.viewer.ignored else [])]
    if sentences:
        st.warning("  \n".join(plain(sentence) for sentence in sentences), icon=":material/link_off:")


def narrow_to_row(table_key: str, values: Sequence[str], name: str) -> None:
    """Narrow to the value of the row that was selected in a table. For callbacks."""
    rows = st.session_state[f"table_{table_key}"].selection.rows
    known = {value for value, _ in asked().offered.values.get(name, ())}
    if rows and values[rows[0]] in known:
        narrow(name, (values[rows[0]],))
