"""What can be downloaded: each table as CSV, all of them as JSON, and what they are as a schema.org Dataset."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from dashboard.parts.spreadsheet import to_csv
from dashboard.site.parts import texts_of
from dashboard.words.sentences import say
from dashboard.words.text import visible
from data_access.answers import rows
from data_access.publishing.reader import DATABASE_FILE, Publication
from data_access.publishing.rows import ROWS
from data_access.publishing.tables import public

FOLDER = "data"
JSON_FILE = f"{FOLDER}/all.json"
DATASET_FILE = f"{FOLDER}/dataset.jsonld"
# Facts and texts are no data to calculate with.
CSV_TABLES = tuple(name for name in public.tables if name not in ("publication", "texts"))


def csv_name(table: str) -> str:
    return f"{FOLDER}/{table}.csv"


def data_files(publication: Publication, tables: Mapping[str, pd.DataFrame], address: str) -> dict[str, bytes]:
    """Every file below `data/`."""
    files = {csv_name(name): to_csv(tables[name]) for name in CSV_TABLES}
    everything = {name: [_plain(row) for row in rows(ROWS[name], table)] for name, table in tables.items()}
    files[JSON_FILE] = (json.dumps(everything, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
    described = json.dumps(dataset(publication, tables, address), ensure_ascii=False, indent=1)
    files[DATASET_FILE] = f"{described}\n".encode()
    return files


def dataset(publication: Publication, tables: Mapping[str, pd.DataFrame], address: str) -> dict[str, Any]:
    """The description that search engines for data read (schema.org/Dataset)."""
    texts, title = texts_of(tables), visible(publication.title)
    files = [(csv_name(name), "text/csv") for name in CSV_TABLES]
    files += [(JSON_FILE, "application/json"), (DATABASE_FILE, "application/vnd.sqlite3")]
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": say("{program}: public figures", program=title),
        "description": f"{visible(texts.finding)} {texts.privacy}",
        "url": address or "index.html",
        "creator": {"@type": "Organization", "name": title},
        "dateModified": publication.published_at.isoformat(),
        "version": publication.data_version,
        "temporalCoverage": f"{publication.day('period_start')}/{publication.day('period_end')}",
        "spatialCoverage": "World",
        "isAccessibleForFree": True,
        "measurementTechnique": "Aggregates with small groups suppressed",
        "variableMeasured": list(tables["definitions"]["title"]),
        "distribution": [
            {"@type": "DataDownload", "contentUrl": f"{address}{name}", "encodingFormat": kind} for name, kind in files
        ],
    }


def _plain(row: NamedTuple) -> dict[str, Any]:
    """The row by column, as JSON holds it."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row._asdict().items()}
