"""Every way to meddle with the audit through the database alone, and what has to be named afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.orm import Session

from console.domain.audit_chain import Anchor, Finding
from console.services.audit_verify import look
from console.services.secrets import SecretBox
from console.storage.base import Base
from console.storage.engine import WRITE

Row = dict[str, object]
ENTRIES, CHAINS = Base.metadata.tables["audit_entries"], Base.metadata.tables["audit_chains"]
COLUMNS = tuple(column.name for column in ENTRIES.columns)


@dataclass(frozen=True, slots=True)
class Trace:
    """What a finding has to name: an entry that is there, or the place of one that is not."""

    what: str
    chain: int
    place: int
    entry: int | None = None

    def is_named(self, findings: Sequence[Finding]) -> bool:
        """Whether one of the findings does."""
        return any(
            (each.entry is not None and each.entry == self.entry)
            or (each.chain == self.chain and each.entry is None and each.place <= self.place <= each.until)
            for each in findings
        )


@dataclass(frozen=True, slots=True)
class Vandal:
    """Somebody who can write the database and has no key."""

    connection: Connection
    chance: random.Random
    rows: Sequence[Row]

    def any_row(self) -> Row:
        return self.chance.choice(self.rows)

    def write(self, row: Row, **values: object) -> None:
        self.connection.execute(update(ENTRIES).where(ENTRIES.c.id == row["id"]).values(values))

    def edit(self) -> Trace:
        """One column of one row gets another value."""
        row, column = self.any_row(), self.chance.choice(COLUMNS)
        value = self._other(column, row[column])
        self.write(row, **{column: value})
        return self._trace(f"edit {column}", row, entry=value if column == "id" else row["id"])

    def erase(self) -> Trace:
        """A row is deleted, wherever it is."""
        row = self.any_row()
        self.connection.execute(delete(ENTRIES).where(ENTRIES.c.id == row["id"]))
        return self._trace("delete", row)

    def swap(self) -> Trace:
        """Two rows change places: everything but the id of one goes to the other."""
        one, other = self.chance.sample(list(self.rows), 2)
        kept = ("id", "once")
        self.write(one, **{name: value for name, value in other.items() if name not in kept})
        self.write(other, **{name: value for name, value in one.items() if name not in kept})
        return self._trace("swap", one, entry=one["id"])

    def move(self) -> Trace:
        """A row goes to another platform, with that one's name."""
        row = self.any_row()
        other = self.chance.choice([each for each in self.rows if each["platform_id"] != row["platform_id"]])
        self.write(row, platform_id=other["platform_id"], platform=other["platform"])
        return self._trace("move to another platform", row, entry=row["id"])

    def truncate(self) -> Trace:
        """The end of a chain is cut off; sometimes its head is put back or taken away too."""
        chain = self._chain(self.any_row())
        end = [row for row in self.rows if self._chain(row) == chain]
        at = self.chance.randrange(len(end))
        gone = end[at:]
        self.connection.execute(delete(ENTRIES).where(ENTRIES.c.id.in_([row["id"] for row in gone])))
        head = self.chance.choice(["kept", "put back", "taken away"])
        if head == "put back":
            place, seal = (end[at - 1]["place"], end[at - 1]["seal"]) if at else (0, "")
            self.connection.execute(update(CHAINS).where(CHAINS.c.id == chain).values(place=place, seal=seal))
        elif head == "taken away":
            self.connection.execute(delete(CHAINS).where(CHAINS.c.id == chain))
        return self._trace(f"truncate, head {head}", gone[-1])

    def forge(self) -> Trace:
        """A row is added at the end, a copy but for what it says, and the head goes along."""
        row = self.any_row()
        chain = self._chain(row)
        last = max((each for each in self.rows if self._chain(each) == chain), key=lambda each: int(str(each["place"])))
        id_ = 1 + max(int(str(each["id"])) for each in self.rows)
        made = {**last, "id": id_, "actor": "nobody", "once": None, "place": int(str(last["place"])) + 1}
        self.connection.execute(insert(ENTRIES).values(made | {"previous": last["seal"], "seal": row["seal"]}))
        self.connection.execute(update(CHAINS).where(CHAINS.c.id == chain).values(place=made["place"]))
        return self._trace("forge", made, entry=id_)

    def behead(self) -> Trace:
        """The head of a chain says something else."""
        head = self.connection.execute(select(CHAINS).order_by(CHAINS.c.id)).mappings().all()
        chosen = self.chance.choice(head)
        values: Row = self.chance.choice(
            [{"seal": "0.0"}, {"place": chosen["place"] - 1}, {"place": chosen["place"] + 3}]
        )
        self.connection.execute(update(CHAINS).where(CHAINS.c.id == chosen["id"]).values(values))
        place = int(str(values.get("place", chosen["place"])))
        return Trace(f"head {values}", chosen["id"], place)

    def _other(self, column: str, value: object) -> object:
        """Another value of the column's kind."""
        if column in ("before", "after"):
            return {"forged": self.chance.random()} if not value else None
        kind = ENTRIES.c[column].type.python_type
        if kind is int:
            return self.chance.randrange(10**6, 10**7)
        if kind is str:
            return f"{value or ''}x"[-ENTRIES.c[column].type.length :]  # type: ignore[attr-defined]  # of strings
        return value.replace(year=2020)  # type: ignore[attr-defined]  # a time

    def _chain(self, row: Row) -> int:
        return int(str(row["platform_id"] or 0))

    def _trace(self, what: str, row: Row, *, entry: object = None) -> Trace:
        named = None if entry is None else int(str(entry))
        return Trace(what, self._chain(row), int(str(row["place"])), named)


KINDS: tuple[Callable[[Vandal], Trace], ...] = (
    *(Vandal.edit, Vandal.edit, Vandal.edit, Vandal.erase, Vandal.swap, Vandal.move, Vandal.truncate),
    *(Vandal.forge, Vandal.behead),
)


def tampered(engine: Engine, box: SecretBox, anchor: Anchor, *, chance: random.Random) -> tuple[Trace, bool]:
    """Meddle once, look, and undo it: what was done, and whether it was named."""
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        rows = [dict(row) for row in connection.execute(select(ENTRIES).order_by(ENTRIES.c.id)).mappings()]
        trace = chance.choice(KINDS)(Vandal(connection, chance, rows))
        findings = look(Session(connection), box, anchor).findings
        connection.rollback()
    return trace, trace.is_named(findings)
