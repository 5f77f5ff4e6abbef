"""Runs the dashboard's script without a browser, as a chosen viewer on a chosen page."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Dataframe
from streamlit.util import calc_hash

import dashboard
from dashboard.asking import access
from dashboard.door.accounts import Account
from dashboard.parts.named import LEADS_TO
from tests.releasing import released_by
from tests.signing_in import claims_of, environment_of

_this_account = access.this_account
MAIN = Path(dashboard.__file__).with_name("main.py")
AS_OF = "2026-09-15"

# Each session would read the metadata of every installed package anew: more than four fifths of what most tests took.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)


as_sent: Callable[[Dataframe], pd.DataFrame] = vars(Dataframe)["value"].fget


def as_read(table: Dataframe) -> pd.DataFrame:
    """A table as a reader sees it: a name that leads on is the name, and `as_sent(table)` says where it leads."""
    frame = as_sent(table)
    for name in frame.columns:
        if frame[name].dtype.kind == "O" and any(LEADS_TO in cell for cell in frame[name] if isinstance(cell, str)):
            frame[name] = [cell.partition(LEADS_TO)[0] if isinstance(cell, str) else cell for cell in frame[name]]
    return frame


Dataframe.value = property(as_read)  # type: ignore[assignment,method-assign]


class Dashboard:
    """One viewer's session."""

    script = MAIN

    def __init__(self, monkeypatch: pytest.MonkeyPatch, url: str, *, local: bool = True, as_of: str = AS_OF) -> None:
        monkeypatch.setenv("UPLIFT_DATABASE_URL", url)
        monkeypatch.setenv("UPLIFT_AS_OF", as_of)
        # There is no browser here, and so no address to judge by.
        monkeypatch.setattr(access, "is_this_machine", lambda: local)
        self.at = AppTest.from_file(str(self.script), default_timeout=240)
        self.url, self.as_of, self.local = url, as_of, local

    def open(self, page: str = "", **query: str) -> Dashboard:
        """Open a page (its address, "" for the first) with these parameters; outside, as the last import released."""
        stays_inside = self.local and access.this_account is _this_account and query.get("as", "pm") in ("pm", "board")
        if self.url and not stays_inside:
            released_by(self.url, date.fromisoformat(query.get("as_of", self.as_of)))
        self.at._page_hash = calc_hash(page)
        for name, value in query.items():
            self.at.query_params[name] = value
        return self.run()

    def run(self) -> Dashboard:
        self.at.run()
        assert not self.at.exception, [element.value for element in self.at.exception]
        return self

    @property
    def html(self) -> str:
        """Everything that pages write as HTML."""
        return "\n".join(element.proto.body for element in self.at.get("html"))

    @property
    def text(self) -> str:
        """The same, as a reader sees it."""
        named = re.sub(r'<a class="up-named"[^>]*>(.*?)</a>', r"\1", self.html)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", named)).split())

    @property
    def finding(self) -> str:
        found = re.search(r'<h1 class="up-finding">(.*?)</h1>', self.html)
        return html.unescape(re.sub(r"<[^>]+>", "", found[1])) if found else ""

    @property
    def query(self) -> dict[str, str]:
        """The parameters in the address bar."""
        return {
            name: values[0] if isinstance(values, list) else values for name, values in self.at.query_params.items()
        }


class PublicPage(Dashboard):
    """One visitor's session with the public's server, which has this folder and no database."""

    script = MAIN.with_name("public_main.py")

    def __init__(self, monkeypatch: pytest.MonkeyPatch, publication: Path) -> None:
        monkeypatch.setenv("UPLIFT_AUDIENCE", "public")
        monkeypatch.setenv("UPLIFT_PUBLICATION", str(publication))
        super().__init__(monkeypatch, "")


def signed_in(monkeypatch: pytest.MonkeyPatch, url: str, email: str = "", **claims: object) -> Dashboard:
    """A session where sign-in is configured, of whoever has signed in with this address; nobody without one."""
    for name, value in environment_of("http://127.0.0.1:9", 8501).items():
        monkeypatch.setenv(name, value)
    made = Account.of({"is_logged_in": True, **claims_of(email), **claims}, trusts_email=False) if email else None
    monkeypatch.setattr(access, "this_account", lambda: made)
    return Dashboard(monkeypatch, url)
