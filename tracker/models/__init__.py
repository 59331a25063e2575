"""What is remembered: tables, relations, constraints. No behaviour that a rule should have, no clock, no request."""

from tracker.models.access import Access, Token, Tried
from tracker.models.actions import Action, ActionChange
from tracker.models.channels import Channel, Contact, Explanation, Obligation, StateChange, Unit
from tracker.models.checks import Check, CheckItem, CheckWording
from tracker.models.concept import Commitment, ConceptText, ConceptVersion, Organisation
from tracker.models.exports import Export
from tracker.models.figures import Figures, FiguresUpload, HourlyRate
from tracker.models.journal import Entry, Words
from tracker.models.meetings import AgendaLine, Attendance, Draft, Invitation, Meeting, MeetingHead
from tracker.models.outbox import ActionReminder, HeadMail, Mail, Reminder, Run, Untold
from tracker.models.reviews import Rating, Review, ReviewDecision
from tracker.models.users import Absence, Role, User, WebAuthn, unit_limits

__all__ = [
    "Absence",
    "Access",
    "Action",
    "ActionChange",
    "ActionReminder",
    "AgendaLine",
    "Attendance",
    "Channel",
    "Check",
    "CheckItem",
    "CheckWording",
    "Commitment",
    "ConceptText",
    "ConceptVersion",
    "Contact",
    "Draft",
    "Entry",
    "Explanation",
    "Export",
    "Figures",
    "FiguresUpload",
    "HeadMail",
    "HourlyRate",
    "Invitation",
    "Mail",
    "Meeting",
    "MeetingHead",
    "Obligation",
    "Organisation",
    "Rating",
    "Reminder",
    "Review",
    "ReviewDecision",
    "Role",
    "Run",
    "StateChange",
    "Token",
    "Tried",
    "Unit",
    "Untold",
    "User",
    "WebAuthn",
    "Words",
    "unit_limits",
]
