"""What comparing found, in a sentence each."""

from flask_babel import gettext as _

from tracker.evidence import against
from tracker.evidence.against import Finding
from tracker.evidence.journal_words import part, thing


def sentence(found: Finding) -> str:
    """About which row, and what is wrong with it."""
    about = _about(found)
    if found.what == against.UNREADABLE:
        return _("%(about)s: what it closed cannot be read from it.", about=about)
    if found.what == against.MISSING:
        return _("%(about)s: named by entry %(entry)s, but no longer there.", about=about, entry=found.entry)
    if found.what == against.UNNAMED:
        return _("%(about)s: there, but named by no entry.", about=about)
    if found.what == against.TWICE:
        return _("%(about)s: named by entry %(entry)s once more.", about=about, entry=found.entry)
    return _(
        "%(about)s: “%(field)s” is not as entry %(entry)s says.",
        about=about,
        field=_field(found.what),
        entry=found.entry,
    )


def _about(found: Finding) -> str:
    key = found.key
    if key.kind == "review" and found.meeting is not None:
        return _("Review %(id)s of meeting %(meeting)s", id=key.id, meeting=found.meeting)
    return {
        "review": _("Review %(id)s", id=key.id),
        "head": _("Head of meeting %(id)s, version %(version)s", id=key.id, version=key.version),
        "meeting": _("Meeting %(id)s", id=key.id),
        "explanation": _("Explanation %(id)s", id=key.id),
        "obligation": _("Obligation %(id)s", id=key.id),
        "entry": _("Entry %(id)s", id=key.id),
    }[key.kind]


def _field(name: str) -> str:
    """A field by its title, an id by that of what it names, a moment by what happened then."""
    moments = {
        "at": _("Written at"),
        "by": _("By"),
        "closed_at": _("Closed at"),
        "entered_at": _("Entered at"),
        "written_at": _("Written at"),
    }
    if name in moments:
        return moments[name]
    titled = part(name)
    return titled if titled != name else thing(name)
