"""What is decided for many rows of a mapped table, in words: keys that were made, people who were recognised."""

from __future__ import annotations

from data_access.wording import say

_NO_KEY = "A column with keys of your own, chosen as people.person_key, is surer."
# What is counted, with its hint for one and for more, and what to do.
DECIDED = (
    (
        "mail",
        "the key of {n} row’s person was made from the e-mail address",
        "the keys of {n} rows’ people were made from their e-mail addresses",
        _NO_KEY,
    ),
    (
        "name",
        "the key of {n} row’s person was made from the name",
        "the keys of {n} rows’ people were made from their names",
        say("Two people of one name would be one. {remedy}", remedy=_NO_KEY),
    ),
    (
        "name known",
        "{n} row is about somebody whose name the program knows: that person was taken",
        "{n} rows are about people whose names the program knows: those people were taken",
        _NO_KEY,
    ),
    (
        "event",
        "the key of {n} event was made from its title, day and place",
        "the keys of {n} events were made from their titles, days and places",
        "An event that is renamed or moved comes in as another one, unless a column is chosen as events.event_key.",
    ),
    (
        "request",
        "the key of {n} request was made from its person, day, event and category",
        "the keys of {n} requests were made from their person, day, event and category",
        "A column chosen as funding_requests.request_key is surer.",
    ),
    (
        "absent",
        "{n} row is about somebody who did not take part, and was left out",
        "{n} rows are about people who did not take part, and were left out",
        "Choose another column for participations.attended if they did.",
    ),
    (
        "not wanted",
        "{n} row is left out, because the mapping reads only some rows",
        "{n} rows are left out, because the mapping reads only some rows",
        "What is read stands in the mapping under sheet.only.",
    ),
    (
        "minus",
        "{n} request has a minus before its amount, which was taken as spent",
        "{n} requests have a minus before their amounts, which were taken as spent",
        "A refund is a payment of its own: leave such rows out.",
    ),
    (
        "unpaid",
        "{n} paid request has no day of payment, and counts as approved and unpaid",
        "{n} paid requests have no day of payment, and count as approved and unpaid",
        "Choose a column for funding_requests.paid_on.",
    ),
)
