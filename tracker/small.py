"""What travels compressed: styles, scripts, signs, and pages for reading.

The length of a compressed page can tell, guess by guess, what else stands on it (BREACH). So whatever answers a form or
the link of a mail, and all pages on accounts, where private tokens, codes and links are shown, travel as they are. The
token of a form is on every page, but its signature is another one every second.
"""

from typing import Any

from flask import request
from flask_compress import Compress

SECRETS_SHOWN = frozenset(
    {"account", "calendar", "people", "security", None}
)  # rooms; None: errors and the like


class Small(Compress):
    """The library, silent where a length could tell a secret."""

    def after_request(self, response: Any) -> Any:
        """Compress, or leave it as it is."""
        return super().after_request(response) if _may_be_small() else response


def _may_be_small() -> bool:
    if request.endpoint == "static":
        return True
    by_token = "token" in (request.view_args or {})
    return request.method == "GET" and request.blueprint not in SECRETS_SHOWN and not by_token
