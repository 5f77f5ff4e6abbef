"""Who is probably one person: pairs with the evidence in words, found by what their keys and names have in common.

Nobody is compared with everybody: people are put into blocks by each thing that would make two of them alike, and pairs
are made within a block. Nothing is merged by it: names and accounts can agree and be two people's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import Connection, select

from data_access.contract.labels import label_key
from data_access.database.schema import contributor_spans, different_people, memberships, people
from data_access.geography.folding import word_set
from data_access.persons.aliases import Aliases, load_aliases
from data_access.persons.belonging import ERASED_NAME
from data_access.persons.spelling import account_of, folded, is_address, noreply_login, without_accents, words_of
from data_access.wording import say

# Two things that cannot be by chance; what is mostly one person's; what may as well be two people's.
STRONG, LIKELY, POSSIBLE = "strong", "likely", "possible"
STRENGTHS = (STRONG, LIKELY, POSSIBLE)
# A block of more people than this is a common name or account: it says nothing.
MOST_ALIKE = 8
_LEAST_LETTERS = 5
_ROLES = word_set("info contact hello mail email office admin webmaster team support help noreply community")


class Person(NamedTuple):
    """What of a person is compared: the key and name as they are, and folded; `weight`: how much is known."""

    key: str
    name: str
    country: str | None
    weight: int
    form: str
    account: str
    words: tuple[str, ...]
    address: bool
    noreply: bool


def as_person(key: str, name: str | None, country: str | None = None, weight: int = 0) -> Person:
    """The person with what their key and name are compared by."""
    form = folded(key)
    words = words_of(without_accents(folded(name))) if name else ()
    if "@" not in form:
        return Person(key, name or "", country, weight, form, form, words, address=False, noreply=False)
    noreply = bool(noreply_login(form))
    address = not noreply and is_address(key)
    return Person(key, name or "", country, weight, form, account_of(key), words, address, noreply)


class Alike(NamedTuple):
    """Two people who are probably one: `kept` is of whom more is known. `against` is empty, or what speaks against."""

    strength: str
    kept: str
    kept_name: str
    merged: str
    merged_name: str
    evidence: str
    against: str


def probably_same(connection: Connection) -> list[Alike]:
    """The pairs that nobody has judged, the surest first."""
    aliases = load_aliases(connection)
    apart = connection.execute(select(different_people.c.one_key, different_people.c.other_key)).all()
    judged = {(str(one), str(other)) for one, other in apart}
    found = alike_among(list(_everybody(connection)))
    return [pair for pair in found if not _judged(aliases, judged, pair.kept, pair.merged)]


def alike_among(everybody: Sequence[Person]) -> list[Alike]:
    """The pairs of these people who are probably one, the surest first."""
    found: dict[tuple[str, str], _Pair] = {}
    by_key = {person.key: person for person in everybody}
    for kind in _KINDS:
        blocks: dict[object, list[Person]] = {}
        for person in everybody:
            for block in kind.blocks(person):
                blocks.setdefault(block, []).append(person)
        for some in blocks.values():
            if 1 < len(some) <= MOST_ALIKE:
                for one, other in combinations(some, 2):
                    if words := kind.words(one, other):
                        pair = (min(one.key, other.key), max(one.key, other.key))
                        found.setdefault(pair, _Pair()).add(kind.strength, words)
    pairs = [_alike(by_key[one], by_key[other], pair) for (one, other), pair in found.items()]
    return sorted(pairs, key=lambda each: (STRENGTHS.index(each.strength), bool(each.against), each.kept, each.merged))


def _everybody(connection: Connection) -> Iterator[Person]:
    own, spans = people.c, contributor_spans.c
    members = set(connection.execute(select(memberships.c.person_key).distinct()).scalars())
    statement = select(own.person_key, own.name, own.home_country, own.joined_on, spans.quantity).join_from(
        people, contributor_spans, spans.person_key == own.person_key, isouter=True
    )
    for key, name, country, joined, quantity in connection.execute(statement):
        if name == ERASED_NAME and key.startswith("erased-"):
            continue
        known = 1_000_000 * (key in members) + 1_000 * bool(joined) + 1_000 * bool(country) + min(quantity or 0, 999)
        yield as_person(key, name, country, known)


def _judged(aliases: Aliases, judged: set[tuple[str, str]], one: str, other: str) -> bool:
    """Whether somebody said of any of their keys that they are not the same."""
    if not judged:
        return False
    pairs = ((first, second) for first in aliases.with_merged(one) for second in aliases.with_merged(other))
    return any((min(pair), max(pair)) in judged for pair in pairs)


@dataclass(slots=True)
class _Pair:
    evidence: dict[str, None] = field(default_factory=dict)
    strength: str = POSSIBLE

    def add(self, strength: str, words: str) -> None:
        self.evidence[words] = None
        self.strength = min(self.strength, strength, key=STRENGTHS.index)


def _alike(one: Person, other: Person, pair: _Pair) -> Alike:
    kept, merged = sorted((one, other), key=lambda each: (-each.weight, "@" in each.key, each.key))
    against, strength = _against(one, other), pair.strength
    if against and strength == LIKELY:
        strength = POSSIBLE
    evidence = "; ".join(pair.evidence)
    return Alike(strength, kept.key, kept.name, merged.key, merged.name, evidence, against)


def _against(one: Person, other: Person) -> str:
    if one.country and other.country and one.country != other.country:
        return say("homes in {one} and {other}", one=one.country, other=other.country)
    if one.words and other.words and len(one.words) > 1 and len(other.words) > 1 and not _may_be_one(one, other):
        return "their names differ"
    return ""


def _may_be_one(one: Person, other: Person) -> bool:
    """Whether the names could be one name, written out or with initials, in any order."""
    return all(any(word.startswith(own) or own.startswith(word) for own in other.words) for word in one.words) or all(
        any(word.startswith(own) or own.startswith(word) for own in one.words) for word in other.words
    )


# ---- what makes two alike: the blocks that a person is in, and the words for two in one ------------------------------


class _Kind(NamedTuple):
    strength: str
    blocks: Callable[[Person], Sequence[object]]
    words: Callable[[Person, Person], str]


def _distinctive(account: str) -> bool:
    return len(account) >= _LEAST_LETTERS and account not in _ROLES and not account.isdecimal()


def _by_form(person: Person) -> Sequence[object]:
    return (person.form,)


def _form_words(one: Person, other: Person) -> str:
    return "the keys differ only in case, in the form of their letters or by @"


def _by_login(person: Person) -> Sequence[object]:
    """A noreply address beside the bare account: a forge gives each to one account."""
    return () if person.address else (person.account,)


def _login_words(one: Person, other: Person) -> str:
    noreply = one if one.noreply else other if other.noreply else None
    return (
        say("{key} is the noreply address of the account {account}", key=noreply.key, account=noreply.account)
        if (noreply and one.form != other.form)
        else ""
    )


def _by_mailbox(person: Person) -> Sequence[object]:
    """What stands behind a + belongs to the same mailbox."""
    if not person.address:
        return ()
    return (f"{person.account}@{person.form.rpartition('@')[2]}",)


def _mailbox_words(one: Person, other: Person) -> str:
    return "two addresses of one mailbox" if one.form != other.form else ""


def _by_local_part(person: Person) -> Sequence[object]:
    return (person.account,) if _distinctive(person.account) else ()


def _local_part_words(one: Person, other: Person) -> str:
    addresses = [each.address for each in (one, other)]
    if one.form == other.form or not any(addresses):
        return ""
    template = (
        "the addresses have the same local part, {account}"
        if all(addresses)
        else ("the account {account} is the local part of the other’s address")
    )
    return say(template, account=one.account)


def _by_name(person: Person) -> Sequence[object]:
    return (" ".join(sorted(person.words)),) if sum(len(word) > 1 for word in person.words) > 1 else ()


def _name_words(one: Person, other: Person) -> str:
    if label_key(one.name) == label_key(other.name):
        return say("both are called {name}", name=one.name)
    return say("the names {one} and {other} have the same words", one=one.name, other=other.name)


def _by_initials(person: Person) -> Sequence[object]:
    """By each word that is written out and the first letter of the name's first other one."""
    words = person.words
    if len(words) < 2:
        return ()
    last = words[-1]
    return (f"{words[0][0]} {last}",) if len(last) > 1 else ()


def _initials_words(one: Person, other: Person) -> str:
    short, long = sorted((one, other), key=lambda each: len(each.words[0]))
    if len(short.words[0]) > 1 or len(long.words[0]) == 1 or not _may_be_one(one, other):
        return ""
    return say("{short} may be {long} with initials", short=short.name, long=long.name)


def _by_account_of_name(person: Person) -> Sequence[object]:
    """Accounts that people make of their names; of who has no name, the account."""
    words = person.words
    if not words:
        made = ["".join(words_of(without_accents(person.account)))]
    elif len(words) == 1:
        return ()
    else:
        first, last = words[0], words[-1]
        made = list(dict.fromkeys((first + last, first[0] + last, last + first, first + last[0])))
    return [account for account in made if _distinctive(account)]


def _account_of_name_words(one: Person, other: Person) -> str:
    if bool(one.words) == bool(other.words):
        return ""
    named, bare = (one, other) if one.words else (other, one)
    return say("the account {account} looks like the name {name}", account=bare.account, name=named.name)


_KINDS = (
    _Kind(STRONG, _by_form, _form_words),
    _Kind(STRONG, _by_login, _login_words),
    _Kind(STRONG, _by_mailbox, _mailbox_words),
    _Kind(LIKELY, _by_local_part, _local_part_words),
    _Kind(LIKELY, _by_name, _name_words),
    _Kind(POSSIBLE, _by_initials, _initials_words),
    _Kind(POSSIBLE, _by_account_of_name, _account_of_name_words),
)


def by_strength(found: Sequence[Alike]) -> Mapping[str, int]:
    """How many pairs there are of each strength."""
    return {strength: sum(each.strength == strength for each in found) for strength in STRENGTHS}
