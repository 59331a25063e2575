"""The checklist and the prompts in the log: answers, notes, confirming as last time, and what closing keeps of them."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tests.rooms.correction import Form as Correcting
from tests.rooms.correction import newest
from tests.rooms.form import LogForm
from tracker import clock
from tracker.evidence.filters import Filters
from tracker.evidence.rows import rows
from tracker.extensions import db
from tracker.models import Channel, Check, CheckItem, Draft, Meeting, Review
from tracker.rules.words import Answer, Criterion

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]
HELD = date(2026, 7, 14)
SignIn = Callable[..., Browser]


@pytest.fixture
def pages(clock_at: Callable[[str], None]) -> list[Channel]:
    """Two channels on Facebook and one on XING, of one unit."""
    clock_at("2026-07-14")
    unit = factories.unit("Bildungshaus")
    return [
        factories.channel(unit, "Facebook", "Hauptkanal"),
        factories.channel(unit, "Facebook", "Ausbildung"),
        factories.channel(unit, "XING", "Seite"),
    ]


def logged(browser: Browser, day: date, *channels: Channel) -> tuple[Meeting, LogForm]:
    meeting = factories.planned_meeting(day, channels)
    return meeting, LogForm(browser, meeting).head()


def answer(form: LogForm, of: Channel, item: CheckItem, said: str, note: str = "") -> None:
    form.fill(of, **{f"check-{item.id}": said, f"check-{item.id}__note": note})


def answers(channel: Channel, meeting: Meeting) -> dict[str, Check]:
    db.session.expire_all()
    query = select(Check).join(Review).where(Review.meeting_id == meeting.id, Review.channel_id == channel.id)
    return {one.wording.text_de: one for one in db.session.scalars(query)}


def test_answers_are_kept_with_the_wording_of_the_day(sign_in: SignIn, pages: list[Channel]) -> None:
    imprint, notice = factories.check_item("Impressum"), factories.check_item("Datenschutzhinweise")
    meeting, form = logged(sign_in(), HELD, pages[0])
    form.rate(pages[0])
    answer(form, pages[0], imprint, "met")
    assert form.confirm().status_code == 303
    found = answers(pages[0], meeting)
    assert (found["Impressum"].answer, found["Impressum"].checked_on) == (Answer.MET, HELD)
    assert (found["Datenschutzhinweise"].answer, found["Datenschutzhinweise"].checked_on) == (
        Answer.NOT_CHECKED,
        None,
    )
    assert notice.wordings[0].id == found["Datenschutzhinweise"].wording_id


def test_partly_and_not_met_need_a_note_and_say_so_beside_the_field(
    sign_in: SignIn, pages: list[Channel]
) -> None:
    imprint, notice = factories.check_item("Impressum"), factories.check_item("Datenschutzhinweise")
    meeting, form = logged(sign_in(), HELD, pages[0])
    form.rate(pages[0], "remark", "Nachbessern.")
    answer(form, pages[0], imprint, "partly")
    answer(form, pages[0], notice, "not_met", "Der Link führt ins Leere.")
    said = form.press_close()
    assert said.status_code == 422
    assert f'id="fault:channel-{pages[0].id}.check-{imprint.id}.note"' in said.text
    assert f'id="fault:channel-{pages[0].id}.check-{notice.id}.note"' not in said.text
    answer(form, pages[0], imprint, "partly", "Drei Klicks statt zwei.")
    assert form.confirm().status_code == 303
    assert answers(pages[0], meeting)["Impressum"].note == "Drei Klicks statt zwei."


def test_legality_is_not_clear_while_an_item_is_not_met(sign_in: SignIn, pages: list[Channel]) -> None:
    imprint = factories.check_item("Impressum")
    _meeting, form = logged(sign_in(), HELD, pages[0])
    form.rate(pages[0])
    answer(form, pages[0], imprint, "not_met", "Es fehlt.")
    said = form.press_close()
    assert said.status_code == 422
    assert "Nicht möglich, solange ein Prüfpunkt nicht erfüllt ist." in said.text


def test_unchecked_items_stand_in_the_way_only_where_the_organisation_wants_them_all(
    sign_in: SignIn, pages: list[Channel]
) -> None:
    imprint = factories.check_item("Impressum")
    factories.organisation().checks_required = True
    db.session.commit()
    _meeting, form = logged(sign_in(), HELD, pages[0])
    form.rate(pages[0])
    assert form.press_close().status_code == 422
    answer(form, pages[0], imprint, "met")
    assert form.confirm().status_code == 303


def test_answers_without_a_verdict_are_half_a_review(sign_in: SignIn, pages: list[Channel]) -> None:
    imprint = factories.check_item("Impressum")
    _meeting, form = logged(sign_in(), HELD, *pages[:2])
    form.rate(pages[0])
    answer(form, pages[1], imprint, "met")
    said = form.press_close()
    assert said.status_code == 422
    assert "Hier sind Fragen beantwortet, aber es gibt kein Urteil." in said.text


def test_a_prompt_is_answered_in_a_sentence_and_only_answered_ones_are_kept(
    sign_in: SignIn, pages: list[Channel]
) -> None:
    goal = factories.check_item("Ist das Ziel erreicht?", Criterion.COST_BENEFIT)
    factories.check_item("Passt die Zielgruppe?", Criterion.STRATEGY)
    meeting, form = logged(sign_in(), HELD, pages[0])
    form.rate(pages[0]).fill(pages[0], **{f"check-{goal.id}__note": "Ja, 30.000 Auszubildende."})
    assert form.confirm().status_code == 303
    (kept,) = answers(pages[0], meeting).values()
    assert (kept.answer, kept.note, kept.checked_on) == (None, "Ja, 30.000 Auszubildende.", None)


@pytest.fixture
def before(sign_in: SignIn, pages: list[Channel]) -> tuple[list[CheckItem], list[Channel]]:
    """In July all three channels answered two items: the first met, the second partly."""
    items = [factories.check_item("Impressum"), factories.check_item("Vertretung")]
    _meeting, form = logged(sign_in(), HELD, *pages)
    for channel in pages:
        form.rate(channel)
        answer(form, channel, items[0], "met")
        answer(form, channel, items[1], "partly", "Eine Person ist ausgeschieden.")
    assert form.confirm().status_code == 303
    return items, pages


def test_as_last_time_carries_answer_note_and_the_day_it_was_looked_at(
    sign_in: SignIn, clock_at: Callable[[str], None], before: tuple[list[CheckItem], list[Channel]]
) -> None:
    (imprint, deputy), pages = before
    clock_at("2026-10-20")
    meeting, form = logged(sign_in(), date(2026, 10, 20), *pages)
    form.rate(pages[0])
    answer(form, pages[0], imprint, "confirmed")
    answer(form, pages[0], deputy, "confirmed")
    assert form.confirm().status_code == 303
    found = answers(pages[0], meeting)
    assert (found["Impressum"].answer, found["Impressum"].confirmed) == (Answer.MET, True)
    assert found["Impressum"].checked_on == HELD
    assert found["Vertretung"].note == "Eine Person ist ausgeschieden."


def test_a_changed_wording_cannot_be_confirmed_as_last_time(
    sign_in: SignIn, clock_at: Callable[[str], None], before: tuple[list[CheckItem], list[Channel]]
) -> None:
    (imprint, _deputy), pages = before
    clock_at("2026-10-20")
    factories.wording(imprint, "Impressum nach § 5 DDG", date(2026, 10, 1))
    browser = sign_in()
    meeting, form = logged(browser, date(2026, 10, 20), *pages)
    page = browser.raw.get(f"/meetings/{meeting.id}/log?asked=channel-{pages[0].id}").text
    assert "die Frage war damals anders formuliert" in page
    form.rate(pages[0])
    answer(form, pages[0], imprint, "confirmed")  # a form from before the change
    assert form.confirm().status_code == 303
    assert answers(pages[0], meeting)["Impressum nach § 5 DDG"].answer is Answer.NOT_CHECKED


def test_all_channels_of_a_platform_are_confirmed_at_once_and_only_these(
    sign_in: SignIn, clock_at: Callable[[str], None], before: tuple[list[CheckItem], list[Channel]]
) -> None:
    (imprint, deputy), (main, training, xing) = before
    clock_at("2026-10-20")
    browser = sign_in()
    meeting, form = logged(browser, date(2026, 10, 20), main, training, xing)
    page = browser.get(f"/meetings/{meeting.id}/log/checks")
    assert "Besser noch einmal ansehen" in page.text  # what was only partly met
    named = [f"channel-{one.id}.check-{item.id}" for one in (main, training) for item in (imprint, deputy)]
    browser.post(f"/meetings/{meeting.id}/log/checks", {"cell": named, "platform": "Facebook"})
    kept = {
        (one.channel_id, one.field) for one in db.session.scalars(select(Draft)) if one.value == "confirmed"
    }
    assert kept == {(one.id, f"check-{item.id}") for one in (main, training) for item in (imprint, deputy)}
    form = LogForm(browser, meeting).head().rate(main)
    assert f"channel-{main.id}.check-{imprint.id}" in form.values
    assert form[f"channel-{main.id}.check-{imprint.id}"] == "confirmed"


def test_what_was_typed_already_is_never_overwritten_by_confirming(
    sign_in: SignIn, clock_at: Callable[[str], None], before: tuple[list[CheckItem], list[Channel]]
) -> None:
    (imprint, deputy), (main, *_rest) = before
    clock_at("2026-10-20")
    browser = sign_in()
    meeting, form = logged(browser, date(2026, 10, 20), main)
    answer(form, main, imprint, "not_met", "Seit gestern weg.")
    form.save()
    browser.raw.post(
        f"/meetings/{meeting.id}/log",
        data={**LogForm(browser, meeting).values, "confirm": f"channel-{main.id}"},
    )
    again = LogForm(browser, meeting)
    assert again[f"channel-{main.id}.check-{imprint.id}"] == "not_met"
    assert again[f"channel-{main.id}.check-{deputy.id}"] == "confirmed"


@pytest.mark.parametrize("value", ["fulfilled", "not_checked", "x" * 5000, "<b>met</b>"])
def test_an_answer_that_is_not_offered_is_refused(sign_in: SignIn, pages: list[Channel], value: str) -> None:
    imprint = factories.check_item("Impressum")
    _meeting, form = logged(sign_in(), HELD, pages[0])
    answer(form, pages[0], imprint, value)
    assert form.save().status_code == 422
    assert not db.session.scalars(select(Draft).where(Draft.field == f"check-{imprint.id}")).all()


def test_minutes_count_the_checklist_and_name_its_exceptions(
    sign_in: SignIn, before: tuple[list[CheckItem], list[Channel]]
) -> None:
    meeting = db.session.scalars(select(Meeting)).one()
    said = sign_in().get(f"/meetings/{meeting.id}").text
    assert "Prüfpunkte: 2 von 2 geprüft" in said
    assert "teilweise: Vertretung: Eine Person ist ausgeschieden." in said


def test_the_evidence_says_how_much_of_the_checklist_was_answered(
    sign_in: SignIn, clock_at: Callable[[str], None], pages: list[Channel]
) -> None:
    items = [factories.check_item(f"Punkt {k}") for k in range(3)]
    _meeting, form = logged(sign_in(), HELD, pages[0])
    form.rate(pages[0])
    for item in items[:2]:
        answer(form, pages[0], item, "met")
    assert form.confirm().status_code == 303
    found = [(row.checked, row.checks) for row in rows(Filters(channel_id=pages[0].id), HELD) if row.level]
    assert found == [(None, None), (2, 3), (None, None)]


def test_a_correction_keeps_what_was_answered_and_can_mend_it(
    sign_in: SignIn, clock_at: Callable[[str], None], before: tuple[list[CheckItem], list[Channel]]
) -> None:
    (imprint, _deputy), pages = before
    clock_at("2026-07-20")
    review = db.session.scalars(select(Review).where(Review.channel_id == pages[0].id)).one()
    form = Correcting(sign_in(), review).fill(reason="Nachgesehen.")
    form.fill(**{f"check-{imprint.id}": "partly", f"check-{imprint.id}__note": "Drei Klicks."})
    page = form.check()
    assert "Drei Klicks." in page.text
    form.confirm()
    found = {one.wording.text_de: one for one in newest(pages[0]).checks}
    assert (found["Impressum"].answer, found["Impressum"].note) == (Answer.PARTLY, "Drei Klicks.")
    assert (found["Vertretung"].answer, found["Vertretung"].checked_on) == (Answer.PARTLY, HELD)


def test_a_correction_to_not_met_asks_for_another_verdict(
    sign_in: SignIn, before: tuple[list[CheckItem], list[Channel]]
) -> None:
    (imprint, _deputy), pages = before
    review = db.session.scalars(select(Review).where(Review.channel_id == pages[0].id)).one()
    form = Correcting(sign_in(), review).fill(reason="Nachgesehen.")
    form.fill(**{f"check-{imprint.id}": "not_met", f"check-{imprint.id}__note": "Fehlt."})
    page = form.check(expect=422)
    assert "Nicht möglich, solange ein Prüfpunkt nicht erfüllt ist." in page.text


def test_a_withdrawn_legality_takes_its_answers_along(
    sign_in: SignIn, before: tuple[list[CheckItem], list[Channel]]
) -> None:
    _items, pages = before
    review = db.session.scalars(select(Review).where(Review.channel_id == pages[0].id)).one()
    Correcting(sign_in(), review).fill(
        reason="Nicht besprochen.", legality__level="", legality__reason=""
    ).confirm()
    assert newest(pages[0]).checks == []
    assert len(review.checks) == 2


def test_what_was_typed_before_a_question_was_reworded_is_no_answer_to_the_new_one(
    sign_in: SignIn, pages: list[Channel]
) -> None:
    imprint, kept_item = factories.check_item("Impressum mit drei Klicks"), factories.check_item("Hinweise")
    meeting, form = logged(sign_in(), HELD, pages[0])
    form.rate(pages[0])
    answer(form, pages[0], imprint, "met", "Drei Klicks gezählt.")
    answer(form, pages[0], kept_item, "met")
    form.save()
    factories.wording(imprint, "Impressum mit einem Klick", HELD)
    again = LogForm(form.browser, meeting).head()
    shown = again.browser.get(f"/meetings/{meeting.id}/log")
    assert (
        "Das kommt nicht ins Protokoll: Impressum mit drei Klicks: erfüllt (Drei Klicks gezählt.)"
        in shown.text
    )
    assert "Impressum mit drei Klicks: erfüllt" in Page(again.press_close().text).text
    assert again.confirm().status_code == 303
    found = answers(pages[0], meeting)
    assert found["Impressum mit einem Klick"].answer is Answer.NOT_CHECKED
    assert found["Hinweise"].answer is Answer.MET


def test_an_answer_to_a_question_that_was_stopped_meanwhile_does_not_vanish_unsaid(
    sign_in: SignIn, pages: list[Channel]
) -> None:
    imprint = factories.check_item("Impressum")
    _meeting, form = logged(sign_in(), HELD, pages[0])
    form.rate(pages[0])
    answer(form, pages[0], imprint, "partly", "Drei Klicks.")
    form.save()
    factories.wording(imprint, "Impressum", HELD, platforms=frozenset())
    assert "Impressum: teilweise (Drei Klicks.)" in Page(form.press_close().text).text


def test_the_questions_of_a_channel_are_shown_on_demand_and_nothing_typed_is_lost(
    sign_in: SignIn, before: tuple[list[CheckItem], list[Channel]], clock_at: Callable[[str], None]
) -> None:
    (imprint, _deputy), pages = before
    clock_at("2026-10-20")
    browser = sign_in()
    meeting = factories.planned_meeting(date(2026, 10, 20), pages)
    name = f"channel-{pages[0].id}.check-{imprint.id}"
    page = browser.get(f"/meetings/{meeting.id}/log")
    assert page.all("select", name=name) == []
    form = page.form(f"/meetings/{meeting.id}/log")
    typed = form.filled(**{f"channel-{pages[0].id}.legality.reason": "Mitten im Satz"})
    shown = browser.send(f"/meetings/{meeting.id}/log", {**typed, "checklist": f"channel-{pages[0].id}"})
    page = browser.get(shown.location)
    assert page.all("select", name=name) != []
    assert "Mitten im Satz" in page.html


def test_an_answer_that_forbids_clear_is_on_the_page_at_once(
    sign_in: SignIn, before: tuple[list[CheckItem], list[Channel]], clock_at: Callable[[str], None]
) -> None:
    (imprint, _deputy), pages = before
    clock_at("2026-10-20")
    browser = sign_in()
    meeting, form = logged(browser, date(2026, 10, 20), *pages)
    answer(form, pages[0], imprint, "not_met", "Fehlt.")
    form.save()
    page = browser.get(f"/meetings/{meeting.id}/log")
    names = [one.get("name") for one in page.all("select") if ".check-" in (one.get("name") or "")]
    assert {str(name).split(".")[0] for name in names} == {f"channel-{pages[0].id}"}


def test_the_questions_alone_are_shown_of_channels_of_the_log_only(
    sign_in: SignIn, before: tuple[list[CheckItem], list[Channel]]
) -> None:
    _items, pages = before
    other = factories.channel(factories.unit("Fremd"), name="Fremd", since=date(2026, 1, 1))
    meeting = factories.planned_meeting(date(2026, 10, 20), pages)
    browser = sign_in(units=[pages[0].unit])
    assert browser.raw.get(f"/meetings/{meeting.id}/log/asked/{pages[0].id}").status_code == 200
    assert browser.raw.get(f"/meetings/{meeting.id}/log/asked/{other.id}").status_code == 404
    assert browser.raw.get(f"/meetings/{meeting.id}/log/asked/999").status_code == 404
    meeting.cancelled_at = clock.now()
    db.session.commit()
    assert browser.raw.get(f"/meetings/{meeting.id}/log/asked/{pages[0].id}").status_code == 409
