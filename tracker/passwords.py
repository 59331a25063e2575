"""Which passwords are taken: long ones that are not easy to guess, wherever somebody sets one.

zxcvbn says how easy: it knows tens of thousands of common passwords, rows of keys, dates and repetitions. It is told
what it does not know: common German words, and what belongs to the person and the organisation.
"""

import re
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_security.password_util import PasswordUtil
from zxcvbn import zxcvbn

from tracker import language
from tracker.models import User

SHORTEST, LONGEST = 12, 200  # characters
GUESSED_AT = 72  # so many characters are looked at
STRONG_ENOUGH = 3  # of 0 to 4
COMMON = Path(__file__).with_name("common_words_de.txt").read_text("utf-8").split()


class Passwords(PasswordUtil):
    """What flask-security's pages ask, and ours."""

    def normalize(self, password: str) -> str:
        """As it is compared. What is longer than any password is cut: the library that compares takes no more than a
        page, and nothing that is cut can be somebody's.
        """
        normal: str = super().normalize(password[: 4 * LONGEST])
        return normal[: LONGEST + 1]

    def validate(self, password: str, is_register: bool, **more: Any) -> tuple[list[str] | None, str]:
        """What is wrong with it, in the reader's language, and the password as it is compared."""
        normal: str = self.normalize(password)
        wrong = refusal(normal, more.get("user"), more.get("names", ()))
        return ([wrong] if wrong else None), normal


def refusal(password: str, person: User | None = None, names: Any = ()) -> str:
    """Why this password is not taken, or nothing. `names` are those of a person who has no account yet."""
    if len(password) < SHORTEST:
        return _("A password has at least %(n)s characters.", n=SHORTEST)
    if len(password) > LONGEST:
        return _("A password has at most %(n)s characters.", n=LONGEST)
    own = _own([*names, *([person.full_name, person.email] if person else [])])
    bare = password.casefold()
    for word in sorted(own, key=len, reverse=True):
        bare = bare.replace(word, "")
    joined = re.sub(r"[\W_]+", "", password.casefold())  # spaces and capitals hide that words are the same
    guessed = [password, joined, bare] if bare != password.casefold() else [password, joined]
    for one in dict.fromkeys(guessed):
        if zxcvbn((one or "a")[:GUESSED_AT], user_inputs=[*own, *COMMON])["score"] < STRONG_ENOUGH:
            return _(
                "This password is easy to guess. Take some words that have nothing to do with each other, nor with you."
            )
    return ""


def _own(texts: list[str]) -> set[str]:
    """The words of names and addresses, and of the organisation."""
    found = language.organisation()
    words = re.findall(r"\w{4,}", " ".join([*texts, found.name if found else ""]).casefold())
    return set(words)
