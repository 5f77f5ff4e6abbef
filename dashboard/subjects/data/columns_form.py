"""Which column is which: the guess as a form, the first rows as they would come in, and the choice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from dashboard.words.sentences import ROWS, Counted, say
from dashboard.words.text import plain

if TYPE_CHECKING:
    from data_access.imports.mapping.known import Known
    from data_access.imports.mapping.mapping import SheetMapping
    from data_access.imports.unmapped import FirstRows, Unmapped

NEW_TO_US = "Uplift does not know the columns of {sheet}. This is the guess: change what is wrong. Nothing is written."
OF_A_TOOL = "{sheet} looks like this export: {tool}. This is how it is read: change what is wrong. Nothing is written."
COLUMNS = "Which column is which"
NOT_READ = "– not read –"
EXAMPLES = "For example: {cells}"
NO_EXAMPLE = "This column is empty in the first rows."
EACH_ROW = "Each row is about"
DATES = "In dates such as 3/4/2026"
ALWAYS = "{target}, the same in every row"
FIRST = "The first rows as they would come in"
MISSING = "Still missing: {what}."
DOUBTS = Counted("{n} thing to look at in the first rows", "{n} things to look at in the first rows")
WORDS = "What the words of “{heading}” mean"
BLANK = "(a blank cell)"
LEFT_BLANK = "– left blank –"
NOT_UNDERSTOOD = "not understood: choose"
ONLY = "Of “{heading}”, only rows with {cells} are read."
NOTHING = "a blank cell"
AGREE = "Check the files with these columns"
_PER_LINE = 3
_EXAMPLES = 3
_WORDS_SHOWN = 12
# The kinds of rows that people have in spreadsheets, in their words; the others are named as in the contract.
KINDS = {
    "people": "a person (members, contributors)",
    "events": "an event",
    "participations": "somebody who took part in an event",
    "funding_requests": "a request or reimbursement",
    "contributions": "contributions of a person on a day",
}


def choose(tables: Sequence[Unmapped], known: Known) -> list[SheetMapping] | None:
    """The form for each table; the readings once they are agreed to, else None."""
    from data_access.imports.mapping.presets import preset_for

    readings: list[SheetMapping] = []
    complete = True
    for number, each in enumerate(tables):
        tool = preset_for(each.sheet.names)
        told = say(OF_A_TOOL, sheet=each.sheet.name, tool=tool.name) if tool else say(NEW_TO_US, sheet=each.sheet.name)
        st.info(plain(told), icon=":material/table_view:")
        reading, shown = _one(each, known, f"{number}_{each.sheet.shape}")
        readings.append(reading)
        complete = complete and shown is not None and not shown.missing
    pressed = st.button(AGREE, type="primary", icon=":material/fact_check:", key="agree_columns", disabled=not complete)
    return readings if pressed else None


def _one(each: Unmapped, known: Known, key: str) -> tuple[SheetMapping, FirstRows | None]:
    from data_access.imports.mapping.guess import guess
    from data_access.imports.mapping.mapping import SUBJECTS, MappingRefused, checked
    from data_access.imports.unmapped import first_rows

    subjects = list(SUBJECTS)
    subject = st.selectbox(
        EACH_ROW,
        subjects,
        index=subjects.index(each.guess.rows_are),
        format_func=lambda name: KINDS.get(name, name.replace("_", " ")),
        key=f"rows_are_{key}",
    )
    start = each.guess if subject == each.guess.rows_are else guess(each.sheet, subject, known.currency)
    reading = start.changed(columns=_columns(each, start, f"{key}_{subject}"))
    reading = _beside(reading, f"{key}_{subject}")
    reading = reading.changed(values=_words(each, reading, f"{key}_{subject}"))
    for heading, cells in reading.only.items():
        told = cells.replace(";", ", ") or NOTHING
        st.caption(plain(say(ONLY, heading=heading, cells=told)))
    try:
        checked(reading)
    except MappingRefused as refusal:
        st.error(plain(str(refusal)), icon=":material/block:")
        return reading, None
    shown = first_rows(each.sheet, reading, known, date.today())
    _show(shown, key)
    return reading, shown


def _columns(each: Unmapped, start: SheetMapping, key: str) -> dict[str, str]:
    """A select box for each column."""
    from data_access.imports.mapping.headings import dimension
    from data_access.imports.mapping.mapping import ATTRIBUTE, SUBJECTS

    st.markdown(say("**{title}**", title=COLUMNS))
    chosen: dict[str, str] = {}
    boxes: list[st.delta_generator.DeltaGenerator] = []
    for index, heading in enumerate(each.sheet.names):
        if not heading:
            continue
        if not boxes:
            boxes = list(reversed(st.columns(_PER_LINE)))
        targets = ["", *SUBJECTS[start.rows_are]]
        if f"{ATTRIBUTE}consented_on" in targets:
            targets.append(f"{ATTRIBUTE}{dimension(heading)}")
        guessed = start.columns.get(heading, "")
        cells = list(dict.fromkeys(each.sheet.column(index)))[:_EXAMPLES]
        with boxes.pop():
            chosen[heading] = st.selectbox(
                plain(heading),
                targets,
                index=targets.index(guessed) if guessed in targets else 0,
                format_func=label,
                key=f"column_{key}_{index}",
            )
            st.caption(plain(say(EXAMPLES, cells=" · ".join(cells)) if cells else NO_EXAMPLE))
    return chosen


def _words(each: Unmapped, reading: SheetMapping, key: str) -> dict[str, dict[str, str]]:
    """What the words of a column mean, where the contract has words of its own; open where one is not understood."""
    from data_access.imports.mapping.cells import WORDED
    from data_access.imports.mapping.values import read_word
    from data_access.imports.mapping.words import WORDS as KNOWN

    chosen = {heading: dict(meanings) for heading, meanings in reading.values.items()}
    for index, heading in enumerate(each.sheet.names):
        kind = WORDED.get(reading.columns.get(heading, ""), "")
        cells = list(dict.fromkeys(each.sheet.column(index)))[:_WORDS_SHOWN] if kind else []
        cells += [""] if "" in chosen.get(heading, {}) else []
        read = {cell: chosen.get(heading, {}).get(cell, read_word(kind, cell)) for cell in cells}
        if not cells:
            continue
        choices = ["", *KNOWN[kind]]
        # Which are open must not change while they are chosen from.
        with st.expander(plain(say(WORDS, heading=heading)), expanded=not all(read.values())):
            boxes = st.columns(_PER_LINE)
            for place, (cell, means) in enumerate(read.items()):
                told = boxes[place % _PER_LINE].selectbox(
                    plain(cell) or BLANK,
                    choices,
                    index=choices.index(means) if means else None,
                    placeholder=NOT_UNDERSTOOD,
                    format_func=lambda name: name.replace("_", " ") or LEFT_BLANK,
                    key=f"word_{key}_{index}_{place}",
                )
                if told is not None and told != means:
                    chosen.setdefault(heading, {})[cell] = told
    return chosen


def _beside(reading: SheetMapping, key: str) -> SheetMapping:
    """What no column says: the order of dates, and values that are the same in every row."""
    from data_access.contract.tables import Kind
    from data_access.imports.mapping.cells import column_of
    from data_access.imports.mapping.mapping import ORDERS, may_be_told

    days = [target for target in reading.targets if (column := column_of(target)) and column.kind is Kind.DATE]
    asked = may_be_told(reading)
    boxes = st.columns(_PER_LINE) if days or asked else []
    order = reading.dates
    if days:
        order = boxes[0].selectbox(DATES, ORDERS, index=ORDERS.index(reading.dates), key=f"dates_{key}")
    always: dict[str, str] = {}
    for place, target in enumerate(asked, 1 if days else 0):
        value = boxes[place % _PER_LINE].text_input(
            say(ALWAYS, target=label(target)), reading.always.get(target, ""), key=f"always_{key}_{target}"
        )
        if value.strip():
            always[target] = value.strip()
    return reading.changed(dates=order, always=always)


def _show(shown: FirstRows, key: str) -> None:
    st.markdown(say("**{title}**", title=FIRST))
    for table, rows in shown.tables.items():
        st.caption(plain(say("{table}: {rows} shown", table=table.replace("_", " "), rows=ROWS(len(rows)))))
        st.dataframe(pd.DataFrame(rows), hide_index=True, key=f"first_{key}_{table}", alt=table)
    for what in shown.missing:
        st.warning(plain(say(MISSING, what=what)), icon=":material/edit:")
    if shown.problems:
        with st.expander(DOUBTS(len(shown.problems)), icon=":material/lightbulb:"):
            for problem in shown.problems[:20]:
                st.write(plain(str(problem)))


def label(target: str) -> str:
    """A target in words: "people.home_city" is "people: home city"."""
    table, _, column = target.partition(".")
    if not column:
        return NOT_READ
    return say("{table}: {column}", table=table.replace("_", " "), column=column.replace("_", " "))
