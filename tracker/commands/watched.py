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
STEPS_DRAWN = 200  # at most, of a bar

T = TypeVar("T")


@contextmanager
def watched(label: str, *, counted: bool = True) -> Iterator[Step]:
    """`with watched("Checking") as step:` and then step(3, 10, "entries"), as often as one likes.

    What is not `counted` are percents: one bar for all of the work, which names the part it is at.
    """
    shown = _Bar(label, counted) if sys.stderr.isatty() else _Lines(label, counted)
    whole = False
    try:
        yield shown.step
        whole = True
    finally:
        shown.close(whole=whole)


@contextmanager
def watched_each(label: str, things: Sequence[T], what: str) -> Iterator[Iterable[T]]:
    """The same for work that goes through a list: a thing counts as done when the next is asked for."""
    with watched(label) as step:
        yield _each(things, what, step)


def _each(things: Sequence[T], what: str, step: Step) -> Iterator[T]:
    for nth, thing in enumerate(things):
        step(nth, len(things), what)
        yield thing


class _Bar:
    """One bar for each part of the work, or one for all of it."""

    def __init__(self, label: str, counted: bool) -> None:
        self._label, self._counted, self._began_at = label, counted, clock.now()
        self._part: tuple[int, str] | None = None
        self._bar: Any = None

    def step(self, count: int, total: int, what: str) -> None:
        """Draw it, no more often than one could see."""
        part = (total, what if self._counted else "")
        if self._part != part:
            if clock.now() - self._began_at < QUIET_FOR:
                return
            self.close(whole=True)
            self._part, self._bar = part, self._made(*part)
            self._bar.render_progress()
        more = count - self._bar.pos
        if more >= total / STEPS_DRAWN or count == total:
            self._bar.update(more, what)

    def _made(self, total: int, what: str) -> Any:
        label = f"{self._label}, {what}" if what else self._label
        name_of = None if self._counted else lambda part: part or ""
        return click.progressbar(
            length=max(total, 1), label=label, file=sys.stderr, show_pos=self._counted, item_show_func=name_of
        )

    def close(self, *, whole: bool) -> None:
        """Leave the line, so that what comes next begins on one of its own. What is whole is drawn so."""
        if self._bar is not None:
            if whole:
                self._bar.update(self._bar.length - self._bar.pos)
            self._bar.render_finish()
            self._bar = None


class _Lines:
    """A line now and then, as a log likes it."""

    def __init__(self, label: str, counted: bool) -> None:
        self._label, self._counted, self._said_at = label, counted, clock.now()

    def step(self, count: int, total: int, what: str) -> None:
        """A line, if the last one is long ago."""
        if clock.now() - self._said_at >= LINE_EVERY:
            self._said_at = clock.now()
            percent = f"{100 * count // max(total, 1)} %"
            said = f"{count} of {total} {what} ({percent})" if self._counted else f"{percent}, {what}"
            click.echo(f"{self._label}: {said}", err=True)

    def close(self, *, whole: bool) -> None:
        """Nothing is left open."""
