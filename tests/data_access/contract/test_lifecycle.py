"""The lifecycle is one table that everything else reads from."""

from __future__ import annotations

import pytest

from data_access.contract.cells import BadCell, parse_cell
from data_access.contract.lifecycle import (
    LEADERSHIP,
    LIFECYCLE,
    MILESTONE_WORDS,
    PATHWAY,
    RISK_WORDS,
    risk_words,
    stage_title,
)
from data_access.contract.tables import MILESTONES, STAGES, TABLES


def test_the_import_takes_its_vocabulary_from_the_lifecycle() -> None:
    """Codes as the data contract has them."""
    assert STAGES == ("pre_work", "starting", "learning", "scaling", "sustaining")
    assert [len(MILESTONES[stage]) for stage in STAGES] == [4, 4, 7, 4, 3]
    assert {*PATHWAY, *LEADERSHIP} <= set(MILESTONE_WORDS)
    assert len(RISK_WORDS) == 11


def test_each_stage_guides_coordinator_and_partner_in_three_to_five_points() -> None:
    for stage in LIFECYCLE:
        assert 3 <= len(stage.for_coordinator) <= 5
        assert 3 <= len(stage.for_partner) <= 5


def test_no_code_is_shown_as_words() -> None:
    """Titles and words never hold the underscore of a code; own risks stay as they are."""
    for words in (*MILESTONE_WORDS.values(), *RISK_WORDS.values(), *(stage.title for stage in LIFECYCLE)):
        assert "_" not in words
    assert stage_title("learning") == "Learning and preparing for growth"
    assert risk_words("Our room is closed in June") == "Our room is closed in June"


def test_an_unknown_milestone_is_refused_with_the_nearest_one() -> None:
    column = TABLES["team_milestones"].column("milestone")
    with pytest.raises(BadCell) as refused:
        parse_cell(column, "pathway_creatd")
    assert "Did you mean pathway_created" in refused.value.remedy
    with pytest.raises(BadCell) as refused:
        parse_cell(column, "zzz")
    assert "topline_impact" in refused.value.remedy
