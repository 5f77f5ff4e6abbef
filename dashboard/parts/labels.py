"""Text in pictures. Plotly reads tags and entities in every text; here is what makes them letters again."""

from __future__ import annotations

from string import Formatter

from dashboard.words.text import markup, visible


class Bold(str):
    """A part of a text that is set in bold."""

    __slots__ = ()


def parts_of(template: str, **values: str) -> list[str]:
    """A sentence with its places filled, in parts, so that a `Bold` value stays bold."""
    parts: list[str] = []
    for text, name, _, _ in Formatter().parse(template):
        parts += [text] if name is None else [text, values[name]]
    return parts


def escaped(*parts: str) -> str:
    """The parts as one text for Plotly: line breaks and `Bold` are kept, and nothing else in it is markup."""
    return "".join(f"<b>{_escaped(part)}</b>" if isinstance(part, Bold) else _escaped(part) for part in parts)


def _escaped(text: str) -> str:
    # Plotly decodes &#34;, but shows &quot; as it stands.
    return "<br>".join(markup(line) for line in text.split("\n")).replace("&quot;", "&#34;")


def short(text: str, most: int = 32) -> str:
    """The text on one line, cut to `most` characters: a longer one would take the place of the picture."""
    line = " ".join(visible(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def group_name(name: str, most: int = 48) -> str:
    """A group's name as people read it: one line of a length that fits a picture, without underscores."""
    words = short(name.replace("_", " "), most)
    return words[:1].upper() + words[1:]
