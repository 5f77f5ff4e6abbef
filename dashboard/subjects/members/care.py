"""The Members page's part about care: thanks, whom to invite, trainings, ties in cohorts, reviewers, what is asked."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import blocks, page_parts
from dashboard.parts.figures import Opened, show_figure
from dashboard.parts.tables import Whole, table_with_download
from dashboard.subjects.members import asked, care_charts, care_forms, care_words, tables, words
from dashboard.words.sentences import say
from data_access.answers import rows
from data_access.questions.members import recognition as achievements
from data_access.questions.members.cohesion import CohortCohesion, cohort_cohesion
from data_access.questions.members.invite import Invitation, whom_to_invite
from data_access.questions.members.pipeline import CohortPipeline, cohort_pipeline
from data_access.questions.members.reviews import ReviewAgreement, ReviewerLoad, reviewers, reviews_agreement
from data_access.questions.members.thanking import (
    Thanked,
    ThanksGiven,
    WaitsForThanks,
    thanks_given,
    thanks_list,
    thanks_waiting,
)
from data_access.questions.members.trainings import TrainingEffect, trainings_effect

FIRST_SHOWN = 5
LOOKS = {
    "thanks": "Thanks",
    "invite": "Whom to invite",
    "trainings": "Trainings",
    "ties": "Ties in cohorts",
    "reviewers": "Reviewers",
    "asked": "What is asked",
}
DEFINITIONS = ("recognition", "thanks", "whom_to_invite", "trainings", "cohesion", "reviews")
_WIDTHS: dict[str, int | str] = {
    **tables.WIDTHS,
    "what": 190,
    "title": 230,
    "cohort": 170,
    "kind": 120,
    **dict.fromkeys(("organized", "spoke", "attended", "others", "people", "pairs", "alone"), "small"),
}


def looks() -> None:
    """One of six closer looks; whom to invite is the program manager's."""
    st.header("Care for people", anchor="care")
    shown: dict[str, Callable[[], None]] = {
        "thanks": thanks,
        "invite": invite,
        "trainings": trainings,
        "ties": ties,
        "reviewers": reviews,
        "asked": asked.asked,
    }
    options = {name: label for name, label in LOOKS.items() if name != "invite" or care_forms.may_record()}
    shown[page_parts.linked_choice("Look at", options, "care")]()


def thanks() -> None:
    """Who waits for thanks, how many were thanked, and the form."""
    now = filters.asked()
    table = cached.answer(thanks_waiting, now.selection, now.scope)
    found = rows(WaitsForThanks, table)
    given = rows(ThanksGiven, cached.answer(thanks_given, now.selection, now.scope))
    page_parts.remark(care_words.thanks_waiting(found))
    if said := care_words.thanks_given(given):
        page_parts.remark(said)
    if found:
        table_with_download(
            table.assign(what=[words.THANKS[row.what] for row in found]),
            "thanks_waiting",
            alt="Who waits for thanks, and for what",
            columns=WaitsForThanks,
            shown=["name", "what", "detail", "on", "days", "title"],
            widths=_WIDTHS,
            height=320,
            on_select=(lambda: care_forms.choose_waiting(found)) if care_forms.may_record() else None,
            whole=Whole(found[0].waiting, lambda: cached.answer(thanks_waiting, now.selection, now.scope, limit=0)),
        )
    if care_forms.may_record():
        care_forms.thank(found)
    if given:
        with st.expander("How many were thanked, by what for", icon=":material/table:"):
            table_with_download(
                tables.thanks_given(given),
                "thanks_given",
                alt="Achievements of the period, and how many were thanked for within 30 days",
                columns=ThanksGiven,
                widths=_WIDTHS,
            )
    _thanked()
    _recognition()


def _thanked() -> None:
    """Who was thanked in the chosen period, for what and how."""
    now = filters.asked()
    found = cached.answer(thanks_list, now.selection, now.scope)
    if found.empty:
        return
    with st.expander(say("Who was thanked in the period ({n})", n=len(found)), icon=":material/list:"):
        table_with_download(
            found.assign(what=[words.THANKS[row.what] for row in rows(Thanked, found)]),
            "thanks_list",
            alt="Who was thanked, for what and how",
            columns=Thanked,
            with_keys=False,
            widths=_WIDTHS,
            height=320,
        )


def _recognition() -> None:
    """What members achieved in the chosen period."""
    now = filters.asked()
    found = rows(achievements.Achievement, cached.answer(achievements.recognition, now.selection, now.scope))
    if not found:
        page_parts.nothing("No member achieved something new in the chosen period.")
        return
    with st.expander(say("What members achieved in the period ({n})", n=len(found)), icon=":material/celebration:"):
        st.caption(words.thanks_words(found))
        table_with_download(
            tables.thanks(found),
            "recognition",
            alt="Recognition",
            columns=tables.Thanks,
            with_keys=False,
            widths=_WIDTHS,
            height=320,
        )


def invite() -> None:
    """Active people who are no members yet, with the reasons."""
    now = filters.asked()
    table = cached.answer(whom_to_invite, now.selection, now.scope)
    found = rows(Invitation, table)
    if not found:
        page_parts.nothing("Nobody who organizes, speaks or contributes much is not a member, or was not asked.")
        return
    page_parts.remark(care_words.invite(found))
    page_parts.show(blocks.definitions((row.name or row.person_key, row.reasons) for row in found[:FIRST_SHOWN]))
    table_with_download(
        table,
        "whom_to_invite",
        alt="Whom to invite, with the reasons",
        columns=Invitation,
        shown=[
            *("name", "organized", "spoke", "contributions", "language"),
            *("home_city", "country", "last_on", "declined_on"),
        ],
        widths=_WIDTHS,
        height=320,
        whole=Whole(found[0].candidates, lambda: cached.answer(whom_to_invite, now.selection, now.scope, limit=0)),
    )


def trainings() -> None:
    """What changed after trainings, by kind and one by one, and the forms."""
    now = filters.asked()
    table = cached.answer(trainings_effect, now.selection, now.scope)
    held = rows(TrainingEffect, table)
    if held:
        kinds = rows(TrainingEffect, cached.answer(trainings_effect, now.selection, now.scope, by="kind"))
        page_parts.remark(care_words.trainings(kinds))
        if kinds:
            picture = care_charts.trainings_picture(kinds, page_parts.theme_type())
            show_figure(picture, key="trainings_effect", rows=lambda kind: _of_kind(table, kind))
        table_with_download(
            table.assign(kind=[care_words.KINDS[row.kind] for row in held]),
            "trainings_effect",
            alt="Trainings with who came, and what changed after",
            columns=TrainingEffect,
            shown=[
                *("title", "kind", "held_on", "cohort", "attended", "before", "after", "after_low", "after_high"),
                *("others", "others_after", "difference", "difference_low", "difference_high"),
            ],
            widths=_WIDTHS,
            height=320,
        )
    else:
        page_parts.nothing("No training is recorded.")
    if care_forms.may_record():
        cohorts = rows(CohortPipeline, cached.answer(cohort_pipeline, now.selection, now.scope))
        care_forms.training(held, {row.cohort_key: row.name or row.cohort_key for row in cohorts})


def _of_kind(table: pd.DataFrame, kind: str) -> Opened:
    """The trainings of a kind."""
    held = table[table["kind"] == kind]
    named = held.assign(kind=care_words.KINDS[kind])
    line = say("{kind}: {trainings}", kind=care_words.KINDS[kind], trainings=care_words.TRAININGS(len(held)))
    return Opened(line, named, TrainingEffect, ("title", "held_on", "cohort", "attended", "before", "after"))


def ties() -> None:
    """How many of each cohort's pairs met."""
    now = filters.asked()
    table = cached.answer(cohort_cohesion, now.selection, now.scope)
    found = rows(CohortCohesion, table)
    if not found:
        page_parts.nothing("No cohort has begun yet.")
        return
    page_parts.remark(care_words.cohesion(found))
    table_with_download(
        table,
        "cohort_cohesion",
        alt="Cohorts with how many of their pairs met",
        columns=CohortCohesion,
        shown=["name", "starts_on", "state", "people", "pairs", "met", "at_events", "share", "alone"],
        widths=_WIDTHS,
    )


def reviews() -> None:
    """What is before each reviewer, and how far they agree."""
    now = filters.asked()
    table = cached.answer(reviewers, now.selection, now.scope)
    found = rows(ReviewerLoad, table)
    if not found:
        page_parts.nothing("No review of an application is recorded: it is done in the form of the applicant.")
        return
    page_parts.remark(care_words.reviewers(found))
    table_with_download(
        table, "reviewers", alt="Reviewers with what is still before them", columns=ReviewerLoad, widths=_WIDTHS
    )
    agreed = cached.answer(reviews_agreement, now.selection, now.scope)
    page_parts.remark(care_words.agreement(rows(ReviewAgreement, agreed)))
    with st.expander("Agreement by cohort", icon=":material/table:"):
        table_with_download(
            agreed,
            "reviews_agreement",
            alt="How far reviewers agree, by cohort",
            columns=ReviewAgreement,
            widths=_WIDTHS,
        )
