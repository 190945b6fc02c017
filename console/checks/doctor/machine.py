"""DEP02x: the machine, and the way to the database."""

from __future__ import annotations

import os

from sqlalchemy.engine import URL

from console.checks.doctor.patient import Check, Patient
from console.domain.diagnosis import Answer, error, fine, note, warning
from console.storage.base import db
from console.storage.engine import database_url

_LOCAL = {"", "localhost", "127.0.0.1", "::1"}
_NAMED = {"verify-full", "verify-ca"}


def _user(_it: Patient) -> Answer:
    return judged_user(os.geteuid())


def judged_user(uid: int) -> Answer:
    """The answer for a process of that user."""
    if uid == 0:
        return warning("It runs as root.", "Run it as a user of its own who owns the data folder.")
    return fine(f"It runs as the user {uid}.")


def _way(it: Patient) -> Answer:
    url = database_url(it.settings)
    if url.get_backend_name() == "sqlite":
        return fine("The database is a file.")
    it.session()
    with db.engine.connect() as connection, connection.begin():
        found = connection.exec_driver_sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        return judged_way(url, is_encrypted=bool(found.scalar()))


def judged_way(url: URL, *, is_encrypted: bool) -> Answer:
    """The answer for a connection to the server of ``url``."""
    host = url.host or str(url.query.get("host", ""))
    if host in _LOCAL or host.startswith("/"):
        return fine("The server is on this machine.")
    if not is_encrypted:
        return error(f"The connection to {host} is not encrypted.", "Add ?sslmode=verify-full to CONSOLE_DATABASE_URL.")
    if url.query.get("sslmode") not in _NAMED:
        return note(
            f"The connection to {host} is encrypted, and nobody checks that it is the right server.",
            "Add ?sslmode=verify-full&sslrootcert=… to CONSOLE_DATABASE_URL.",
        )
    return fine(f"The connection to {host} is encrypted.")


def _talk(it: Patient) -> Answer:
    if it.settings.log_level == "DEBUG":
        return warning("The log tells everything (DEBUG).", "Set CONSOLE_LOG_LEVEL to INFO.")
    return fine(f"The log tells what is {it.settings.log_level} and above.")


def _demo(it: Patient) -> Answer:
    if it.settings.demo:
        return warning("CONSOLE_DEMO is on: an empty database is filled with made-up platforms.", "Unset it.")
    return fine("It is not a demo.")


CHECKS = (
    Check("DEP020", "the user", _user),
    Check("DEP021", "the way to the database", _way),
    Check("DEP022", "the log", _talk),
    Check("DEP023", "the demo", _demo),
)
