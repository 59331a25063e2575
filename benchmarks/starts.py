"""What it takes to start, to stand idle and to sign in: the app beside a bare one on the same stack."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import Any

from argon2 import PasswordHasher, extract_parameters
from flask import Flask, redirect, render_template_string, request, session
from flask_security import hash_password
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import select

from benchmarks.bare import TOKEN
from benchmarks.filling import empty
from benchmarks.turns import Row, in_turn
from tracker import clock
from tracker.extensions import db, listen_to
from tracker.models import Role, User
from tracker.settings import PROJECT

ROUNDS = 7
ADDRESS, WORDS = "auditor@example.org", "Meerblick und Rosen im Advent"
FORM = """<form method="post"><input name="csrf_token" value="{{ csrf_token() }}">
<input name="email"><input name="password">"""
OURS = """
from pathlib import Path
from tracker.app import create_app
app = create_app({{"SECRET_KEY": "of a measurement", "DATABASE_URL": {url!r}}}, Path({folder!r}))
"""
BARE = """
from flask import Flask, render_template_string
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import text
app = Flask("bare")
app.config.from_mapping(SECRET_KEY="of a measurement", SQLALCHEMY_DATABASE_URI={url!r})
db = SQLAlchemy(app)
CSRFProtect(app)
@app.route("/login")
def login():
    db.session.execute(text("SELECT count(*) FROM organisation")).all()
    return render_template_string({form!r})
"""
ASK = """
assert app.test_client().get("/login").status_code == 200
import time
lines = open("/proc/self/status").read().splitlines()
print(time.process_time(), *(int(one.split()[1]) / 1024 for one in lines if one.startswith("VmRSS")))
"""


def started(program: str) -> tuple[float, float, float]:
    """Seconds of CPU time and of the clock from nothing to the first page answered; MB held then."""
    began = perf_counter()
    say = [sys.executable, "-c", program + ASK]
    done = subprocess.run(say, cwd=PROJECT, capture_output=True, text=True, check=True)
    cpu, memory = (float(one) for one in done.stdout.split())
    return cpu, perf_counter() - began, memory


def starts() -> Iterator[Row]:
    """From nothing to the page to sign in, and the memory held then."""
    with empty() as app, tempfile.TemporaryDirectory() as folder:
        said = {"url": app.config["SQLALCHEMY_DATABASE_URI"], "folder": folder, "form": FORM}
        both = [(started(OURS.format(**said)), started(BARE.format(**said))) for _round in range(ROUNDS)]
    for what, at, unit in (
        ("cold start until the first page, CPU", 0, " s"),
        ("memory of an idle web process", 2, " MB"),
    ):
        ours, theirs = (median(one[side][at] for one in both) for side in (0, 1))
        more = f"bare {theirs:.2f}{unit}, ratio {ours / theirs:.2f}"
        wall = [median(one[side][1] for one in both) for side in (0, 1)]
        yield Row(what, ours, None, unit, more + ("" if at else f"; wall {wall[0]:.2f} s to {wall[1]:.2f}"))


def sign_in() -> Row:
    """The form of the page to sign in, sent: the same hash is asked on both sides."""
    with empty() as app:
        with app.app_context():
            whole = {"full_name": "Hanne Weiß", "active": True, "language": "de", "created_at": clock.now()}
            hashed = str(hash_password(WORDS))
            someone = User(email=ADDRESS, password=hashed, fs_uniquifier="of a measurement",
                           roles=[Role(name="auditor")], **whole)  # fmt: skip
            db.session.add(someone)
            db.session.commit()
            hasher = PasswordHasher.from_parameters(extract_parameters(hashed))
        plain = _bare(app.config["SQLALCHEMY_DATABASE_URI"], hasher)

        def send(one: Flask) -> None:
            client = one.test_client()
            token = TOKEN.search(client.get("/login").text)
            data = {"email": ADDRESS, "password": WORDS, "csrf_token": token[0] if token else ""}
            answer = client.post("/login", data=data)
            if answer.status_code != 302:
                raise SystemExit(f"Nobody could sign in: {answer.text}")

        return in_turn(
            "sign-in: the page and the form sent", None, lambda: send(app), lambda: send(plain), ROUNDS, 2
        )


def _bare(url: str, hasher: PasswordHasher) -> Flask:
    app, own, hashed = Flask("bare"), SQLAlchemy(), hasher.hash(WORDS)
    app.config.from_mapping(SECRET_KEY="of a measurement", SQLALCHEMY_DATABASE_URI=url)
    own.init_app(app)
    CSRFProtect(app)
    with app.app_context():
        listen_to(own.engine)

    def login() -> Any:
        if request.method == "GET":
            return render_template_string(FORM)
        found = own.session.execute(
            select(User.fs_uniquifier).where(User.email == request.form["email"])
        ).one()
        hasher.verify(hashed, request.form["password"])
        session["who"] = found[0]
        return redirect("/")

    app.add_url_rule("/login", view_func=login, methods=["GET", "POST"])
    return app


def rows() -> Iterator[Row]:
    """All of this file."""
    yield from starts()
    yield sign_in()


def main() -> None:
    """Print them."""
    for row in rows():
        print(row, flush=True)


if __name__ == "__main__":
    main()
