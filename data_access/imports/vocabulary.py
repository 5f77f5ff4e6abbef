"""The fixed words of the program's rules: stages with their milestones, decisions, statuses, modes and scales."""

STAGES = ("pre_work", "starting", "learning", "scaling", "sustaining")

MILESTONES: dict[str, tuple[str, ...]] = {
    "pre_work": ("readiness_workshop", "lifecycle_understood", "pillars_understood", "coordinator_committed"),
    "starting": ("pathway_created", "pathway_prototyped", "funnel_connected", "roles_clear"),
    "learning": (
        "gaps_identified",
        "pathway_optimized",
        "measurement_connected",
        "conversion_points_tracked",
        "practices_documented",
        "core_community_developed",
        "librarian_identified",
    ),
    "scaling": ("core_recruited", "leadership_opportunities", "cross_team_links", "impact_reported"),
    "sustaining": ("voice_influential", "renewal_activities", "topline_impact"),
}

DECISIONS = ("pending", "approved", "declined", "withdrawn")
STATUSES = ("planned", "held", "cancelled")
MODES = ("in_person", "online", "hybrid")
SCALES = ("micro", "regional", "annual")
