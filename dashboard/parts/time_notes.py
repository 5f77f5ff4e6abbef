"""Notes on the time line: drawn on every picture over time, told in its table and its words, and written here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import recording, row_forms, theme
from dashboard.parts.axes import Place, at_place, right_across
from dashboard.parts.drawn import Drawn, Picture
from dashboard.parts.labels import escaped, short
from dashboard.words.sentences import say
from data_access import actions
from data_access.actions import Author, Snapshot
from data_access.actions.time_notes import LONGEST_NOTE
from data_access.answers import rows
from data_access.kept_rows import INSIDE_TIME_NOTE, TIME_NOTE
from data_access.questions.impact.time_notes import TimeNote, time_notes_list
from data_access.selection import Role

FORM = "time_note"
EVERYBODY, INSIDE = "everybody", "inside"
_SEEN_BY = {EVERYBODY: "Everybody", INSIDE: "Program manager and board"}
_LONGEST_LABEL, _LABEL_HEIGHT, _MOST_LEVELS = 26, 14, 3
_QUARTER = re.compile(r"Q([1-4]) (\d{4})|(\d{4})[- ]Q([1-4])")
_YEAR = re.compile(r"\d{4}")


def noted(picture: Picture, now: filters.Asked, looked: theme.ThemeType) -> Picture:
    """The picture with the notes of its time: a thin line with a label each, and the same in its words and table."""
    if not picture.days() and not _spans(picture):
        return picture
    return with_notes(picture, rows(TimeNote, cached.answer(time_notes_list, now.selection, now.scope)), looked)


def with_notes(picture: Picture, notes: Sequence[TimeNote], looked: theme.ThemeType) -> Picture:
    """The same with these notes, as far as they lie in the picture's time."""
    placed = [(note, place) for note in notes if (place := _placed(picture, note.noted_on)) is not None]
    if not placed:
        return picture
    palette, layout = theme.PALETTES[looked], dict(picture.layout)
    shapes, labels = list(layout["shapes"]), list(layout["annotations"])
    panels = sorted(int(name[5:] or 1) for name in layout if re.fullmatch(r"yaxis\d*", name))
    for number, (note, place) in enumerate(placed):
        line = {"color": palette.text, "width": 1, "dash": "dot"}
        shapes += [{**shape, "line": line} for panel in panels for shape in right_across(panel, place, None)]
        labels.append(_label(place, note, number, palette, is_late=_is_late(picture, place)))
    layout |= {"shapes": shapes, "annotations": labels}
    said = [say("Note on {day}: {note}", day=note.noted_on, note=note.note) for note, _ in placed]
    drawn = Drawn("Notes", "x", [note.noted_on for note, _ in placed], [None] * len(placed), said=said)
    words = " ".join([picture.alt, *(say("{said}.", said=each) for each in said)])
    return replace(picture, layout=layout, alt=words, drawn=[*picture.drawn, drawn])


def _label(place: Place, note: TimeNote, number: int, palette: theme.Palette, *, is_late: bool) -> dict[str, Any]:
    """Inside the top of the picture, each a line below the one before; late ones stand left of their line."""
    return {
        **{"text": escaped(short(note.note, _LONGEST_LABEL)), "showarrow": False},
        **{"x": at_place(place), "xref": "x", "y": 1, "yref": "paper"},
        **{"xanchor": "right" if is_late else "left", "yanchor": "top", "xshift": -3 if is_late else 3},
        **{"yshift": -(number % _MOST_LEVELS) * _LABEL_HEIGHT},
        **{"font": {"color": palette.text, "size": 11}, "bgcolor": palette.background, "opacity": 0.85},
    }


def _is_late(picture: Picture, place: Place) -> bool:
    """Whether it stands in the second half of the picture's time."""
    days = picture.days()
    return isinstance(place, date) and bool(days) and place > min(days) + (max(days) - min(days)) / 2


def _spans(picture: Picture) -> dict[str, str]:
    """The names of the quarters or years that the picture's marks stand at, by what begins them."""
    names = [place for part in picture.drawn if part.across == "x" for place in part.places if isinstance(place, str)]
    found: dict[str, str] = {}
    for name in names:
        if match := _QUARTER.fullmatch(name):
            found[f"{match[2] or match[3]}-Q{match[1] or match[4]}"] = name
        elif _YEAR.fullmatch(name):
            found[name] = name
        else:
            return {}
    return found


def _placed(picture: Picture, day: date) -> Place:
    """Where the day stands on the picture's time line; None where it does not."""
    if days := sorted(set(picture.days())):
        # The last mark stands where its span begins.
        span = days[-1] - days[-2] if len(days) > 1 else timedelta(0)
        return day if days[0] <= day < days[-1] + max(span, timedelta(1)) else None
    spans = _spans(picture)
    return spans.get(f"{day.year}-Q{(day.month + 2) // 3}") or spans.get(str(day.year))


def write(now: filters.Asked) -> None:
    """The form for a note, and what was written, with its undo; for the program manager."""
    if now.viewer.role is not Role.PM:
        return
    # Read when it is wanted, as the form for targets is.
    if not st.toggle("Write notes on the time line", key="write_notes"):
        return
    row_forms.open_on(FORM, [])
    with st.form(FORM, border=False):
        row_forms.day(FORM, "Day", "day")
        st.text_input("Note", max_chars=LONGEST_NOTE, key=recording.key(FORM, "note"))
        key = recording.key(FORM, "seen_by")
        st.radio("Who sees it", list(_SEEN_BY), format_func=_SEEN_BY.__getitem__, key=key, horizontal=True)
        row_forms.button(FORM, "Write the note", "write", [], _write)
    row_forms.changes([(TIME_NOTE, ""), (INSIDE_TIME_NOTE, "")], may_undo=True, title="Notes that were written")


def _write(by: Author, opened: Snapshot, confirmed: frozenset[str]) -> str:
    inside = row_forms.value(FORM, "seen_by") == INSIDE
    day, note = row_forms.value(FORM, "day"), row_forms.text(FORM, "note")
    actions.write_note(cached.current(), by, today=row_forms.today(), noted_on=day, note=note, inside=inside)
    if inside:
        return "The note is on every picture over time, for the program manager and the board."
    return "The note is on every picture over time, for everybody."
