"""The lifecycle is one table that everything else reads from."""

from __future__ import annotations

import pytest

from data_access.contract.cells import BadCell, parse_cell
from data_access.contract.guidance import FUNCTIONS, GUIDES, INTENTS, RECORD_KEEPER
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
    assert len(RISK_WORDS) == 13


def test_each_stage_has_a_guide_of_whole_sentences() -> None:
    """Who the team is, three to six points for each of two people, resources; intents and functions for all."""
    assert list(GUIDES) == list(STAGES)
    said = [*INTENTS, *FUNCTIONS, *RECORD_KEEPER]
    for guide in GUIDES.values():
        assert 3 <= len(guide.for_coordinator) <= 6
        assert 3 <= len(guide.for_partner) <= 6
        assert 2 <= len(guide.resources) <= 5
        said += [guide.who, *guide.for_coordinator, *guide.for_partner, *guide.resources]
    assert (len(INTENTS), len(FUNCTIONS), len(RECORD_KEEPER)) == (4, 6, 4)
    assert [sentence for sentence in said if not sentence.endswith(".") or not sentence[0].isupper()] == []
    assert len(set(said)) == len(said)
    # Each stage has risks to watch for.
    assert all(stage.risks for stage in LIFECYCLE)


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
