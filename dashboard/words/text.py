"""Text from data, made safe to show: never markup, never a command to a spreadsheet or to the reading direction."""

from __future__ import annotations

import html
import re
import unicodedata

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")
_SHORTCODE = re.compile(r"\\:(?=\S)")
# What Markdown would make a link of without being asked. A scheme's colon is parted already, as a shortcode's.
_AUTOLINK = re.compile(r"(@|\bwww)(?=\S)", re.IGNORECASE)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def visible(text: str) -> str:
    """The text without characters that act instead of being seen: controls, and overrides of the reading direction."""
    kept = (
        character if character not in "\n\r\t" else " "
        for character in text
        if character in "\n\r\t" or not (unicodedata.category(character) in ("Cc", "Cs") or _directs(character))
    )
    return "".join(kept)


def _directs(character: str) -> bool:
    return "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"


def plain(text: str) -> str:
    """The text for a Markdown place (button, caption, heading), where every character stands for itself."""
    escaped = _MARKUP.sub(r"\\\1", visible(text))
    # Streamlit reads :name: as an icon or emoji after Markdown has taken the backslash away; a joiner parts them.
    return _AUTOLINK.sub("\\1\u2060", _SHORTCODE.sub("\\:\u2060", escaped))


def markup(text: str) -> str:
    """The text for an HTML place, kept apart from its neighbours' reading direction."""
    return html.escape(visible(text))


def with_code(text: str) -> str:
    """Our own sentence for an HTML place, with `commands` set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", markup(text))


def counted(count: int, one: str, many: str = "") -> str:
    """`1 event`, `2,000 events`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def cell(value: object) -> object:
    """A cell for a CSV file: text that a spreadsheet would run gets a leading apostrophe; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
