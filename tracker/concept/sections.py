"""The sections of a concept file, one after the other, each checked by what the product can keep.

Everything wrong is noted on the way; the values that come out count only if nothing was noted.
"""

from collections.abc import Iterable
from zoneinfo import available_timezones

from tracker.concept.problems import ProblemKind, shown
from tracker.concept.schema import (
    ConceptFile,
    FileChannel,
    FileCommitment,
    FileContacts,
    FileMention,
    FileOrganisation,
    FileUnit,
    fold,
)
from tracker.concept.tables import KEY, REGION, Table
from tracker.rules.slots import CADENCES
from tracker.rules.words import ChannelState, Criterion
from tracker.rules.workdays import Workdays

LANGUAGES = ("de", "en")
NO_PLACES = frozenset({"localtime", "Factory"})  # names in the time zone database that are no places


def take_concept(root: Table) -> ConceptFile:
    """The whole concept; problems and warnings stand in the table's notes as well."""
    organisation = _organisation(root.table("organisation"))
    reviews_per_year, criteria = _promise(root.table("evaluation"))
    mentions = tuple(_mention(table) for table in root.tables("mentions"))
    contacts = _contacts(root.table("contacts"))
    commitments = _commitments(root.tables("commitments"))
    units = _units(root)
    channels = _channels(root, {unit.key for unit in units})
    root.warn_of_unknown()
    return ConceptFile(
        organisation=organisation,
        reviews_per_year=reviews_per_year,
        criteria=criteria,
        units=units,
        channels=channels,
        commitments=commitments,
        mentions=mentions,
        contacts=contacts,
        warnings=root.notes.warnings_in_order,
    )


def _organisation(table: Table) -> FileOrganisation:
    timezone, region = table.name("timezone"), table.name("holiday_region", REGION)
    if timezone and timezone not in available_timezones() - NO_PLACES:
        table.refuse("timezone", ProblemKind.UNKNOWN_TIMEZONE, value=shown(timezone))
    if region and not _is_region(region):
        table.refuse("holiday_region", ProblemKind.UNKNOWN_REGION, value=shown(region))
    organisation = FileOrganisation(
        name=table.needed("name"),
        timezone=timezone,
        language=_one_of(table, "language", LANGUAGES),
        holiday_region=region,
        website=table.address("website"),
        platforms=table.names("platforms"),
        legal_references=table.names("legal_references"),
    )
    table.warn_of_unknown()
    return organisation


def _is_region(region: str) -> bool:
    try:
        Workdays(region)
    except ValueError:
        return False
    return True


def _promise(table: Table) -> tuple[int, tuple[Criterion, ...]]:
    """How often a year, and on which criteria: all of them where the file names none."""
    reviews_per_year = _cadence(table)
    if reviews_per_year is None and not table.has("reviews_per_year"):
        table.refuse("reviews_per_year", ProblemKind.MISSING)
    words = table.names("criteria")
    if table.has("criteria") and not words:
        table.refuse("criteria", ProblemKind.NO_CRITERIA)
    known = tuple(Criterion)
    for word in words:
        if word not in known:
            table.refuse("criteria", ProblemKind.UNKNOWN_WORD, value=shown(word), known=", ".join(known))
    table.warn_of_unknown()
    return reviews_per_year or 0, tuple(word for word in known if word in words or not words)


def _mention(table: Table) -> FileMention:
    mention = FileMention(platform=table.needed("platform"), name=table.needed("name"))
    table.warn_of_unknown()
    return mention


def _contacts(table: Table) -> FileContacts:
    contacts = FileContacts(table.name("data_protection_officer"), table.names("alternative_routes"))
    table.warn_of_unknown()
    return contacts


def _commitments(tables: Iterable[Table]) -> tuple[FileCommitment, ...]:
    commitments, seen = [], Seen()
    for table in tables:
        commitment = FileCommitment(key=table.needed("key", KEY), text=table.needed_text("text"))
        seen.note(table, "key", commitment.key, fold(commitment.key))
        commitments.append(commitment)
        table.warn_of_unknown()
    return tuple(commitments)


def _units(root: Table) -> tuple[FileUnit, ...]:
    units, keys, names = [], Seen(), Seen()
    tables = root.tables("units")
    if not tables and not root.values.get("units"):
        root.refuse("units", ProblemKind.NO_UNITS)
    for table in tables:
        unit = FileUnit(key=table.needed("key", KEY), name=table.needed("name"))
        keys.note(table, "key", unit.key, fold(unit.key))
        names.note(table, "name", unit.name, fold(unit.name))
        units.append(unit)
        table.warn_of_unknown()
    return tuple(units)


def _channels(root: Table, units: set[str]) -> tuple[FileChannel, ...]:
    channels, seen = [], Seen()
    tables = root.tables("channels")
    if not tables and not root.values.get("channels"):
        root.refuse("channels", ProblemKind.NO_CHANNELS)
    for table in tables:
        channel = _channel(table)
        if channel.unit and channel.unit not in units:
            table.refuse("unit", ProblemKind.UNKNOWN_UNIT, value=shown(channel.unit))
        if all(channel.identity):
            seen.note(table, "", f"{channel.platform} {channel.name}", channel.identity)
        channels.append(channel)
        table.warn_of_unknown()
    return tuple(channels)


def _channel(table: Table) -> FileChannel:
    opened_on, closed_on = table.day("opened_on"), table.day("closed_on")
    if opened_on and closed_on and closed_on < opened_on:
        table.refuse("closed_on", ProblemKind.CLOSED_TOO_EARLY, closed_on=closed_on, opened_on=opened_on)
    state = _one_of(table, "state", tuple(ChannelState))
    return FileChannel(
        platform=table.needed("platform"),
        name=table.needed("name"),
        unit=table.needed("unit", KEY),
        responsible=table.name("responsible"),
        deputy=table.name("deputy"),
        provider=table.name("provider"),
        purpose=table.text("purpose"),
        content=table.text("content"),
        audience=table.text("audience"),
        address=table.address("address"),
        reviews_per_year=_cadence(table),
        opened_on=opened_on,
        closed_on=closed_on,
        state=ChannelState(state) if state else None,
    )


def _cadence(table: Table) -> int | None:
    number = table.number("reviews_per_year")
    if number is None or number in CADENCES:
        return number
    known = ", ".join(map(str, CADENCES))
    table.refuse("reviews_per_year", ProblemKind.BAD_CADENCE, value=shown(number), known=known)
    return None


def _one_of(table: Table, key: str, known: tuple[str, ...]) -> str | None:
    word = table.name(key)
    if word is None or word in known:
        return word
    table.refuse(key, ProblemKind.UNKNOWN_WORD, value=shown(word), known=", ".join(known))
    return None


class Seen:
    """What was met before, and where, so that the second of its kind can name the first."""

    def __init__(self) -> None:
        self._first: dict[object, str] = {}

    def note(self, table: Table, key: str, words: str, identity: object) -> None:
        """Refuse the key of the table (the table itself if empty) if the identity was met before."""
        if not identity:
            return
        if identity in self._first:
            table.refuse(key, ProblemKind.TWICE, value=shown(words), first=self._first[identity])
        else:
            self._first[identity] = table.label()
