"""A process of its own that runs the whole timetable, as `flask scheduler` does, on a day that it is told; it delivers
every second.

Started as `python -m tests.jobs.scheduling DATABASE FOLDER PORT MOMENT`; a signal ends it.
"""

import sys
import warnings
from pathlib import Path

import time_machine

from tests.conftest import SETTINGS
from tracker.app import create_app
from tracker.scheduler import timetable


def main(database: str, folder: str, port: str, moment: str) -> None:
    warnings.simplefilter("ignore")
    mail = {"MAIL_HOST": "127.0.0.1", "MAIL_PORT": int(port)}
    app = create_app({**SETTINGS, "DATABASE_URL": database, **mail}, Path(folder))
    with time_machine.travel(moment, tick=True):
        made = timetable(app, blocking=True)
        made.reschedule_job("deliver", trigger="interval", seconds=1)  # not every minute: a test waits for it
        made.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
