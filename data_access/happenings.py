"""What happened, for the log: an import, something recorded, a sign-in; never who, and of rows no more than counts."""

from __future__ import annotations

import logging

# The attribute of a log record that holds the fields of a happening.
FIELDS = "uplift_fields"
log = logging.getLogger("uplift.happened")


def happened(what: str, **fields: str | int | float | bool | None) -> None:
    """Log one happening. The fields are names of kinds, counts and seconds: no keys, names or words of people."""
    words = " ".join(f"{name}={value}" for name, value in fields.items())
    log.info("%s %s", what, words, extra={FIELDS: {"event": what, **fields}})
