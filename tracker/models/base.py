"""The base class of every table, and the column types the tables share."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Dialect, String, Text, TypeDecorator
from sqlalchemy.orm import mapped_column

from tracker.extensions import Base, db
from tracker.rules.words import Criterion

if TYPE_CHECKING:

    class Model(Base):
        """What mypy sees of db.Model."""

        __abstract__ = True
else:
    Model = db.Model


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. Both databases get a value without zone; Python gets it back with UTC attached."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Criteria(TypeDecorator[frozenset[Criterion]]):
    """A set of criteria, stored as their names in the order of the concept: "cost_benefit,legality,strategy"."""

    impl = String(60)
    cache_ok = True

    def process_bind_param(self, value: frozenset[Criterion] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(c.value for c in Criterion if c in value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Criterion] | None:
        return None if value is None else _criteria(value)


@lru_cache(maxsize=64)  # one of eight, read for every channel
def _criteria(value: str) -> frozenset[Criterion]:
    return frozenset(Criterion(name) for name in value.split(",") if name)


class Some(TypeDecorator[frozenset[str]]):
    """A set of names, stored one a line in their order; "*" stands for all of them, which is None here."""

    impl = Text
    cache_ok = True
    coerce_to_is_types = ()

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str:
        return "*" if value is None else "\n".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str] | None:
        return None if value in {None, "*"} else frozenset((value or "").split("\n")) - {""}


class Hundredths(TypeDecorator[Decimal]):
    """A number with two decimals, such as an amount in euros, stored whole, since SQLite knows no decimals."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        return None if value is None else int((Decimal(value) * 100).to_integral_value(ROUND_HALF_UP))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


class Word(TypeDecorator[StrEnum]):
    """A word of the rules (level, decision, stage …), stored as its plain value."""

    impl = String(20)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind
        self._known = {one.value: one for one in kind}  # asking the kind itself takes three times as long

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self._known[value]


def one_of(kind: type[StrEnum], column: str) -> CheckConstraint:
    """The database refuses a word that the rules do not know."""
    words = ", ".join(f"'{word.value}'" for word in kind)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


Key = Annotated[int, mapped_column(primary_key=True)]
Name = Annotated[str, mapped_column(String(200))]
Long = Annotated[str, mapped_column(Text)]
At = Annotated[datetime, mapped_column(Moment)]
On = Annotated[date, mapped_column()]

__all__ = [
    "Any",
    "At",
    "Criteria",
    "Hundredths",
    "Key",
    "Long",
    "Model",
    "Moment",
    "Name",
    "On",
    "Some",
    "Word",
    "one_of",
]
