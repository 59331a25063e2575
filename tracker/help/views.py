"""Pages: guides for each reader, the glossary, and the statement on accessibility. All are open to everybody."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request, send_from_directory

from tracker import guard, language
from tracker.help import consequences, glossary
from tracker.rules.words import Level, Outcome, Stage
from tracker.settings import PROJECT

room = Blueprint("help", __name__, url_prefix="/help")

ASSESSED_ON = date(2026, 11, 23)  # the day of the self-assessment that the statement tells of
PICTURES = PROJECT / "docs" / "pictures"
SHOWN = frozenset({"digest", "guide-log", "guide-log-en", "guide-minutes", "guide-minutes-en"})
AN_HOUR = 3600  # seconds for which a browser keeps a picture


@room.get("")
@guard.public
def index() -> Any:
    """Where help begins."""
    return render_template("help/index.html")


@room.get("/editors")
@guard.public
def editors() -> Any:
    """From planning a meeting to its minutes."""
    return render_template("help/editors.html", Level=Level)


@room.get("/managers")
@guard.public
def managers() -> Any:
    """What the mails mean, and what to do."""
    return render_template("help/managers.html", Stage=Stage, Outcome=Outcome)


@room.get("/auditors")
@guard.public
def auditors() -> Any:
    """How to check the evidence and a dossier."""
    return render_template("help/auditors.html")


@room.get("/pictures/<name>")
@guard.public
def picture(name: str) -> Any:
    """A picture of the docs that a guide shows; of the demo, so it tells nothing of this installation."""
    if name not in SHOWN:
        abort(404)
    return send_from_directory(PICTURES, f"{name}.png", max_age=AN_HOUR)


@room.get("/words")
@guard.public
def words() -> Any:
    """What each word means, with an example of this year; `text` leaves those in which it occurs."""
    text = " ".join(request.args.get("text", "").replace("\x00", "").split())[:200]
    return render_template(
        "help/words.html",
        found=glossary.found(language.today(), language.organisation(), text),
        name_of=glossary.name_of,
        effects=consequences.effects(),
        text=text,
    )


@room.get("/accessibility")
@guard.public
def accessibility() -> Any:
    """How accessible the app is, what is not, whom to tell, and who helps if that does not."""
    return render_template("help/accessibility.html", assessed_on=ASSESSED_ON)
