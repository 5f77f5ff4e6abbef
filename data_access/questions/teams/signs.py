"""Risks of teams that data can show: what each looks at, from where on it speaks, and why there."""

from __future__ import annotations

from dataclasses import dataclass

# Days that work and events are looked back on; half a year without a new core contributor, or without an event, is two
# quarters in which nothing was passed on.
YEAR, HALF_YEAR = 365, 180
# More than this share of a year's work by one person is most of it.
MOST = 0.5
# A first quarter is enough to find a coordinator: the stage ends with one.
WITHOUT_COORDINATOR_DAYS = 90
# Of fewer, one person more or less would change what is said.
FEWEST_NEWCOMERS, FEWEST_CORE = 10, 5
# Two steps of each team are compared at once: at 95% one in twenty healthy teams would be accused.
CONFIDENCE = 0.99
SHARE, DAYS, PEOPLE = "share", "days", "people"


@dataclass(frozen=True, slots=True)
class Sign:
    """One risk: `recorded_as` is the typical risk (a code of the lifecycle) that says the same, where there is one."""

    code: str
    words: str
    unit: str
    recorded_as: str = ""


SIGNS: dict[str, Sign] = {
    sign.code: sign
    for sign in (
        Sign("not_delegating", "One person makes most of the work", SHARE, "not_delegating"),
        Sign("pathway_gaps", "Fewer newcomers take a step than in other teams", SHARE, "pathway_gaps_unaddressed"),
        Sign("no_new_core", "Nobody new has become core", DAYS, "no_new_core_before_resources_end"),
        Sign("core_leaving", "Key people have left the core", SHARE),
        Sign("no_coordinator", "No coordinator is appointed", DAYS),
        Sign("prototype_too_large", "The prototype has outgrown its size", PEOPLE, "prototype_too_large"),
        Sign("no_renewal", "No event has renewed the community", DAYS, "no_renewal"),
    )
}
