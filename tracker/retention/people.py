"""Whose years are over: accounts that ended, and the one pseudonym that stands for a person in every run."""

import json
from collections import defaultdict
from collections.abc import Iterable
from random import SystemRandom

from sqlalchemy import ColumnElement, Table, and_, or_, select

from tracker.extensions import db
from tracker.models import Entry, User
from tracker.models.personal import FORMER
from tracker.retention.queries import Past, is_past, not_yet, personal
from tracker.rules.deeds import Deed

ACCOUNT_OF = {
    "by_name": "by_id",
    "name": "user_id",
}  # beside which column of names the account's number stands
ANEW = {
    "untold"
}  # a unique key holds the name: noted again and replaced again, the same number would stand in its way
Whom = tuple[str, int | str]  # ("account", 5), or ("name", "Katrin Seidel") of somebody without an account


def former_accounts(past: Past) -> list[User]:
    """Accounts that ended before that day, and whose people did nothing since: deactivated, or past their last day."""
    ended = or_(User.active.is_(False), User.until_on < past.day)
    later = select(Entry.by_id).where(Entry.at >= past.at, Entry.by_id.is_not(None))
    query = select(User).where(ended, User.created_at < past.at, User.id.not_in(later))
    found = db.session.scalars(query.where(not_yet(User.__table__.c.full_name)).order_by(User.id))
    lately = _switched_since(past)
    return [one for one in found if one.id not in lately]


def _switched_since(past: Past) -> set[int]:
    """Whose account was switched off or on since: they were here after that day, even if they only read."""
    switched = (Deed.PEOPLE_DEACTIVATE.value, Deed.PEOPLE_ACTIVATE.value)
    bodies = db.session.scalars(select(Entry.body).where(Entry.at >= past.at, Entry.deed.in_(switched)))
    return {json.loads(body)["ids"].get("user") for body in bodies}


def account_beside(table: Table, column: ColumnElement[str]) -> ColumnElement[int] | None:
    """The column that says whose account a name belongs to; None where there is none."""
    return table.c.get(ACCOUNT_OF.get(str(column.key), ""))


class Pseudonyms:
    """The numbers given in one run: an account keeps the one it has had, everybody else draws a new one.

    Numbers are drawn in any order, so that they say nothing about whom they stand for.
    """

    def __init__(self, past: Past, accounts: Iterable[User], last: int) -> None:
        self.last = last
        self._accounts = _accounts_by_name()
        self._numbers = _given_before()
        wanted = {self._whom(one.full_name, one.id) for one in accounts}
        for table, column in personal():
            if table.name != "mail" or column.name == "to_name":
                anew = table.name in ANEW
                wanted |= {self._whom(name, account, anew) for name, account in distinct(table, column, past)}
        new = sorted(wanted - set(self._numbers), key=str)
        SystemRandom().shuffle(new)
        for whom in new:
            self.last += 1
            self._numbers[whom] = self.last

    def number(self, name: str, account: int | None = None, anew: bool = False) -> int:
        """The number for a name, as told by the account beside it, or by the only account of that name."""
        return self._numbers[self._whom(name, account, anew)]

    def _whom(self, name: str, account: int | None, anew: bool = False) -> Whom:
        if anew:
            return ("anew", name)
        known = {account} if account is not None else self._accounts[name]
        return ("account", min(known)) if len(known) == 1 else ("name", name)


def distinct(table: Table, column: ColumnElement[str], past: Past) -> list[tuple[str, int | None]]:
    """Every name of a column that is past, with the account it stands beside."""
    beside = account_beside(table, column)
    query = select(column) if beside is None else select(column, beside)
    rows = db.session.execute(query.distinct().where(is_past(table, past), not_yet(column)))
    return [(row[0], row[1] if beside is not None else None) for row in rows]


def _named() -> Iterable[tuple[str, int]]:
    """All names that stand beside the number of an account, and those of the accounts."""
    yield from ((name, key) for name, key in db.session.execute(select(User.full_name, User.id)))
    for table, column in personal():
        beside = account_beside(table, column)
        if beside is not None:
            rows = select(column, beside).distinct().where(and_(beside.is_not(None), column != ""))
            yield from ((name, key) for name, key in db.session.execute(rows))


def _accounts_by_name() -> defaultdict[str, set[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for name, account in _named():
        found[name].add(account)
    return found


def _given_before() -> dict[Whom, int]:
    found: dict[Whom, int] = {}
    for name, account in _named():
        for former in FORMER.values():
            if name.startswith(former) and name.removeprefix(former).isdecimal():
                number = int(name.removeprefix(former))
                found["account", account] = min(number, found.get(("account", account), number))
    return found
