"""A list as JSON for programs: keys and words that never change with the language, moments in UTC.

Rows are written one by one. The number of rows stands last: without it the file is not whole. What it looks like says
schema(), which is published as a JSON Schema.
"""

import json
from collections.abc import Callable, Iterable
from datetime import UTC
from typing import IO, Any

from tracker.listing import Column, Kind, Listing

TYPE = "application/json"
VERSION = 1  # of the format; it grows with every change that a reader could notice


def write(file: IO[bytes], listing: Listing) -> int:
    """Write the whole file and say how many rows there were."""
    ways = {one.key: _way(one.kind) for one in listing.columns}
    about = {
        "format": f"social-media-review/{listing.key}",
        "version": VERSION,
        "zone": listing.zone.key,
        "parameters": [{"name": name, "value": value} for name, value in listing.parameters],
        "columns": [{"key": one.key, "title": str(one.title)} for one in listing.columns],
    }
    file.write(_bytes(about)[:-1] + b',\n"rows":[')
    written = 0
    for row in listing.rows:
        values = {key: way(getattr(row, key)) for key, way in ways.items()}
        file.write((b",\n" if written else b"\n") + _bytes(values))
        written += 1
    file.write(b'\n],"written":%d}\n' % written)
    return written


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _way(kind: Kind) -> Callable[[Any], Any]:
    """How values of a kind are written; what is not known is null."""
    ways: dict[Kind, Callable[[Any], Any]] = {
        Kind.WORD: str,
        Kind.WORDS: lambda value: [str(one) for one in value],
        Kind.MOMENT: lambda value: value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        Kind.DAY: lambda value: value.isoformat(),
        Kind.NUMBER: lambda value: value,
        Kind.TEXT: str,
    }
    way = ways[kind]
    return lambda value: None if value is None else way(value)


def schema(key: str, columns: Iterable[Column], words: dict[str, list[str]]) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of such a file; `words` are what columns of words may hold, by their keys."""
    text = {"type": "string"}
    rows = {one.key: _of(one.kind, words.get(one.key)) for one in columns}

    def record(of: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "properties": of, "required": list(of), "additionalProperties": False}

    whole = record(
        {
            "format": {"const": f"social-media-review/{key}"},
            "version": {"const": VERSION},
            "zone": text,
            "parameters": {"type": "array", "items": record({"name": text, "value": text})},
            "columns": {"type": "array", "items": record({"key": {"enum": list(rows)}, "title": text})},
            "rows": {"type": "array", "items": record(rows)},
            "written": {"type": "integer", "minimum": 0},
        }
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"social-media-review/{key}",
        **whole,
    }


def _of(kind: Kind, words: list[str] | None) -> dict[str, Any]:
    word = {"type": "string", **({"enum": words} if words else {})}
    known: dict[Kind, dict[str, Any]] = {
        Kind.WORD: word,
        Kind.WORDS: {"type": "array", "items": word},
        Kind.MOMENT: {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        Kind.DAY: {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        Kind.NUMBER: {"type": "integer"},
        Kind.TEXT: {"type": "string"},
    }
    return known[kind] if kind is Kind.WORDS else {"anyOf": [known[kind], {"type": "null"}]}
