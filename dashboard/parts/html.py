"""HTML leaves through here: elements escape the text they hold, and characters that act instead of being seen go.

Modules make elements (`import htpy as h`, then `h.p(".up-more")[words]`) and hand them on as values. What the data
holds becomes the text of an element or the value of an attribute, because there is no way to make it anything else:
no module but this one writes a tag into a string or declares a string to be HTML, which tests/test_html.py checks.
"""

from __future__ import annotations

import json
import re
from typing import Any

import htpy as h
from markupsafe import Markup

from dashboard.words.text import visible_lines


def render(node: h.Node) -> Markup:
    """The node as HTML. The result may be kept, and shown or rendered again: it is not escaped twice."""
    return Markup(visible_lines("".join(h.fragment[node].iter_chunks())))  # noqa: S704  # escaped by htpy


def with_code(text: str) -> h.Fragment:
    """A sentence of ours, with `commands` set as code."""
    parts = re.split(r"`([^`]+)`", text)
    return h.fragment[[h.code[part] if place % 2 else part for place, part in enumerate(parts)]]


def style_sheet(css: str) -> h.Element:
    """Our own style sheet, which browsers read as it stands. Raises ValueError where it could end its element."""
    if "<" in css:
        raise ValueError('A style sheet holds no "<".')
    return h.style[Markup(css)]  # noqa: S704  # without "<" it cannot leave its element


def json_block(kind: str, data: Any) -> h.Element:
    """Data for programs that read the page, as a script element that is not run; no text in it can end it."""
    written = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return h.script(type=kind)[Markup(written)]  # noqa: S704  # without "<" it cannot leave its element
