"""A message as a webhook: the JSON that Slack, Mattermost and Matrix's bridges read, sent once, to one address.

The address is an operator's own (https, or this machine's); where it would lead on to is not followed.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx

from dashboard.digests.letter import Letter
from dashboard.digests.mail import as_html
from dashboard.digests.sending import NotSent
from dashboard.settings.messages import MessagesError, webhook_address
from dashboard.words.sentences import say
from dashboard.words.text import visible

TIMEOUT = httpx.Timeout(10.0, read=20.0)
LONGEST = 12_000


def quoted(text: str) -> str:
    """Text that a chat shows as it stands: no link in disguise, no command, and nobody is called by it."""
    escaped = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for character in "@#*_`~[]!|":
        escaped = escaped.replace(character, f"{character}\u200b")
    return escaped


def as_chat(it: Letter) -> str:
    """The message as lines for a chat."""
    lines = [quoted(it.lead)]
    for part in it.parts:
        lines += ["", say("*{heading}* ({period})", heading=quoted(part.heading), period=quoted(part.period))]
        for each in part.news:
            head = quoted(f"{each.head} · {each.when}" if each.when else each.head)
            lines.append(f"• {head}: {quoted(each.words)} {it.where(each)}")
        lines += [quoted(part.rest)] if part.rest else []
    lines += ["", *([quoted(it.before)] if it.before else []), it.everything, quoted(it.why)]
    lines += [say("Stop it: {address}, or `{command}`", address=it.manage, command=it.command)]
    text = "\n".join(lines)
    if len(text) <= LONGEST:
        return text
    whole_lines, _, _ = text[:LONGEST].rpartition("\n")
    return "\n".join([whole_lines, it.everything])


def send_webhook(variable: str, it: Letter, begin: Callable[[], None]) -> None:
    """Send it to the address that the variable holds. Raises NotSent; no message holds the address."""
    try:
        address = webhook_address(variable)
    except MessagesError as problem:
        raise NotSent(str(problem)) from None
    body = json.dumps({"text": as_chat(it), "html": as_html(it), "username": "Uplift"}, ensure_ascii=True)
    headers = {"content-type": "application/json", "user-agent": "Uplift"}
    begin()
    try:
        # No proxy from the environment: it would see the address.
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", address, content=body, headers=headers) as answer,
        ):
            status, leads_on = answer.status_code, answer.is_redirect  # what it says besides is not read
    except (httpx.ConnectError, httpx.ConnectTimeout) as cause:
        raise NotSent(f"The webhook's server cannot be reached ({type(cause).__name__}).") from None
    except httpx.HTTPError as cause:
        raise NotSent(f"The webhook's server did not answer ({type(cause).__name__}).", unsure=True) from None
    if leads_on:
        raise NotSent("The webhook's address leads on to another, which is not followed: name that one.", final=True)
    if status >= 400:
        final = 400 <= status < 500 and status not in (408, 429)
        raise NotSent(f"The webhook's server answered {status}.", final=final)
