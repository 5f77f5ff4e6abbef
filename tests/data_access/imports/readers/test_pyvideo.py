"""pyvideo: talks, their speakers and the events at which they were given."""

from __future__ import annotations

from data_access.imports.readers import pyvideo
from tests.data_access.imports.readers.conftest import Read

TALKS = "event_slug,event_title,file,title,speakers,language,recorded,url"
EVENTS = "event_slug,title,url,start_date,end_date"


def talks(*rows: str) -> tuple[str, str]:
    return "talks.csv", "\n".join([TALKS, *rows])


def events(*rows: str) -> tuple[str, str]:
    return "events.csv", "\n".join([EVENTS, *rows])


def talk(
    name: str = "t1", speakers: str = "Ada", recorded: str = "2019-05-03", slug: str = "pycon", language: str = "eng"
) -> str:
    return f"{slug},PyCon,{name}.json,Talk {name},{speakers},{language},{recorded},https://v/{name}"


def test_a_talk_becomes_a_material_by_its_first_speaker_and_a_participation_of_each(read: Read) -> None:
    outcome = read(pyvideo, talks(talk(speakers="Ada Lovelace;Grace Hopper")))
    ada, grace = (person["person_key"] for person in outcome.values("people"))
    assert outcome.only("materials") == {
        "material_key": "pycon/t1.json",
        "title": "Talk t1",
        "kind": "talk",
        "language": "eng",
        "author_key": ada,
        "event_key": outcome.only("events")["event_key"],
        "published_on": "2019-05-03",
        "url": "https://v/t1",
    }
    assert [values["person_key"] for values in outcome.values("participations")] == [ada, grace]
    assert {values["role"] for values in outcome.values("participations")} == {"speaker"}


def test_names_that_differ_in_case_space_or_unicode_form_are_one_person(read: Read) -> None:
    outcome = read(
        pyvideo,
        talks(
            talk("a", speakers="José  García"),
            talk("b", speakers=" josé garcía "),
            talk("c", speakers="Jose\u0301 Garci\u0301a"),
            talk("d", speakers="Jose Garcia"),
        ),
    )
    assert [person["name"] for person in outcome.values("people")] == ["José García", "Jose Garcia"]
    assert len(outcome.values("participations")) == 2


def test_a_persons_key_is_the_same_in_another_import_and_does_not_show_the_name(read: Read) -> None:
    first = read(pyvideo, talks(talk("a", speakers="Ada;Grace"))).values("people")[1]
    again = read(pyvideo, talks(talk("b", speakers="GRACE"))).only("people")
    assert first["person_key"] == again["person_key"]
    assert "grace" not in first["person_key"]


def test_a_placeholder_next_to_real_speakers_is_nobody(read: Read) -> None:
    outcome = read(pyvideo, talks(talk(speakers="Various  Speakers;Ada")))
    assert outcome.only("people")["name"] == "Ada"
    assert outcome.only("materials")["author_key"] == outcome.only("people")["person_key"]


def test_a_talk_without_a_language_is_undetermined_and_its_event_claims_none_for_it(read: Read) -> None:
    outcome = read(pyvideo, talks(talk("a", language=""), talk("b", language="spa")))
    assert [material["language"] for material in outcome.values("materials")] == ["und", "spa"]
    assert outcome.only("events")["languages"] == "spa"
    assert outcome.only("participations")["language"] == "spa"


def test_a_conference_is_one_event_from_its_first_to_its_last_recording(read: Read) -> None:
    outcome = read(pyvideo, talks(talk("a", recorded="2019-05-04T10:00:00"), talk("b", recorded="2019-05-02")))
    event = outcome.only("events")
    assert (event["title"], event["starts_on"], event["ends_on"]) == ("PyCon", "2019-05-02", "2019-05-04")


def test_the_events_own_dates_win_over_those_of_its_recordings_in_the_same_quarter(read: Read) -> None:
    outcome = read(
        pyvideo,
        events("pycon,PyCon US,https://us.pycon.org,2019-05-01,2019-05-09"),
        talks(talk(recorded="2019-06-30")),
    )
    event = outcome.only("events")
    assert (event["starts_on"], event["ends_on"], event["url"]) == ("2019-05-01", "2019-05-09", "https://us.pycon.org")


def test_a_user_group_has_an_event_in_each_quarter_in_which_it_met(read: Read) -> None:
    outcome = read(
        pyvideo,
        talks(talk("a", recorded="2019-01-10"), talk("b", recorded="2019-03-14"), talk("c", recorded="2020-01-09")),
    )
    found = {event["title"]: (event["starts_on"], event["ends_on"]) for event in outcome.values("events")}
    assert found == {"PyCon (2019 Q1)": ("2019-01-10", "2019-03-14"), "PyCon (2020 Q1)": ("2020-01-09", "2020-01-09")}
    assert len(outcome.values("participations")) == 2


def test_a_later_talk_leaves_the_keys_of_earlier_events_as_they_are(read: Read) -> None:
    before = read(pyvideo, talks(talk("a"))).only("events")["event_key"]
    after = [e["event_key"] for e in read(pyvideo, talks(talk("a"), talk("b", recorded="2018-01-01"))).values("events")]
    assert before in after


def test_dates_with_an_offset_are_local(read: Read) -> None:
    outcome = read(pyvideo, talks(talk(recorded="2019-08-01T00:15:00+10:00")))
    assert outcome.only("materials")["published_on"] == "2019-08-01"


def test_a_talk_without_a_date_takes_its_events_start_and_says_so(read: Read) -> None:
    outcome = read(pyvideo, talks(talk("a", recorded=""), talk("b", recorded="2019-05-03")))
    assert {material["published_on"] for material in outcome.values("materials")} == {"2019-05-03"}
    assert [(hint.line, hint.column) for hint in outcome.hints] == [(2, "recorded")]


def test_neither_talk_nor_event_dated_is_an_error_of_the_talk_and_a_hint_for_the_event(read: Read) -> None:
    outcome = read(pyvideo, talks(talk(recorded="")))
    assert not outcome.records
    assert (len(outcome.errors), len(outcome.hints)) == (1, 1)
    assert "YYYY-MM-DD" in outcome.errors[0].remedy


def test_an_unreadable_date_keeps_its_talk_out_and_no_other(read: Read) -> None:
    outcome = read(pyvideo, talks(talk("a", recorded="May 3rd"), talk("b"), talk("c", recorded="2019-02-30")))
    assert [problem.value for problem in outcome.errors] == ["May 3rd", "2019-02-30"]
    assert len(outcome.values("materials")) == 1


def test_an_event_without_talks_comes_with_its_own_dates(read: Read) -> None:
    outcome = read(pyvideo, events("a,Dated,,2019-05-01,", "b,Undated,,,", "c,Odd,,someday,"))
    assert outcome.only("events")["starts_on"] == "2019-05-01"
    assert {hint.value for hint in outcome.hints} == {"b", "c", "someday"}


def test_line_breaks_inside_a_title_become_spaces(read: Read) -> None:
    row = talk().replace("Talk t1", '"f(x) = a\n + bi"')
    assert read(pyvideo, talks(row)).only("materials")["title"] == "f(x) = a + bi"
