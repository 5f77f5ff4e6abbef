"""The pages: file, title, the question each answers, who may open it, and its address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from dashboard.api.finding import PageToFind
from dashboard.asking.access import Viewer, refuse
from dashboard.words.sentences import say
from data_access.selection import EVERYBODY, INSIDE, QUERY_NAMES, STAFF, Role

_BEGAN_ON_IMPACT = "uplift_began_on_impact"
PAGES_FOLDER = Path(__file__).resolve().parent.parent / "pages"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page. `roles` decides what the navigation shows; the page's own `require` protects it.

    `heeds` names the filters that change something on the page: no other is shown on it; where that depends on what is
    chosen on the page, it asks. On a page of `people` they offer homes and what people have, else what events have.
    """

    file: str
    title: str
    question: str
    roles: frozenset[Role]
    url_path: str
    icon: str
    heeds: frozenset[str] | Callable[[], frozenset[str]] = frozenset()
    people: bool = False

    @property
    def heeded(self) -> frozenset[str]:
        """The filters that are shown now."""
        return self.heeds() if callable(self.heeds) else self.heeds


EVERY_FILTER = frozenset(name for name in QUERY_NAMES if name != "as_of")


def _about_people() -> frozenset[str]:
    from dashboard.subjects.people.panel import heeded  # here and below: only the page itself needs what it needs

    return heeded()


def _about_data() -> frozenset[str]:
    from dashboard.subjects.data.words import CHOSEN, QUALITY_OF

    return EVERY_FILTER if st.query_params.get(QUALITY_OF) == CHOSEN else frozenset()


def _about_organizers() -> frozenset[str]:
    from dashboard.subjects.organizers.panel import is_as_of_the_day

    return frozenset() if is_as_of_the_day() else EVERY_FILTER


# Of people: their homes, what they did first, and the event that brought them.
OF_PEOPLE = EVERY_FILTER - {"status"}

PAGES: tuple[PageEntry, ...] = (
    PageEntry(
        "this_week.py",
        "This week",
        "What needs you this week?",
        frozenset({Role.PM, Role.BOARD, Role.PARTNER}),
        "this-week",
        ":material/today:",
    ),
    PageEntry(
        "impact.py",
        "Impact",
        "What did the program achieve?",
        EVERYBODY,
        "impact",
        ":material/trending_up:",
        heeds=EVERY_FILTER,
    ),
    PageEntry(
        "event_map.py",
        "Event map",
        "Where are we, and where are we not?",
        EVERYBODY,
        "event-map",
        ":material/public:",
        heeds=EVERY_FILTER,
    ),
    PageEntry(
        "people.py",
        "People",
        "Who is here, and who is missing?",
        STAFF,
        "people",
        ":material/diversity_3:",
        heeds=_about_people,
        people=True,
    ),
    PageEntry(
        "languages.py",
        "Languages",
        "In which languages do we work, and whom do they reach?",
        STAFF,
        "languages",
        ":material/translate:",
        heeds=EVERY_FILTER,
    ),
    PageEntry(
        "materials.py",
        "Materials",
        "What do we make and teach, about what, and in whose context?",
        STAFF,
        "materials",
        ":material/menu_book:",
        heeds=EVERY_FILTER,
    ),
    PageEntry(
        "funnel.py",
        "Funnel",
        "How do people become contributors, and where do we lose them?",
        STAFF,
        "funnel",
        ":material/filter_alt:",
        heeds=OF_PEOPLE,
        people=True,
    ),
    PageEntry(
        "retention.py",
        "Retention",
        "Who comes back, and what brings them?",
        STAFF,
        "retention",
        ":material/event_repeat:",
        heeds=EVERY_FILTER,
        people=True,
    ),
    PageEntry(
        "organizers.py",
        "Events and organizers",
        "Do events drive action, and who carries them?",
        STAFF,
        "organizers",
        ":material/event_available:",
        heeds=_about_organizers,
    ),
    PageEntry(
        "teams.py",
        "Teams",
        "What must each team do next?",
        STAFF,
        "teams",
        ":material/groups:",
        heeds=frozenset({"team", "area"}),
    ),
    PageEntry(
        "spaces.py",
        "Spaces",
        "Does each space keep its schedule, and whom does it bring?",
        STAFF,
        "spaces",
        ":material/meeting_room:",
        heeds=frozenset({"period", "space"}),
    ),
    PageEntry(
        "budget.py",
        "Budget",
        "How fast does the money burn?",
        frozenset({Role.PM, Role.BOARD, Role.LEADERSHIP}),
        "budget",
        ":material/account_balance_wallet:",
        heeds=frozenset({"period"}),
    ),
    PageEntry(
        "members.py",
        "Members",
        "Who is above the floor, and who needs us before the quarter ends?",
        frozenset({Role.PM, Role.BOARD, Role.LEADERSHIP}),
        "members",
        ":material/badge:",
        heeds=frozenset({"period", "country", "region"}),
        people=True,
    ),
    PageEntry(
        "requests.py",
        "Requests",
        "Which request comes next, and what would it do?",
        frozenset({Role.PM, Role.BOARD}),
        "requests",
        ":material/inbox:",
    ),
    PageEntry(
        "health.py",
        "Health",
        "What will go wrong if nobody acts, and who has to?",
        frozenset({Role.PM, Role.BOARD}),
        "health",
        ":material/monitor_heart:",
    ),
    PageEntry(
        "strategy.py",
        "Strategy",
        "What do we want, how far are we, and what was decided?",
        STAFF,
        "strategy",
        ":material/flag:",
        heeds=frozenset({"period"}),
    ),
    PageEntry(
        "data.py",
        "Data",
        "How complete and fresh is the data?",
        STAFF,
        "data",
        ":material/database:",
        heeds=_about_data,
    ),
    PageEntry(
        "person.py",
        "Person",
        "What do we know of a person?",
        INSIDE,
        "person",
        ":material/person_search:",
    ),
    PageEntry(
        "viewers.py",
        "Viewers",
        "Who may look, and as what?",
        frozenset({Role.PM}),
        "viewers",
        ":material/manage_accounts:",
    ),
)

# One for each thing with a name: reached from its name and from the search, not from the navigation.
NAMED_PAGES: tuple[PageEntry, ...] = tuple(
    PageEntry(f"{kind}.py", title, question, STAFF, kind, icon)
    for kind, title, question, icon in (
        ("team", "Team", "What happened in a team?", ":material/groups:"),
        ("event", "Event", "What led to an event, and what came of it?", ":material/event:"),
        ("country", "Country", "What happened in a country?", ":material/flag:"),
        ("space", "Space", "What happened at a space?", ":material/meeting_room:"),
    )
)


def pages_to_find() -> list[PageToFind]:
    """The pages as the search knows them."""
    return [
        PageToFind(entry.title, entry.question, f"/{entry.url_path}", PAGES_FOLDER / entry.file, entry.roles)
        for entry in PAGES
    ]


def choose_page(viewer: Viewer) -> tuple[PageEntry, st.Page, dict[str, st.Page]]:
    """Show the pages open to the viewer, and return the one to run, with its entry, and those open, by their address.

    The first that is open to them is their start page: it opens without a name, and by its own. Entries that are not
    open stay registered, hidden: their address answers with a sentence instead of “not found”.
    """
    first = _start_page(viewer)
    pages: dict[str, st.Page] = {}
    entries = (*PAGES, *NAMED_PAGES)
    for entry in entries:
        is_shown = viewer.role in entry.roles and entry in PAGES
        pages[entry.url_path] = _page(entry, viewer, default=entry is first, is_shown=is_shown)
    by_name = _page(first, viewer, default=False, is_shown=False)
    st.session_state["uplift_home"] = pages[first.url_path]
    st.session_state["uplift_data_page"] = pages["data"]
    chosen = st.navigation([*pages.values(), by_name], expanded=True)
    names = {id(page): entry for page, entry in zip(pages.values(), entries, strict=True)}
    theirs = {entry.url_path: pages[entry.url_path] for entry in entries if viewer.role in entry.roles}
    return names.get(id(chosen), first), chosen, theirs


def tab_title(entry: PageEntry, program: str) -> str:
    """What the browser's tab and its history say: the page first, for a tab is narrow."""
    return say("{page} – {program}", page=entry.title, program=program)


def _page(entry: PageEntry, viewer: Viewer, *, default: bool, is_shown: bool) -> st.Page:
    is_open = viewer.role in entry.roles
    return st.Page(
        PAGES_FOLDER / entry.file if is_open else _closed(entry, viewer),
        title=entry.title,
        icon=entry.icon,
        url_path="" if default else entry.url_path,
        default=default,
        visibility="visible" if is_shown else "hidden",
    )


def _start_page(viewer: Viewer) -> PageEntry:
    """The first page that is open; Impact for a session that began with filters and no page, as links of before do."""
    path = urlsplit(st.context.url or "").path
    has_filters = any(name in st.query_params for name in EVERY_FILTER)
    if st.session_state.setdefault(_BEGAN_ON_IMPACT, path in ("", "/") and has_filters):
        return next(entry for entry in PAGES if entry.url_path == "impact")
    return next(entry for entry in PAGES if viewer.role in entry.roles)


def _closed(entry: PageEntry, viewer: Viewer) -> Callable[[], None]:
    return lambda: refuse(viewer.role, sorted(entry.roles))
