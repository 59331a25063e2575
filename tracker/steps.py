"""How long work says how far it is, to whoever watches: a page, a terminal, a log, or nobody."""

from collections.abc import Callable

Step = Callable[[int, int, str], None]  # so many of so many are done, and of what


def unwatched(_count: int, _total: int, _what: str) -> None:
    """Nobody watches."""
