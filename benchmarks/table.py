"""Everything that is measured, as one table: `make bench`, at most ten minutes on two cores.

Each line is a ratio of CPU time, ours to the plain counterpart's, unless it names a unit. Names of lines' makers choose
among them: `python -m benchmarks.table pages rounds`.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import digests, exports, pages, rounds, starts
from benchmarks.filling import Size, filled
from benchmarks.turns import Row, in_turn
from tracker.evidence import export

ONE_CHANNEL = "channel=7"
LAST_SLOT_ENDED = date(2026, 9, 30)
AS_FAST = {"csv": 0.9, "json": 0.4, "xlsx": 0.8}  # as fast as the bare loop at least
SLOTS, FEW, MANY = 67, 500, 5_000  # quarters and channels: 100,500 owed cells, and 1,005,000


def mails() -> Iterator[Row]:
    """Digests beside a bare loop that sends mails of the same size."""
    found = [digests.measure(1_000) for _round in range(2)]
    ratio = median(ours / bare for ours, bare in found)
    ours, bare = (median(times) for times in zip(*found, strict=True))
    yield Row("1,000 digests (by the clock)", ratio, 1 / 0.8, "", f"{ours:.1f} s to {bare:.1f}")


def files() -> Iterator[Row]:
    """CSV, JSON and workbook of 100,500 cells (the workbook: 24,120) beside bare loops that ask the same rules."""
    export.MANY_CHANNELS = 10**9
    export.MANY_REVIEWS = dict.fromkeys(export.MANY_REVIEWS, 10**9)
    for forms, slots in (("csv json", SLOTS), ("xlsx", 16)):
        with filled(Size(FEW, slots, LAST_SLOT_ENDED), WTF_CSRF_ENABLED=False) as app:
            with app.app_context():
                client = exports.signed_in(app)
            path = Path(app.instance_path) / "tracker.sqlite"
            for form in forms.split():
                ours = partial(exports.through_the_app, client, form)
                theirs = partial(exports.PAIRS[form][0], path, slots)
                yield in_turn(
                    f"{form} of {3 * FEW * slots:,} rows", 1 / AS_FAST[form], ours, theirs, 2, warm=False
                )


def evidence() -> Iterator[Row]:
    """The evidence page with each filter at 1,005,000 cells beside the same at 1,008; the worst of them.

    But the one for a single channel, which has 67 quarters there and 16 here.
    """
    found = []
    for channels, slots in ((21, 16), (MANY, SLOTS)):
        with filled(Size(channels, slots, LAST_SLOT_ENDED), WTF_CSRF_ENABLED=False) as app:
            with app.app_context():
                client = exports.signed_in(app)
            found.append(exports.pages(client))
    few, many = found
    ratios = sorted(
        (many[asked] / few[asked], asked or "nothing asked") for asked in few if asked != ONE_CHANNEL
    )
    said = f"worst: {ratios[-1][1]}; middle {median(ratio for ratio, _asked in ratios):.2f}"
    yield Row("evidence page, 1,005,000 rows to 1,008", ratios[-1][0], 1.5, "", said)


ALL: dict[str, Callable[[], Iterator[Row]]] = {
    "pages": pages.rows,
    "evidence": evidence,
    "rounds": rounds.rows,
    "mails": mails,
    "files": files,
    "starts": starts.rows,
}


def main() -> None:
    """Print each line when it is found; what was missed does not end with an error: it is a measurement."""
    began = perf_counter()
    print(f"{'what':<62}{'found':>9}{'':<4}{'at most':>10} {'':<7} spread; wall; ours to theirs", flush=True)
    for name in sys.argv[1:] or ALL:
        for row in ALL[name]():
            print(row, flush=True)
    print(f"measured in {perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
