"""What every CSV reader survives: cut, empty, oddly encoded and hostile tables."""

from __future__ import annotations

import gzip

import pytest

from data_access.imports.readers import Reader, confstech, contributions, detect, meetup, pyvideo, travel_fund
from data_access.imports.rows import ImportRefused
from tests.data_access.imports.readers.conftest import MakeSource, Read

HEADERS: dict[Reader, str] = {
    confstech: "name,startDate,endDate,city,country,topic",
    pyvideo: "event_slug,file,title,speakers,recorded,language",
    meetup: "event_id,title,status,date_time,rsvp_yes",
    travel_fund: "source,row,member_id,event,requested_raw,pr_date_raw",
    contributions: "person,date,area,count,project",
}
ROWS: dict[Reader, tuple[str, str, str]] = {
    confstech: ("events", "{title},2019-05-01,2019-05-02,Berlin,Germany,python", "title"),
    pyvideo: ("materials", "pycon-2019,talk.json,{title},Ada,2019-05-01,eng", "title"),
    meetup: ("events", "1,{title},PAST,2019-05-01T18:00:00+02:00,5", "title"),
    travel_fund: ("funding_requests", "2019.md,{title},m1,Summit,100 USD,2019-05-01", "request_key"),
    contributions: ("contributions", "p1,2019-05-01,coding,1,{title}", "project"),
}
READERS = tuple(HEADERS)
every_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__.rpartition(".")[2])

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://x")',
    "{{ 7*7 }} ${7*7} {%raw%}",
    "مؤتمر المطورين",
    "\u202eevil\u202c",
    "開源人年會 🎉",
    "x" * 10_000,
]


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@every_reader
def test_an_empty_file_says_that_its_columns_are_missing(reader: Reader, read: Read) -> None:
    outcome = read(reader, ("table.csv", ""))
    assert not outcome.records
    assert [problem.line for problem in outcome.errors] == [1]
    assert "header" in outcome.errors[0].remedy


@every_reader
def test_a_header_without_rows_yields_nothing_and_is_no_problem(reader: Reader, read: Read) -> None:
    outcome = read(reader, ("table.csv", HEADERS[reader] + "\n"))
    assert (outcome.records, outcome.errors, outcome.hints) == ({}, [], [])


@every_reader
def test_byte_order_mark_mixed_line_ends_and_blank_lines_change_nothing(reader: Reader, read: Read) -> None:
    table, row, _ = ROWS[reader]
    plain = f"{HEADERS[reader]}\n{row.format(title='a')}\n{row.format(title='b')}\n"
    mixed = f"\ufeff{HEADERS[reader]}\r\n{row.format(title='a')}\n{row.format(title='b')}\r\n\r\n\n,,,,,\n"
    # The last line holds only commas, as spreadsheets leave them behind.
    assert read(reader, ("table.csv", mixed)).values(table) == read(reader, ("table.csv", plain)).values(table)
    assert not read(reader, ("table.csv", mixed)).errors


@every_reader
@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_text_comes_through_as_the_text_that_it_is(reader: Reader, title: str, read: Read) -> None:
    table, row, column = ROWS[reader]
    outcome = read(reader, ("table.csv", f"{HEADERS[reader]}\n{row.format(title=quoted(title))}\n"))
    assert outcome.only(table)[column].endswith(title)
    assert not outcome.errors


@every_reader
def test_short_and_long_rows_are_reported_with_their_lines_and_the_others_come(reader: Reader, read: Read) -> None:
    table, row, _ = ROWS[reader]
    lines = [
        HEADERS[reader],
        row.format(title="a"),
        "short,row",
        row.format(title="b") + ",too,long",
        row.format(title="c"),
    ]
    outcome = read(reader, ("table.csv", "\n".join(lines)))
    assert [problem.line for problem in outcome.errors] == [3, 4]
    assert len(outcome.values(table)) == 2


@every_reader
def test_rows_know_the_line_on_which_they_begin_behind_a_quoted_line_break(reader: Reader, read: Read) -> None:
    table, row, _ = ROWS[reader]
    text = "\n".join([HEADERS[reader], row.format(title='"one\ntwo"'), row.format(title="b"), ""])
    assert sorted(record.line for record in read(reader, ("table.csv", text)).records[table]) == [2, 4]


@every_reader
def test_a_quote_that_is_never_closed_is_reported_where_it_opens(reader: Reader, read: Read) -> None:
    table, row, _ = ROWS[reader]
    lines = [HEADERS[reader], row.format(title="a"), row.format(title='"open'), row.format(title="b")]
    outcome = read(reader, ("table.csv", "\n".join(lines)))
    assert [problem.line for problem in outcome.errors] == [3]
    assert "quote" in outcome.errors[0].remedy
    assert len(outcome.values(table)) == 2


@every_reader
def test_a_nul_byte_is_refused_with_its_line(reader: Reader, read: Read) -> None:
    with pytest.raises(ImportRefused, match=r"line 2.*NUL"):
        read(reader, ("table.csv", HEADERS[reader] + "\na\0b\n"))


@every_reader
def test_another_encoding_is_read_and_shown(reader: Reader, read: Read) -> None:
    table, row, column = ROWS[reader]
    text = f"Our list\n\n{HEADERS[reader]}\n{row.format(title='Zürich')}\n"
    outcome = read(reader, ("table.csv", text.encode("cp1252")))
    assert outcome.only(table)[column].endswith("Zürich")
    assert [(hint.line, "Windows-1252" in hint.problem) for hint in outcome.hints] == [(4, True)]


@every_reader
@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_marks_between_the_cells_and_other_spellings_of_the_header_are_read(
    reader: Reader, mark: str, source: MakeSource, read: Read
) -> None:
    table, row, column = ROWS[reader]
    header = HEADERS[reader].replace("_", " ").title()
    text = "\n".join([header, row.format(title="a"), ",,,"]).replace(",", mark)
    assert reader.recognises(source("table.csv", text))
    assert read(reader, ("table.csv", text)).only(table)[column].endswith("a")


@every_reader
def test_a_cut_off_gzip_is_refused_as_damaged(reader: Reader, read: Read) -> None:
    row = ROWS[reader][1]
    whole = gzip.compress("\n".join([HEADERS[reader], *(row.format(title=n) for n in range(5000))]).encode())
    with pytest.raises(ImportRefused, match="damaged"):
        read(reader, ("table.csv.gz", whole[: len(whole) // 2]))


@every_reader
def test_a_gzip_with_wrong_bytes_inside_is_refused_as_damaged(reader: Reader, read: Read) -> None:
    row = ROWS[reader][1]
    whole = bytearray(gzip.compress("\n".join([HEADERS[reader], *(row.format(title=n) for n in range(5000))]).encode()))
    whole[40:80] = b"\xff" * 40
    with pytest.raises(ImportRefused, match="damaged"):
        read(reader, ("table.csv.gz", bytes(whole)))


@every_reader
def test_a_year_beyond_every_calendar_is_left_to_validation_or_reported(reader: Reader, read: Read) -> None:
    table, row, _ = ROWS[reader]
    for year in ("9999", "10000", "0000"):
        text = f"{HEADERS[reader]}\n{row.format(title='a').replace('2019-', f'{year}-')}\n"
        outcome = read(reader, ("table.csv", text))
        assert len(outcome.values(table)) + len(outcome.errors) == 1


@every_reader
def test_the_header_is_recognised_whatever_its_case_and_the_format_is_not_guessed_from_the_name(
    reader: Reader, source: MakeSource
) -> None:
    assert reader.recognises(source("anything.csv", "\ufeff" + HEADERS[reader].upper() + "\r\n"))
    assert not reader.recognises(source("anything.csv", "a,b,c\n"))
    assert not reader.recognises(source("anything.log", HEADERS[reader]))


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("events.csv", "event_key,title,starts_on,ends_on,city,country,latitude,longitude,url"),
        ("people.csv", "person_key,name,home_city"),
        ("contributions.csv", "person_key,contributed_on,area,quantity,project"),
        ("funding_requests.csv", "request_key,person_key,requested_amount,currency,requested_on"),
        ("teams.csv", "team_key,name,area"),
        ("empty.csv", ""),
        ("report.xlsx", "person,date,area,count,project"),
    ],
)
def test_contract_tables_and_unknown_files_are_left_to_others(name: str, header: str, source: MakeSource) -> None:
    found = detect([source(name, header + "\n")])
    assert found.groups == []
    assert [file.name for file in found.unrecognised] == [name]


def test_files_that_belong_together_are_grouped_whatever_their_order(source: MakeSource) -> None:
    files = [
        source("b.csv", HEADERS[contributions]),
        source("talks.csv", HEADERS[pyvideo]),
        source("x.csv", HEADERS[meetup]),
        source("slugs.csv", "event_slug,title,url,start_date,end_date"),
    ]
    groups = {reader.NAME: [file.name for file in members] for reader, members in detect(files).groups}
    assert groups == {
        "pyvideo": ["talks.csv", "slugs.csv"],
        "Meetup": ["x.csv"],
        "dated contributions": ["b.csv"],
    }
