"""What the demo's meetings answer to the checklist and the prompts: looked at in turns, confirmed in between."""

from datetime import date

from tracker import checks
from tracker.checks import Asked
from tracker.models import Channel
from tracker.reviews.logged import LoggedCheck, LoggedRating
from tracker.rules.words import Answer, Criterion, Level

NOTES = {
    "L03": "Die Vertretung ist noch nicht benannt.",
    "L12": "Der Hinweis ist vorbereitet, aber noch nicht erschienen.",
    "L13": "Ältere Videos haben noch keine Untertitel.",
}
NOT_MET = {
    "L04": "Vom Profil führt kein Weg zum Impressum.",
    "L05": "Die Hinweise nennen eine Vorschrift, die nicht mehr gilt.",
}
SAID = {
    "cost_benefit.goal": "Ja, im Großen und Ganzen.",
    "cost_benefit.effect": "Mehr Anmeldungen zu Veranstaltungen als im Vorquartal.",
    "cost_benefit.economy": "Ja, der Aufwand ist gleich geblieben.",
    "strategy.audience": "Überwiegend ja, Jüngere fehlen.",
    "strategy.effort": "Gerade noch; in den Ferien wird es knapp.",
}
EVERY = 3  # so many meetings pass until an item is looked at again
SKIPPED = 7  # one item in so many is left out of a meeting


def answers(
    channel: Channel, held_on: date, ratings: dict[Criterion, LoggedRating], turn: int
) -> tuple[LoggedCheck, ...]:
    """What one channel answers in one meeting, to the criteria that were rated."""
    found = []
    for place, asked in enumerate(checks.asked([channel], held_on, before=held_on)[channel.id]):
        criterion = asked.item.criterion
        if criterion not in ratings:
            continue
        if criterion is Criterion.LEGALITY:
            found.append(_checked(asked, ratings[criterion], held_on, channel.position + turn + place))
        elif asked.item.key in SAID and (channel.position + turn + place) % 4 == 0:
            found.append(LoggedCheck(asked.wording.id, criterion, None, SAID[asked.item.key]))
    return tuple(found)


def _checked(asked: Asked, rating: LoggedRating, held_on: date, at: int) -> LoggedCheck:
    key, wording, legality = asked.item.key, asked.wording.id, Criterion.LEGALITY
    if rating.level is Level.OBJECTION and key in NOT_MET and _told_by(rating, key):
        return LoggedCheck(wording, legality, Answer.NOT_MET, NOT_MET[key], False, held_on)
    if at % SKIPPED == 0:
        return LoggedCheck(wording, legality, Answer.NOT_CHECKED)
    last = asked.proposed
    if last is not None and last.answer is not Answer.NOT_MET and at % EVERY:
        return LoggedCheck(wording, legality, last.answer, last.note, True, last.checked_on)
    if key in NOTES and at % 3 == 0:
        return LoggedCheck(wording, legality, Answer.PARTLY, NOTES[key], False, held_on)
    return LoggedCheck(wording, legality, Answer.MET, "", False, held_on)


def _told_by(rating: LoggedRating, key: str) -> bool:
    word = {"L04": "Impressum", "L05": "Datenschutzhinweise"}[key]
    return word in rating.reason
