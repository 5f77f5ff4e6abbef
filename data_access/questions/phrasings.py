"""How people ask for each question, in their own words: what a search reads beside names and headings."""

from __future__ import annotations

from collections.abc import Mapping

PHRASINGS: Mapping[str, str] = {
    "active_by_quarter": "active contributor base over time; number of active contributors each quarter",
    "applications_waiting": (
        "pending applications backlog; which applicants wait for an answer; candidates who have heard nothing from "
        "us; unanswered forms"
    ),
    "arcs_by_scale": (
        "events with tasks before during and after; whole arcs; projects per event by scale; do small or large events "
        "set challenges and follow-up work"
    ),
    "attribute_funnel": "do women get accepted as often; where do underrepresented applicants drop out; admission bias",
    "attribute_shares": "how diverse are speakers; share of women; gender and age of members; diversity",
    "attribute_trend": (
        "does diversity improve over the years; trend of the share of women; becoming more diverse or staying the "
        "same; gender share change over time"
    ),
    "authors_and_audiences": (
        "who speaks at home; talks by somebody of the country; cultural context of the author; do presenters come "
        "from the same place as their audience; local speakers on stage"
    ),
    "bench": (
        "successor of the program manager; who could run the program next; succession; candidates for the next "
        "program manager among members; who could take over"
    ),
    "bridge_spaces": "which spaces lose newcomers at a step; spaces behind a step of the newcomer bridge",
    "budget_approvals": "was the annual budget approved; history of budget approvals",
    "budget_burn": (
        "who is near the ceiling; spending per member; who has used up their money; who will run out of their "
        "allowance before the year ends; personal limit used"
    ),
    "budget_by": "what do we spend money on; spending by category; travel against catering; costs by region",
    "budget_summary": "how much money is left; budget status; will the money last; when does the budget run out",
    "burn_curve": "spending against plan over the year; burn rate chart; cumulative spending by month",
    "burn_distribution": "how evenly are ceilings used; distribution of spending over members",
    "change_by_country": (
        "which countries grew; where do we hold fewer events than before; countries that shrink; countries that grow "
        "or go quiet against the period before; increase and decrease of events by country"
    ),
    "circle_helpers": "which circle could help; established circles; young circles",
    "circle_links": "mentoring network; who mentors whom; organizer network",
    "circle_mentoring": (
        "circles without mentors; new organizers by circle; cities where beginners who run events lack a guide"
    ),
    "cohort_cohesion": (
        "do people of a cohort know each other; bonds within cohorts; cohort cohesion; have people who started "
        "together met since; shared events of a cohort"
    ),
    "cohort_pipeline": (
        "how did each cohort do; cohorts from application to membership; graduates by cohort; for every intake how "
        "many began and how many are still here"
    ),
    "conduct_not_accepted": "who has not signed the code of conduct; missing acceptance of rules",
    "contribution_jumps": "jump in contributions after a change of stage; how much teams grow on entering a stage",
    "contributor_funnel": "conversion from newcomer to core; how many become active; contributor stages; drop-off",
    "contributors_by_volume": (
        "how many people contributed at least ten times; heavy and light contributors; how many did one or two things "
        "and how many did dozens; distribution of contributions per person"
    ),
    "contributors_counted": "active contributors by name; names of new contributors; people behind the count",
    "contributors_measured": (
        "number of contributors; how many people are active now; new contributors in the period; one headcount of "
        "volunteers; contributors in a period as a single number"
    ),
    "contributors_trend": "contributors per month; growth of contributors; new contributors over time",
    "conversion_trend": (
        "is onboarding getting better; conversion rate over time; do newer cohorts convert better; do recent "
        "newcomers step up more than earlier ones; turning casual into active better than before"
    ),
    "core_leavers": "who left the core; key people we lost; former core contributors of a team",
    "cost_per_outcome": (
        "cost per event; what does a new contributor cost; return on investment; money for impact; value for money; "
        "what do we pay per contributor or person reached"
    ),
    "country_gaps": (
        "where are we missing; underserved countries; geographic gaps; where should we go next; countries with too "
        "few events for their population; underserved parts of the world"
    ),
    "country_timeline": "history of a country; when was the first event in a country; when did we go quiet there",
    "data_problems": (
        "which events lack a place; list of broken records; events to clean up; events with a missing address or "
        "wrong city; records with mistakes to fix"
    ),
    "data_quality": "how good is our data; missing attendance; completeness of data",
    "decisions_register": "what was decided about our strategy; strategic decisions by topic; decision register",
    "detected_risks": (
        "risks found in the data; is one person doing everything; gaps in the pathway; no new core; automatic warning "
        "signs about teams with evidence"
    ),
    "disputes_list": "open conflicts; complaints between members; state of disputes and the runbook",
    "diversity_by_country": "map of diversity; where in the world are women missing; diversity by region on a map",
    "effective_groups": (
        "diversity index; effective number of groups; Simpson index; one score for how evenly mixed people are"
    ),
    "effort_by_scale": (
        "organizing effort; organizers per event; days of preparation; teams involved in events; how many people and "
        "days of preparation does a large yearly event need"
    ),
    "event_arc": "tasks of an event before during after; challenges of one event",
    "event_arc_people": "who came back after an event; people of one event; newcomers of an event",
    "event_arcs": (
        "events with tasks; which events have challenges in all phases; which events gave guests something to do "
        "before and after; arc event by event"
    ),
    "event_followthrough": (
        "which events bring contributors; do people come back after events; what sort of event turns visitors into "
        "contributors in the weeks after"
    ),
    "event_projects": "projects that events accelerate; challenges by project; completed challenges per project",
    "event_timeline": "history of an event; who spoke at an event and who paid; what led to an event",
    "events_by_country": "events per country; where were events held; list of countries with events",
    "events_by_month": (
        "events over time; event calendar by month; attendance per month; seasonality; monthly count of events and "
        "participants"
    ),
    "events_by_place": "events per city; towns with most events; where on the map",
    "events_list": (
        "list the events; show single events; which events were held; latest events; individual events with date, "
        "title and place"
    ),
    "events_total": "how many events; number of events; count of events held; the single figure of events held",
    "events_unmarked": (
        "events without an outcome; was the event held; planned events that are over; events whose date is past and "
        "nobody said whether they took place"
    ),
    "fairness": "is money shared fairly; Gini; inequality between regions; who gets the travel money",
    "floor_standing": (
        "who is below the floor; participation requirement of a member; who must do an event; who has not done their "
        "three events this quarter; members still owing events"
    ),
    "floor_summary": "how many members meet the floor; share of members that miss their requirement",
    "funnel_people": "names behind a funnel step; which people became core",
    "health_indicators": "early warnings; is the program healthy; overload and burnout risks; red flags",
    "hired_within": "chance of being hired within a year; share of members who get hired",
    "hires": "how many members were hired by companies; hiring pipeline; hires per quarter and year",
    "hiring_companies": "which companies hire our members; employers; who recruited members",
    "impact_summary": (
        "what did we achieve; headline numbers; impact this quarter against the last; big picture on one page; key "
        "measures against the period before"
    ),
    "import_hints": "what went wrong in the import; rejected rows; warnings of the last import",
    "imports_log": "when was data imported; history of imports; who imported",
    "imports_total": "how fresh is the data; number of imports",
    "investment": (
        "how long do contributors stay with us; tenure and breadth of contributors; who gives back; how committed are "
        "contributors; number of areas they work in; helping others"
    ),
    "language_coverage": "in which countries do people understand our events; language barrier by country",
    "language_gaps": (
        "which languages are missing where; languages spoken but not offered; language needs; local languages of a "
        "country that have no events; a country's languages beside events and members"
    ),
    "language_next": "which language should we add; next language with most reach; translate into what",
    "language_people": "who speaks Spanish; how many members speak each language; speakers of languages",
    "language_reach": "how many inhabitants can understand us; reach of our languages in the world",
    "languages_by_quarter": "languages of events over time; trend of languages",
    "languages_of_events": (
        "in which languages are events held; events per language; is everything in English; how much of the program "
        "is in other languages"
    ),
    "leadership_circles": "organizer circles; how large are circles; mentoring within circles",
    "leavers": "who left; why do members leave; hired members; drop-outs",
    "level_log_rank": "is one team faster than another; significance of differences in pace",
    "live_sources": (
        "connected calendars and addresses; did the sync work; automatic sources; outside systems that we pull from; "
        "which one failed"
    ),
    "long_trips": "long flights for small meetups; wasteful travel; trips to tiny events",
    "lorenz_curve": "concentration of money; Lorenz curve; share of the poorest members",
    "materials_by_kind": "what kinds of materials do we make; guides, slides and videos; handouts by kind",
    "materials_by_language": "slides and videos by language; originals and translations; documentation languages",
    "materials_list": "list of materials; materials one by one; which translations were published",
    "member_homes": "where do members live; members per country; where our people are based, country by country",
    "members_by_place": "towns in which members live; members on the map",
    "mentor_load": "load per mentor; mentees per mentor; mentors who look after too many people at once",
    "mentorless_organizers": "who lacks a mentor; organizers without a mentor by name",
    "missed_in_a_row": "who missed several quarters in a row; members to drop; repeated misses",
    "mission_driven_people": (
        "names of the mission-driven; who is mission-driven; mission-driven contributors one by one"
    ),
    "names_found": "look somebody up by name; search names; find a person, team or event",
    "nearer_members": (
        "somebody closer to the event; cheaper traveller for a request; local alternative; could one of our people "
        "nearby give the talk instead of a flight"
    ),
    "needs_list": "needs of organizers one by one; list of open needs",
    "newcomer_bridge": "why did we not reach 1152; from goal to actual newcomers; where newcomers are lost",
    "one_event": (
        "about one event; what an event reports; details of a single event, its date, venue and attendance; tell me "
        "about the meetup"
    ),
    "organizer_growth": (
        "first-time organizers; new organizers per quarter; growth of organizers; are more people stepping up to run "
        "meetups than a year ago"
    ),
    "organizers_counted": "names of organizers; who organized for the first time; first-time organizers one by one",
    "organizers_mentored": (
        "how many organizers lack a mentor; organizers with a mentor; who could mentor; overall share of new "
        "organizers who are guided by somebody"
    ),
    "organizers_needs": "what do organizers need; open needs by kind; needs met within 30 days",
    "page_needs": "what data does each page need; what is missing for a page",
    "paid_measured": "how much did we pay; money paid out in the period; total spent",
    "payments_list": "list of payments; who was paid what and when; money paid one by one",
    "person_timeline": "history of a person; everything about somebody in time; when did she join and speak",
    "persona": "mission-driven contributors; highly engaged people; connected contributors",
    "persona_by_activity": (
        "what do mission-driven people do; people who teach, advocate, localize or test; kinds of work that "
        "contributors put their time into; contributors by activity"
    ),
    "personal_reads": "who looked at personal data; access log; privacy audit",
    "pilot_candidates": "where to start the next pilot; best town for a new space; candidate cities",
    "pilot_newcomers": "did the pilot bring newcomers; pilots against other spaces",
    "pm_quarters": (
        "workload of the program manager; decisions per quarter; is the manager overloaded; evaluation of the program "
        "manager; speed and backlog of decisions"
    ),
    "population_sizes": (
        "how many speakers; number of members and applicants; size of each group of people; how many different people "
        "took part in each role; unique people"
    ),
    "presence": (
        "are we present everywhere; weeks without an event; longest silence of a region; parts of the world where "
        "nothing happens for months"
    ),
    "program_funnel": (
        "from application to active member; acceptance rate; graduation rate; of those who sent in a form how many "
        "got through each round"
    ),
    "program_people": (
        "which applicants graduated; names in the admission steps; applicants by name with their dates of applying, "
        "acceptance and training"
    ),
    "recognition": "whom to thank; anniversaries; first talk; milestones of members",
    "refused_imports": "which files could not be imported; failed uploads; imports that were turned down",
    "region_profile": (
        "since when are we in a region; identity and growth of regions; profile of a country; portrait of a region, "
        "its growth and languages"
    ),
    "request_decisions": (
        "what was approved and by whom; history of decisions on money; requests approved or refused lately, with "
        "reasons; who decided"
    ),
    "request_queue": (
        "requests that wait; money requests to decide; funding queue; requests I still have to approve; asks for "
        "money nobody has answered"
    ),
    "request_totals": "how many requests are open; sum of requests waiting; approved but unpaid",
    "requested_and_approved": "how much was asked for and granted; approved share of money",
    "retained_people": (
        "names of people who came back; who of a cohort is still active; people behind the retention grid"
    ),
    "retention": "do contributors stay; cohort retention table; churn by month",
    "retention_overall": (
        "overall retention curve; how many are still active after a year; do contributors stay in general or are most "
        "gone after half a year"
    ),
    "returning": (
        "new and returning contributors; reactivated people; comeback after a pause; how many are new, carried on, or "
        "woke up again each quarter"
    ),
    "reviewers": "review backlog by person; which reviewer is slow or strict; workload of reviewers",
    "reviews_agreement": "do reviewers agree; inter-rater reliability; consistency of application scores",
    "scale_frequency": "events a year by scale; how often are micro events held",
    "silent_members": "inactive members; whom have we not heard from; members who went quiet",
    "space_areas": (
        "what newcomers of a space work on; space by focus area; people who first came through a space, did they go "
        "into code or translation"
    ),
    "space_coordinators": "who coordinates a space; spaces without a coordinator",
    "space_months": (
        "events of spaces month by month; schedule of spaces over the year; running total of events per space against "
        "plan"
    ),
    "space_newcomers": "newcomers per space; reported against real newcomers; do office events bring contributors",
    "space_notes_list": "lessons and challenges of spaces; roadmap of a pilot",
    "space_pilots": (
        "how is the pilot doing; days left of pilots; pilot verdict; is the 90-day trial of a new space on course"
    ),
    "space_schedule": "do spaces hold three events a week; spaces behind their target; 96 a year",
    "space_timeline": "history of a space; what happened at a space; lessons of a space over time",
    "space_visitors": (
        "do visitors of a space return; regulars of community spaces; part of visitors who show up a second time"
    ),
    "space_weekdays": "on which weekday are spaces open; opening hours; what time do events begin",
    "spend_by_month": "monthly spending; payments over time",
    "spending_by_year": (
        "spending per fiscal year; cost of the program by year; have yearly payouts grown since we began"
    ),
    "targets_progress": "are we on target; goals and progress; what is missing to the goal; pace needed",
    "tasks_by_phase": (
        "challenges and tasks before, during and after events; learning tasks; over all events, do tasks come ahead, "
        "on the day or later"
    ),
    "team_board": "state of all teams; which stage is each team in; lifecycle stage; stalled teams",
    "team_change_funnel": (
        "did newcomers do better after a team moved on; contribution jump; before and after a stage; newcomers before "
        "a team's change compared with those after"
    ),
    "team_changes": "what did partners record; log of team changes",
    "team_dependence": "bus factor; teams that depend on one person; who carries the team",
    "team_growth": (
        "growth of a team; active contributors of the team over time; headcount of a team over time against its target"
    ),
    "team_leadership": "how is leadership shared; leadership measure; mentors for each newcomer; regular meetings",
    "team_milestones_list": (
        "milestones of a team; what has the team reached; checklist of what a team has done with the proof"
    ),
    "team_moves": "which teams advanced; stage changes of teams",
    "team_newcomers": (
        "names of newcomers of a team; who came new to the team; newcomers before and after a change of stage"
    ),
    "team_pathway": (
        "people in the pathway; size of the prototype; newcomers connected to opportunities; do beginners of a team "
        "get something to do in their first month; onboarding of a team"
    ),
    "team_people": "how many people does each team have; core members of teams",
    "team_risks_list": "risks of teams; open risks; what threatens a team",
    "team_single_points": (
        "what breaks if one person leaves; work with a single person behind; who is irreplaceable; bus factor; jobs "
        "that only one person does"
    ),
    "team_stage_history": "how long has a team been in its stage; history of stages",
    "team_timeline": "history of a team; everything about a team in time; stages and milestones over time",
    "team_transitions": (
        "how long do stages last; time from starting to scaling; typical time a team needs from one stage to the "
        "next; median stage duration of all teams"
    ),
    "thanks_due": "how many reasons for thanks; number of achievements to recognize",
    "thanks_given": "share thanked within a month; do we thank people in time; recognition rate",
    "thanks_list": (
        "who was thanked and how; history of thank you notes; cards and gifts given; people we already thanked, date "
        "and way"
    ),
    "thanks_waiting": (
        "whom should I thank; who deserves a thank you; achievements nobody has acknowledged; did something great and "
        "got no gratitude yet"
    ),
    "this_week": "what is due this week; what should I do next; my agenda; to-do list; what is urgent; deadlines",
    "time_notes_list": "notes on the time line; what happened when; policy changes that explain a trend",
    "time_to_hire": "how long until a member gets a job; median time from graduation to hire",
    "time_to_level": (
        "how long does it take to become core; days until active; speed of newcomers; days from casual to core"
    ),
    "topics_by_language": (
        "which topics in which language; topics by region; what is taught in Spanish; do we talk about a topic only "
        "in English"
    ),
    "topics_covered": "what are events about; most frequent topics; diversity of use cases",
    "trainings_effect": "do trainings work; what changed after a training; workshop attendance and its effect",
    "unconverted_amounts": "amounts without exchange rate; money that is not counted",
    "uncovered_cities": "big cities without events; towns nobody visits; largest uncovered towns",
    "urban_reach": (
        "share of people within reach of an event; how many can get to an event; distance to events; townspeople near "
        "an event by country"
    ),
    "what_if": (
        "what happens if we approve; effect of a request on the budget; consequences of a decision; would saying yes "
        "to this trip break a limit"
    ),
    "what_is": "what has this key; the name behind a key",
    "who_could_go": (
        "who could speak in Nigeria; member for an event; speaker with language near a place; which members could "
        "travel to places without events"
    ),
    "who_could_help": "who could help a team; find people with a skill; volunteers who speak a language for a team",
    "who_needs_help": "poorly rated speakers; who should be coached; bad feedback",
    "whom_to_invite": (
        "active people who are no members yet; whom should we recruit; candidates for the next cohort; people to ask "
        "to join us"
    ),
    "works_of_audience": (
        "list of talks with speakers and homes; materials with their authors; who gave the talks of a region"
    ),
}
