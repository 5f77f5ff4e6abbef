"""What each number means, in plain words, in one place: pages show these under “How is this counted?”."""

from __future__ import annotations

from data_access.program import Program

DEFINITIONS: dict[str, tuple[str, str]] = {
    "period": (
        "Period",
        "An event belongs to the day it starts on, in its own local time. “Before” is the same length of time directly "
        "before. A period that is not over yet is compared with as many first days of the one before, never with all "
        "of it, and its open month is hatched or dashed.",
    ),
    "events": (
        "Events",
        "Events that were held. Planned and cancelled ones do not count unless you choose another status. An event "
        "counts once, however many topics, spaces or languages it lists. An event without a status counts as held once "
        "its day has come.",
    ),
    "attendance": (
        "Attendance",
        "The sum of what events report. Somebody who comes to three events counts three times. Events that report none "
        "are left out of the sum and counted separately.",
    ),
    "countries": ("Countries", "Different countries in which events took place. Online events have no country."),
    "languages": ("Languages", "Different languages in which events were held; an event may have several."),
    "active_contributors": (
        "Active contributors",
        "People with at least {active_min} contributions in the {window_days} days that end on the last day of the "
        "period. A filter by country or region looks at people’s home; area and team at the contribution’s own.",
    ),
    "new_contributors": ("New contributors", "People whose very first contribution lies in the period."),
    "spend": (
        "Money paid",
        "What was paid in the period, each amount converted at the rate of its payment day. Amounts without a known "
        "rate are left out and listed, never taken as zero.",
    ),
    "rates": (
        "Rates in the chain",
        "Each is one total of the period divided by the one before it in the chain. They show proportions, not causes: "
        "not everybody who contributes for the first time came through an event, and not every event was paid for. "
        "Events that report no attendance lower the attendance per event.",
    ),
    "change": (
        "Change",
        "Per cent from twenty up; below that the plain difference, because percentages of small numbers mislead. "
        "Growth from nothing is “new”.",
    ),
    "people": (
        "People",
        "Speakers spoke at an event that was held; members belong to a cohort on at least a day; applicants applied; "
        "contributors made at least one contribution. Each person counts once. Home region, main focus area (most "
        "contributions in the period) and newest cohort group them.",
    ),
    "disclosure": (
        "What people say about themselves",
        "Only what people say about themselves counts, and nothing is guessed. Shares are of those who say something, "
        "with 95% Wilson intervals; “not disclosed” is a share of everybody.",
    ),
    "diversity_map": (
        "Diversity on the map",
        "Each country has the figures of its region, by people’s homes. A share of fewer than 10 people who say "
        "something is hatched; for who does not see every count, so is a region of few or of nobody. Organizers are "
        "shown to the program manager and the board alone.",
    ),
    "effective_groups": (
        "As diverse as so many equal groups",
        "The Hill number of order 1: how many groups of the same size would be as diverse. Its interval is 95%, from "
        "the large-sample variance of Shannon’s entropy.",
    ),
    "group_difference": (
        "Larger than chance",
        "A group’s share is compared with that of all others who say something, from ten people on each side. It is "
        "“more often” or “less often” when the 95% interval of the difference (Newcombe’s) does not include zero; "
        "where counts are ranges, wherever in these they are.",
    ),
    "fair_share": (
        "Fair shares",
        "What was paid to members in the period, or events they held, over all members, those who received nothing "
        "included. The Lorenz curve shows what the members with least have together; Gini is the area between it and "
        "equal shares, doubled, with a 95% bootstrap interval. Payments without an exchange rate are left out.",
    ),
    "space_schedule": (
        "Events due at a space",
        "The year is the fiscal year of the period that is chosen. A year’s target (96 events unless a space has its "
        "own) is spread evenly over the days of the year, and due for those on which the space is open. A week is on "
        "target with at least as many events as the target a week (3); whole weeks count, from Monday to Sunday. "
        "Held events of a space count, whatever their mode.",
    ),
    "space_newcomers": (
        "Newcomers of a space",
        "Reported: what its events say. Attributed: people whose very first contribution names one of its events of "
        "the year. Active: those of them who had {active_min} contributions within {window_days} days since. Due is "
        "one new active contributor an event held, or the space’s own target. Who came new in the last "
        "{conversion_window_days} days may yet become active.",
    ),
    "newcomer_bridge": (
        "The bridge",
        "The goal is spaces × events a year × newcomers an event. What is lost and won follows in this order: days on "
        "which a space was not open, the rest of the year, events that were not held, events that brought fewer new "
        "people than due, and new people who have not become active. The steps add up exactly to who came.",
    ),
    "space_people": (
        "Who comes again",
        "People recorded in any role at a held event of the space in the year; again is on two days or more. Most "
        "visitors are not recorded by name, so this is no share of the attendance.",
    ),
    "this_week": (
        "What is due",
        "Requests whose event is within 28 days or over, or that have waited for more than 30; members at risk of the "
        "floor in the last 45 days of a quarter, and those who missed it twice in a row; events of the last 90 days "
        "that nobody marked; disputes open for more than 46 days; applications that have waited for 30 to 365; budgets "
        "not approved; targets behind their pace, spending apart; pilots that end within 28 days or have no verdict; "
        "teams that are ready or stalled; an import older than 14 days, and live sources that failed. What is too late "
        "soonest comes first, what has waited too long counts as due this week, what cannot be saved comes last; of "
        "each kind two before more of another. What you hide is hidden for you alone. What you have recorded since "
        "Monday is counted in the record, without what was undone.",
    ),
    "pilots": (
        "Pilots",
        "A pilot is a space with a first day and a length. Its target is its own, else so many events a week as the "
        "space’s target says. It is compared with all other spaces over the same days they were open: more or fewer "
        "where a 95% Wilson interval of its part of all events leaves out its part of the days. Candidates are towns "
        "more than 100 km from every open space where somebody organized two events or more in the last 12 months.",
    ),
    "targets": (
        "Targets",
        "Each is measured over its own days and for its own scope. What is needed a week is what is missing, divided "
        "by the weeks that are left. Behind compares what adds up (events, attendance, new contributors, money) with "
        "the part of the target’s days that is gone. The contributor base is active contributors now, divided by those "
        "on the eve of the target’s days.",
    ),
    "budget": (
        "Budget, paid, committed, pending",
        "The program’s budget of the fiscal year. Money belongs to the fiscal year in which it is paid. Committed "
        "(approved, not yet paid) and pending, however old, count against the year that runs; what was approved before "
        "it began is shown as carried over. A request is in one of them at a time. Filters do not apply; a period in "
        "another fiscal year shows that year.",
    ),
    "burn": (
        "Burn and pace",
        "Burn is (paid + committed) ÷ budget or ceiling; exactly 100% is not over. Pace is burn ÷ the share of the "
        "year gone: above 1, money goes faster than the year.",
    ),
    "projection": (
        "Projection",
        "Spending goes on as in the last 90 days (or since the year began). The 95% range is as wide as its "
        "record demands: the same line is drawn from each of the last 18 months’ ends to each later one, and the range "
        "would have held 95% of what then came. With a record of less than a year there is no range yet, and on the "
        "year’s last day or later no projection.",
    ),
    "member_burn": (
        "Members",
        "The ceiling is the member’s own of that year, or else the program’s. Near is 90% and more. “Used up” is the "
        "day at the pace of the last 90 days. Costs are what was paid to the member this year ÷ the events held with "
        "them as speaker, organizer, mentor or facilitator, and ÷ those events’ attendees.",
    ),
    "rates_of_exchange": (
        "Exchange rates",
        "Each amount is converted at the rate of its own day: the operator’s rate in force, else the European Central "
        "Bank’s of that bank day or the last before it, else HMRC’s of that month. Ceilings and budgets take the first "
        "day of the fiscal year. Where none is known the amount is listed and left out, never taken as zero.",
    ),
    "outcome_cost": (
        "Cost of an outcome",
        "What was paid in the fiscal year ÷ outcomes of the same days: events held, attendees they report, people who "
        "contributed for the first time, people who reached core (from casual, by the program’s thresholds), countries "
        "and languages with their first event ever. Travel is the category of that name; lodging is not in it.",
    ),
    "small_money": (
        "Small groups",
        "Members are named to the program manager and the board only. Leadership reads what is released once a "
        "quarter: what is paid, to two figures. A sum is told where at least {min_group_size} members were paid and "
        "nobody has more than half of it, and where no member’s payments can be worked out from it and from all that "
        "was told before. Members are counted in ranges.",
    ),
    "small_groups": (
        "Small groups",
        "To protect people, everybody but the program manager and the board sees counts of people as ranges of at "
        "least {min_group_size}, for whole quarters or years only, and “fewer than {min_group_size}” for what is "
        "smaller. Ranges are widened until no small count can be worked out from the others. Money paid to fewer than "
        "{min_group_size} members is not shown on its own either.",
    ),
    "cohort": (
        "Joined, and cohorts",
        "A person has joined on the joining date or at the first contribution, whichever is earlier. A cohort is the "
        "people who joined in the period. Country and region filters look at homes; team and area at the first "
        "contribution (the largest, if its day has several); the others at the event that brought the first "
        "contribution about. People with neither joining date nor contribution are not in the funnel.",
    ),
    "levels": (
        "Casual, active, core",
        "Reached on the first day on which somebody has made at least 1 (casual), {active_min} (active) or {core_min} "
        "(core) contributions in the {window_days} days that end on that day. Reaching a level implies the lower ones.",
    ),
    "conversion": (
        "Conversion",
        "A step counts if it is taken within {conversion_window_days} days of the one before. The share of start is "
        "the people who took the step so far ÷ all people of the cohort. Shares of the previous step, their 95% Wilson "
        "intervals and the days look only at people whose window is over; people who still have time are shown "
        "separately and are neither converted nor lost. The estimate for the end is the product of the steps’ "
        "Kaplan–Meier shares with its 95% interval: what the share of start will be when nobody has time left. A step "
        "taken before the one it follows counts as taken and is left out of the days.",
    ),
    "groups_at_entry": (
        "Groups",
        "Team, the team’s stage, and area are those of the first contribution, on its day; whoever has not contributed "
        "has none. Scale and space are those of the event that brought it about.",
    ),
    "waiting": (
        "Waiting times",
        "Kaplan–Meier: people who have not taken the step count as long as we could see them, and not as lost. No "
        "conversion window applies here. The log-rank test compares all curves at once; it says nothing about causes.",
    ),
    "program_steps": (
        "The program’s steps",
        "Each person counts once, from the first application. A later step implies the ones before it, on its own day "
        "at the latest. An active member is a membership started.",
    ),
    "small_cohorts": (
        "Small groups",
        "Everybody but the program manager and the board sees whole quarters or years that are over, no filters, "
        "counts as ranges, and shares and intervals made of those ranges. Days are in whole weeks and, like curves, "
        "for groups of 20 people or more; curves have a value every four weeks, in steps of 5%.",
    ),
    "retention": (
        "Retention",
        "People by the calendar month of their first contribution. Two readings: active in exactly that month, and "
        "active then or later. Months that are not over have no value; people whose month is not over are left out.",
    ),
    "returning": (
        "Returning and reactivated",
        "Of the people active in a quarter: new had never contributed before; reactivated came back after more than "
        "{window_days} days without a contribution; the rest continue.",
    ),
    "persona": (
        "Mission-driven",
        "Over the four quarters that end then: contributed in three or more of them (regular); in two or more areas so "
        "far, at once or one after another; less than half of it code; and connected: took part in two or more events "
        "together with other contributors, or had a mentor or mentee.",
    ),
    "investment": (
        "Activities and investment",
        "Of who contributed in the year that ends with the last whole quarter. What somebody does is told by the areas "
        "of their contributions, by roles at held events (speaking is evangelizing, mentoring and facilitating are "
        "teaching, organizing is community building), by materials (writing is documenting, translating is "
        "localizing) and by mentorships; who does several counts in each. Giving back is organizing or mentoring in "
        "the year: reviews are not recorded.",
    ),
    "followthrough": (
        "What follows events",
        "Contributions that name an event, up to 30 or 90 days after its first day; tasks done beforehand count. New: "
        "the person’s first contribution ever. Events younger than 90 days are left out. Cost is what was paid for "
        "these events, without amounts that have no exchange rate.",
    ),
    "rate": (
        "Per inhabitant",
        "Events per million inhabitants of a country (CLDR’s estimates). Online events belong to no country.",
    ),
    "gap_ratio": (
        "Gap",
        "Expected is a country’s share of all events by its inhabitants (or members). The ratio is events held ÷ "
        "expected, with an exact 95% Poisson interval. It is “fewer” or “more” when the interval leaves out 1; “too "
        "few to tell” when it is so wide that half and double would fit as well. The evened-out ratio pulls small "
        "countries towards the middle, because their raw ratios mislead; it colours the map.",
    ),
    "reach": (
        "Reach",
        "The share of people in towns of 15,000 and more who live within 100 km of an event held in the 12 months up "
        "to the end of the period.",
    ),
    "events_by_language": (
        "Events by language",
        "An event counts in each language it names, so that shares can add up to more than 100%. Portuguese of Brazil "
        "and of Portugal are one language, and so are all scripts of one. Events that name none are “not recorded”.",
    ),
    "talks": (
        "Talks",
        "One person’s appearance as a speaker at one event, in the language recorded for it. Where none is recorded, "
        "the event’s language is not taken instead, because an event may have several.",
    ),
    "original_share": (
        "Originals",
        "Materials published in the period that are translated from no other material. Filters choose materials by "
        "their event, the filter by language by their own language.",
    ),
    "region_profile": (
        "Since when, and how a region grows",
        "All events held in a known place up to the day, whatever the period. A region grows, or shrinks, where a 95% "
        "Wilson interval of the last 12 months’ part of the events of 24 leaves out half; it is new where all events "
        "are of the last 12 months. People are counted by their homes; a circle is a city in which two people or more "
        "organized, or mentored at, events in the last 12 months. People and circles: program manager and board.",
    ),
    "topics": (
        "Topics",
        "An event counts in each topic that it names, and in each of its languages; online events and those of unknown "
        "place are regions of their own. Materials of a topic are those of its events, published in the period.",
    ),
    "authors_and_audiences": (
        "In whose context",
        "A talk is one person’s appearance as a speaker. It comes from the country where it is given if the speaker "
        "lives there; a material if its author lives in the country of its event. Homes are those of today. Talks "
        "online and works without an author, event or home are left out of the share, and told.",
    ),
    "language_reach": (
        "Language reach",
        "The share of inhabitants who know at least one language of the events and materials chosen, by Unicode CLDR’s "
        "shares and inhabitants. At least: the best-known of the languages in each country. At most: their sum. CLDR "
        "does not say who knows two. A country for which it lists none of the languages is unknown, not zero: its "
        "inhabitants stay in the total, are not counted as reached, and are shown separately.",
    ),
    "language_next": (
        "Best to add",
        "The language that adds most at least: its share in each country, less everybody there who may know a language "
        "offered already. Where another language could add more than that, it says so.",
    ),
    "language_gap": (
        "Language gap",
        "For each country the languages that 1% of the inhabitants know, that are official, or in which an event was "
        "held there. “Would reach” is the language’s share less the greatest share reached so far there. Members who "
        "speak it may live anywhere.",
    ),
    "offered_there": (
        "Offered there",
        "The map takes the languages of events with a place in the country. An online event has no country: its "
        "languages count, in every country, only under “With online events”.",
    ),
    "language_people": (
        "People by language",
        "People say themselves which languages they speak; whoever names none is in no row. Everybody but the program "
        "manager and the board sees ranges, for the whole program, with members as of the first day of the quarter.",
    ),
    "presence": ("Presence", "Weeks with at least one event ÷ all weeks of the period, region by region."),
    "stages": (
        "Stages",
        "Five in order: preparing to start, starting a pathway, learning and preparing for growth, growing tenfold, "
        "sustaining. A team is in the stage it entered last; entering the same stage twice running counts as one stay.",
    ),
    "exit_measures": (
        "Exit measures",
        "Preparing ends when a coordinator is appointed; starting when the pathway is created and tried; learning when "
        "more than 25 people made their first contribution to the team after it entered the stage; growing when active "
        "contributors are ten times those of the day of entry and the two leadership milestones are reached. "
        "Sustaining holds while active contributors are at least 90% of those four quarters ago and at least 80% of "
        "the core contributors of then have contributed in the last {window_days} days. “Moved too early” looks at "
        "the measure on the day of the move. Growth from nobody has no base and is never “met”.",
    ),
    "stalled": (
        "Stalled",
        "Longer in the stage than the program’s own median plus interquartile range of completed stays in that stage. "
        "With fewer than four completed stays this is not known. A stay is completed when the team leaves for a later "
        "stage. Sustaining has no end, so nobody stalls there.",
    ),
    "time_in_stage": (
        "Time from stage to stage",
        "Kaplan–Meier: teams that are still in a stage, or went back, count for as long as they were in it. A quartile "
        "is missing while too few teams have moved on. Intervals of the median are 95% (log-log).",
    ),
    "team_people": (
        "People of a team",
        "Active and core: at least {active_min} and {core_min} contributions to this team in the {window_days} days "
        "that end on the day. The program manager and the board see the day itself; everybody else sees the last day "
        "of the last whole quarter, as ranges, and ratios of those ranges. Where ranges leave it open, the page says "
        "so.",
    ),
    "team_funnel": (
        "Before and after a change of stage",
        "People whose first contribution to the team lies in the {window_days} days before the change, or from it on "
        "(for all but the program manager and the board: in the whole quarter before, or after). They count as active "
        "or core when they get there within {conversion_window_days} days; until that time is over for all, the bar "
        "is hatched.",
    ),
    "detected_risks": (
        "Risks in the data",
        "Not delegating: one person made more than half of the team’s contributions of the last 365 days, of at least "
        "{core_min}. Pathway gap: the 99% Wilson interval of the newcomers who became active, or of the active who "
        "became core, ends below the share in all other teams together; of a year’s newcomers whose "
        "{conversion_window_days} days are over, at least ten. No new core: 180 days without, for teams that have been "
        "learning or growing for as long. Core leaving: of at least five core contributors of a year ago fewer than "
        "80% contributed in the last {window_days} days. No coordinator: in starting, or after 90 days in preparing. "
        "Prototype too large: more than 20 people came since starting began, and the milestone is not reached. No "
        "renewal: no event of a sustaining team for 180 days. “Since” goes back a year at most for not delegating, in "
        "quarters.",
    ),
    "team_leadership": (
        "Leadership",
        "Of the last 365 days. Work is contributions, by quantity; the busiest first, so many people make half of it; "
        "Gini is 0 when all make as much. Below {core_min} contributions this is not told. First-time organizers "
        "organized a held event of the team, and none of the program before. A newcomer (first contribution to the "
        "team) has a mentor when a mentorship lasted on one of these days. Meetings are the team’s held events of the "
        "micro scale; events without a scale are told apart. On one person rests an area or project with at least "
        "{active_min} contributions, a language spoken at {active_min} events of the team, or a space at which "
        "{active_min} of them were organized, when a single person is behind all of them.",
    ),
    "team_pathway": (
        "In the pathway, and connected",
        "In the pathway are people whose first contribution to the team lies after the day it entered its stage. "
        "Connected are those who in the 30 days after that contribution took part in an event, contributed because of "
        "an event, or got a mentor (from the same day on); of those whose 30 days are over, with a 95% Wilson "
        "interval. The core a year ago left when it made no contribution to the team in the last {window_days} days; "
        "names are for the program manager alone.",
    ),
    "contribution_jump": (
        "Contribution jump",
        "A team’s contributions in the {window_days} days from the day on which it entered a stage, as a multiple of "
        "those in as many days before; over all teams and moves forward the geometric mean, with Student’s 95% "
        "interval of the logarithms. Changes from nothing or to nothing have no multiple and are counted apart. It is "
        "no proof that the change of stage is the cause.",
    ),
    "case_study": (
        "Case study",
        "Stages, milestones and typical risks as recorded; numbers of people as released, in ranges, whoever saves it: "
        "newcomers of the whole quarter before the one in which the stage changed, and of the one after it. Notes, "
        "links, names, and risks in people’s own words are left out.",
    ),
    "circles": (
        "Leadership circles",
        "Mentors and mentees of mentorships that last, under the circle’s name, and people who organized or mentored "
        "at events of that city in the last 365 days. Only the program manager and the board see who they are.",
    ),
    "event_arcs": (
        "The arc of an event",
        "Challenges and learning tasks before, during and after the event, as the record says; an arc is whole with a "
        "task in each of the three. Completions are what tasks report, not people. Newcomers are told twice: as the "
        "event reports them, and as contributions show whose very first one names the event, within 90 days of its "
        "first day. Came again: people recorded at the event, in any role, who are recorded at another one that was "
        "held within 90 days after it.",
    ),
    "event_projects": (
        "Projects of events",
        "The projects that tasks of events name. Projects per event count each project once an event, over all events "
        "of the scale, with exact 95% Poisson intervals; scales are ranked only when these tell them apart.",
    ),
    "organizers": (
        "Organizers and mentors",
        "An organizer is recorded as one at an event that was held. New is whoever organized for the first time in the "
        "last 365 days; experienced, whoever did earlier and did again since. A new organizer lacks a mentor who is in "
        "no mentorship that lasts, neither as a mentee nor as a mentor. A circle is young with new organizers and "
        "fewer than three experienced ones, else established; an established one has a reason to help for a shared "
        "language, a shared kind of event, and for at most 500 km between them.",
    ),
    "needs": (
        "Needs of organizers",
        "What organizers asked for, open until the day on which it was met. Met within 30 days is told of the needs "
        "raised in the 365 days that ended 30 days ago, so that each had its 30 days.",
    ),
    "effort": (
        "Effort of events",
        "Organizers and helpers (mentors, facilitators) are means of the events with a recorded organizer, with 95% "
        "intervals of the mean. Preparation is the median of the days from the first contribution or funding request "
        "for the event to its first day, where there was one before. Teams and areas are those that contributions for "
        "the event name. Events a year are the events of the known days of a calendar year, at that pace.",
    ),
    "roles": (
        "Roles",
        "The program manager sees everything, decides requests, records, imports, and alone gives roles. The board "
        "sees the same counts, names and money, and decides what goes over a ceiling, exceptions and disputes. "
        "Leadership sees ranges, without names. A partner sees what staff see, and "
        "records changes of their own teams. Everybody else sees Impact and the event map. An account counts when its "
        "provider has confirmed the e-mail address.",
    ),
    "audit": (
        "Recorded changes",
        "What is recorded here is kept with its author and time and is never rewritten: undoing adds an entry. It "
        "is refused if somebody else changed the same thing since you opened the page.",
    ),
    "timeline": (
        "Time lines",
        "Everything that the data say of one person, team, event, country or space, each entry on its day; what is "
        "counted by month stands on the month’s last day with an entry. What is dated later than the day asked about "
        "is left out, but for events that are planned. A quiet time is six whole months or more without an event. "
        "Contributors who are no longer core have contributed nothing in the last {window_days} days. Who is outside "
        "sees events, stages, milestones, risks, materials and spaces, and nothing of people or money.",
    ),
    "persons_rights": (
        "Everything held about a person",
        "Every row of every table that has the person’s key, and every other text that names them. Erasing takes what "
        "says who they are; memberships, contributions and payments stay under a random key, so that counts and sums "
        "stay true. Attributes, languages and home then count as not known: counts by these change by one. Counts that "
        "were released before stay as they were released. Files that are imported later bring nothing back.",
    ),
    "several_keys": (
        "One person, several keys",
        "Keys that differ only in case, in the form of their letters or by @, a forge’s noreply address beside the "
        "account, and two addresses of one mailbox are strong signs of one person; one name, or one account in two "
        "addresses, is a likely one; initials, and an account that looks like a name, a possible one. A name that "
        "more than eight people share says nothing. Nothing is merged by itself. Of a merged person contributions "
        "are added up; of what can be held once, what stands under the key that stays is taken. Who mentored "
        "themselves under two keys has no tie. Numbers that were released stay as they were told; the next release "
        "has the merged person.",
    ),
    "not_people": (
        "Bots and placeholders",
        "Whoever is on the list is counted among no people, and their contributions and participations count nowhere: "
        "levels, funnels and steps are people’s, and work of unknown hands would make one person of many. Events, "
        "teams and materials stay, without them. Whoever asks for money, applied, is a member or coordinates a team "
        "stays a person, so that no sum of money changes.",
    ),
    "reads": (
        "Who read about persons",
        "When a program manager or the board opens or downloads rows of persons, it is recorded with the day, the "
        "question and how many rows: once a viewer, question and day. It is kept for a year.",
    ),
    "floor": (
        "The floor",
        "A member speaks at, organizes, mentors at or facilitates at least {floor} events a calendar quarter. Each "
        "event counts once, and only once it was held; what is planned is “scheduled”. An event planned for a day that "
        "is over counts for nothing until it is marked as held.",
    ),
    "floor_states": (
        "Met, on track, at risk, missed, grace, left",
        "Met: enough events were held. On track: enough with what is scheduled. At risk: not enough, but the quarter "
        "is not over. Missed: it is over. Grace: the first quarter, where somebody was a member for a part of it "
        "only, and {grace} further quarters at the start, do not count against anybody; nor does a quarter that a "
        "member’s own grace touches. Left: nor does the quarter in "
        "which a membership ended before its last day. One that begins on the day after the last continues it.",
    ),
    "streak": (
        "Quarters met in a row",
        "Up to and including the quarter shown. A missed quarter ends the row; one in grace neither ends nor lengthens "
        "it.",
    ),
    "missed_run": (
        "Quarters missed in a row",
        "Up to the last quarter that is over, within the present membership. A quarter that was met ends the row, the "
        "running one included; one in grace neither ends nor lengthens it.",
    ),
    "waiting_applications": (
        "Applications that wait",
        "For their evaluation, decision, training or graduation, counted from the day of the step before. Declined or "
        "withdrawn ones wait for nothing.",
    ),
    "conduct": (
        "The newest version of the code",
        "The one that somebody accepted first on the latest day. Whoever accepted an older one, or none, is listed.",
    ),
    "disputes": (
        "Disputes",
        "Seen by the program manager and the board only. Closed with an outcome, once every side was heard and it was "
        "judged, as the runbook says.",
    ),
    "cohort_pipeline": (
        "Cohorts",
        "People who applied to the cohort, were accepted, trained and graduated, and who are members of it today. A "
        "later step implies the earlier ones.",
    ),
    "recognition": (
        "Worth a word of thanks",
        "The first event at which a member speaks; the tenth at which they speak, organize, mentor or facilitate; the "
        "first in a language other than before; a full year of membership without a gap.",
    ),
    "thanks": (
        "Thanks",
        "Contributors are thanked for their first, 10th and 100th contribution, the first in a new area (a first "
        "review, where reviews are an area), becoming core, and each full year while they still contribute. What "
        "happened in the last 90 days and was not thanked for waits. The share is of what was thanked for within 30 "
        "days, or whose 30 days are over; intervals are Wilson’s.",
    ),
    "whom_to_invite": (
        "Whom to invite",
        "Who organized or spoke at events twice or more in the last 365 days, or contributed {core_min} times or more, "
        "was never a member, and has no application that waits or was accepted. A language is lacking when fewer than "
        "two members speak it, a country when no member lives there. Shown to the program manager only.",
    ),
    "trainings": (
        "What changed after trainings",
        "Who spoke or organized at a held event in the 180 days before the training, and in the 180 after. Those who "
        "did not come were asked, or were accepted into the same cohort before it. People choose to come: the "
        "difference is no proof that the training made it. Intervals are Wilson’s, of the difference Newcombe’s.",
    ),
    "cohesion": (
        "Ties in cohorts",
        "Pairs of a cohort’s people who were at a same held event, in any role, within a year of the first day of "
        "their training; also those who met at trainings alone. The share is of those who met at events.",
    ),
    "reviews": (
        "Reviewers",
        "A review waits while it is asked for and not given, and the application is not decided. Above the others: a "
        "reviewer’s score less the mean of the others’ of the same application. Agreement is the intraclass "
        "correlation: 1 when reviewers give the same, 0 or less when their scores are as if at random.",
    ),
    "bench": (
        "The bench",
        "Graduated members by how many kinds of experience they have (organizing, mentoring, speaking), then by how "
        "much, then by how long they are members. It is a list to talk about, not a verdict.",
    ),
    "hires": (
        "Hires",
        "A member is hired once: at the end of the first membership that is recorded as a hire, by reason or by "
        "company. The median is of those who were hired so far, with a 95% interval by ranks; the share within a time "
        "is of all who joined, or graduated (Kaplan–Meier): who left for another reason counts as not hired. Released "
        "are ranges, and the median in whole weeks of 20 hires or more.",
    ),
    "leaving": ("Leaving", "Memberships that ended in the period, with the reason that was recorded."),
    "ceiling": (
        "The ceiling",
        "What a member may spend in a fiscal year: paid + approved and not yet paid + this request. Exactly 100% is "
        "not over. Only the board approves more. Only graduated members have a ceiling; a request by anybody else is "
        "an exception that the board confirms. A ceiling of 0 is one; an empty cell is none. What is paid "
        "counts in the fiscal year of its payment; what is approved and not yet paid, however old, in the running one.",
    ),
    "what_if": (
        "What if I approve it?",
        "The figures are recomputed with this request in them. “Look closer” marks 90% of a ceiling, a member at risk, "
        "long ways, costs per attendee above twice the median of comparable events, countries with more events than "
        "expected, and members who live nearer. None of it decides: you do.",
    ),
    "comparable": (
        "Comparable events",
        "The latest events, at most 200, of the same scale and region that were held in the two years before, with "
        "attendance and money approved. If the event’s attendance is not known, their median stands for it.",
    ),
    "decisions": (
        "Decisions",
        "Each is kept with its author, time and reason, and is never rewritten: undoing adds an entry. Ceilings are "
        "checked at the moment of writing, so that two people cannot both spend the same remainder.",
    ),
    "public_people": (
        "Small groups in public",
        "Counts of people are ranges of at least {min_group_size}, and “fewer than {min_group_size}” for what is "
        "smaller. They are released once a quarter, for quarters and years that are over, and never told otherwise "
        "again. Ranges are widened until no small count can be worked out from all that was ever released. Events, "
        "their visits and materials are exact: they are public by themselves. Nobody’s name, home or own record is in "
        "here.",
    ),
    "public_money": (
        "Money in public",
        "What was paid to members in each fiscal year, at the rate of each payment’s day, to two figures. A sum is "
        "told for at least {min_group_size} members of whom none got more than half, and only where no difference to "
        "another released sum would tell of fewer. Amounts without a known rate are left out.",
    ),
    "public_periods": (
        "Periods in public",
        "Whole quarters, up to the one that was released last. “The year” is the last four of them; people by cohort "
        "are shown by the calendar year of their entry, money by fiscal year.",
    ),
    "borders": (
        "Borders",
        "Outlines are Natural Earth’s, simplified. Borders are disputed in places; countries are counted by ISO 3166. "
        "The operator can hide borders (UPLIFT_MAP_BORDERS=no).",
    ),
    "unknown_place": (
        "Unknown place",
        "An event that is not online and whose city could not be found, or has no coordinates. It counts in totals, "
        "but appears on no map.",
    ),
    "probable_duplicate": (
        "Probable duplicate",
        "Two events under different keys with the same title, day and place. Both are counted until one is removed.",
    ),
    "strategy": (
        "Topics",
        "Each topic is told by a question of the page that answers it, for the same period and viewer, so that both "
        "say the same. Bars are compared within a topic, not between topics. A topic that may not be told, or of which "
        "there are no data, says so.",
    ),
    "decision_register": (
        "The register of decisions",
        "What stands is decided or done, and no later decision took its place. A decision dated later than the day "
        "does not exist yet; one without a day counts on every day. Roles stand in it, no names; outside is told what "
        "was decided, when and how it stands, and neither by whom nor from which papers.",
    ),
    "health_states": (
        "Warning, look closer, fine, not known",
        "An indicator warns when it lies beyond its threshold. Where it is an estimate and its 95% interval reaches "
        "back over the threshold, it may be chance: look closer. Not known is what has no data; nothing is guessed. "
        "The trend compares with as many days directly before.",
    ),
    "health_workload": (
        "Workload",
        "Over the last 90 days. The queue warns when it holds more than four weeks of decisions at that pace, and more "
        "than 5 requests; a request from 30 days on, for a journey has to be booked four weeks ahead; the median wait "
        "from 14 days on. Decided of what arrived counts withdrawn requests as settled, from 10 requests on, and warns "
        "below 90%. 50 members owe 150 events a quarter, twelve a week to follow; five teams are a day a week each. "
        "Dropped out are members who ended below the floor or left, of those 90 days ago; 10% warn (Wilson interval).",
    ),
    "health_quality": (
        "Quality of contributions",
        "Ratings, from 1 to 5, of talks, organizing, mentoring and facilitating at events held in the last 365 days, "
        "with Student’s 95% interval; what was not rated is told beside it. Below 3.5 it warns. A person is rated low "
        "below 3.2 on average over five ratings or more; names are for the program manager alone.",
    ),
    "health_conduct": (
        "Behaviour and disputes",
        "Each membership that ended for conduct in the last 90 days warns. Disputes warn above three that are open, "
        "one for each member of the board, and when one is open for more than 60 days. What is closed later than the "
        "day is open on it. Shown to the program manager and the board only.",
    ),
    "health_trips": (
        "Long trips to tiny events",
        "A person’s travel, paid or approved, to an event held in person in the last 365 days. Long is more than "
        "3,000 km, straight from home; tiny is 15 attendees or fewer. More than one long trip in ten to a tiny event "
        "warns (Wilson interval). Without a known home, town or attendance a trip is told apart.",
    ),
    "health_dependence": (
        "Dependence on few",
        "Contributions of the last 365 days, by quantity. The busiest first, so many people make half of all work: "
        "fewer than 10 warn. In a team each warns where one person, or its coordinator, makes half or more; teams "
        "with fewer than {core_min} contributions are not judged. The budget’s use is the Budget page’s projection. "
        "Without a trace are members of 90 days and more with no event and no contribution in the last 90 days; more "
        "than 10% warn.",
    ),
    "quality_share": ("Share", "Of all events that were checked, whatever their status."),
}


def definition(name: str, program: Program) -> tuple[str, str]:
    """The title and the sentence of a definition, with the program's own thresholds in it."""
    title, text = DEFINITIONS[name]
    return title, text.format(
        active_min=program.active_min,
        core_min=program.core_min,
        window_days=program.window_days,
        conversion_window_days=program.conversion_window_days,
        min_group_size=program.min_group_size,
        floor=program.floor_events_per_quarter,
        grace=program.grace_quarters,
    )
