"""The concept as the fields of a page: its texts by name, the concept with other texts, and what is wrong with them.

A list is a text with one entry a line. What a text may say is decided where files are read: a new wording is written
out and read back, so that the page takes nothing that a file could not say.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from typing import Any

from tracker.concept.changes import TEXTS
from tracker.concept.problems import ConceptRefused, ProblemKind
from tracker.concept.schema import ConceptFile, FileCommitment
from tracker.concept.writing import checked

Texts = Mapping[str, str]
NAMES = ("platform", "name")
LISTS = ("platforms", "legal_references", "alternative_routes")
OFFICER, ADDED = "data_protection_officer", "added"
OF_CHANNEL = re.compile(r"channels\[\d+\]\.?")
OF_COMMITMENT = re.compile(r"commitments\[(\d+)\]")


class WordingRefused(Exception):
    """What is wrong, by field; under the empty name what belongs to none."""

    def __init__(self, faults: Mapping[str, list[str]]) -> None:
        self.faults = faults
        super().__init__(faults)


@dataclass(frozen=True)
class Met:
    """What came of one form after somebody else was faster: the texts that hold, and what is said by both.

    `taken` are the fields left alone here that say something else by now; `both` those that both changed.
    """

    texts: Texts
    taken: tuple[str, ...]
    both: tuple[str, ...]


def channel_texts(concept: ConceptFile, place: int) -> Texts:
    """Platform, name and texts of the channel at a place of the concept."""
    said = concept.channels[place]
    return {name: getattr(said, name) or "" for name in (*NAMES, *TEXTS)}


def with_channel(concept: ConceptFile, place: int, texts: Texts) -> ConceptFile:
    """The concept with these texts of one channel. WordingRefused."""
    said: dict[str, Any] = {name: texts[name].strip() or None for name in TEXTS}
    names: dict[str, Any] = {name: texts[name].strip() for name in NAMES}
    channels = list(concept.channels)
    channels[place] = replace(channels[place], **names, **said)
    renamed = [name for name in NAMES if names[name] != getattr(concept.channels[place], name)]
    try:
        return checked(replace(concept, channels=tuple(channels)))
    except ConceptRefused as refused:
        faults: dict[str, list[str]] = {}
        for problem in refused.problems:
            field = OF_CHANNEL.sub("", problem.key) if OF_CHANNEL.match(problem.key) else ""
            if problem.kind is ProblemKind.TWICE:
                field = (renamed or ["platform"])[0]
            _add(faults, field if field in texts else "", problem.words)
        raise WordingRefused(faults) from refused


def field_of(key: str) -> str:
    """The name of the field of a commitment. A key may hold any sign, the id of a field may not."""
    return f"commitment_{sha256(key.encode()).hexdigest()[:12]}"


def general_texts(concept: ConceptFile) -> Texts:
    """The general part: lists, the data protection officer, and each commitment."""
    return {
        "platforms": "\n".join(concept.organisation.platforms),
        "legal_references": "\n".join(concept.organisation.legal_references),
        OFFICER: concept.contacts.data_protection_officer or "",
        "alternative_routes": "\n".join(concept.contacts.alternative_routes),
        **{field_of(one.key): one.text for one in concept.commitments},
        ADDED: "",
    }


def with_general(
    concept: ConceptFile, keys: Sequence[str], texts: Texts, taken: Collection[str] = ()
) -> ConceptFile:
    """The concept with this general part; `keys` are the commitments that have a field. WordingRefused.

    A commitment without words is left out; an added one gets a key that none has, nor had (`taken`): the checklist
    would take it for that other one.
    """
    lists = {name: tuple(line.strip() for line in texts[name].split("\n") if line.strip()) for name in LISTS}
    said = {field_of(key): FileCommitment(key, texts[field_of(key)]) for key in keys}
    kept = {field: one for field, one in said.items() if one.text.strip()}
    if texts[ADDED].strip():
        others = {*keys, *taken}
        free = (key for k in count(len(keys) + 1) if (key := f"commitment-{k}") not in others)
        kept[ADDED] = FileCommitment(next(free), texts[ADDED])
    organisation = replace(
        concept.organisation, platforms=lists["platforms"], legal_references=lists["legal_references"]
    )
    officer, routes = texts[OFFICER].strip() or None, lists["alternative_routes"]
    contacts = replace(concept.contacts, data_protection_officer=officer, alternative_routes=routes)
    commitments = tuple(kept.values())
    try:
        return checked(
            replace(concept, organisation=organisation, contacts=contacts, commitments=commitments)
        )
    except ConceptRefused as refused:
        faults: dict[str, list[str]] = {}
        for problem in refused.problems:
            found = OF_COMMITMENT.match(problem.key)
            field = [*kept][int(found[1]) - 1] if found else problem.key.rpartition(".")[2]
            _add(faults, field if field in texts else "", problem.words)
        raise WordingRefused(faults) from refused


def met(base: Texts, theirs: Texts, typed: Texts) -> Met:
    """Typed on the page of `base` while `theirs` came to hold: what was left alone follows theirs."""
    names = list(dict.fromkeys([*theirs, *typed]))
    texts, taken, both = {}, [], []
    for name in names:
        old, new, mine = base.get(name, ""), theirs.get(name, ""), typed.get(name, "")
        if mine == old != new:
            taken.append(name)
        elif new not in {old, mine}:
            both.append(name)
        texts[name] = new if mine == old else mine
    return Met(texts, tuple(taken), tuple(both))


def _add(faults: dict[str, list[str]], field: str, words: str) -> None:
    said = faults.setdefault(field, [])
    if words not in said:
        said.append(words)
