"""How keys and names are compared: without case, form of letters, `@`, or what an address adds to an account."""

from __future__ import annotations

import re
import unicodedata

from data_access.contract.labels import label_key

_ADDRESS = re.compile(r"([^@\s]+)@([^@\s]+\.[^@\s]+)")
_NOREPLY = re.compile(r"@?(?:\d+\+)?([^@\s+]+)@users\.noreply\.[^@\s]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Without case, width, form of letters, double space and a leading `@`."""
    if text.isascii():
        return " ".join(text.lower().split()).removeprefix("@")
    return label_key(text).removeprefix("@")


def account_of(key: str) -> str:
    """The account that a key means, folded: of a forge’s noreply address the login, of others the local part."""
    text = folded(key)
    if "@" not in text:
        return text
    if login := noreply_login(text):
        return login
    if found := _ADDRESS.fullmatch(text):
        return found[1].partition("+")[0] or found[1]
    return text


def noreply_login(address: str) -> str:
    """The login whose noreply address at a forge it is, as it is written there; "" where it is none."""
    found = _NOREPLY.fullmatch(address.strip()) if "@" in address else None
    return found[1] if found else ""


def is_address(key: str) -> bool:
    """Whether it is a mail address."""
    return "@" in key and _ADDRESS.fullmatch(folded(key)) is not None


def without_accents(text: str) -> str:
    """Folded text without marks on its letters."""
    if text.isascii():
        return text
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a folded name."""
    return tuple(_WORD.findall(name))
