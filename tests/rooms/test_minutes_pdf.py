"""The minutes as a PDF: what stands in it, for whom, and what happens where none can be made."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker import clock, paper
from tracker.extensions import db
from tracker.models import AgendaLine, Entry, Meeting, Review
from tracker.reviews.corrections import correct
from tracker.reviews.logged import LoggedRating
from tracker.rules.words import Criterion, Level

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.sqlite_only]
SignIn = Callable[..., Browser]
HELD = date(2026, 3, 12)


@pytest.fixture(autouse=True)
def today(clock_at: Callable[[str], None]) -> None:
    clock_at("2026-03-20")


@pytest.fixture
def meeting() -> Meeting:
    """Two channels of two units, and one of the agenda that nobody came to."""
    one = factories.channel(platform="Facebook", name="Hauptkanal", since=date(2026, 1, 1))
    two = factories.channel(platform="Instagram", name="Zweitkanal", since=date(2026, 1, 1))
    remark = (Level.REMARK, "Impressum fehlt.\nZweite Zeile.")
    made = factories.closed_meeting(
        HELD, {one: {Criterion.LEGALITY: remark}, two: dict.fromkeys(Criterion, Level.CLEAR)}
    )
    left = factories.channel(one.unit, platform="XING", name="Drittkanal")
    db.session.add(AgendaLine(meeting_id=made.id, channel_id=left.id))
    agreed = factories.action(
        one, factories.contact(name="Presse"), date(2026, 3, 31), "Impressum nachtragen"
    )
    agreed.review_id = db.session.scalars(select(Review.id).where(Review.channel_id == one.id)).one()
    db.session.commit()
    return made


def read(browser: Browser, meeting: Meeting, language: str = "de") -> PdfReader:
    answer = browser.raw.get(f"/meetings/{meeting.id}/minutes.pdf?language={language}")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    return PdfReader(BytesIO(answer.data))


def said(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_it_says_what_the_page_says_in_german_and_in_english(sign_in: SignIn, meeting: Meeting) -> None:
    browser = sign_in("auditor")
    german, english = said(read(browser, meeting)), said(read(browser, meeting, "en"))
    for words in (
        "Ergebnisprotokoll vom 12.03.2026", "Donnerstag, 12. März 2026", "Katrin Seidel", "Jonas Brandt",
        "Entschuldigt", "niemand", "Facebook Hauptkanal", "Rechtmäßigkeit", "Hinweis", "Impressum fehlt. Zweite Zeile.",
        "nicht besprochen", "Impressum nachtragen", "Presse", "31.03.2026", "XING Drittkanal", "ohne Beanstandung",
        "Instagram Zweitkanal", "zählt für 1. Quartal 2026", "noch nicht geplant", "Seite 1 von 1", "IHK Beispiel",
        "1 Prüfzeitraum eingehalten, 1 Prüfzeitraum teilweise",
    ):  # fmt: skip
        assert words in german, words
    for words in (
        "Minutes of 12 Mar 2026",
        "legality",
        "remark",
        "not discussed",
        "1 slot kept",
        "Page 1 of 1",
    ):
        assert words in english, words


def test_it_is_a_tagged_file_for_the_archive_with_title_language_and_name(
    sign_in: SignIn, meeting: Meeting
) -> None:
    browser = sign_in("auditor")
    pdf = read(browser, meeting)
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "de"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Ergebnisprotokoll vom 12.03.2026, IHK Beispiel"
    assert pdf.metadata.creation_date is not None
    assert pdf.metadata.creation_date == clock.now()
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert [one["/Title"] for one in pdf.outline if isinstance(one, dict)] == [
        "Ergebnisprotokoll vom 12.03.2026"
    ]
    for language, name in (
        ("de", "Protokoll-2026-03-12.pdf"),
        ("en", "Minutes-2026-03-12.pdf"),
        ("xx", "Protokoll-"),
    ):
        answer = browser.raw.get(f"/meetings/{meeting.id}/minutes.pdf?language={language}")
        assert f"filename={name}" in answer.headers["Content-Disposition"]


def test_it_names_the_head_of_the_journal(sign_in: SignIn, meeting: Meeting) -> None:
    browser = sign_in("manager")
    browser.post("/meetings/plan", {"on": "2026-06-09"})
    newest = db.session.scalars(select(Entry).order_by(Entry.number.desc()).limit(1)).one()
    assert f"Journaleintrag {newest.number}, Prüfsumme {newest.hash}" in said(read(browser, meeting))


def test_whoever_sees_some_units_gets_their_channels_and_is_told_so(
    sign_in: SignIn, meeting: Meeting
) -> None:
    mine = db.session.scalars(select(Review).where(Review.platform == "Instagram")).one().channel
    text = said(read(sign_in("editor", units=[mine.unit]), meeting))
    assert "Instagram Zweitkanal" in text
    assert "Hauptkanal" not in text
    assert "Drittkanal" not in text
    assert "Impressum" not in text
    assert "Gezeigt werden die Kanäle Ihrer Einheiten" in text


def test_both_versions_of_a_corrected_review_can_be_read(sign_in: SignIn, meeting: Meeting) -> None:
    old = db.session.scalars(select(Review).where(Review.platform == "Facebook")).one()
    newer = {Criterion.LEGALITY: LoggedRating(Level.CLEAR, "Steht unter Info.")}
    correct(old, "Am falschen Ort gesucht", newer, factories.person("editor", "Mia Wolf"))
    db.session.commit()
    text = said(read(sign_in("auditor"), meeting))
    for words in (
        "Steht unter Info.",
        "Am falschen Ort gesucht",
        "Mia Wolf",
        "Impressum fehlt.",
        "Frühere Fassung vom",
    ):
        assert words in text, words
    assert text.index("Steht unter Info.") < text.index("Impressum fehlt.")


def test_what_somebody_wrote_is_text_and_never_markup(sign_in: SignIn) -> None:
    of, wild = (
        factories.channel(),
        '#panic("x") = Titel *fett* $x^2$ <b> \\ "quote" @ref // `code` #{1+1} \x00',
    )
    meeting = factories.closed_meeting(
        HELD, {of: {Criterion.LEGALITY: (Level.REMARK, wild.replace("\x00", ""))}}
    )
    text = said(read(sign_in("auditor"), meeting))
    for words in ('#panic("x") = Titel *fett* $x^2$ <b>', '"quote" @ref // `code` #{1+1}'):
        assert words in text, words


def test_signs_without_a_picture_are_replaced_and_the_file_says_so(sign_in: SignIn) -> None:
    of, wild = factories.channel(), "Bild 🎉 漢 Ştefan Łukasz a\u0308 \u202eumgekehrt\u200d\ufeff"
    meeting = factories.closed_meeting(HELD, {of: {Criterion.LEGALITY: (Level.REMARK, wild)}})
    text = said(read(sign_in("auditor"), meeting))
    assert "Bild □ □ Ştefan Łukasz ä umgekehrt" in text
    assert "□ steht für ein Zeichen" in text


def test_a_very_long_reason_and_a_word_without_end_stay_on_the_paper(sign_in: SignIn) -> None:
    of = factories.channel(since=date(2026, 1, 1))
    long = {Criterion.LEGALITY: (Level.REMARK, "Satz mit Worten. " * 3000 + "x" * 400 + " Ende.")}
    pdf = read(sign_in("auditor"), factories.closed_meeting(HELD, {of: long}))
    assert len(pdf.pages) > 5
    assert "Ende." in said(pdf)
    assert f"Seite {len(pdf.pages)} von {len(pdf.pages)}" in said(pdf)


def test_what_is_not_there_not_closed_or_foreign_is_not_found(sign_in: SignIn, meeting: Meeting) -> None:
    browser, planned = sign_in("editor"), factories.planned_meeting(date(2026, 4, 1))
    for number in (planned.id, 999_999, 2**40):
        assert browser.raw.get(f"/meetings/{number}/minutes.pdf").status_code == 404
    elsewhere = sign_in("editor", units=[factories.unit()])
    assert elsewhere.raw.get(f"/meetings/{meeting.id}/minutes.pdf").status_code == 404


def test_where_no_file_can_be_made_a_page_says_what_to_do(
    sign_in: SignIn, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = paper.printed

    def hurried(*values: object) -> bytes:
        return printed(*values, time_limit=0.001)  # type: ignore[arg-type]

    monkeypatch.setattr(paper, "printed", hurried)
    page = sign_in("auditor").get(f"/meetings/{meeting.id}/minutes.pdf", expect=503)
    assert "Das PDF konnte nicht erstellt werden." in page.text
    assert page.link("Zurück zum Protokoll") == f"/meetings/{meeting.id}"


def test_the_typesetters_own_words_are_kept_for_the_log() -> None:
    with pytest.raises(paper.NotPrinted, match="No such file"):
        paper.printed("nowhere.typ", {}, clock.now())
    with pytest.raises(paper.NotPrinted, match=r"longer than 0\.001 seconds"):
        paper.printed("minutes.typ", {}, clock.now(), time_limit=0.001)
