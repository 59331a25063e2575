"""Correcting a closed review: asked first, told in words, made once; both versions stay readable everywhere."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.rooms.correction import Form, newest, said
from tracker import clock, language, obligations
from tracker.evidence.columns import Mark
from tracker.evidence.filters import Filters
from tracker.evidence.rows import rows
from tracker.extensions import db
from tracker.models import Action, Channel, Entry, Review, Words
from tracker.reviews import corrections
from tracker.reviews.logged import LoggedDecision, LoggedRating
from tracker.rules.deciding import state_on
from tracker.rules.slots import slot_on
from tracker.rules.words import Criterion, Decision, Level, Outcome
from tracker.standings import standings

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]
SignIn = Callable[..., Browser]
HELD = date(2026, 3, 17)
TODAY = "2026-04-10"  # in the grace of the first quarter


@pytest.fixture
def channel(clock_at: Callable[..., None]) -> Channel:
    clock_at(TODAY)
    return factories.channel(platform="Facebook", name="Hauptkanal", since=date(2026, 1, 1))


@pytest.fixture
def review(channel: Channel) -> Review:
    verdicts = {
        Criterion.COST_BENEFIT: Level.CLEAR,
        Criterion.LEGALITY: (Level.REMARK, "Impressum fehlt seit Mai"),
    }
    factories.closed_meeting(HELD, {channel: verdicts})
    return newest(channel)


@pytest.fixture
def editor(sign_in: SignIn) -> Browser:
    return sign_in("editor", language="en")


def outcomes(of: Channel) -> dict[str, tuple[str, bool]]:
    """The cells of the first quarter: outcome, and whether entered afterwards."""
    (one,) = standings(clock.today(factories.ZONE), factories.ZONE, channel_id=of.id)
    line = next(line for line in one.ledger.lines if line.slot.due_on == date(2026, 3, 31))
    return {cell.criterion.value: (cell.outcome.value, cell.entered_afterwards) for cell in line.cells}


def test_a_changed_level_is_asked_first_and_then_replaces(
    editor: Browser, review: Review, channel: Channel
) -> None:
    form = Form(editor, review).fill(
        legality__level="clear", legality__reason="Impressum steht seit Mai", reason="Verwechselt"
    )
    asked = form.check()
    assert asked.words("del") == ["remark:", "fehlt"]
    assert asked.words("ins") == ["clear:", "steht"]
    assert "Nothing: every owed cell stands as before." in asked.text
    assert newest(channel) is review
    page = form.confirm()
    assert "Verwechselt" in page.text
    newer = newest(channel)
    assert (newer.replaces_id, newer.reason) == (review.id, "Verwechselt")
    assert said(newer) == {"cost_benefit": ("clear", ""), "legality": ("clear", "Impressum steht seit Mai")}
    assert said(review)["legality"] == ("remark", "Impressum fehlt seit Mai")


def test_the_page_shows_the_review_as_it_is(editor: Browser, review: Review) -> None:
    page = editor.get(f"/meetings/{review.meeting_id}/reviews/{review.id}/correct")
    assert "As it is: remark Impressum fehlt seit Mai" in page.text
    assert "Jonas Brandt" in page.text
    assert page.form("/correct").values[f"channel-{review.channel_id}.legality.level"] == "remark"


def test_a_withdrawn_rating_opens_its_cell_again_and_the_preview_says_so(
    editor: Browser, review: Review, channel: Channel
) -> None:
    assert outcomes(channel)["legality"] == ("kept", False)
    form = Form(editor, review).fill(legality__level="", reason="Nicht besprochen")
    asked = form.check().text
    assert "1 cell loses what discharged it." in asked
    assert (
        "Q1 2026, legality: so far kept , afterwards open again (can be made up until 30 Apr 2026)" in asked
    )
    form.confirm()
    assert list(said(newest(channel))) == ["cost_benefit"]
    assert outcomes(channel)["legality"] == ("open", False)


def test_after_the_grace_a_withdrawn_rating_leaves_a_missed_cell(
    editor: Browser, review: Review, channel: Channel, clock_at: Callable[..., None]
) -> None:
    clock_at("2026-05-05")
    form = Form(editor, review).fill(legality__level="", reason="Nicht besprochen")
    assert "so far kept , afterwards missed" in form.check().text
    form.confirm()
    assert outcomes(channel)["legality"] == ("missed", False)


def test_a_rating_that_is_added_after_the_grace_is_entered_afterwards(
    editor: Browser, review: Review, channel: Channel, clock_at: Callable[..., None]
) -> None:
    clock_at("2026-05-05")
    assert outcomes(channel)["strategy"] == ("missed", False)
    form = Form(editor, review).fill(strategy__level="clear", reason="Vergessen")
    asked = form.check().text
    assert "1 cell is discharged by it." in asked
    assert "so far missed , afterwards kept, entered afterwards" in asked
    form.confirm()
    assert outcomes(channel)["strategy"] == ("kept", True)
    assert outcomes(channel)["legality"] == ("kept", False)


def test_one_that_is_added_in_the_grace_is_in_time(editor: Browser, review: Review, channel: Channel) -> None:
    Form(editor, review).fill(strategy__level="clear", reason="Vergessen").confirm()
    assert outcomes(channel)["strategy"] == ("kept", False)


def test_the_whole_review_is_withdrawn_with_one_tick(
    editor: Browser, review: Review, channel: Channel
) -> None:
    form = Form(editor, review).fill(withdraw="1", reason="War der Kanal von Böblingen")
    asked = form.check()
    assert "The whole review is withdrawn." in asked.text
    assert "2 cells lose what discharged them." in asked.text
    page = form.confirm()
    assert said(newest(channel)) == {}
    assert "Impressum fehlt seit Mai" in page.text
    assert set(outcomes(channel).values()) == {("open", False)}


def test_corrected_twice_each_version_stays_readable(
    editor: Browser, review: Review, channel: Channel
) -> None:
    Form(editor, review).fill(legality__reason="Zweite Fassung", reason="Erster Irrtum").confirm()
    second = newest(channel)
    page = Form(editor, second).fill(legality__reason="Dritte Fassung", reason="Zweiter Irrtum").confirm()
    assert newest(channel).replaces_id == second.id
    for words in (
        "Impressum fehlt seit Mai",
        "Zweite Fassung",
        "Dritte Fassung",
        "Erster Irrtum",
        "Zweiter Irrtum",
    ):
        assert words in page.text, words
    channel_page = editor.get(f"/channels/{review.channel_id}").text
    assert "Erster Irrtum" in channel_page
    assert "Zweiter Irrtum" in channel_page


def test_a_replaced_review_leads_to_the_one_in_force(
    editor: Browser, review: Review, channel: Channel
) -> None:
    old = f"/meetings/{review.meeting_id}/reviews/{review.id}/correct"
    Form(editor, review).fill(legality__reason="Zweite Fassung", reason="Irrtum").confirm()
    assert editor.raw.get(old).location.endswith(f"/reviews/{newest(channel).id}/correct")


def test_nothing_that_differs_is_refused(editor: Browser, review: Review) -> None:
    page = Form(editor, review).fill(reason="Nur so").check(expect=422)
    assert "Nothing differs from the review as it is." in page.text
    assert page.form("/correct").values["reason"] == "Nur so"
    with pytest.raises(corrections.CorrectionRefused):
        corrections.correct(review, "Nur so", corrections.verdicts_of(review).ratings, factories.person())


def test_an_open_action_of_the_channel_answers_an_objection(
    editor: Browser, review: Review, channel: Channel
) -> None:
    action: Action = factories.action(channel, factories.contact(), date(2026, 6, 1))
    action.done_on = date(2026, 4, 1)
    db.session.commit()
    form = Form(editor, review).fill(legality__level="objection", reason="Zu milde")
    page = form.check(expect=422)
    assert "An objection needs an action" in page.text
    assert page.link("Agree on an action") == f"/actions/add?channel={channel.id}"
    action.done_on = None
    db.session.commit()
    form.confirm()
    assert said(newest(channel))["legality"][0] == "objection"


def test_an_objection_that_stays_is_not_asked_for_an_action_again(editor: Browser, channel: Channel) -> None:
    factories.closed_meeting(HELD, {channel: {Criterion.LEGALITY: Level.OBJECTION}})
    Form(editor, newest(channel)).fill(strategy__level="clear", reason="Vergessen").confirm()
    assert said(newest(channel))["legality"][0] == "objection"


def test_unchanged_stays_marked_only_where_nothing_was_changed(
    editor: Browser, channel: Channel, review: Review
) -> None:
    as_before = {one: LoggedRating(Level.REMARK, "Wie zuletzt", unchanged=True) for one in Criterion}
    corrections.correct(review, "Haken vergessen", as_before, factories.person())
    db.session.commit()
    Form(editor, newest(channel)).fill(legality__reason="Anders", reason="Irrtum").confirm()
    assert {one.criterion.value: one.unchanged for one in newest(channel).ratings} == {
        "cost_benefit": True, "legality": False, "strategy": True}  # fmt: skip


def test_a_decision_is_kept_changed_or_withdrawn(editor: Browser, review: Review, channel: Channel) -> None:
    decision = LoggedDecision(Decision.ADJUST, date(2026, 4, 1), "Zu viele Fotos")
    before = corrections.verdicts_of(review)
    corrections.correct(review, "Vergessen", before.ratings, factories.person(), decision)
    db.session.commit()
    Form(editor, newest(channel)).fill(strategy__level="clear", reason="Vergessen").confirm()
    kept = newest(channel)
    assert kept.decision is not None
    assert (kept.decision.decision, kept.decision.reason) == (Decision.ADJUST, "Zu viele Fotos")
    form = Form(editor, kept).fill(decision__reason="Zu wenige Fotos", reason="Verschrieben")
    asked = form.check()
    assert (asked.words("del"), asked.words("ins")) == (["viele"], ["wenige"])
    assert "What it does to the channel" not in asked.text  # only the reason differs
    form.confirm()
    changed = newest(channel)
    assert changed.decision is not None
    assert changed.decision.reason == "Zu wenige Fotos"
    Form(editor, changed).fill(decision="", reason="Wurde vertagt").confirm()
    assert newest(channel).decision is None
    assert said(newest(channel))["strategy"] == ("clear", "")


def test_the_evidence_follows_the_newest_and_shows_both(
    editor: Browser, review: Review, channel: Channel
) -> None:
    Form(editor, review).fill(
        legality__level="clear", legality__reason="Doch vorhanden", cost_benefit__level="", reason="Irrtum"
    ).confirm()
    found = rows(Filters(channel_id=channel.id, until_on=date(2026, 3, 31)), date.fromisoformat(TODAY))
    assert [(one.criterion, one.outcome, one.level, one.reason, one.marks) for one in found] == [
        (Criterion.COST_BENEFIT, Outcome.OPEN, None, "", ()),
        (Criterion.COST_BENEFIT, None, Level.CLEAR, "", (Mark.REPLACED,)),
        (Criterion.LEGALITY, Outcome.KEPT, Level.CLEAR, "Doch vorhanden", (Mark.CORRECTION,)),
        (Criterion.LEGALITY, None, Level.REMARK, "Impressum fehlt seit Mai", (Mark.REPLACED,)),
        (Criterion.STRATEGY, Outcome.OPEN, None, "", ()),
    ]


def test_the_journal_names_what_was_and_what_is(editor: Browser, review: Review, channel: Channel) -> None:
    Form(editor, review).fill(legality__level="", decision="continue", reason="Irrtum").confirm()
    entry = db.session.scalars(select(Entry).order_by(Entry.number.desc())).first()
    assert entry is not None
    assert (entry.deed, entry.unit_id) == ("reviews.correct", channel.unit_id)
    ids = json.loads(entry.body)["ids"]
    assert (ids["replaces"], ids["review"], ids["meeting"]) == (
        review.id,
        newest(channel).id,
        review.meeting_id,
    )
    words = dict(
        db.session.execute(select(Words.field, Words.text).where(Words.number == entry.number)).all()
    )
    assert editor.person is not None
    assert words == {
        "reason": "Irrtum",
        "before.cost_benefit": "clear",
        "before.legality": "remark: Impressum fehlt seit Mai",
        "after.cost_benefit": "clear",
        "after.decision": "continue",
        "by": editor.person.full_name,
    }


def test_german_works_too(sign_in: SignIn, review: Review) -> None:
    form = Form(sign_in("manager"), review).fill(legality__level="", reason="Nicht besprochen")
    assert "bisher eingehalten , danach wieder offen" in form.check().text
    assert form.fill(reason="").check(expect=422).all("p", class_="fault")
    assert "Berichtigung" in form.fill(reason="Irrtum").confirm().text


def test_a_corrected_decision_turns_the_channel_and_says_so_before(
    editor: Browser, review: Review, channel: Channel
) -> None:
    """From now on dormant, then corrected to closed, then withdrawn."""
    on = language.today()
    day = slot_on(on, 4).due_on + timedelta(days=1)
    form = Form(editor, review).fill(decision="dormant", decision__from_on=day.isoformat())
    form.fill(decision__reason="Kaum Zeit", reason="Vergessen")
    assert "dormant" in form.check().text
    form.confirm()
    assert state(channel, day) == "dormant"
    Form(editor, newest(channel)).fill(decision="close", reason="Es war die Schließung").confirm()
    assert state(channel, day) == "closed"
    Form(editor, newest(channel)).fill(
        decision="", decision__from_on="", decision__reason="", reason="Vertagt"
    ).confirm()
    assert state(channel, day) == "active"


def state(channel: Channel, day: date) -> str:
    db.session.expire_all()
    return state_on(obligations.course_of(channel).states, day).value
