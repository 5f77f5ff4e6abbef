"""The parts of the People page: each asks its own questions, and only when it is looked at."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.linked import keep
from dashboard.parts import page_parts
from dashboard.parts.figures import show_figure
from dashboard.parts.tables import table_with_download
from dashboard.subjects.people import charts, fair_words, step_words, tables, words
from dashboard.subjects.people.map_part import choose_dimension, nothing_said, on_the_map
from dashboard.words.counts import LEAST_BASE
from dashboard.words.sentences import either, say
from dashboard.words.text import plain, visible
from data_access.answers import rows
from data_access.privacy.attributes import BREAKDOWNS
from data_access.questions.contributors.populations import filters_with_meaning, without_meaning
from data_access.questions.people.diversity import VALUE, AttributeShare, attribute_shares, attribute_trend
from data_access.questions.people.fairness import EVENTS, MONEY, FairShare, LorenzPoint, fairness, lorenz_curve
from data_access.questions.people.steps import attribute_funnel


def heeded() -> frozenset[str]:
    """The filters that say something of the people who are looked at."""
    return filters_with_meaning(chosen_population(chosen_view(), words.NAMES)) | {"period"}


def chosen_view() -> str:
    """Which part of the page is looked at; the chooser stands further down."""
    return _chosen("view", words.VIEWS)


def choose_view() -> None:
    """Choose which part of the page is looked at."""
    _choose("View", "view", words.VIEWS)


def chosen_population(view: str, names: dict[str, str]) -> str:
    """Whose picture it is: some parts are about applicants or members alone."""
    return words.ABOUT.get(view) or _chosen("who", names)


def choose_population(view: str, names: dict[str, str]) -> None:
    """Choose whose picture it is, where there is a choice."""
    if view not in words.ABOUT:
        _choose("Who", "who", names)


def _chosen(name: str, names: dict[str, str]) -> str:
    """The choice, at first the one that the address names."""
    first = next(iter(names))
    keep(name, names, first)
    return str(st.session_state[name] or first)


def _choose(label: str, name: str, names: dict[str, str]) -> None:
    st.segmented_control(
        label,
        list(names),
        format_func=names.__getitem__,
        label_visibility="collapsed",
        required=True,
        **keep(name, names, next(iter(names))),
    )


def show(view: str, population: str, shares: pd.DataFrame) -> None:
    """The chosen part."""
    parts = {"now": _now, "map": on_the_map, "trend": _trend, "groups": _groups, "steps": _steps, "fair": _fair}
    parts[view](filters.asked(), population, shares)


def _now(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    if shares.empty:
        nothing_said()
        return
    size = now.scope.min_group_size
    others = [name for name in ("members", "applicants", "speakers") if name != population][:2]
    theirs = [cached.answer(attribute_shares, now.selection, now.scope, population=name) for name in others]
    st.caption(
        "Shares of those who disclosed it, with 95% intervals. Grey dots: not disclosed, of all; and small groups "
        "together. Open shapes: other people of the program."
    )
    drawn = words.dots(shares, theirs, size)
    names = [words.NAMES[name] for name in others]
    at_large = ["reference"] if shares["reference"].notna().any() else []
    show_figure(charts.dots_picture(drawn, names, page_parts.theme_type()), "people_now")
    table_with_download(
        tables.shares_in_words(shares, size),
        f"people_{population}",
        alt=say("{people} by what they say about themselves", people=words.NAMES[population]),
        columns=tables.about(tables.SHARE_COLUMNS, now.scope.inside),
        shown=["dimension", "value", "shown", "share", "of_people", "low", "high", *at_large],
        widths=tables.SMALL,
    )


def _trend(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    size = now.scope.min_group_size
    dimension = choose_dimension(shares, "people_trend_dimension")
    if dimension is None:
        return
    with st.spinner("Checking what may be shown of each year"):
        trend = cached.answer(attribute_trend, now.selection, now.scope, population=population, dimension=dimension)
    drawn = words.lines(trend, size)
    if not drawn:
        page_parts.empty("No group of this dimension is large enough to be followed.", "Choose another dimension.")
        return
    st.caption("Each point is the 12 months up to that day; bands are 95% intervals. Filters do not apply here.")
    show_figure(charts.trend_picture(drawn, page_parts.theme_type()), "people_trend")
    table_with_download(
        tables.shares_in_words(trend, size),
        f"people_trend_{population}",
        alt=say("{people} by {dimension} over time", people=words.NAMES[population], dimension=dimension),
        columns=tables.about(tables.TREND_COLUMNS, now.scope.inside),
        shown=["window_end", "value", "shown", "share", "of_people", "low", "high"],
        widths=tables.SMALL,
    )


def _groups(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    size = now.scope.min_group_size
    offered = [name for name in BREAKDOWNS[population] if name != "outcome"]
    left, middle, right = st.columns(3)
    with left:
        kept = keep(f"people_by_{population}", offered, offered[0])
        by = str(st.selectbox("By", offered, format_func=words.GROUPS.__getitem__, **kept))
    with middle:
        dimension = choose_dimension(shares, "people_group_dimension")
    if dimension is None:
        return
    own = [row for row in rows(AttributeShare, shares) if (row.dimension, row.kind) == (dimension, VALUE)]
    values = list(dict.fromkeys(row.value for row in own))
    with right:
        kept = keep(f"people_value_{dimension}", values, next(iter(values), None))
        value = str(st.selectbox("Value", values, format_func=visible, **kept))
    grouped = cached.answer(attribute_shares, now.selection, now.scope, population=population, by=by)
    drawn = words.group_dots(grouped, dimension, value, size)
    if not drawn:
        page_parts.empty("No group is known for these people.", "Homes, areas and cohorts come with the import.")
        return
    st.caption(
        "Shares of those in each group who disclosed it, with 95% intervals. Groups whose intervals overlap cannot be "
        "told apart."
    )
    show_figure(charts.dots_picture(drawn, [], page_parts.theme_type()), "people_groups")
    table_with_download(
        tables.shares_in_words(grouped[grouped["dimension"] == dimension], size),
        f"people_{population}_by_{by}",
        alt=say(
            "{people} by {group} and {dimension}",
            people=words.NAMES[population],
            group=words.GROUPS[by].lower(),
            dimension=dimension,
        ),
        columns=tables.about(tables.SHARE_COLUMNS, now.scope.inside),
        shown=["member_of", "value", "shown", "share", "of_people", "low", "high"],
        widths=tables.SMALL,
    )


def _steps(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    size = now.scope.min_group_size
    funnel = cached.answer(attribute_funnel, now.selection, now.scope)
    if funnel.empty:
        page_parts.empty("Nobody applied in this period.", "Choose a longer period, or import applications.")
        return
    for sentence in step_words.step_sentences(funnel):
        st.markdown(plain(sentence))
    drawn = step_words.step_dots(funnel, size)
    if drawn:
        st.caption("Accepted, of those who applied, with 95% intervals.")
        show_figure(charts.dots_picture(drawn, [], page_parts.theme_type()), "people_steps_figure")
    table_with_download(
        tables.steps_in_words(funnel, size),
        "people_steps",
        alt="Applicants by what they say about themselves, step by step",
        columns=tables.STEP_COLUMNS,
        shown=["dimension", "value", "step", "shown", "share", "low", "high", "others", "verdict"],
        widths=tables.SMALL | {"share": 130},
    )


def _fair(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    of, by = _choose_what_is_shared(now)
    answer = cached.answer(fairness, now.selection, now.scope, of=of, by=by)
    if answer.empty:
        advice = "Choose another period, or import memberships." if now.scope.inside else "Choose another period."
        page_parts.empty("There are no members in this period.", advice)
        return
    everyone = rows(FairShare, answer.head(1))[0]
    st.markdown(plain(fair_words.fair_sentence(everyone, of)))
    if now.scope.inside:
        _curve(now, everyone, of)
    shown = [
        name
        for name in ("member_of", "members", "amount_shown", "share_of_members", "share_of_amount", "ratio", "gini")
        if answer.get(name) is None or answer[name].notna().any()
    ]
    table_with_download(
        tables.fair_shares_in_words(answer, of),
        f"fairness_{of}",
        alt=say("How {shared} are spread over members by {group}", shared=of, group=by),
        columns=tables.fair_columns(of, now.scope.inside),
        shown=shown,
        widths=dict.fromkeys(("share_of_members", "share_of_amount", "ratio", "gini"), "small"),
    )


def _curve(now: filters.Asked, everyone: FairShare, of: str) -> None:
    curve = rows(LorenzPoint, cached.answer(lorenz_curve, now.selection, now.scope, of=of))
    if curve and (everyone.members or 0) >= LEAST_BASE:
        show_figure(charts.lorenz_picture(curve, everyone, of, page_parts.theme_type()), "people_lorenz")
    else:
        st.caption("There are too few members, or too few of them received something, to draw how it is spread.")


def _choose_what_is_shared(now: filters.Asked) -> tuple[str, str]:
    """Money or events (released is money), and between which groups of members."""
    members = cached.answer(attribute_shares, now.selection, now.scope, population="members")
    shared = {MONEY: "Money paid to members"}
    if now.scope.inside:
        shared[EVENTS] = "Events that members hold"
    groups = ["region", *words.dimensions_of(rows(AttributeShare, members))]
    left, right = st.columns(2)
    with left:
        of = st.selectbox(
            "What is shared", list(shared), format_func=shared.__getitem__, **keep("people_fair_of", shared, MONEY)
        )
    with right:
        kept = keep("people_fair_by", groups, groups[0])
        by = st.selectbox("Between", groups, format_func=lambda name: visible(words.heading_of(name)), **kept)
    return str(of), str(by)


def small_print(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    """Why the viewer sees what they see, and which filters say nothing here."""
    page_parts.remark(words.privacy_words(now.scope, shares))
    left_out = without_meaning(population, now.selection) if now.scope.inside else []
    if left_out:
        labels = [item.label.lower() for item in now.selection.narrowed_by if item.name in left_out]
        people = words.NAMES[population]
        page_parts.remark(say("{people} are not filtered by {filters}.", people=people, filters=either(labels)))
