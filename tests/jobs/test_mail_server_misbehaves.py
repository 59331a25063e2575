"""A mail server that says nothing, hangs up, or takes its time costs no mail and holds up nobody else."""

import email
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.smtp import mail_server, rude_server
from tracker import claims, clock, outbox
from tracker.extensions import db
from tracker.models import Mail

HELLO = ("220 ready", "250 hello")
TAKES_ONE = ("250 sender fine", "250 recipient fine", "354 go on")


@pytest.fixture(autouse=True)
def in_april(app, clock_at):
    clock_at("2026-04-01")
    app.config["MAIL_HOST"] = "127.0.0.1"


def put(count=1):
    for k in range(count):
        outbox.put(kind="digest", to_name="Jörg Müller", to_address=f"jo{k}@example.org", language="de",
                   subject="3 Evaluierungen überfällig", text="Guten Tag")  # fmt: skip
    db.session.commit()


def deliver_to(app, server, patience=5, minutes=0):
    app.config.update(MAIL_PORT=server.port, MAIL_TIMEOUT=patience)
    with clock.set_to(clock.now() + timedelta(minutes=minutes)):
        return outbox.deliver()


def outcomes():
    found = db.session.execute(select(Mail.state, Mail.tries).order_by(Mail.id)).all()
    claimed = db.session.scalar(select(func.count()).where(Mail.claimed_by.is_not(None)))
    db.session.rollback()
    assert claimed == 0
    return [tuple(one) for one in found]


def ids(server):
    return [str(email.message_from_bytes(one.content)["Message-ID"]) for one in server.received]


@pytest.mark.parametrize("says", [("...",), (*HELLO, "..."), (*HELLO, *TAKES_ONE, "...")])
def test_a_server_that_falls_silent_ends_the_round_after_the_time_out(app, says):
    put(3)
    with rude_server(*says) as server:
        came = deliver_to(app, server, patience=0.2)
    assert "timed out" in came.failed
    assert outcomes() == [("waiting", 1), ("waiting", 0), ("waiting", 0)]


@pytest.mark.parametrize("says", [(), HELLO[:1], HELLO, (*HELLO, *TAKES_ONE[:2])])
def test_a_server_that_hangs_up_leaves_all_mails_waiting(app, says):
    put(2)
    with rude_server(*says) as server:
        assert deliver_to(app, server).failed
    assert outcomes() == [("waiting", 1), ("waiting", 0)]


def test_what_was_sent_before_a_server_hung_up_is_not_sent_again(app):
    put(3)
    with rude_server(*HELLO, *TAKES_ONE, "250 taken") as server:
        assert deliver_to(app, server).sent == 1
    assert outcomes() == [("sent", 1), ("waiting", 1), ("waiting", 0)]
    with mail_server() as good:
        assert deliver_to(app, good, minutes=1).sent == 2
        assert not set(ids(good)) & set(ids(server))


def test_a_mail_whose_answer_was_lost_comes_again_and_is_recognisably_the_same(app):
    put()
    with rude_server(*HELLO, *TAKES_ONE) as server:
        assert deliver_to(app, server).failed
    with mail_server() as good:
        assert deliver_to(app, good, minutes=1).sent == 1
        assert ids(good) == ids(server)


def test_a_server_that_says_no_for_now_and_then_yes_gets_the_mail_once(app):
    put()
    with mail_server() as server:
        server.refuse_content("451 4.3.2 try later")
        assert deliver_to(app, server).waiting == 1
        server.accept()
        assert deliver_to(app, server).sent == 0  # the pause of a minute is not over
        assert deliver_to(app, server, minutes=1).sent == 1
        assert len(server.received) == 1


def test_mails_that_a_slow_server_kept_waiting_are_claimed_anew_before_others_take_them_over(
    app, monkeypatch
):
    put(10)
    taken = []
    real = claims._claim
    start = clock.now()
    moments = iter(start + timedelta(minutes=2 * k) for k in range(100))
    monkeypatch.setattr(
        outbox.clock, "now", lambda: next(moments)
    )  # each look at the clock takes two minutes

    def claim(count):
        found = real(count)
        taken.append(len(found))
        return found

    monkeypatch.setattr(claims, "_claim", claim)
    with mail_server() as server:
        assert deliver_to(app, server).sent == 10
        assert len(set(ids(server))) == len(ids(server)) == 10
    assert taken[0] == 10
    assert len(taken) > 3
    assert outcomes() == [("sent", 1)] * 10


def test_what_one_process_claimed_and_did_not_come_to_another_sends_at_once(app):
    put(5)
    with rude_server() as gone:
        deliver_to(app, gone)
    with mail_server() as server:
        assert deliver_to(app, server).sent == 4
