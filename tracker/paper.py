"""PDF from a typst template and plain values: made in a short-lived process, with a time limit.

A long report takes minutes and gigabytes, and a bug in the typesetter must not take the server along: so it never runs
inside it. Values reach the template only as data, never as markup. The files are PDF/A-2a and PDF/UA-1; both refuse a
sign that the font has no picture for, so those are replaced before.
"""

import json
import struct
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent.parent / "templates" / "typst"
FONTS = Path(__file__).parent / "fonts"
FONT = FONTS / "SourceSans3-wght.ttf"
TIME_LIMIT = 30.0  # seconds
IN_ITS_STEAD = "□"
NEVER_SHOWN = {"Cc", "Cf", "Co", "Cs"}  # control signs and the like; the standards refuse some of them
ONTO_ANOTHER = {"Mn", "Me"}  # left out where the font lacks them


class NotPrinted(Exception):
    """No PDF came of it: too long, too large, or refused by the typesetter, whose words are the text."""


def printed(template: str, values: Mapping[str, Any], at: datetime, time_limit: float = TIME_LIMIT) -> bytes:
    """The PDF of a template below templates/typst, which reads `values` from sys.inputs.data (JSON).

    `at` is the moment the file says it was made at; `time_limit` are seconds. `values["signs_missing"]` is added:
    whether a sign was replaced. Raises NotPrinted.
    """
    shown, missing = legible(values)
    data = json.dumps({**shown, "signs_missing": missing}, ensure_ascii=False).encode()
    child = [sys.executable, "-I", str(Path(__file__)), template, str(int(at.timestamp()))]
    try:
        done = subprocess.run(child, input=data, capture_output=True, timeout=time_limit, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise NotPrinted(f"{template} took longer than {time_limit:g} seconds.") from None
    except OSError as error:
        raise NotPrinted(f"No process for {template}: {error.strerror}") from error
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise NotPrinted(
            done.stderr.decode("utf-8", "replace").strip()[-2000:] or f"ended with {done.returncode}"
        )
    return done.stdout


def legible(values: Any) -> tuple[Any, bool]:
    """The same values in signs that the font has, and whether one was replaced. Works through lists and mappings."""
    if isinstance(values, str):
        return _legible_text(values)
    if isinstance(values, Mapping):
        found = {name: legible(value) for name, value in values.items()}
        return {name: value for name, (value, _) in found.items()}, any(one for _, one in found.values())
    if isinstance(values, list | tuple):
        listed = [legible(value) for value in values]
        return [value for value, _ in listed], any(one for _, one in listed)
    return values, False


def _legible_text(text: str) -> tuple[str, bool]:
    known, missing, signs = covered(), False, []
    for sign in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(sign)
        if sign == "\n" or (ord(sign) in known and kind not in NEVER_SHOWN):
            signs.append(sign)
        elif sign.isspace():
            signs.append(" ")
        elif kind not in NEVER_SHOWN | ONTO_ANOTHER:
            signs.append(IN_ITS_STEAD)
            missing = True
    return "".join(signs), missing


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The code points that the font has a picture for: its cmap table, read as OpenType says (format 4)."""
    font = FONT.read_bytes()
    tables = {
        font[k : k + 4]: struct.unpack_from(">LL", font, k + 8) for k in range(12, 12 + 16 * font[5], 16)
    }
    cmap = tables[b"cmap"][0]
    for k in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        at = cmap + struct.unpack_from(">HHL", font, cmap + 4 + 8 * k)[2]
        if struct.unpack_from(">H", font, at)[0] == 4:
            return _format_4(font, at)
    raise ValueError(f"{FONT.name} has no table of signs that can be read")


def _format_4(font: bytes, at: int) -> frozenset[int]:
    """Segments of code points: their ends, starts, what to add, and where the numbers of their pictures stand."""
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", font, at + 16 + 4 * count)
    where = at + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", font, where)
    found = set()
    for k in range(count):
        for point in range(starts[k], min(ends[k], 0xFFFE) + 1):
            picture = point
            if offsets[k]:
                picture = struct.unpack_from(
                    ">H", font, where + 2 * k + offsets[k] + 2 * (point - starts[k])
                )[0]
            if (picture and offsets[k]) or (not offsets[k] and (point + deltas[k]) & 0xFFFF):
                found.add(point)
    return frozenset(found)


def main() -> None:
    """The process itself: values on standard input, the PDF on standard output."""
    import typst  # noqa: PLC0415 - only this process loads it

    values = sys.stdin.buffer.read().decode()
    try:
        pdf = typst.compile(str(TEMPLATES / sys.argv[1]), root=str(TEMPLATES), font_paths=[str(FONTS)],
                            ignore_system_fonts=True, sys_inputs={"data": values}, format="pdf",
                            pdf_standards=["ua-1", "a-2a"], timestamp=int(sys.argv[2]))  # fmt: skip
    except typst.TypstError as error:
        sys.exit(error.diagnostic or str(error))
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
