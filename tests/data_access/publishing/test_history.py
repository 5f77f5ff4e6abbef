"""What several publications together would give away is refused; what they do not is let through."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.privacy.suppression import Sum, protect
from data_access.publishing.folder import PublishRefused
from data_access.publishing.history import HISTORY_FILE, Family, History, narrowed, read_history

NAME = "shares/members/2026-10-01"


def family(size: int = 5, **cells: tuple[int, int]) -> Family:
    parts = tuple(name for name in cells if name != "all")
    return Family(size, cells, (("all", parts),) if "all" in cells else ())


def after(*earlier: Family) -> History:
    history = History()
    for one in earlier:
        history = history.with_new({NAME: one})
    return history


def test_the_first_publication_and_the_same_again_are_let_through() -> None:
    """Nothing was published before, or nothing else."""
    published = {NAME: family(all=(20, 24), woman=(10, 14), man=(5, 9), other=(0, 4))}
    assert narrowed(History(), published) == []
    history = History().with_new(published)
    assert narrowed(history, published) == []
    assert history.with_new(published).families[NAME] == [published[NAME]]


def test_another_minimum_group_is_refused() -> None:
    """“Fewer than 5” and then “3 to 5” is 3 or 4."""
    [found] = narrowed(after(family(5, few=(0, 4))), {NAME: family(3, few=(3, 5))})
    assert (found.table, found.cell, found.low, found.high) == ("shares", "few", 3, 4)
    assert found.in_words() == "few (table shares) could be narrowed to 3 to 4"


def test_a_count_that_is_linked_to_no_other_may_move() -> None:
    """Talks are published in overlapping ranges: from “fewer than 10” to “5 to 14” says that there may be more."""
    assert narrowed(after(family(talks=(0, 9))), {NAME: family(talks=(5, 14))}) == []
    assert narrowed(after(family(talks=(5, 14))), {NAME: family(talks=(0, 9))}) == []


def test_ranges_widened_at_another_place_are_refused() -> None:
    """Each publication leaves the small count open; both together solve for it."""
    first = family(all=(20, 20), woman=(10, 14), man=(5, 14), few=(0, 4))
    second = family(all=(20, 20), woman=(5, 14), man=(9, 9), few=(0, 4))
    assert narrowed(after(), {NAME: first}) == []
    assert [(one.cell, one.low, one.high) for one in narrowed(after(first), {NAME: second})] == [("few", 0, 1)]


def test_people_who_have_changed_in_between_make_two_worlds() -> None:
    """The totals cannot both hold: nobody can put them together, and it is let through."""
    first = family(all=(20, 24), woman=(10, 14), man=(5, 14), few=(0, 4))
    second = family(all=(30, 34), woman=(20, 24), man=(5, 9), few=(0, 4))
    assert narrowed(after(first), {NAME: second}) == []


def test_a_later_step_is_part_of_an_earlier_one() -> None:
    """Fewer became core than joined: a step that grew beyond what had joined shows that people changed."""
    first = Family(5, {"joined": (0, 4), "core": (0, 4)}, (), (("core", "joined"),))
    second = Family(5, {"joined": (0, 9), "core": (5, 9)}, (), (("core", "joined"),))
    assert narrowed(after(first), {NAME: second}) == []
    assert narrowed(after(first), {NAME: first}) == []


counts = st.lists(st.integers(0, 14), min_size=2, max_size=5)


@settings(max_examples=20, deadline=None)
@given(then=counts, now=counts, data=st.data())
def test_what_is_let_through_narrows_no_small_count(then: list[int], now: list[int], data: st.DataObject) -> None:
    """Tables protected by the engine, published one after the other: whoever lists all worlds finds them open."""
    now = (now + then)[: len(then)] if data.draw(st.booleans()) else then
    published = []
    for exact in (then, now):
        size = data.draw(st.sampled_from([3, 5]))
        low, high = protect(np.array([sum(exact), *exact]), [Sum(0, tuple(range(1, len(exact) + 1)))], size)
        names = ["all", *(f"c{number}" for number in range(len(exact)))]
        published.append(family(size, **dict(zip(names, zip(low.tolist(), high.tolist(), strict=True), strict=True))))
    if narrowed(after(published[0]), {NAME: published[1]}):
        return
    worlds = _worlds(published)
    for number, count in enumerate(now):
        if worlds and count < published[1].size:
            possible = {world[number] for world in worlds}
            assert possible >= set(range(published[1].size)), (published, number)


def _worlds(published: list[Family]) -> list[tuple[int, ...]]:
    """Every world in which all that was published holds at once."""
    names = [name for name in published[0].cells if name != "all"]
    spans = [
        range(max(one.cells[name][0] for one in published), min(one.cells[name][1] for one in published) + 1)
        for name in names
    ]
    if np.prod([len(span) for span in spans]) > 200_000:
        return []
    totals = [one.cells["all"] for one in published]
    return [world for world in itertools.product(*spans) if all(low <= sum(world) <= high for low, high in totals)]


def test_the_history_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Names of any script; a file that was changed is refused with the way out."""
    history = after(family(all=(20, 24), женщина=(10, 14), 男=(5, 14)), family(5, few=(0, 4)))
    (tmp_path / HISTORY_FILE).write_bytes(history.to_bytes())
    assert read_history(tmp_path) == history
    assert read_history(tmp_path / "nowhere") == History()
    for text in (b"", b"{}", b"[1]", b'{"format":2,"families":{}}', b'{"format":1,"families":{"a":[{}]}}'):
        (tmp_path / HISTORY_FILE).write_bytes(text)
        with pytest.raises(PublishRefused, match="cannot be read"):
            read_history(tmp_path)
