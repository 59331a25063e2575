"""One request to change the concept as text: what holds now, the form, and what the concept would be with its words."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from tracker import checks, language
from tracker.concept.amending import channels_of
from tracker.concept.change_forms import ChannelTextsForm, WordingForm, general_form
from tracker.concept.changes import newest_version
from tracker.concept.schema import ConceptFile, fold
from tracker.concept.wording import (
    Texts,
    WordingRefused,
    channel_texts,
    field_of,
    general_texts,
    with_channel,
    with_general,
)
from tracker.extensions import db
from tracker.models import Channel, CheckItem, Commitment, ConceptVersion, Organisation
from tracker.rules.checking import in_force


@dataclass(frozen=True)
class Page(ABC):
    """What both pages know: the version in force with its texts by field, and the form for others."""

    version: ConceptVersion
    concept: ConceptFile
    texts: Texts
    form: WordingForm
    channel: Channel | None = None

    @property
    def back(self) -> str:
        """Where one came from."""
        anchor = f"channel-{self.channel.id}" if self.channel else "general"
        return url_for("concept.index", _anchor=anchor)

    @abstractmethod
    def fields_in(self, version: ConceptVersion) -> Texts:
        """The fields of this page as a version says them."""

    @abstractmethod
    def after(self, concept: ConceptFile) -> Texts:
        """The fields as a concept says them that `said` made."""

    @abstractmethod
    def said(self, texts: Texts) -> ConceptFile:
        """The concept with these texts. WordingRefused."""

    @abstractmethod
    def made_of(self, version: ConceptVersion, texts: Texts) -> ConceptFile:
        """What an earlier version would have become with these texts. WordingRefused."""


@dataclass(frozen=True)
class ChannelPage(Page):
    """The texts of one channel."""

    place: int = 0

    @classmethod
    def found(cls, channel: Channel, lock: bool) -> Self | None:
        """None where the newest version does not describe the channel."""
        version = _newest(lock)
        rows = channels_of(version) if version is not None else []
        if version is None or channel not in rows:
            return None
        concept, place = ConceptFile.of_json(version.content), rows.index(channel)
        return cls(version, concept, channel_texts(concept, place), ChannelTextsForm(), channel, place)

    def fields_in(self, version: ConceptVersion) -> Texts:
        rows = channels_of(version)
        if self.channel not in rows:
            return {}
        return channel_texts(ConceptFile.of_json(version.content), rows.index(self.channel))

    def after(self, concept: ConceptFile) -> Texts:
        return channel_texts(concept, self.place)

    def said(self, texts: Texts) -> ConceptFile:
        concept = with_channel(self.concept, self.place, texts)
        named = concept.channels[self.place]
        rivals = select(Channel).where(Channel.unit_id == self.channel.unit_id) if self.channel else None
        for other in db.session.scalars(rivals) if rivals is not None else ():
            if other is not self.channel and (fold(other.platform), fold(other.name)) == named.identity[1:]:
                field = "platform" if named.platform != self.texts["platform"] else "name"
                words = _(
                    "There is a channel %(name)s of this unit already.", name=f"{other.platform} {other.name}"
                )
                raise WordingRefused({field: [words]})
        return concept

    def made_of(self, version: ConceptVersion, texts: Texts) -> ConceptFile:
        rows, concept = channels_of(version), ConceptFile.of_json(version.content)
        return with_channel(concept, rows.index(self.channel), texts) if self.channel in rows else concept

    def stays_with(self, concept: ConceptFile) -> bool:
        """Whether the name of the responsible person changes while somebody else goes on being told."""
        said = concept.channels[self.place].responsible
        told = self.channel.contact.name if self.channel and self.channel.contact else None
        return said != self.concept.channels[self.place].responsible and told not in {None, said}

    def items_of_platform(self, concept: ConceptFile) -> list[CheckItem]:
        """The items that are asked on the old platform by name and would not be asked on the new one."""
        old = self.concept.channels[self.place].platform.casefold()
        new = concept.channels[self.place].platform.casefold()
        if old == new:
            return []
        found = []
        for item in checks.items():
            wording = in_force(item.wordings, language.today())
            asked = {one.casefold() for one in (wording.platforms if wording else None) or ()}
            if old in asked and new not in asked:
                found.append(item)
        return found


@dataclass(frozen=True)
class GeneralPage(Page):
    """What the concept says for all channels; `keys` are the commitments that have a field."""

    keys: Sequence[str] = ()

    @classmethod
    def found(cls, lock: bool) -> Self | None:
        """None before a concept was loaded. A commitment that was taken out meanwhile keeps its field."""
        version = _newest(lock)
        if version is None:
            return None
        concept = ConceptFile.of_json(version.content)
        known = db.session.scalars(select(Commitment.key).group_by(Commitment.key).order_by(Commitment.key))
        posted = [key for key in known if field_of(key) in request.form]
        keys = tuple(dict.fromkeys([*(one.key for one in concept.commitments), *posted]))
        return cls(version, concept, general_texts(concept), general_form(keys), None, keys)

    def fields_in(self, version: ConceptVersion) -> Texts:
        return general_texts(ConceptFile.of_json(version.content))

    def after(self, concept: ConceptFile) -> Texts:
        said, known = dict(general_texts(concept)), {one.key for one in self.concept.commitments}
        fresh = [one for one in concept.commitments if one.key not in {*known, *self.keys}]
        for one in fresh:
            said["added"] = said.pop(field_of(one.key))
        return said

    def said(self, texts: Texts) -> ConceptFile:
        return with_general(self.concept, self.keys, texts, _keys_until(self.version))

    def made_of(self, version: ConceptVersion, texts: Texts) -> ConceptFile:
        concept = ConceptFile.of_json(version.content)
        keys = [one.key for one in concept.commitments]
        return with_general(concept, keys, {**general_texts(concept), **texts}, _keys_until(version))


def _keys_until(version: ConceptVersion) -> frozenset[str]:
    """The keys that commitments ever had, up to this version."""
    query = select(Commitment.key).join(ConceptVersion).where(ConceptVersion.number <= version.number)
    return frozenset(db.session.scalars(query))


def version_of(number: str | None) -> ConceptVersion | None:
    """The version with a number that came with a form; None if there is none."""
    if not number or not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    return db.session.scalars(select(ConceptVersion).where(ConceptVersion.number == int(number))).first()


def _newest(lock: bool) -> ConceptVersion | None:
    """The version in force; with a lock whoever else wants to change it waits."""
    if lock:
        db.session.get(Organisation, 1, with_for_update=True)
    return newest_version()
