"""How far a long command is, said on standard error: a bar in a terminal, plain lines elsewhere. Pipes stay clean."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import click

from tracker import clock
from tracker.steps import Step

QUIET_FOR = timedelta(seconds=1)  # what is over sooner needs no bar
LINE_EVERY = timedelta(seconds=10)

T = TypeVar("T")


@contextmanager
def watched(label: str) -> Iterator[Step]:
    """`with watched("Checking") as step:` and then step(3, 10, "entries"), as often as one likes."""
    shown = _Bar(label) if sys.stderr.isatty() else _Lines(label)
    try:
        yield shown.step
    finally:
        shown.close()


@contextmanager
def watched_each(label: str, things: Sequence[T], what: str) -> Iterator[Iterable[T]]:
    """The same for work that goes through a list: a thing counts as done when the next is asked for."""
    with watched(label) as step:
        yield _each(things, what, step)


def _each(things: Sequence[T], what: str, step: Step) -> Iterator[T]:
    for nth, thing in enumerate(things):
        step(nth, len(things), what)
        yield thing
    step(len(things), len(things), what)


class _Bar:
    """One bar for each part of the work."""

    def __init__(self, label: str) -> None:
        self._label, self._began_at = label, clock.now()
        self._part: tuple[int, str] | None = None
        self._bar: Any = None

    def step(self, count: int, total: int, what: str) -> None:
        if clock.now() - self._began_at < QUIET_FOR:
            return
        if self._part != (total, what):
            self.close()
            self._part = (total, what)
            self._bar = click.progressbar(
                length=max(total, 1), label=f"{self._label}, {what}", file=sys.stderr, show_pos=True
            )
            self._bar.render_progress()
        self._bar.update(count - self._bar.pos)

    def close(self) -> None:
        """Leave the line, so that what comes next begins on one of its own."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None


class _Lines:
    """A line now and then, as a log likes it."""

    def __init__(self, label: str) -> None:
        self._label, self._said_at = label, clock.now()

    def step(self, count: int, total: int, what: str) -> None:
        if clock.now() - self._said_at >= LINE_EVERY:
            self._said_at = clock.now()
            click.echo(
                f"{self._label}: {count} of {total} {what} ({100 * count // max(total, 1)} %)", err=True
            )

    def close(self) -> None:
        """Nothing is left open."""
