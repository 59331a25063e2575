"""Pages: the glossary, and the statement on accessibility. Both are open to everybody."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request

from tracker import guard, language
from tracker.help import consequences, glossary

room = Blueprint("help", __name__, url_prefix="/help")

ASSESSED_ON = date(2026, 11, 23)  # the day of the self-assessment that the statement tells of


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
