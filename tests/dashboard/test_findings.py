"""Every number in a page's finding stands in an answer of the same selection, or is a share that its sentence can show.

Random small programs and selections. A finding is made by functions that take answers; here the sentence is read back.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from numbers import Real
from pathlib import Path

import pandas as pd
import pytest

from dashboard.subjects.event_map import words as map_words
from dashboard.subjects.funnel import words as funnel_words
from dashboard.subjects.impact import words as impact_words
from dashboard.subjects.languages import words as language_words
from dashboard.subjects.people import fair_words, step_words
from dashboard.subjects.people import words as people_words
from dashboard.subjects.retention import words as retention_words
from dashboard.subjects.teams import words as team_words
from dashboard.subjects.teams.cards import can_move_on
from dashboard.subjects.teams.measures import measure_of, measure_words
from dashboard.words.counts import LEAST_BASE
from dashboard.words.numbers import number, percent
from dashboard.words.periods import during
from data_access.answers import rows
from data_access.database.schema import team_stages
from data_access.questions.funnel.followthrough import FollowedEvents
from data_access.questions.funnel.step_table import FunnelStep
from data_access.questions.people.diversity import VALUE, AttributeShare
from data_access.questions.people.fairness import EVENTS, MONEY, FairShare, LorenzPoint
from data_access.questions.retention.grid import RetentionMonth
from data_access.questions.retention.persona import PersonaQuarter
from data_access.questions.teams.board import TeamStanding
from data_access.selection import Period, Role, Scope, Selection
from tests.builders import COUNTRIES, ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.people_programs import AS_OF as PEOPLE_AS_OF
from tests.people_programs import PeopleProgram
from tests.releasing import release

pytestmark = pytest.mark.slow
AS_OF = date(2026, 9, 15)
# Two random programs; `make long` has more.
SEEDS = [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 6))]
SELECTIONS = (
    Selection(as_of=AS_OF),
    Selection(Period.parse("2025"), as_of=AS_OF),
    Selection(Period.parse("2026-Q3"), as_of=AS_OF),
    Selection(as_of=AS_OF, country=("DE",)),
    Selection(Period.parse("2026"), as_of=AS_OF, region=("Africa",)),
    Selection(as_of=AS_OF, team=("a",)),
)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?")
# What sentences say that is no answer: definitions, units and confidence.
SAID_ANYWAY = {"95%", "50", "100", "90", "180", "15,000"}
WITH_SHARE = re.compile(r"([\d,]+) \((\d[\d.]*%)\)")
BASE = re.compile(r"Of ([\d,]+) (?:people|person)")


def a_program(folder: Path, seed: int) -> ProgramBuilder:
    """A few events and people, at random: held and planned, known and unknown places, some people who come back."""
    chance = random.Random(seed)  # noqa: S311  # a test, repeatable
    built = ProgramBuilder(f"sqlite:///{folder / 'uplift.db'}")
    built.add_program()
    built.set_population(DE=83_000_000, FR=68_000_000, IN=1_400_000_000, BR=214_000_000, KE=54_000_000, JP=125_000_000)
    start = AS_OF - timedelta(days=chance.choice((60, 400, 900)))
    built.add_event(starts_on=start, country="DE", team_key="a")
    built.add_event(starts_on=start, country="KE")
    built.add_contributions("first", start, team_key="a")
    span = (AS_OF - start).days
    with built.deriving_at_the_end():
        for _ in range(chance.randrange(40)):
            day = start + timedelta(days=chance.randrange(span + 60))
            built.add_event(
                starts_on=day,
                country=chance.choice([*COUNTRIES, None]),
                status="planned" if day > AS_OF else "held",
                mode=chance.choice(("in_person", "online")),
                scale=chance.choice(("micro", "annual")),
                attendance=chance.choice((None, 5, 40)),
                languages=chance.choice((("pt-BR",), ("pt",), ("en", "de"), ())),
            )
        for index in range(chance.randrange(45)):
            joined = start + timedelta(days=chance.randrange(span))
            key = built.add_person(f"p{index}", home_country=chance.choice(list(COUNTRIES)), joined_on=joined)
            days = {joined + timedelta(days=chance.randrange(-5, 400)) for _ in range(chance.randrange(20))}
            team = chance.choice(("a", "b"))
            if past := sorted(day for day in days if day <= AS_OF):
                built.add_contributions(key, *past, team_key=team)
    return built


def numbers_in(answers: Iterable[pd.DataFrame]) -> set[str]:
    """Every number of the answers as sentences write it, with how many rows there are of each kind."""
    found: set[str] = set(SAID_ANYWAY)
    for answer in answers:
        found |= {number(size) for size in range(len(answer) + 1)}
        for column in answer.columns:
            known = answer[column].dropna()
            values = [float(value) for value in known if isinstance(value, Real | Decimal)]
            if len(values) == len(answer):
                found.add(number(round(sum(values))))
            for value in values:
                found |= {number(value), number(round(value)), percent(value), number(round(100 * value))}
                found |= {percent(value).removesuffix("%")}
    return found


def check(sentence: str, answers: Iterable[pd.DataFrame], *parts: str) -> None:
    """Every number stands in an answer; every share is that of the count beside it, and of ten people at least."""
    for part in parts:
        sentence = sentence.replace(part, "")
    shares = set()
    for clause in re.split(r"(?<=[.])\s", sentence):
        base = BASE.search(clause)
        for count, share in WITH_SHARE.findall(clause):
            if base is None or "year later" in clause:
                continue
            people = int(base[1].replace(",", ""))
            assert people >= LEAST_BASE, clause
            assert percent(int(count.replace(",", "")) / people) == share, clause
            shares.add(share)
    unknown = {found.rstrip(",") for found in NUMBER.findall(sentence)} - shares - numbers_in(answers)
    assert not unknown, f"{unknown} in: {sentence}"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_numbers_of_findings_are_those_of_the_answers(tmp_path: Path, seed: int) -> None:
    program = a_program(tmp_path, seed)
    for selection in SELECTIONS:
        funnel(program, selection)
        retention(program, selection)
        impact(program, selection)
        places_and_languages(program, selection)


def funnel(program: ProgramBuilder, selection: Selection) -> None:
    answer = ask(program.database, "contributor_funnel", selection)
    steps = rows(FunnelStep, answer)
    said = funnel_words.finding(steps, selection.period)
    check(said, [answer], during(selection.period))
    check(funnel_words.weakest(steps), [answer])
    if end := funnel_words.in_the_end(steps):
        check(end, [answer.assign(**{f"{name}_": answer[name] for name in ("estimate_low", "estimate_high")})])
        [stated] = re.findall(r"estimated (\d+)%", end)
        step = next(step for step in reversed(steps) if step.estimate is not None and percent(step.estimate) in end)
        assert int(stated) >= int(percent(step.share_of_start or 0).rstrip("%")), "below what has happened"
    for item in funnel_words.headlines(steps):
        if counted := re.match(r"([\d,]+) of ([\d,]+) people so far", item.note):
            here, start = (int(text.replace(",", "")) for text in counted.groups())
            assert item.value in ("–", f"{here} of {start}", percent(here / start) if start else "–")


def retention(program: ProgramBuilder, selection: Selection) -> None:
    overall = ask(program.database, "retention_overall", selection)
    months = rows(RetentionMonth, overall)
    back = [round((row.active_exactly or 0) * (row.people or 0)) for row in months]
    counts = overall.assign(back=pd.array(back, dtype="Int64"))
    check(retention_words.finding(months), [counts])
    persona = ask(program.database, "persona", selection)
    known = rows(PersonaQuarter, persona)
    quarters = [row.quarter.replace("-", " ") for row in known]
    check(retention_words.persona_words(known), [persona], *quarters)
    followed = ask(program.database, "event_followthrough", selection)
    check(retention_words.following_words(rows(FollowedEvents, followed)), [followed])


def impact(program: ProgramBuilder, selection: Selection) -> None:
    answer = ask(program.database, "impact_summary", selection)
    summary = impact_words.ImpactSummary.of(answer, "EUR", 5)
    change = impact_words.how_changed(
        impact_words.MEASURES["events"], summary.value("events"), summary.previous("events")
    )
    said = impact_words.finding(selection, summary)
    check(said, [answer], "the 12 months before", "the year before", "the quarter before", change.amount or "—")
    is_compared = summary.compared is not None
    since = summary.measures["events"].records_since
    assert ("no data before" in said) == (is_compared and since is not None)


def places_and_languages(program: ProgramBuilder, selection: Selection) -> None:
    names = ("events_total", "events_by_place", "events_by_country", "urban_reach", "country_gaps")
    answers = [ask(program.database, name, selection) for name in names]
    total, placed, by_country, reach, gaps = answers
    found = map_words.summary(total, placed, by_country, reach, gaps, selection, {})
    check(map_words.finding(found), answers)
    check(map_words.more(found), [*answers, pd.DataFrame({"unknown": [found.unknown]})])
    spoken = ask(program.database, "languages_of_events", selection)
    if not int(spoken["events"].sum()):
        return
    materials = ask(program.database, "materials_by_language", selection)
    known = ask(program.database, "language_reach", selection)
    following = ask(program.database, "language_next", selection)
    languages = language_words.summary(spoken, materials, known, following, "")
    held = ask(program.database, "events_total", selection)
    recorded = pd.DataFrame({"recorded": [languages.events - languages.not_recorded], "top": [languages.not_in_top]})
    named = recorded.assign(in_top=1 - recorded["top"].astype(float))
    check(language_words.finding(languages), [spoken, materials, known, held, named])
    [impact_languages] = ask(program.database, "impact_summary", selection).query("measure == 'languages'")["value"]
    assert impact_languages == len(languages.languages), "one number of languages on every page"


OF_WHOM = re.compile(r"(?:of the|of about) ([\d,]+) \w+ who disclosed it")
PART = re.compile(r"(\d[\d.]*%) \((\d+) of (\d+)\)")
SCOPES = (Scope(Role.PM), Scope(Role.LEADERSHIP))


@pytest.mark.parametrize("count", [6, pytest.param(30, marks=pytest.mark.long), 140])
@pytest.mark.parametrize("seed", SEEDS[1:3])
def test_what_is_said_of_people_names_its_base_or_gives_counts(tmp_path: Path, seed: int, count: int) -> None:
    program = PeopleProgram(f"sqlite:///{tmp_path / 'people.db'}", seed, count)
    release(program.database, Period.quarter_of(PEOPLE_AS_OF).start)
    for selection in (Selection(as_of=PEOPLE_AS_OF), Selection(Period.parse("2026"), as_of=PEOPLE_AS_OF)):
        for scope in SCOPES:
            for population in people_words.NAMES:
                people(program, selection, scope, population)
            steps_and_fair_shares(program, selection, scope)


def people(program: PeopleProgram, selection: Selection, scope: Scope, population: str) -> None:
    shares = ask(program.database, "attribute_shares", selection, scope, population=population)
    effective = ask(program.database, "effective_groups", selection, scope, population=population)
    said = people_words.finding(population, shares)
    values = [row.value for row in rows(AttributeShare, shares)]
    check(said, [shares], *values)
    if whole := OF_WHOM.search(said):
        assert ("%" in said) == (int(whole[1]) >= LEAST_BASE), said
        shown = [row for row in rows(AttributeShare, shares) if row.kind == VALUE and row.share is not None]
        first, *others = [row for row in shown if said.lower().startswith(row.dimension)][:2]
        apart = all((first.low or 0) > (other.high or 0) for other in others)
        assert said.endswith("the two cannot be told apart.") != apart, said
    for headline in people_words.headlines(shares, effective):
        are_parts(headline.note)
    for dot in people_words.dots(shares, [], scope.min_group_size):
        if found := re.search(r": (\d+) of (\d[\d,]*\b)(?:, (\d[\d.]*%))?", dot.said):
            part, of, share = int(found[1]), int(found[2].replace(",", "")), found[3]
            assert share == (percent(part / of) if of >= LEAST_BASE else None), dot.said


def are_parts(sentence: str) -> None:
    """Each percentage that comes with its counts is their ratio; of fewer than ten there is none."""
    for share, part, whole in PART.findall(sentence):
        assert int(whole) >= LEAST_BASE, sentence
        assert percent(int(part) / int(whole)) == share, sentence


def steps_and_fair_shares(program: PeopleProgram, selection: Selection, scope: Scope) -> None:
    funnel = ask(program.database, "attribute_funnel", selection, scope)
    for sentence in step_words.step_sentences(funnel):
        are_parts(sentence)
        assert not scope.inside or "against" not in sentence or len(PART.findall(sentence)) == 2
    for dot in step_words.step_dots(funnel, scope.min_group_size):
        if found := re.match(r"(\d+) accepted of (\d+)(: \d[\d.]*%)?", dot.said):
            accepted, applied = int(found[1]), int(found[2])
            assert found[3] == (f": {percent(accepted / applied)}" if applied >= LEAST_BASE else None), dot.said
    for of in (MONEY, EVENTS) if scope.inside else ():
        answer = ask(program.database, "fairness", selection, scope, of=of)
        if answer.empty:
            continue
        everyone = rows(FairShare, answer)[0]
        said = fair_words.fair_sentence(everyone, of)
        assert "%" not in said or (everyone.members or 0) >= LEAST_BASE
        assert "%" not in said or f"{everyone.members} members" in said
        for point in rows(LorenzPoint, ask(program.database, "lorenz_curve", selection, scope, of=of)):
            assert f"{everyone.members} member" in fair_words.lorenz_point(point, everyone)


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_what_is_said_of_teams_names_its_base_or_gives_counts(tmp_path: Path, seed: int) -> None:
    """Some were active or core on 15 September 2025, some are now: with three contributions, or twelve."""
    chance = random.Random(seed)  # noqa: S311  # a test, repeatable
    program = ProgramBuilder(f"sqlite:///{tmp_path / 'teams.db'}")
    program.add_program(min_group_size=5)
    then, now, entered = date(2025, 9, 15), AS_OF, date(2025, 9, 15)
    counts: dict[str, dict[str, int]] = {}
    with program.deriving_at_the_end():
        for team, stage, size in (("a", "sustaining", 7), ("b", "sustaining", 30), ("c", "scaling", 12)):
            met = {"before": 0, "after": 0, "core": 0, "kept": 0}
            for number_ in range(size):
                early, late = (chance.choice((0, 1, 3, 12)) for _ in range(2))
                for day, quantity in ((then, early), (now, late)):
                    if quantity:
                        program.add_contributions(f"{team}{number_}", day, team_key=team, quantity=quantity)
                met["before"] += early >= 3
                met["after"] += late >= 3
                met["core"] += early >= 12
                met["kept"] += early >= 12 and late > 0
            program.add(team_stages, team_key=team, stage=stage, entered_on=entered)
            counts[team] = met
    release(program.database, Period.quarter_of(AS_OF).start)
    for scope in SCOPES:
        board = ask(program.database, "team_board", Selection(as_of=AS_OF), scope)
        standings = rows(TeamStanding, board)
        said = team_words.finding(standings)
        check(said, [board])
        both = {row.team for row in standings if row.stalled} & {row.team for row in standings if can_move_on(row)}
        assert said.endswith(f"; {team_words.ARE_BOTH(len(both))}.") == bool(both), said
        for row in standings:
            said = measure_words(measure_of(row, scope))
            if scope.inside:
                as_counted(said, row.stage or "", counts[row.team])
            elif row.second_of_at_most is not None and row.stage == "sustaining":
                shown = f"{row.second_of_at_least} to {row.second_of_at_most}"
                assert shown in said, said


def as_counted(said: str, stage: str, met: dict[str, int]) -> None:
    """A team's measure says what was counted here."""
    before, after, core, kept = met.values()
    if stage == "scaling":
        assert not before or f"{after} active now, {number(round(after / before, 1))} times the {before}" in said, said
        return
    share = f" ({percent(after / before)}); 90%" if before >= LEAST_BASE else "; at least "
    assert not before or said.startswith(f"{after} active now against {before} a year ago{share}"), said
    share = f" ({percent(kept / core)}); 80%" if core >= LEAST_BASE else "; at least "
    assert not core or f"{kept} of {core} core contributors of a year ago stayed{share}" in said, said
