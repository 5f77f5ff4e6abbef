"""What helps a team in its stage: who does what next, and the whole guide to the stage to open."""

from __future__ import annotations

import streamlit as st

from dashboard.parts.page_parts import show
from dashboard.subjects.teams import blocks
from dashboard.words.sentences import say, sentence_case
from dashboard.words.text import plain
from data_access.contract.guidance import FUNCTIONS, GUIDES, INTENTS, LEADERSHIP_IDEAL, RECORD_KEEPER
from data_access.contract.lifecycle import STAGE

_INTENTS = "Four intents of a community of practice"


def guide(code: str) -> None:
    """The guidance for a team in the stage (its code)."""
    stage, own = STAGE[code], GUIDES[code]
    st.header("What to do next", anchor=False)
    st.caption(plain(say("{stage}. {state}.", stage=stage.title, state=stage.learning_state)))
    _side_by_side(("For the coordinator", own.for_coordinator), ("For the CBT partner", own.for_partner))
    with st.expander(say("Guide to the stage “{stage}”", stage=plain(stage.title)), icon=":material/menu_book:"):
        show(
            blocks.facts(
                ("Who the team is", own.who),
                ("What it has learned", say("{state}.", state=stage.learning_state)),
                ("When it moves on", say("{when}.", when=sentence_case(stage.leaves_when))),
            )
        )
        milestones, risks = (
            tuple(say("{words}.", words=words) for words in named.values()) for named in (stage.milestones, stage.risks)
        )
        _side_by_side(("Milestones", milestones), ("Risks to look out for", risks))
        _side_by_side(("Resources to offer", own.resources), ("What a record keeper does", RECORD_KEEPER))
        _side_by_side(("Six functions of a coordinator", FUNCTIONS), (_INTENTS, INTENTS))
        st.caption("One of the intents leads, and the others fit in.")
        if code in ("scaling", "sustaining"):
            st.caption(LEADERSHIP_IDEAL)


def _side_by_side(*parts: tuple[str, tuple[str, ...]]) -> None:
    for column, (title, points) in zip(st.columns(len(parts), gap="medium"), parts, strict=True):
        with column:
            show(blocks.guidance(title, points))
