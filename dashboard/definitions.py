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
        "are left out of the sum, and counted beside it.",
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
        "What people say of themselves",
        "Only what people say of themselves counts, and nothing is guessed. Shares are of those who say something, "
        "with 95% Wilson intervals; “not disclosed” is a share of everybody.",
    ),
    "effective_groups": (
        "As diverse as so many equal groups",
        "The Hill number of order 1: how many groups of the same size would be as diverse. Its interval is 95%, from "
        "the large-sample variance of Shannon’s entropy.",
    ),
    "group_difference": (
        "Larger than chance",
        "A group’s share is compared with that of all others who say something, from ten people on each side. It is "
        "“more often” or “less often” when the 95% interval of the difference (Newcombe’s) leaves out nought.",
    ),
    "fair_share": (
        "Fair shares",
        "What was paid to members in the period, or events they held, over all members, those who received nothing "
        "included. The Lorenz curve shows what the members with least have together; Gini is the area between it and "
        "equal shares, doubled, with a 95% bootstrap interval. Payments without an exchange rate are left out.",
    ),
    "budget": (
        "Budget, paid, committed, pending",
        "The program’s budget of the fiscal year. Paid counts in the year of the payment, committed (approved, not yet "
        "paid) in that of the decision, pending in that of the request; a request is in one of them at a time. Filters "
        "do not apply; a period in another fiscal year shows that year.",
    ),
    "burn": (
        "Burn and pace",
        "Burn is (paid + committed) ÷ budget or ceiling; exactly 100% is not over. Pace is burn ÷ the share of the "
        "year gone: above 1, money goes faster than the year.",
    ),
    "projection": (
        "Projection",
        "Spending goes on as in the last 90 days (or since the year began). The 95% range takes requests as arriving "
        "by chance, with amounts like those of these days (compound Poisson, normal approximation) and no seasons.",
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
        "contributed for the first time, countries and languages with their first event ever. Travel is the category "
        "of that name; lodging is not in it.",
    ),
    "small_money": (
        "Small groups",
        "Members are named to the program manager and the board only. Leadership sees what is paid, not what is "
        "committed, wherever it is broken down; sums of fewer than {min_group_size} members are withheld or told "
        "together with others, and members are counted in ranges at the end of the last whole quarter.",
    ),
    "small_groups": (
        "Small groups",
        "To protect people, everybody but the program manager sees counts of people as ranges of at least "
        "{min_group_size}, for whole quarters or years only, and “fewer than {min_group_size}” for what is smaller. "
        "Ranges are widened until no small count can be worked out from the others. Money paid to fewer than "
        "{min_group_size} members is not shown by itself either.",
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
        "and of Portugal are one language, and so are all scripts of one. Events that name none are “not said”.",
    ),
    "talks": (
        "Talks",
        "One person’s appearance as a speaker at one event, in the language recorded for it. Where none is recorded "
        "the language is not said; the event’s is not taken instead, because an event may have several.",
    ),
    "original_share": (
        "Originals",
        "Materials published in the period that are translated from no other material. Filters choose materials by "
        "their event, the filter by language by their own language.",
    ),
    "language_reach": (
        "Language reach",
        "The share of inhabitants who know at least one language of the events and materials chosen, by Unicode CLDR’s "
        "shares and inhabitants. At least: the best-known of the languages in each country. At most: their sum. CLDR "
        "does not say who knows two. A country for which it lists none of the languages is unknown, not zero: its "
        "inhabitants stay in the total, are not counted as reached, and are told apart.",
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
        "People say themselves which languages they speak; who says none is in no row. Everybody but the program "
        "manager sees ranges, for the whole program, with members as of the first day of the quarter.",
    ),
    "presence": ("Presence", "Weeks with at least one event ÷ all weeks of the period, region by region."),
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
    "quality_share": ("Share", "Of all events that were checked, whatever their status."),
}


def definition(name: str, program: Program) -> tuple[str, str]:
    """The title and the sentence of a definition, with the program's own thresholds in it."""
    title, text = DEFINITIONS[name]
    return title, text.format(
        active_min=program.active_min, window_days=program.window_days, min_group_size=program.min_group_size
    )
