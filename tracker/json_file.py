"""A list as JSON for programs: keys and words that never change with the language, moments in UTC.

Rows are written one by one. The number of rows stands last: without it the file is not whole. What it looks like says
schema(), which is published as a JSON Schema.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any

from tracker.listing import Column, Kind, Listing

TYPE = "application/json"
PIECE = 128  # rows
DAY = r"^\d{4}-\d\d-\d\d$"
VERSION = 1  # of the format; it grows with every change that a reader could notice

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def pieces(listing: Listing) -> Iterator[bytes]:
    """The whole file, some rows at a time."""
    values = attrgetter(*(one.key for one in listing.columns))
    ways = [_way(one.kind) for one in listing.columns]
    whole = "{" + ",".join(f'"{one.key}":%s' for one in listing.columns) + "}"
    about = {
        "format": f"social-media-review/{listing.key}",
        "version": VERSION,
        "zone": listing.zone.key,
        "facts": dict(listing.facts),
        "parameters": [{"name": name, "value": value} for name, value in listing.parameters],
        "columns": [{"key": one.key, "title": str(one.title)} for one in listing.columns],
    }
    waiting, written = [_ENCODE(about)[:-1] + ',\n"rows":['], 0
    for row in listing.rows:
        cells = [
            "null" if value is None else way(value) for way, value in zip(ways, values(row), strict=True)
        ]
        waiting.append((",\n" if written else "\n") + whole % tuple(cells))
        written += 1
        if len(waiting) > PIECE:
            yield "".join(waiting).encode("utf-8", "backslashreplace")
            waiting.clear()
    waiting.append(f'\n],"written":{written}}}\n')
    yield "".join(waiting).encode("utf-8", "backslashreplace")


def _way(kind: Kind) -> Callable[[Any], str]:
    """How values of a kind are written; what is not known is null."""
    ways: dict[Kind, Callable[[Any], str]] = {
        Kind.WORD: '"{}"'.format,
        Kind.WORDS: _words,
        Kind.MOMENT: _moment,
        Kind.DAY: '"{}"'.format,
        Kind.NUMBER: str,
        Kind.TEXT: encode_basestring,
    }
    return ways[kind]


@lru_cache(maxsize=256)
def _words(value: tuple[str, ...]) -> str:
    return _ENCODE(list(value))


@lru_cache(maxsize=1024)  # a meeting closes many reviews at one moment
def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime('"%Y-%m-%dT%H:%M:%SZ"')


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
            "facts": record(
                {
                    "as_of": {"type": "string", "pattern": DAY},
                    "head": record({"number": {"type": "integer"}, "hash": text}),
                    "asked": {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
                }
            ),
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
        Kind.DAY: {"type": "string", "pattern": DAY},
        Kind.NUMBER: {"type": "integer"},
        Kind.TEXT: {"type": "string"},
    }
    return known[kind] if kind is Kind.WORDS else {"anyOf": [known[kind], {"type": "null"}]}
