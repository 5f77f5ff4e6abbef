"""Text from data, made safe to show: never markup, never a command to a spreadsheet or to the reading direction."""

from __future__ import annotations

import html
import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")
_SHORTCODE = re.compile(r"\\:(?=\S)")
# What Markdown would make a link of without being asked. A scheme's colon is parted already, as a shortcode's.
_AUTOLINK = re.compile(r"(@|\bwww)(?=\S)", re.IGNORECASE)
# Controls, halves of characters, and overrides of the reading direction.
_ACTING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = str.maketrans("\n\r\t", "   ")


def visible(text: str) -> str:
    """The text without characters that act instead of being seen: controls, and overrides of the reading direction."""
    return visible_lines(text).translate(_LINE_ENDS)


def visible_lines(text: str) -> str:
    """The same, with its line ends and tabs."""
    return _ACTING.sub("", text)


def plain(text: str) -> str:
    """The text for a Markdown place (button, caption, heading), where every character stands for itself."""
    escaped = _MARKUP.sub(r"\\\1", visible(text))
    # Streamlit reads :name: as an icon or emoji after Markdown has taken the backslash away; a joiner parts them.
    return _AUTOLINK.sub("\\1\u2060", _SHORTCODE.sub("\\:\u2060", escaped))


def markup(text: str) -> str:
    """The text for a label of Plotly's, which reads some HTML. Pages are made of elements: see `parts/html.py`."""
    return html.escape(visible(text))
