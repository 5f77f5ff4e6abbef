"""Links: a selection survives the way into an address and back, and a broken link never breaks a page."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from dashboard.asking.links import read, to_copy, write
from data_access.contract.tables import MODES, SCALES, STATUSES
from data_access.narrowing import FILTERS
from data_access.questions.options import FilterOptions
from data_access.selection import EARLIEST, QUERY_NAMES, Period, Selection

TODAY = date(2026, 9, 15)
OPENING = Selection(period=Period(date(2025, 7, 1), date(2026, 7, 1)), as_of=TODAY)
OFFERED = FilterOptions({"country": (("DE", "Germany"), ("FR", "France"))}, date(2024, 1, 1), date(2026, 9, 1))

words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=8)
periods = st.builds(
    lambda start, days: Period(EARLIEST + timedelta(days=start), EARLIEST + timedelta(days=start + days)),
    st.integers(0, 60_000),
    st.integers(1, 5_000),
)


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


selections = st.builds(
    Selection,
    period=periods,
    as_of=st.just(TODAY),
    mode=some(MODES),
    scale=some(SCALES),
    status=some(STATUSES).filter(bool),
    **{item.name: st.lists(words, max_size=3).map(tuple) for item in FILTERS if not item.choices},
)


@given(selections)
def test_a_copied_link_opens_exactly_the_same_view(selection: Selection) -> None:
    query = dict(parse_qsl(to_copy(selection), keep_blank_values=True))
    another_day = Selection(period=Period(date(2027, 1, 1), date(2028, 1, 1)), as_of=date(2027, 5, 5))
    assert read(query, another_day if "as_of" in query else OPENING).selection == selection


@given(selections)
def test_the_address_bar_says_what_differs_from_the_opening_view(selection: Selection) -> None:
    query = write(selection, OPENING)
    assert read(query, OPENING).selection == selection
    assert ("period" in query) == (selection.period != OPENING.period)


@given(st.dictionaries(st.sampled_from([*QUERY_NAMES, "as", "other"]), st.text(max_size=40)))
def test_no_link_is_an_error(query: dict[str, str]) -> None:
    reading = read(query, OPENING, OFFERED)
    assert isinstance(reading.selection, Selection)


def test_one_bad_part_is_named_and_does_not_spoil_the_others() -> None:
    reading = read({"period": "nonsense", "country": "DE,XX", "mode": "online"}, OPENING, OFFERED)
    assert reading.selection.period == OPENING.period
    assert reading.selection.country == ("DE",)
    assert reading.selection.mode == ("online",)
    assert len(reading.ignored) == 2
    assert "'nonsense' is not a period" in reading.ignored[0]
    assert "“XX” was left out" in reading.ignored[1]


def test_the_opening_view_needs_no_parameters() -> None:
    assert write(OPENING, OPENING) == {}


def test_the_role_travels_with_the_link() -> None:
    assert dict(parse_qsl(to_copy(OPENING, "partner:a")))["as"] == "partner:a"
