"""The publication of a public process: all that it ever reads, kept until the next one is there."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import pandas as pd

from dashboard import settings
from dashboard.maps.memory import Kept
from dashboard.site.parts import Site
from dashboard.site.world import Span, spans
from dashboard.words.numbers import locale_of_request
from data_access.publishing.reader import DATABASE_FILE, TABLES, Publication, PublicationError, open_publication

Made = TypeVar("Made")
EVERYWHERE = "all"
MOST_KEPT = 2_000  # texts and figures of all choices there are, in the locales that are asked for
PAGE = Path(__file__).resolve().parents[2] / "pages" / "public_impact.py"


@dataclass(frozen=True)
class Published:
    """A publication with its tables, shared by all sessions: nobody may write into them."""

    publication: Publication
    tables: dict[str, pd.DataFrame]
    site: Site
    spans: dict[str, Span]
    made: Kept = field(default_factory=lambda: Kept(MOST_KEPT), compare=False)

    @property
    def regions(self) -> list[str]:
        """The regions that have countries, by name; a map's address names one by its place here."""
        return sorted({region for region in self.tables["countries"]["region"] if region})

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` returns, made once for all sessions of a locale: nothing in a publication changes."""
        found: Made = self.made.get((key, locale_of_request()), make)
        return found


def folder() -> Path:
    """Where the publication's files are. Raises PublicationError when none is named."""
    named = settings.current().publication
    if named is None:
        raise PublicationError("No publication is named. Start the server with `uplift serve --audience public`.")
    return named if named.is_dir() else named.parent


def current() -> Published:
    """The newest publication. Raises PublicationError when there is none, or none of ours."""
    path = folder() / DATABASE_FILE
    try:
        seen = path.stat()
    except OSError:
        return _opened(path, 0, 0)
    return _opened(path, seen.st_mtime_ns, seen.st_ino)


@lru_cache(maxsize=2)
def _opened(path: Path, changed: int, inode: int) -> Published:
    # From bytes: a publication that is swapped while its tables are read stays whole.
    publication = open_publication(path.read_bytes() if path.is_file() else path)
    tables = {name: publication.table(name) for name in TABLES}
    return Published(publication, tables, Site(publication, tables, files="published/"), spans(publication))
