"""What is chosen on a page stands in its address: whoever opens the address sees the same choice."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.navigation import PAGES, PageEntry
from tests.dashboard.apptest import Dashboard

# Widgets that choose no view: what they are for instead.
NO_VIEW = {
    "edit_targets": "opens a form",
    "write_notes": "opens a form",
    "approval": "says which year a form approves",
    "uplift_waits_for_thanks": "says whom a form thanks",
    "report_for": "says for whom a report is made",
    "report_period": "says of which time a report is made",
}
FORMS = "_0"  # what is emptied once something was written
# Parts of a page that have widgets of their own.
PARTS: dict[str, tuple[dict[str, str], ...]] = {"people": ({"view": "fair"}, {"view": "groups"}, {"view": "map"})}
VIEWS = [(entry, part) for entry in PAGES for part in ({}, *PARTS.get(entry.url_path, ()))]


def choosers(shown: Dashboard) -> dict[str, Any]:
    """The widgets of the page's own that choose what is looked at, by their key."""
    at = shown.at.main
    every = [*at.selectbox, *at.text_input, *at.number_input, *at.button_group, *at.toggle]
    return {
        widget.key: widget
        for widget in every
        if widget.key and not widget.proto.form_id and widget.key not in NO_VIEW and not widget.key.endswith(FORMS)
    }


def choose_another(widget: Any) -> None:
    """Give the widget a value that it does not have now, if it can have another."""
    kind = type(widget).__name__
    if kind == "TextInput":
        widget.set_value("e")
    elif kind == "NumberInput":
        widget.set_value(widget.value + 1)
    elif kind == "Toggle":
        widget.set_value(not widget.value)
    elif kind == "Selectbox":
        place = 0 if widget.value is None else (widget.index or 0) + 1
        if place < len(widget.options):
            widget.select_index(place)
    elif len(widget.options) > 1:
        present = widget.proto.default or widget.indices
        widget.set_value(widget.options[0 if present and present[0] else 1])


def named(value: object) -> str:
    return value.url_path if isinstance(value, PageEntry) else " ".join(dict(value).values())  # type: ignore[call-overload]


@pytest.mark.parametrize(("entry", "part"), VIEWS, ids=named)
def test_every_choice_is_in_the_address(
    monkeypatch: pytest.MonkeyPatch, full: str, entry: PageEntry, part: dict[str, str]
) -> None:
    shown = Dashboard(monkeypatch, full).open(entry.url_path, **part)
    before = {key: widget.value for key, widget in choosers(shown).items()}
    for key, widget in choosers(shown).items():
        if key not in part:
            choose_another(widget)
    chosen = {key: widget.value for key, widget in choosers(shown.run()).items()}
    other = Dashboard(monkeypatch, full).open(entry.url_path, **shown.query)
    assert {key: widget.value for key, widget in choosers(other).items()} == chosen
    assert not before or chosen != before
