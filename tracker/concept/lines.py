"""On which line of a TOML text a key stands; the parser of the standard library keeps no places.

Lines are taken only from a text that the parser has accepted, so the syntax need not be checked a second time.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

KeyPath = tuple[str | int, ...]  # ("channels", 2, "unit"): the unit of the third channel

# Strings and comments hold brackets, equal signs and line breaks that mean nothing.
MEANINGLESS = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' + r"|'''.*?'{3,5}" + r'|"(?:\\.|[^"\\\n])*"' + r"|'[^'\n]*'|#[^\n]*",
    re.DOTALL,
)
INNER_BREAK = "\x00"  # cannot occur in TOML
DEEPEST = 8  # parts of a dotted key that are remembered: more than the format knows, few in a hostile file

ENDLESS_KEY = re.compile(r"(?:\.[^\n.=,\[\]{}]*){50}")


def endless_key(text: str) -> int | None:
    """The line of a key of more than fifty parts. The parser needs memory by the square of them: 300,000 parts
    in half a megabyte ended the process. To be asked before parsing."""
    found = ENDLESS_KEY.search(MEANINGLESS.sub(_blank, text))
    return text.count("\n", 0, found.start()) + 1 if found else None


class Lines:
    """The lines of the sections and keys of one text, from 1."""

    def __init__(self, text: str) -> None:
        self._known: dict[KeyPath, int] = {}
        self._last: dict[KeyPath, int] = {}  # which section of a [[list]] was begun last, from 0
        section: KeyPath = ()
        for line, kind, key in _statements(text):
            if kind == "[[":
                path = self._resolve(key[:-1]) + key[-1:]
                self._last[path] = self._last.get(path, -1) + 1
                self._known.setdefault(path, line)
                section = (*path, self._last[path])
                self._known[section] = line
            elif kind == "[":
                section = self._resolve(key)
                self._known.setdefault(section, line)
            else:
                for length in range(1, len(key) + 1):
                    self._known.setdefault(section + key[:length], line)

    def of(self, path: KeyPath) -> int | None:
        """Where the key stands; else where what it belongs to begins; None where nothing is known."""
        while path:
            if path in self._known:
                return self._known[path]
            path = path[:-1]
        return None

    def _resolve(self, key: KeyPath) -> KeyPath:
        path: KeyPath = ()
        for part in key:
            path = (*path, part)
            if path in self._last:
                path = (*path, self._last[path])
        return path


def _statements(text: str) -> Iterator[tuple[int, str, KeyPath]]:
    """Line, kind ("[[", "[" or "=") and key of every section and key that stands at the beginning of a line."""
    masked = MEANINGLESS.sub(_blank, text)
    line, offset, depth = 1, 0, 0
    for row in masked.split("\n"):
        original = text[offset : offset + len(row)]
        stripped = row.lstrip()
        if depth == 0 and stripped.startswith("["):
            kind = "[[" if stripped.startswith("[[") else "["
            begin = row.index(kind) + len(kind)
            yield line, kind, _key(original[begin : row.index("]", begin)])
        elif depth == 0 and "=" in row:
            yield line, "=", _key(original[: row.index("=")])
        depth += sum(row.count(sign) for sign in "[{") - sum(row.count(sign) for sign in "]}")
        offset += len(row) + 1
        line += 1 + row.count(INNER_BREAK)


def _blank(found: re.Match[str]) -> str:
    return "".join(INNER_BREAK if sign == "\n" else " " for sign in found[0])


def _key(written: str) -> KeyPath:
    """The parts of a dotted key, which may be quoted: the parser itself takes it apart."""
    parsed: Any = tomllib.loads(f"{written.strip()} = 0")
    parts: list[str | int] = []
    while isinstance(parsed, dict):
        ((part, parsed),) = parsed.items()
        parts.append(part)
    return tuple(parts[:DEEPEST])
