"""Who may look, in which role: the table `viewers`, and what counts as the same e-mail address."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass

from sqlalchemy import Connection, select

from data_access.database.schema import viewers
from data_access.selection import STAFF, Role, Scope, escape_item, split_list

ROLE_WORDS: dict[str, str] = {
    Role.PM: "program manager",
    Role.BOARD: "board",
    Role.LEADERSHIP: "leadership",
    Role.PARTNER: "partner",
}
LONGEST = 254
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_EMAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"'`]{1,64}@[^\s@<>()\[\]\\,;:\"'`/]+\.[^\s@<>()\[\]\\,;:\"'`/.]+")


class NotAnEmail(ValueError):
    """The text is no e-mail address; the message names it and shows one."""


@dataclass(frozen=True, slots=True)
class KnownViewer:
    """One row: an account that is let in as more than the public. `teams` are sorted; only a partner has any."""

    email: str
    role: Role
    teams: tuple[str, ...] = ()

    def scope(self, min_group_size: int) -> Scope:
        """What this viewer may see."""
        return Scope(self.role, self.teams, min_group_size)


def same_email(text: str) -> str:
    """The address as it is compared: without ASCII space around it, ASCII letters in lower case.

    Everything else stays as it is. Unicode's own rules, of case, of composition and of what is a space, turn the Kelvin
    sign into a “k” and a non-breaking space into nothing, and would let in whoever can register such an address.
    """
    return text.strip(string.whitespace).translate(_LOWER)


def parse_email(text: str) -> str:
    """`same_email` of an address that looks like one. Raises NotAnEmail."""
    email = same_email(text)
    if not _EMAIL.fullmatch(email) or len(email) > LONGEST or not email.isprintable():
        raise NotAnEmail(f"{text[:80]!r} is not an e-mail address. Write it like ada@example.org.")
    return email


def known_viewer(connection: Connection, email: str) -> KnownViewer | None:
    """The row of an address, in any spelling of its case; None for an unknown account."""
    row = connection.execute(select(viewers).where(viewers.c.email == same_email(email))).first()
    # A role that this version does not know is no role: the account is then unknown, not an error for its owner.
    return None if row is None or row.role not in STAFF else _viewer(row.email, row.role, row.teams)


def all_viewers(connection: Connection) -> list[KnownViewer]:
    """Everybody, the program managers first, then by role and address."""
    order = list(Role)
    found = [_viewer(*row) for row in connection.execute(select(viewers)) if row.role in STAFF]
    return sorted(found, key=lambda viewer: (order.index(viewer.role), viewer.email))


def teams_as_text(teams: tuple[str, ...]) -> str:
    """Team keys as the column keeps them."""
    return ",".join(map(escape_item, sorted(set(teams))))


def _viewer(email: str, role: str, teams: str) -> KnownViewer:
    return KnownViewer(email, Role(role), split_list(teams))
