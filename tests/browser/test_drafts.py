"""What is typed into the log is saved by itself and survives what happens to browsers, networks and sessions."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete

from tests import factories
from tests.browser.conftest import PASSWORD, axe_finds_nothing, sign_in
from tracker.extensions import db
from tracker.models import Channel, Draft, Meeting

pytestmark = pytest.mark.browser
SAVED, KEPT = "Gespeichert um", "Nicht gespeichert: Der Server ist nicht erreichbar."


class Log:
    """The log's page in the hands of one person."""

    def __init__(self, page: Page, meeting: Meeting, name: str = "Jonas Brandt") -> None:
        self.page, self.address = page, f"/meetings/{meeting.id}/log"
        self.channels = [line.channel_id for line in meeting.agenda]
        sign_in(page, name)
        self.open()

    def open(self) -> "Log":
        self.page.goto(self.address)
        return self

    def reason(self, k: int = 0) -> str:
        return f'[id="channel-{self.channels[k]}.legality.reason"]'

    def write(self, text: str, k: int = 0) -> "Log":
        self.page.locator(f'label[for="channel-{self.channels[k]}.legality.level-remark"]').click()
        self.page.locator(self.reason(k)).fill(text)
        return self

    def says(self, text: str, k: int = 0) -> None:
        expect(self.page.locator(self.reason(k))).to_have_value(text)

    def state(self, text: str, within: int = 10_000) -> "Log":
        expect(self.page.locator("#saved")).to_contain_text(text, timeout=within)
        return self


@pytest.fixture
def log(chamber: Meeting, open_page: Callable[..., Page]) -> Log:
    return Log(open_page(), chamber)


@pytest.fixture
def offline(open_page: Callable[..., Page], complaints: list[str]) -> Callable[[BrowserContext, bool], None]:
    """Cut a browser off; that its console complains then is right."""

    def cut(context: BrowserContext, off: bool) -> None:
        context.set_offline(off)
        complaints[:] = [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one]

    return cut


def test_what_is_typed_is_saved_within_two_seconds_and_survives_a_reload(log: Log) -> None:
    log.write("Alte Anschrift.").state(SAVED, within=2_000)
    log.page.reload()
    log.says("Alte Anschrift.")
    axe_finds_nothing(log.page)


@pytest.mark.slow
def test_it_survives_a_closed_browser(log: Log, chamber: Meeting, open_page: Callable[..., Page]) -> None:
    log.write("Alte Anschrift.").state(SAVED)
    log.page.context.close()
    Log(open_page(), chamber).says("Alte Anschrift.")


@pytest.mark.slow
def test_a_network_that_is_gone_for_a_minute_loses_nothing(
    log: Log, offline: Callable[[BrowserContext, bool], None]
) -> None:
    context = log.page.context
    offline(context, True)
    log.write("Ohne Netz geschrieben.").state(KEPT)
    offline(context, False)
    log.state(SAVED)
    log.open().says("Ohne Netz geschrieben.")


@pytest.mark.slow
def test_what_could_not_be_sent_is_put_back_into_the_page_and_sent(
    log: Log, offline: Callable[[BrowserContext, bool], None]
) -> None:
    context = log.page.context
    offline(context, True)
    log.write("Ohne Netz geschrieben.").state(KEPT)
    log.page.close()
    offline(context, False)
    log.page = context.new_page()
    log.open().says("Ohne Netz geschrieben.")
    log.state(SAVED)
    assert log.page.evaluate("Object.keys(localStorage)") == []


@pytest.mark.slow
def test_what_a_browser_keeps_is_never_offered_to_another_person(
    log: Log, chamber: Meeting, offline: Callable[[BrowserContext, bool], None]
) -> None:
    context = log.page.context
    offline(context, True)
    log.write("Nur für mich.").state(KEPT)
    log.page.close()
    offline(context, False)
    context.clear_cookies()
    other = Log(context.new_page(), chamber, "Katrin Seidel")
    other.says("")
    other.page.close()
    context.clear_cookies()
    Log(context.new_page(), chamber).says("Nur für mich.")


@pytest.mark.slow
def test_signing_out_leaves_nothing_in_the_browser(log: Log) -> None:
    log.page.evaluate("localStorage.setItem('draft.9.9', '{}')")
    log.write("Bis zum Schluss.")
    log.page.locator("details.me summary").click()
    log.page.locator("details.me form button").click()
    log.page.wait_for_url("**/login**")
    assert log.page.evaluate("Object.keys(localStorage)") == []
    assert db.session.query(Draft).filter_by(value="Bis zum Schluss.").count() == 1


@pytest.mark.slow
def test_after_an_expired_session_one_signs_in_on_top_of_the_page(log: Log, complaints: list[str]) -> None:
    log.page.context.clear_cookies()
    log.write("Noch da.").state("Sie sind abgemeldet")
    dialog = log.page.locator("#sign-in-dialog")
    axe_finds_nothing(log.page)
    dialog.locator("input[type=password]").fill("das falsche Passwort")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_contain_text("Bitte prüfen Sie das Passwort")
    dialog.locator("input[type=password]").fill(PASSWORD)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_be_hidden()
    log.state(SAVED)
    log.open().says("Noch da.")
    complaints[:] = [one for one in complaints if "401" not in one and "400" not in one]


@pytest.mark.slow
def test_two_editors_on_different_channels_see_each_others_text_and_lose_none(
    log: Log, chamber: Meeting, open_page: Callable[..., Page]
) -> None:
    other = Log(open_page(), chamber, "Katrin Seidel")
    other.write("Von der Leitung.", 3).state(SAVED)
    log.write("Aus der Redaktion.").state(SAVED)
    log.says("Von der Leitung.", 3)
    other.open().says("Aus der Redaktion.")


@pytest.mark.slow
def test_two_editors_on_one_field_are_shown_both_texts_and_choose(
    log: Log, chamber: Meeting, open_page: Callable[..., Page]
) -> None:
    other = Log(open_page(), chamber, "Katrin Seidel")
    other.write("Frist bis Mai.").state(SAVED)
    log.write("Zuständig ist Göppingen.").state(SAVED)
    conflict = log.page.locator(".conflict").filter(has_text="Begründung")
    expect(conflict).to_contain_text("Katrin Seidel")
    expect(conflict).to_contain_text("Frist bis Mai.")
    axe_finds_nothing(log.page)
    conflict.get_by_role("button", name="Beide nacheinander").click()
    log.says("Zuständig ist Göppingen.\n\nFrist bis Mai.")
    expect(log.page.locator(".conflict")).to_have_count(0)


@pytest.mark.slow
def test_a_text_that_is_too_long_is_marked_and_the_rest_is_saved(log: Log) -> None:
    log.write("x" * 10_001).state("Nicht alles ist gespeichert")
    fault = log.page.locator(f'[id="fault:channel-{log.channels[0]}.legality.reason"]')
    expect(fault).to_contain_text("Ein Zeichen zu viel")
    log.write("kurz").state(SAVED)
    expect(fault).to_have_count(0)
    log.open().says("kurz")


@pytest.mark.slow
def test_a_log_that_was_closed_meanwhile_says_so_and_keeps_the_text(
    log: Log, chamber: Meeting, complaints: list[str]
) -> None:
    db.session.execute(delete(Draft))
    chamber.cancelled_at = chamber.planned_at
    db.session.commit()
    log.write("Zu spät.").state("inzwischen abgesagt")
    log.says("Zu spät.")
    complaints[:] = [one for one in complaints if "409" not in one]


@pytest.mark.slow
def test_leaving_by_a_button_waits_until_everything_is_saved(log: Log, complaints: list[str]) -> None:
    log.write("Kurz vor Schluss.")
    log.page.get_by_role("button", name="Abschluss prüfen").first.click()
    log.page.wait_for_url("**/close")
    log.says("Kurz vor Schluss.")
    assert db.session.query(Draft).filter_by(value="Kurz vor Schluss.").count() == 1
    complaints[:] = [one for one in complaints if "422" not in one]


@pytest.mark.slow
def test_a_person_limited_to_units_may_save_their_channels(
    chamber: Meeting, open_page: Callable[..., Page]
) -> None:
    channel = db.session.query(Channel).order_by(Channel.position).all()[-1]
    factories.person("editor", "Ayşe Demir", units=[channel.unit])
    page = open_page(width=390)
    log = Log(page, chamber, "Ayşe Demir")
    k = len(log.channels) - 1
    page.locator(f"#channel-{log.channels[k]} .sum a").click()
    log.write("Nur Göppingen.", k).state(SAVED)
    log.open().says("Nur Göppingen.", k)


@pytest.mark.slow
def test_an_answer_typed_without_a_network_comes_back_although_its_question_is_folded(
    log: Log, offline: Callable[[BrowserContext, bool], None]
) -> None:
    """The questions of a channel are fetched when they are unfolded: what was kept must find its field all the same."""
    context = log.page.context
    folded = log.page.locator(f'[id="channel-{log.channels[0]}.asked"]')
    folded.locator("summary").click()
    answers = folded.locator("select").first
    expect(answers).to_be_visible()
    axe_finds_nothing(log.page)
    offline(context, True)
    answers.select_option("met")
    log.state(KEPT)
    log.page.close()
    offline(context, False)
    log.page = context.new_page()
    log.open().state(SAVED)
    expect(log.page.locator(f'[id="channel-{log.channels[0]}.asked"] select').first).to_have_value("met")
    assert log.page.evaluate("Object.keys(localStorage)") == []


@pytest.mark.slow
def test_the_side_says_what_the_concept_says_of_the_channel_in_work(log: Log) -> None:
    log.page.locator(log.reason(1)).evaluate("one => one.closest('article').querySelector('input').focus()")
    side = log.page.locator(f'.side details[data-of="channel-{log.channels[1]}"]')
    expect(side.locator(".told-here")).to_contain_text("Zweck:")
