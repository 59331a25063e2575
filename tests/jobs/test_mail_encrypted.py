"""Mail leaves encrypted and signed in where that is set up: a real server with a certificate of its own, checked."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from tests.smtp import Guarded, mail_server
from tracker import outbox
from tracker.extensions import db
from tracker.models import Mail

pytestmark = pytest.mark.sqlite_only  # the database has no part in it


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself, and its key, as files."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    since = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=40 * 365))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder


@pytest.fixture
def context(certificate):
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return made


@pytest.fixture
def trusted(certificate, monkeypatch):
    """The system trusts the certificate, as it would a public authority's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))


def send(app, server, **settings):
    app.config.update(MAIL_HOST="127.0.0.1", MAIL_PORT=server.port, MAIL_TIMEOUT=5, **settings)
    outbox.put(
        kind="test", to_name="Jo", to_address="jo@example.org", language="de", subject="Hallo", text="Hallo\n"
    )
    db.session.commit()
    came = outbox.deliver()
    db.session.expire_all()
    return came, db.session.scalars(select(Mail.state)).one()


def test_starttls_with_user_and_password(app, context, trusted):
    with mail_server(Guarded(starttls=context, sign_in=("redaktion", "geheim"))) as server:
        came, state = send(app, server, MAIL_STARTTLS=True, MAIL_USER="redaktion", MAIL_PASSWORD="geheim")
    assert (came.sent, state) == (1, "sent")


def test_tls_from_the_first_byte(app, context, trusted):
    with mail_server(Guarded(tls=context)) as server:
        came, state = send(app, server, MAIL_TLS=True)
    assert (came.sent, state) == (1, "sent")


@pytest.mark.parametrize("kind", ["MAIL_TLS", "MAIL_STARTTLS"])
def test_a_certificate_that_nobody_vouches_for_is_refused_and_the_mail_waits(app, context, kind):
    guarded = Guarded(tls=context) if kind == "MAIL_TLS" else Guarded(starttls=context)
    with mail_server(guarded) as server:
        came, state = send(app, server, **{kind: True})
        assert server.received == []
    assert "certificate verify failed" in came.failed
    assert state == "waiting"


def test_a_wrong_password_is_said_and_costs_no_mail(app, context, trusted):
    with mail_server(Guarded(starttls=context, sign_in=("redaktion", "geheim"))) as server:
        came, state = send(app, server, MAIL_STARTTLS=True, MAIL_USER="redaktion", MAIL_PASSWORD="falsch")
        assert server.received == []
    assert "535" in came.failed
    assert state == "waiting"


def test_without_encryption_a_server_that_demands_it_gets_nothing(app, context):
    with mail_server(Guarded(starttls=context)) as server:
        came, state = send(app, server)
        assert server.received == []
    assert "530" in came.failed
    assert state == "waiting"
