"""The parts of the People page: each asks its own questions, and only when it is looked at."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.figures import show_figure
from dashboard.parts.tables import table_with_download
from dashboard.subjects.people import words
from dashboard.subjects.people.charts import dots_picture, lorenz_picture, trend_picture
from dashboard.words.ranges import people_words
from dashboard.words.text import plain
from data_access.derived.people_counts import BREAKDOWNS
from data_access.questions.contributors.populations import without_meaning
from data_access.questions.people.diversity import VALUE, attribute_funnel, attribute_shares, attribute_trend
from data_access.questions.people.fairness import fairness, lorenz_curve


def _share(label: str) -> Any:
    return st.column_config.NumberColumn(label, format="percent", width="small")


def chosen_view() -> str:
    """Which part of the page is looked at; the chooser stands further down."""
    return _chosen("view", words.VIEWS)


def choose_view() -> None:
    """Choose which part of the page is looked at."""
    _choose("View", "view", words.VIEWS)


def chosen_population(view: str) -> str:
    """Whose picture it is: some parts are about applicants or members alone."""
    return words.ABOUT.get(view) or _chosen("who", words.NAMES)


def choose_population(view: str) -> None:
    """Choose whose picture it is, where there is a choice."""
    if view not in words.ABOUT:
        _choose("Who", "who", words.NAMES)


def _chosen(name: str, names: dict[str, str]) -> str:
    """The choice, at first the one that the address names."""
    key = f"people_{name}"
    if st.session_state.get(key) not in names:
        asked = st.query_params.get(name, "")
        st.session_state[key] = asked if asked in names else next(iter(names))
    return str(st.session_state[key])


def _choose(label: str, name: str, names: dict[str, str]) -> None:
    st.segmented_control(
        label,
        list(names),
        format_func=names.__getitem__,
        key=f"people_{name}",
        on_change=_remember,
        args=(name, names),
        label_visibility="collapsed",
        required=True,
    )


def _remember(name: str, names: dict[str, str]) -> None:
    """The address says what was chosen, so that a link opens it again."""
    chosen = st.session_state[f"people_{name}"]
    if chosen in (None, next(iter(names))):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = chosen


def show(view: str, population: str, shares: pd.DataFrame) -> None:
    """The chosen part."""
    parts = {"now": _now, "trend": _trend, "groups": _groups, "steps": _steps, "fair": _fair}
    parts[view](filters.asked(), population, shares)


def _now(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    size = now.scope.min_group_size
    others = [name for name in ("members", "applicants", "speakers") if name != population][:2]
    beside = [cached.answer(attribute_shares, now.selection, now.scope, population=name) for name in others]
    made = words.dots(shares, beside, size)
    st.caption(
        "Shares of those who say, with 95% intervals. Grey dots: not disclosed, of all; and small groups together. "
        "Open shapes: other people of the program."
    )
    show_figure(dots_picture(made, [words.NAMES[name] for name in others], page_parts.theme_type()), "people_now")
    table_with_download(
        words.table_rows(shares, size),
        f"people_{population}",
        alt=f"{words.NAMES[population]} by what they say of themselves",
        columns=SHARE_COLUMNS,
        shown=["dimension", "value", "shown", "share", "low", "high", "reference"],
    )


SHARE_COLUMNS: dict[str, Any] = {
    "window_end": st.column_config.DateColumn("12 months before", format="D MMM YYYY"),
    "member_of": "Group",
    "dimension": "Dimension",
    "value": "Value",
    "shown": "People",
    "share": _share("Share"),
    "low": _share("From"),
    "high": _share("To"),
    "reference": _share("At large"),
}


def _choose_dimension(shares: pd.DataFrame, key: str) -> str | None:
    offered = list(dict.fromkeys(shares.loc[shares["kind"] == VALUE, "dimension"]))
    if not offered:
        page_parts.empty(
            "Too few people have said something of themselves.",
            "A dimension is shown once enough people answered it. Answers come with the table person_attributes.",
        )
        return None
    start = offered.index("gender") if "gender" in offered else 0
    chosen = st.selectbox("Dimension", offered, index=start, format_func=lambda name: plain(name.capitalize()), key=key)
    return str(chosen)


def _trend(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    size = now.scope.min_group_size
    dimension = _choose_dimension(shares, "people_trend_dimension")
    if dimension is None:
        return
    with st.spinner("Checking what may be shown of each year"):
        trend = cached.answer(attribute_trend, now.selection, now.scope, population=population, dimension=dimension)
    drawn = words.lines(trend, size)
    if not drawn:
        page_parts.empty("No group of this dimension is large enough to be followed.", "Choose another dimension.")
        return
    st.caption("Each point is the 12 months up to that day; bands are 95% intervals. Filters do not apply here.")
    show_figure(trend_picture(drawn, page_parts.theme_type()), "people_trend")
    table_with_download(
        words.table_rows(trend, size),
        f"people_trend_{population}",
        alt=f"{words.NAMES[population]} by {dimension} over time",
        columns=SHARE_COLUMNS,
        shown=["window_end", "value", "shown", "share", "low", "high"],
    )


def _groups(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    size = now.scope.min_group_size
    offered = [name for name in BREAKDOWNS[population] if name != "outcome"]
    left, middle, right = st.columns(3)
    with left:
        by = str(st.selectbox("By", offered, format_func=words.GROUPS.__getitem__, key=f"people_by_{population}"))
    with middle:
        dimension = _choose_dimension(shares, "people_group_dimension")
    if dimension is None:
        return
    values = list(dict.fromkeys(shares.loc[(shares["dimension"] == dimension) & (shares["kind"] == VALUE), "value"]))
    with right:
        value = str(st.selectbox("Value", values, format_func=plain, key=f"people_value_{dimension}"))
    grouped = cached.answer(attribute_shares, now.selection, now.scope, population=population, by=by)
    made = words.group_dots(grouped, dimension, value, size)
    if not made:
        page_parts.empty("No group is known for these people.", "Homes, areas and cohorts come with the import.")
        return
    show_figure(dots_picture(made, [], page_parts.theme_type()), "people_groups")
    of_dimension = grouped[grouped["dimension"] == dimension]
    table_with_download(
        words.table_rows(of_dimension, size),
        f"people_{population}_by_{by}",
        alt=f"{words.NAMES[population]} by {words.GROUPS[by].lower()} and {dimension}",
        columns=SHARE_COLUMNS,
        shown=["member_of", "value", "shown", "share", "low", "high"],
    )


def _steps(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    size = now.scope.min_group_size
    funnel = cached.answer(attribute_funnel, now.selection, now.scope)
    if funnel.empty:
        page_parts.empty("Nobody applied in this period.", "Choose a longer period, or import applications.")
        return
    for sentence in words.step_sentences(funnel):
        st.markdown(plain(sentence))
    made = words.step_dots(funnel, size)
    if made:
        st.caption("Accepted, of those who applied, with 95% intervals.")
        show_figure(dots_picture(made, [], page_parts.theme_type()), "people_steps_figure")
    table = funnel.copy()
    rows = words.rows_of(funnel)
    table["shown"] = [people_words(int(row["at_least"]), int(row["at_most"])) for row in rows]
    table["value"] = [words.value_words(row, size) for row in rows]
    table_with_download(
        table,
        "people_steps",
        alt="Applicants by what they say of themselves, step by step",
        columns={
            **SHARE_COLUMNS,
            "step": "Step",
            "share": _share("Of the step before"),
            "others": _share("The others"),
            "verdict": "Compared with the others",
        },
        shown=["dimension", "value", "step", "shown", "share", "low", "high", "others", "verdict"],
    )


def _fair(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    members = cached.answer(attribute_shares, now.selection, now.scope, population="members")
    dimensions = list(dict.fromkeys(members["dimension"]))
    left, right = st.columns(2)
    with left:
        of = str(
            st.selectbox(
                "What is shared",
                ["money", "events"],
                format_func={"money": "Money paid to members", "events": "Events that members hold"}.__getitem__,
                key="people_fair_of",
            )
        )
    with right:
        by = str(
            st.selectbox(
                "Between",
                ["region", *dimensions],
                format_func=lambda name: plain(name.capitalize()),
                key="people_fair_by",
            )
        )
    table = cached.answer(fairness, now.selection, now.scope, of=of, by=by)
    curve = cached.answer(lorenz_curve, now.selection, now.scope, of=of)
    if table.empty:
        page_parts.empty("There are no members in this period.", "Choose another period, or import memberships.")
        return
    st.markdown(plain(words.fair_sentence(words.rows_of(table)[0], of)))
    if len(curve):
        people, amounts = list(curve["share_of_members"]), list(curve["share_of_amount"])
        show_figure(lorenz_picture(people, amounts, of, page_parts.theme_type()), "people_lorenz")
    else:
        st.caption("Too few members received something to draw how it is spread.")
    shown = table.copy()
    shown["member_of"] = [group or "not known" for group in table["member_of"]]
    shown["told"] = [words.amount_words(row, of) for row in words.rows_of(table)]
    table_with_download(
        shown,
        f"fairness_{of}",
        alt=f"How {of} are spread over members by {by}",
        columns={
            "member_of": "Group",
            "members": st.column_config.NumberColumn("Members" if now.scope.sees_small_groups else "About members"),
            "told": "Amount" if of == "money" else "Events",
            "share_of_members": _share("Of members"),
            "share_of_amount": _share("Of the amount"),
            "ratio": st.column_config.NumberColumn("Per member, against all", format="%.2f ×", width="small"),
            "gini": st.column_config.NumberColumn("Gini", format="%.2f", width="small"),
        },
        shown=["member_of", "members", "told", "share_of_members", "share_of_amount", "ratio", "gini"],
    )


def small_print(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    """Why the viewer sees what they see, and which filters say nothing here."""
    page_parts.remark(words.privacy_words(now.scope, shares, cached.version().import_id))
    left_out = without_meaning(population, now.selection) if now.scope.sees_small_groups else []
    if left_out:
        labels = [item.label.lower() for item in now.selection.narrowed_by if item.name in left_out]
        page_parts.remark(f"{words.NAMES[population]} are not filtered by {' or '.join(labels)}.")
