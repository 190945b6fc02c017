"""DOC02x: the database, its version, its tables and its key; and whether the clocks agree."""

from __future__ import annotations

import re
from datetime import timedelta

from console.checks.doctor.patient import Check, NotThere, Patient
from console.domain.diagnosis import Answer, error, fine, note, warning
from console.errors import ConsoleError, WrongKey
from console.services import clock_jumps, schema
from console.services.secrets import check_key
from console.storage.base import db
from console.storage.clock import ahead_of_server
from console.storage.engine import storage_version

SOUND_SQLITE = (3, 51, 3)
"""Older ones can damage a write-ahead log in a race between checkpoints. Source: https://sqlite.org/wal.html"""
SUPPORTED_POSTGRES = 14
"""Older ones get no corrections any more. Source: https://www.postgresql.org/support/versioning/"""
CLOCKS_APART = timedelta(seconds=5)


def _version(it: Patient) -> Answer:
    try:
        it.session()
    except NotThere as missing:
        return note(str(missing)) if it.app is not None else error(str(missing), "Mend that first.")
    try:
        return judged_version(storage_version(db.engine))
    except ConsoleError as failure:
        return error(failure.message, failure.hint or "Is CONSOLE_DATABASE_URL right?")


def judged_version(said: str) -> Answer:
    """The answer for a database that calls itself ``SQLite 3.53.4``, ``PostgreSQL 17.2 (Debian …)``."""
    name, _, rest = said.partition(" ")
    parts = tuple(int(part) for part in re.findall(r"^[\d.]*\d", rest)[0].split("."))
    if name == "SQLite" and parts < SOUND_SQLITE:
        return error(
            f"{said} can damage the database.", "Install the wheel of pysqlite3, or a Python with 3.51.3 or newer."
        )
    if name != "SQLite" and parts[0] < SUPPORTED_POSTGRES:
        return warning(f"{said} gets no corrections any more.", "Upgrade the server.")
    return fine(f"{said} answers.")


def _tables(it: Patient) -> Answer:
    session = it.session()
    hint = "Run `module-console db upgrade`."
    schema.refuse_newer(session)
    if not schema.console_at_head(session):
        return error("The console's tables wait for migrations.", hint)
    if waiting := schema.unavailable(session, it.rt.registry):
        return warning(f"Tables of modules wait for migrations: {', '.join(sorted(waiting))}.", hint)
    return fine("Every migration is applied.")


def _tables_or_newer(it: Patient) -> Answer:
    try:
        return _tables(it)
    except ConsoleError as newer:
        return error(newer.message, newer.hint or "Install the version that belongs to it.")


def _key(it: Patient) -> Answer:
    session = it.tables()
    try:
        check_key(session, it.rt.secrets)
    except WrongKey as wrong:
        return error(wrong.message, wrong.hint or "")
    return fine("The key file belongs to the database.")


def _clock(it: Patient) -> Answer:
    session = it.tables()
    ahead = ahead_of_server(db.engine)
    if abs(ahead) > CLOCKS_APART:
        return warning(
            f"This machine's clock is {_told(ahead)} the database server's.",
            "Let both follow a time server; codes of authenticator apps go by it.",
        )
    noted = clock_jumps.noted(session)
    if noted is not None and noted - it.now > CLOCKS_APART:
        return warning(
            f"A runner has noted a time that is {_told(noted - it.now)} now: the clock was set back.",
            "Let it follow a time server.",
        )
    return fine("The clocks agree.")


def _told(span: timedelta) -> str:
    return f"{abs(span).total_seconds():.0f} s {'ahead of' if span > timedelta() else 'behind'}"


CHECKS = (
    Check("DOC020", "the database", _version),
    Check("DOC021", "migrations", _tables_or_newer),
    Check("DOC022", "the key of the database", _key),
    Check("DOC023", "clocks", _clock),
)
