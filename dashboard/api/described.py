"""What can be asked over HTTP, as OpenAPI 3.1: made of the questions' own declarations."""

from __future__ import annotations

import inspect
from typing import Any

from data_access.answers import AnswerColumn, Count
from data_access.questions.registry import QUESTIONS, Question
from data_access.selection import QUERY_NAMES, Role

FORMATS = ("json", "csv", "arrow")
ARROW = "application/vnd.apache.arrow.stream"
_HELP = {
    "period": "2019, 2019-Q3, 2019-03, or 2019-01-01..2020-01-01 (end not included)",
    "as_of": "The day from which past and future are judged, such as 2026-08-23 (default: today)",
    "status": "planned, held, cancelled, or all (default: held)",
}
_TYPES: dict[str | None, dict[str, Any]] = {
    "Int64": {"type": ["integer", "null"]},
    "Float64": {"type": ["number", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    # Exact amounts are text with all their digits, days and moments are ISO 8601.
    None: {"type": ["string", "integer", "null"]},
}
_REFUSALS = {
    "400": "A filter or an option is not valid; the text says which, and shows one that is.",
    "401": "The token is not known, was ended or is over.",
    "403": "The role may not ask this question, or the connection is not protected.",
    "404": "There is no such question.",
    "429": "Asked too often; `Retry-After` says for how many seconds to wait.",
    "503": "The database does not answer; ask again later.",
}


def openapi(role: Role) -> dict[str, Any]:
    """All that the role may ask."""
    paths = {f"/api/questions/{each.name}": {"get": _operation(each)} for each in open_to(role)}
    listing = {"operationId": "questions", "summary": "The questions that the token's role may ask"}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Uplift",
            "version": "1",
            "description": "Questions about a community program. Without a token, what everybody may see.",
            "license": {"name": "MPL-2.0", "identifier": "MPL-2.0"},
        },
        "security": [{"token": []}, {}],
        "paths": {"/api/questions": {"get": listing | {"responses": {"200": {"description": "The list"}}}}, **paths},
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def open_to(role: Role) -> list[Question]:
    """The questions that the role may ask, by name."""
    return [each for _, each in sorted(QUESTIONS.items()) if role in each.roles]


def listed(question: Question) -> dict[str, Any]:
    """A question with its options and columns, as the list and each answer name it."""
    return {
        "name": question.name,
        "answers": question.line,
        "counts": str(question.counts),
        "options": question.options,
        "columns": [described(column) for column in question.columns],
    }


def described(column: AnswerColumn) -> dict[str, str]:
    """A column's name, heading, kind, unit and meaning."""
    unit = column.unit if isinstance(column, Count) or column.unit else ""
    found = {"name": column.name, "title": column.title, "kind": column.kind, "unit": unit, "help": column.help}
    return {name: text for name, text in found.items() if text}


def _operation(question: Question) -> dict[str, Any]:
    properties = {
        column.name: {**_TYPES.get(column.dtype, {"type": ["string", "null"]}), "title": column.title}
        | ({"description": column.help} if column.help else {})
        for column in question.columns
    }
    rows = {"type": "array", "items": {"type": "object", "properties": properties}}
    answer = {"type": "object", "required": ["rows"], "properties": {"rows": rows}}
    content = {"application/json": {"schema": answer}, "text/csv": {}, ARROW: {}}
    return {
        "operationId": question.name,
        "summary": question.line,
        "description": inspect.getdoc(question.function) or question.line,
        "parameters": _parameters(question),
        "responses": {
            "200": {"description": "The answer", "content": content},
            **{code: {"description": words} for code, words in _REFUSALS.items()},
        },
    }


def _parameters(question: Question) -> list[dict[str, Any]]:
    found = [
        _parameter(name, {"type": "string"}, _HELP.get(name, "One or more, comma-separated")) for name in QUERY_NAMES
    ]
    for name, default in question.options.items():
        if name not in QUERY_NAMES:
            kind = "integer" if isinstance(default, int) else "string"
            found.append(_parameter(name, {"type": kind, "default": default}))
    return [*found, _parameter("format", {"type": "string", "enum": list(FORMATS), "default": "json"})]


def _parameter(name: str, schema: dict[str, Any], description: str = "") -> dict[str, Any]:
    found = {"name": name, "in": "query", "schema": schema}
    return found | {"description": description} if description else found
