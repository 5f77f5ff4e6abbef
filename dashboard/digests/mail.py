"""A message as e-mail: text and HTML in one, sent over STARTTLS, TLS, or to a server on this machine."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import localtime
from typing import Any

import htpy as h

from dashboard.digests.letter import Letter, LetterPart, as_text
from dashboard.digests.sending import NotSent
from dashboard.parts.html import render, style_sheet
from dashboard.settings.messages import STARTTLS, TLS, Mail
from dashboard.words.text import visible

TIMEOUT = 30.0
# Nothing is loaded from anywhere; where a reader takes the style away, the order of the text still says everything.
_STYLE = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; background: #f6f7f9; color: #1b2330; }
body { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
.sheet { max-width: 600px; margin: 0 auto; padding: 24px 20px; overflow-wrap: anywhere; }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 20px; }
h2 { font-size: 17px; margin: 28px 0 0; }
h3 { font-size: 16px; margin: 0; }
p { margin: 4px 0 0; }
ul { list-style: none; margin: 12px 0 0; padding: 0; }
li { background: #ffffff; border: 1px solid #d5dae2; border-radius: 8px; padding: 12px 14px; margin: 0 0 10px; }
a { color: #1550b4; }
.small { color: #545f71; font-size: 14px; }
.when { font-weight: 400; color: #545f71; }
.foot { border-top: 1px solid #d5dae2; margin-top: 28px; padding-top: 14px; }
@media (prefers-color-scheme: dark) {
  body { background: #12161d; color: #e6eaf1; }
  li { background: #1b212b; border-color: #394354; }
  a { color: #8db8ff; }
  .small, .when { color: #a9b4c5; }
  .foot { border-color: #394354; }
}
"""


# The standard library writes a long word of a header in an encoding that no mail program reads in these.
_AS_THEY_ARE = frozenset({"list-unsubscribe", "message-id"})


class _Policy(EmailPolicy):
    """Folds headers as mail has it, but for those that are one address."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _AS_THEY_ARE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


def as_html(it: Letter) -> str:
    """The message as a page of its own: one column, readable on a phone and in the dark."""
    page = h.html(lang="en")[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="color-scheme", content="light dark"),
            h.title[it.subject],
            style_sheet(_STYLE),
        ],
        h.body[
            h.div(".sheet", role="article", aria_label=it.subject)[
                h.h1[it.lead],
                [_part(it, part) for part in it.parts],
                it.before and h.p[it.before],
                h.p[h.a(href=it.everything)["See everything"]],
                h.div(".foot.small")[
                    h.p[it.why],
                    it.stop and h.p[h.a(href=it.stop)["Stop these messages"]],
                    h.p[h.a(href=it.manage)["Change what you are told"]],
                    h.p["On the command line: ", h.code[it.command]],
                ],
            ]
        ],
    ]
    return str(render(page))


def _part(it: Letter, part: LetterPart) -> h.Fragment:
    return h.fragment[
        h.h2[part.heading],
        h.p(".small")[part.period],
        h.ul[
            [
                h.li[
                    h.h3[each.head, each.when and h.span(".when")[" · ", each.when]],
                    h.p[each.words],
                    h.p[h.a(href=it.where(each))[each.way]],
                ]
                for each in part.news
            ]
        ],
        part.rest and h.p(".small")[part.rest],
    ]


def as_mail(it: Letter, sender: str, to: str, message_id: str) -> EmailMessage:
    """The message with its headers. Raises NotSent where an address cannot stand in one."""
    message = EmailMessage(policy=_Policy(linesep="\r\n", utf8=not to.isascii()))
    try:
        message["From"] = Address(display_name="Uplift", addr_spec=sender)
        message["To"] = Address(addr_spec=to)
        message["Subject"] = visible(it.subject)
    except (ValueError, IndexError) as cause:
        raise NotSent("The address cannot be written to.", final=True) from cause
    message["Date"] = localtime()
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if it.stop:
        message["List-Unsubscribe"] = "".join(("<", it.stop, ">"))
        if it.stop.startswith("https://"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(as_text(it), cte="quoted-printable")
    message.add_alternative(as_html(it), subtype="html", cte="quoted-printable")
    return message


class _Handing:
    """Says when the message itself begins to go out: from then on nobody knows whether it arrived."""

    before_data: Callable[[], None]

    def data(self, msg: Any) -> Any:
        self.before_data()
        return super().data(msg)  # type: ignore[misc]  # of smtplib's class beside it


class _Plain(_Handing, smtplib.SMTP):
    pass


class _Wrapped(_Handing, smtplib.SMTP_SSL):
    pass


def send_mail(mail: Mail, message: EmailMessage, begin: Callable[[], None]) -> None:
    """Send it; `begin` is called before the first byte of it goes out. Raises NotSent."""
    context = ssl.create_default_context()
    began = False

    def before_data() -> None:
        nonlocal began
        begin()
        began = True

    try:
        with _connected(mail, context) as server:
            server.before_data = before_data
            if mail.security == STARTTLS:
                server.starttls(context=context)
            if mail.user:
                server.login(mail.user, mail.password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as cause:
        codes = [code for code, _ in cause.recipients.values()]
        final = all(code >= 500 for code in codes)
        raise NotSent(f"The mail server does not take the address ({codes[0]}).", final=final) from None
    except smtplib.SMTPAuthenticationError as cause:
        raise NotSent(f"The mail server does not let us in ({cause.smtp_code}): check user and password.") from None
    except smtplib.SMTPDataError as cause:
        raise NotSent(f"The mail server did not take the message ({cause.smtp_code}).") from None
    except smtplib.SMTPResponseException as cause:
        raise NotSent(f"The mail server answered {cause.smtp_code}.") from None
    except smtplib.SMTPNotSupportedError:
        raise NotSent("The mail server lacks what is asked for: STARTTLS, signing in, or such an address.") from None
    except ssl.SSLCertVerificationError as cause:
        raise NotSent(f"The mail server's certificate is not valid ({cause.verify_message}).") from None
    except (OSError, smtplib.SMTPException) as cause:
        raise NotSent(f"The mail server did not answer ({type(cause).__name__}).", unsure=began) from None


def _connected(mail: Mail, context: ssl.SSLContext) -> Any:
    if mail.security == TLS:
        return _Wrapped(mail.host, mail.port, timeout=TIMEOUT, context=context)
    return _Plain(mail.host, mail.port, timeout=TIMEOUT)
