"""What is inside a copy of the database: whether it is a console's, which key and code it needs, and its audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from console.errors import CannotStart
from console.services import audit_verify, schema
from console.services.migrations.ledger import Applied, read
from console.services.migrations.scan import Branch, scan
from console.services.runtime import Runtime
from console.services.secrets import known_key

Code = Literal[
    "missing",
    "manifest",
    "digest",
    "size",
    "foreign",
    "other_database",
    "damaged",
    "foreign_keys",
    "has_log",
    "newer",
    "key",
    "audit",
    "older",
    "no_manifest",
    "not_looked",
]
NOTES: tuple[Code, ...] = ("older", "no_manifest", "not_looked")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about a backup; notes among them keep it from nothing.

    Args:
        text: One sentence, which says what is wrong with it.
    """

    code: Code
    text: str

    @property
    def is_wrong(self) -> bool:
        """Whether it must not be restored like this."""
        return self.code not in NOTES


@dataclass(frozen=True, slots=True)
class Inside:
    """What a copy needs: revisions by branch, and the id of its key."""

    revisions: Mapping[str, tuple[str, ...]]
    key: str


def inside(connection: Connection) -> Inside | None:
    """What a database is made of; None when it is not a console's."""
    applied = read(connection)
    if not applied:
        return None
    with Session(connection) as session:
        return Inside(_heads(applied), known_key(session))


def looked_at(engine: Engine, rt: Runtime) -> list[Finding]:
    """Everything that is to be said about the database behind ``engine``."""
    try:
        with engine.connect() as connection:
            found = inside(connection)
            if found is None:
                return [Finding("foreign", "It is a database, but not of this console.")]
            said = fitting(found, rt)
            has_key = all(each.code != "key" for each in said)
            return [*said, *_audit(connection, rt, has_key=has_key, fits=schema.console_at_head(engine))]
    except CannotStart:  # the key file here is none
        raise
    except Exception as error:  # whatever a stranger or a broken disk left in it
        return [Finding("damaged", f"It cannot be read: {_first_line(error)}")]


def fitting(found: Inside, rt: Runtime) -> list[Finding]:
    """Whether this code and this key file can work with it."""
    return [*_revisions(found.revisions, scan(rt.registry)), *_key(found.key, rt)]


def _revisions(heads: Mapping[str, tuple[str, ...]], branches: Iterable[Branch]) -> Iterable[Finding]:
    here = {branch.label: branch.ids for branch in branches}
    unknown = {
        label: [each for each in applied if each not in here[label]]
        for label, applied in heads.items()
        if label in here
    }
    newer = sorted(each for ids in unknown.values() for each in ids)
    if newer:
        yield Finding("newer", f"It was made by newer code, which has {', '.join(newer)}: install that version first.")
    behind = [
        label for label, ids in here.items() if ids and not unknown.get(label) and ids[-1] not in heads.get(label, ())
    ]
    if behind:
        yield Finding("older", f"It is older than this code ({', '.join(behind)}): restoring it upgrades it.")


def _key(key: str, rt: Runtime) -> Iterable[Finding]:
    if not key:
        return
    if not rt.secrets.exists:
        yield Finding("key", f"Its secrets are sealed with the key {key}, and {rt.secrets.path} does not exist.")
        return
    rt.secrets.follow(key)
    if key not in rt.secrets.keys("key-id"):
        yield Finding("key", f"Its secrets are sealed with the key {key}, which {rt.secrets.path} does not have.")


def _audit(connection: Connection, rt: Runtime, *, has_key: bool, fits: bool) -> Iterable[Finding]:
    """The chains inside, without an anchor: the one of this folder knows more than a backup can."""
    if not (has_key and fits):
        what = "the tables of this version" if has_key else "its key"
        yield Finding("not_looked", f"Its audit was not looked at: that needs {what}.")
        return
    with Session(connection) as session:
        wrong = audit_verify.look(session, rt.secrets, {}).findings
    if wrong:
        first = wrong[0]
        where = f"{first.platform or 'the instance'}, place {first.place}: {first.wrong}"
        yield Finding("audit", f"Its audit was changed in {len(wrong)} places; the first is {where}.")


def _heads(applied: Iterable[Applied]) -> dict[str, tuple[str, ...]]:
    """Branch → the revisions that no other follows."""
    rows = list(applied)
    followed = {row.down for row in rows}
    heads: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.revision not in followed:
            heads[row.branch] = (*heads.get(row.branch, ()), row.revision)
    return heads


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
