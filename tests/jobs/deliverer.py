"""A process of its own that delivers when told to, in a child made for it, so that the child can be killed.

Started as `python -m tests.jobs.deliverer DATABASE FOLDER PORT`. Each line on its standard input is a moment; a child
is forked that delivers at that moment, and its number is printed, then its exit status (negative: killed).
"""

import os
import sys
import warnings
from datetime import datetime
from pathlib import Path

from tests.conftest import SETTINGS
from tracker import clock, outbox
from tracker.app import create_app
from tracker.extensions import db


def main(database: str, folder: str, port: str) -> None:
    warnings.simplefilter("ignore")
    mail = {"MAIL_HOST": "127.0.0.1", "MAIL_PORT": int(port), "MAIL_TIMEOUT": 10}
    app = create_app({**SETTINGS, "DATABASE_URL": database, **mail}, Path(folder))
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            with app.app_context(), clock.set_to(datetime.fromisoformat(line.strip())):
                outbox.deliver()
                db.session.remove()
            os._exit(0)
        _say(child)
        _pid, status = os.waitpid(child, 0)
        _say(os.waitstatus_to_exitcode(status))


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
