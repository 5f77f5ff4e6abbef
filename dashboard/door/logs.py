"""The log: what happened and where in the code, never who: no e-mail addresses, query strings or passwords."""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from data_access.happenings import FIELDS

JSON = "json"
_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_EMAIL = re.compile(r"[^\s@<>\"'=,;:()]+@[^\s@<>\"'=,;:()]+\.[^\s@<>\"'=,;:()]+")
_QUERY = re.compile(r"(?<=[\w/])\?[^\s\"'<>]*=[^\s\"'<>]*")
_PASSWORD = re.compile(r"(?<=://)([^\s:/@\"']*):[^\s\"'<>]*@")
_make = logging.LogRecord


def redacted(text: str) -> str:
    """The text with e-mail addresses, query strings and the passwords of URLs taken out."""
    return _QUERY.sub("?…", _EMAIL.sub("(e-mail)", _PASSWORD.sub(r"\1:***@", text)))


class _Record(_make):
    """A log record without personal data, its traceback included, whoever logs it."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if self.exc_info and self.exc_info[0]:
            self.exc_text = redacted("".join(traceback.format_exception(*self.exc_info)).rstrip())

    def getMessage(self) -> str:  # noqa: N802  # the name is the standard library's
        return redacted(super().getMessage())


class JsonLines(logging.Formatter):
    """One JSON object a line, for programs that read logs: moment, level, words, and the fields of what happened."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": moment, "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        line |= getattr(record, FIELDS, {})
        if record.exc_info:
            line["trace"] = record.exc_text or redacted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def log_to_stderr(level: str, form: str) -> None:
    """From now on the process logs from this level on, as text or as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == JSON else logging.Formatter(_TEXT))
    logging.basicConfig(level=level, handlers=[handler])


def without_personal_data() -> None:
    """From now on, every log line of this process is redacted; what libraries ask of providers is no news."""
    logging.setLogRecordFactory(_Record)
    logging.getLogger("httpx").setLevel(logging.WARNING)
