"""What people recorded in rows of the contract, each change as a clause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from data_access.contract.organizer_tables import NEED_KINDS
from data_access.contract.runbook import STEPS
from data_access.wording import amount_words, counted, say

Values = Mapping[str, Any]


def _day(iso: str) -> date:
    return date.fromisoformat(iso)


def event_words(was: Values, now: Values) -> str:
    title, status = now["title"], now.get("status") or "held"
    if now.get("status") != was.get("status") and status != "held":
        return say("“{title}” {status}", title=title, status={"cancelled": "was cancelled"}.get(status, "is planned"))
    attendance = now.get("attendance")
    if attendance is None:
        return say("“{title}” was held, attendance not known", title=title)
    return say("“{title}” was held, {people}", title=title, people=counted(attendance, "{n} came", "{n} came"))


def application_words(was: Values, now: Values) -> str:
    if now.get("graduated_on") != was.get("graduated_on"):
        day = now.get("graduated_on")
        return say("graduated on {day}", day=_day(day)) if day else "graduation taken back"
    if now.get("trained_on") != was.get("trained_on"):
        day = now.get("trained_on")
        return say("trained on {day}", day=_day(day)) if day else "training taken back"
    if now.get("decision") != was.get("decision"):
        if now.get("decision") in (None, "pending"):
            return "decision on the application taken back"
        day = _day(now["decided_on"])
        return say("application {decision} on {day}", decision=now["decision"], day=day)
    if not now.get("evaluated_on"):
        return "evaluation taken back"
    day = _day(now["evaluated_on"])
    if now.get("score") is None:
        return say("application evaluated on {day}", day=day)
    return say("application evaluated on {day}, score {score}", day=day, score=f"{now['score']:g}")


END_WORDS = {
    "below_floor": "dropped below the floor",
    "left": "left",
    "conduct": "ended for conduct",
    "hired": "hired",
    "completed": "completed",
}


def membership_words(was: Values, now: Values) -> str:
    if not now:
        return say("membership since {day} taken back", day=_day(was["started_on"]))
    if not was:
        return say("member since {day}", day=_day(now["started_on"]))
    if now.get("ended_on") != was.get("ended_on") or now.get("end_reason") != was.get("end_reason"):
        if not now.get("ended_on"):
            return "end of the membership taken back"
        words = {"reason": END_WORDS.get(now.get("end_reason") or "", "ended"), "day": _day(now["ended_on"])}
        if now.get("hired_by"):
            return say("membership ended on {day}: {reason} by {company}", company=now["hired_by"], **words)
        return say("membership ended on {day}: {reason}", **words)
    if not now.get("grace_starts_on"):
        return "grace taken back"
    return say("grace from {start} to {end}", start=_day(now["grace_starts_on"]), end=_day(now["grace_ends_on"]))


def dispute_words(was: Values, now: Values) -> str:
    row = now or was
    if not now:
        return say("dispute about {kind} taken back", kind=row["kind"])
    if not was:
        return say("dispute about {kind} opened on {day}", kind=row["kind"], day=_day(row["opened_on"]))
    if not now.get("closed_on"):
        return say("dispute about {kind} open again", kind=row["kind"])
    words = {"kind": row["kind"], "day": _day(now["closed_on"]), "outcome": now.get("outcome") or "–"}
    return say("dispute about {kind} closed on {day}: {outcome}", **words)


def step_words(was: Values, now: Values) -> str:
    row = now or was
    step = STEPS.get(row["step"], row["step"])
    if not now:
        return say("step of the runbook taken back: {step}", step=step)
    return say("step of the runbook done on {day}: {step}", day=_day(now["done_on"]), step=step)


def conduct_words(was: Values, now: Values) -> str:
    if not now.get("code_version"):
        return "acceptance of the code of conduct taken back"
    words = {"version": now["code_version"], "day": _day(now["code_accepted_on"])}
    return say("code of conduct {version} accepted on {day}", **words)


def budget_words(was: Values, now: Values) -> str:
    row = now or was
    words = {"year": str(row["fiscal_year"]), "amount": amount_words(row["amount"], row["currency"])}
    if not now.get("approved_on"):
        return say("approval of the budget of {year} taken back", year=words["year"])
    return say("budget of {year} approved on {day}: {amount}", day=_day(now["approved_on"]), **words)


# By the status that a decision has now.
_DECISIONS = {
    "proposed": "decision proposed: {what}",
    "decided": "decided on {day}: {what}",
    "done": "decided on {day}, and done: {what}",
    "withdrawn": "decision withdrawn: {what}",
}


def decision_words(was: Values, now: Values) -> str:
    if not now:
        return say("decision taken back: {what}", what=was["what"])
    day = now.get("decided_on")
    template = _DECISIONS[now["status"]] if day or now["status"] in ("proposed", "withdrawn") else "decided: {what}"
    return say(template, what=now["what"], day=_day(day) if day else "")


def need_words(was: Values, now: Values) -> str:
    row = now or was
    what = NEED_KINDS.get(row["kind"], row["kind"])
    if not now:
        return say("need “{what}” taken back", what=what)
    if now.get("met_on"):
        return say("need “{what}” met on {day}", what=what, day=_day(now["met_on"]))
    if was:
        return say("need “{what}” open again", what=what)
    return say("need “{what}” raised on {day}", what=what, day=_day(now["raised_on"]))


def review_words(was: Values, now: Values) -> str:
    row = now or was
    if not now:
        return say("review by {reviewer} taken back", reviewer=row["reviewer"])
    if not now.get("reviewed_on"):
        return say("review asked of {reviewer} on {day}", reviewer=row["reviewer"], day=_day(row["assigned_on"]))
    words = {"reviewer": row["reviewer"], "day": _day(row["reviewed_on"])}
    if row.get("score") is None:
        return say("reviewed by {reviewer} on {day}", **words)
    return say("reviewed by {reviewer} on {day}, score {score}", score=f"{row['score']:g}", **words)


def training_words(was: Values, now: Values) -> str:
    row = now or was
    words = {"title": row["title"], "day": _day(row["held_on"])}
    return say("training “{title}” on {day}" if now else "training “{title}” on {day} taken back", **words)


def attendance_words(was: Values, now: Values) -> str:
    row = now or was
    words = {"person": row["person_key"], "training": row["training_key"]}
    if not now:
        return say("attendance of {person} at {training} taken back", **words)
    return say("{person} attended {training}" if row["attended"] else "{person} was not at {training}", **words)


OCCASION_WORDS = {
    "first_talk": "first talk",
    "tenth_event": "10th event",
    "new_language": "event in a new language",
    "member_anniversary": "anniversary as a member",
    "first_contribution": "first contribution",
    "tenth_contribution": "10th contribution",
    "hundredth_contribution": "100th contribution",
    "new_area": "first contribution in a new area",
    "core": "became core",
    "contributor_anniversary": "anniversary as a contributor",
    "other": "something else",
}


def thanks_words(was: Values, now: Values) -> str:
    row = now or was
    words = {"person": row["person_key"], "occasion": OCCASION_WORDS[row["occasion"]], "day": _day(row["given_on"])}
    if not now:
        return say("thanks to {person} for {occasion} taken back", **words)
    if not row.get("how"):
        return say("{person} thanked on {day} for {occasion}", **words)
    return say("{person} thanked on {day} for {occasion}: {how}", how=row["how"], **words)


def space_words(was: Values, now: Values) -> str:
    if now.get("pilot_started_on") != was.get("pilot_started_on") or now.get("pilot_days") != was.get("pilot_days"):
        if not now.get("pilot_started_on"):
            return say("start of the pilot {space} taken back", space=now["name"])
        words = {"space": now["name"], "day": _day(now["pilot_started_on"])}
        if not now.get("pilot_days"):
            return say("pilot {space} started on {day}", **words)
        return say("pilot {space} started on {day}, for {days} days", days=now["pilot_days"], **words)
    for name, side in (("coordinator_technical", "technical"), ("coordinator_community", "community")):
        if now.get(name) != was.get(name):
            words = {"space": now["name"], "side": side}
            if not now.get(name):
                return say("{side} coordinator of {space} taken back", **words)
            return say("{side} coordinator of {space}: {person}", person=now[name], **words)
    return say("space {space}", space=now["name"])


_NOTE_WORDS = {
    "roadmap": "roadmap of {space}: {note}",
    "challenge": "challenge of {space}: {note}",
    "lesson": "lesson of {space}: {note}",
    "verdict": "verdict on {space}: {note}",
}


def space_note_words(was: Values, now: Values) -> str:
    row = now or was
    words = {"space": row["space_key"], "note": row["note"]}
    said = say(_NOTE_WORDS[row["kind"]], **words)
    if not now:
        return say("{said} (taken back)", said=said)
    if was and row.get("done_on"):
        return say("{said} (done on {day})", said=said, day=_day(row["done_on"]))
    return said


def time_note_words(was: Values, now: Values) -> str:
    row = now or was
    template = "note for everybody on {day}: {note}" if now else "note for everybody on {day} taken back: {note}"
    return say(template, day=_day(row["marked_on"]), note=row["words"])


def inside_time_note_words(was: Values, now: Values) -> str:
    row = now or was
    template = "note for those inside on {day}: {note}" if now else "note for those inside on {day} taken back: {note}"
    return say(template, day=_day(row["marked_on"]), note=row["words"])
