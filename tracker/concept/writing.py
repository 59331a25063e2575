"""Writing a concept as TOML: what `file` reads back unchanged, with the same fingerprint.

Comments and the order of keys in a loaded file are not kept: they are no part of what the concept says.
"""

from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

import tomli_w

from tracker.concept.file import parse_concept
from tracker.concept.schema import ConceptFile


def to_toml(concept: ConceptFile) -> str:
    """The whole concept, section by section as one writes it by hand; what it does not say is left out."""
    evaluation = {
        "reviews_per_year": concept.reviews_per_year,
        "criteria": [criterion.value for criterion in concept.criteria],
    }
    sections = [
        ("[organisation]", _said(concept.organisation)),
        ("[evaluation]", evaluation),
        ("[contacts]", _said(concept.contacts)),
        *(("[[mentions]]", _said(one)) for one in concept.mentions),
        *(("[[commitments]]", _said(one)) for one in concept.commitments),
        *(("[[units]]", _said(one)) for one in concept.units),
        *(("[[channels]]", _said(one)) for one in concept.channels),
    ]
    return "\n".join(
        f"{head}\n{tomli_w.dumps(values, multiline_strings=True)}" for head, values in sections if values
    )


def checked(concept: ConceptFile, filename: str = "concept.toml") -> ConceptFile:
    """The concept as loading its file would take it. ConceptRefused with everything that a file may not say."""
    return parse_concept(to_toml(concept).encode(), filename)


def _said(section: Any) -> dict[str, Any]:
    """The keys of a section that say something, in the order of the schema."""
    values = {one.name: getattr(section, one.name) for one in fields(section)}
    return {key: _plain(value) for key, value in values.items() if value is not None and value != ()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, StrEnum):
        return value.value
    return value if isinstance(value, str | int | date) else str(value)
