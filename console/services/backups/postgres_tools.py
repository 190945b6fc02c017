"""PostgreSQL's own programs: found, told by their environment where to connect, and run to their end.

Nothing of the connection stands in an argument: arguments can be read by everybody on the machine.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from console.errors import ConsoleError, RuleRefused

_DEBIAN = Path("/usr/lib/postgresql")
_LEAVE_S = 1.0
_PROGRAMS = ("pg_dump", "pg_restore", "psql")
_LOOK = "module_console_look_"
_LEDGER = re.compile(r"^\d+; \d+ \d+ TABLE (\S+) migration_ledger ", re.MULTILINE)
_CLEAR = """
SET LOCAL lock_timeout = '10s';
DO $$
DECLARE
    place oid := (SELECT oid FROM pg_namespace WHERE nspname = {name});
    kinds jsonb := '{{"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW", "S": "SEQUENCE"}}';
    each record;
BEGIN
    FOR each IN SELECT relkind::text AS kind, relname FROM pg_class
        WHERE relnamespace = place AND kinds ? relkind::text
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    LOOP
        EXECUTE format('DROP %s IF EXISTS %I.%I CASCADE', kinds ->> each.kind, {name}, each.relname);
    END LOOP;
    FOR each IN SELECT oid::regprocedure AS signature FROM pg_proc
        WHERE pronamespace = place AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    LOOP
        EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', each.signature);
    END LOOP;
    FOR each IN SELECT typname FROM pg_type WHERE typnamespace = place AND typtype IN ('e', 'd')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_type.oid AND deptype = 'e')
    LOOP
        EXECUTE format('DROP TYPE IF EXISTS %I.%I CASCADE', {name}, each.typname);
    END LOOP;
END $$;
"""
"""All in the console's schema goes but extensions; what came after the backup would be in the way of upgrades."""


class BackupFailed(ConsoleError):
    """A program of PostgreSQL ended with an error; what it said is the message."""

    code = "backup_failed"


class Damaged(Exception):
    """PostgreSQL's programs cannot read a file; the text is their reason."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs of one version, in one folder."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        """The path of a program."""
        return str(self.folder / name)


def find(server: int | None) -> Tools:
    """The programs that can talk to a server: those in PATH, else the oldest that are new enough.

    Args:
        server: The major version of the server; None when only files are read.

    Raises:
        RuleRefused: There are none, or all are older than the server.
    """
    known = [tools for folder in _folders() if (tools := _tools_in(folder)) is not None]
    fitting = [tools for tools in known if server is None or tools.major >= server]
    if fitting:
        return fitting[0]
    need = f"postgresql-client-{server}" if server is not None else "postgresql-client"
    found = ", ".join(str(tools.major) for tools in known)
    what = f"are older ({found}) than the server ({server})" if known else "are missing"
    raise RuleRefused(
        f"PostgreSQL's programs pg_dump, pg_restore and psql {what}.",
        code="backup_tools",
        hint=f"Install them on this machine; on Debian: apt-get install {need}.",
    )


def _folders() -> list[Path]:
    """Debian's own `pg_dump` in PATH only chooses one of the others, and a server with it."""
    in_path = shutil.which("pg_dump")
    chosen = in_path and Path(in_path).resolve().name != "pg_wrapper"
    debian = sorted(_DEBIAN.glob("*/bin"), key=lambda folder: folder.parts[-2].zfill(4))
    return [*([Path(in_path).parent] if in_path and chosen else []), *debian]


@cache
def _tools_in(folder: Path) -> Tools | None:
    if not all((folder / name).exists() for name in _PROGRAMS):
        return None
    done = subprocess.run([str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False)  # noqa: S603  # theirs
    found = re.search(r"\) (\d+)", done.stdout)
    return None if done.returncode or found is None else Tools(folder, int(found[1]))


def major_of(engine: Engine) -> int:
    """The major version of the server."""
    with engine.connect() as connection:
        return int(str(connection.exec_driver_sql("SHOW server_version_num").scalar_one())) // 10000


def is_empty(engine: Engine) -> bool:
    """Whether there is no table yet where the console has its own."""
    with engine.connect() as connection:
        asked = "SELECT NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema())"
        return bool(connection.exec_driver_sql(asked).scalar_one())


def schema_of(engine: Engine) -> str:
    """The schema in which the console's tables are."""
    with engine.connect() as connection:
        return str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())


def environment(engine: Engine, url: URL | None = None) -> dict[str, str]:
    """Where and as whom to connect, as variables of the environment, the password among them.

    Args:
        url: Another database than the engine's.
    """
    from psycopg import pq  # noqa: PLC0415  # only where its driver is loaded already
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    known = {each.keyword.decode() for each in pq.Conninfo.get_defaults()}
    given = engine.dialect.create_connect_args(url or engine.url)[1]
    options = pq.Conninfo.parse(make_conninfo(**{name: given[name] for name in given if name in known}).encode())
    told = {each.envvar.decode(): each.val.decode() for each in options if each.envvar and each.val is not None}
    return {**os.environ, **told, "PGAPPNAME": "module-console backup"}


def dump(tools: Tools, engine: Engine, path: Path) -> None:
    """Write the database, as it is at one moment, into the file ``path``.

    Raises:
        BackupFailed: ``pg_dump`` could not.
    """
    words = ["--format=custom", f"--schema={quoted(schema_of(engine))}", "--no-password"]
    with path.open("r+b") as file:
        _run([tools.path("pg_dump"), *words], env=environment(engine), stdout=file)


def schema_in(tools: Tools, path: Path) -> str | None:
    """The schema of the console's tables in a dump, by its list of contents; None when it has none of them.

    Raises:
        Damaged: That cannot be read.
    """
    try:
        found = _LEDGER.search(_run([tools.path("pg_restore"), "--list", str(path)]))
    except BackupFailed as error:
        raise Damaged(error.message) from error
    return None if found is None else found[1]


def must_be_readable(tools: Tools, path: Path) -> None:
    """Read a dump to its last byte.

    Raises:
        BackupFailed: That cannot be done.
    """
    _run([tools.path("pg_restore"), f"--file={os.devnull}", str(path)])


def load(tools: Tools, path: Path, env: Mapping[str, str], *, schema_name: str) -> None:
    """Bring a dump into an empty database.

    Raises:
        Damaged: Not all of it could be brought in.
    """
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--no-password"]
    words += [f"--schema={schema_name}", f"--dbname={env['PGDATABASE']}"]
    try:
        _run([tools.path("pg_restore"), *words, str(path)], env=env)
    except BackupFailed as error:
        raise Damaged(error.message) from error


def exchange(tools: Tools, path: Path, env: Mapping[str, str], *, schema_name: str, afterwards: str) -> None:
    """Put what is in a dump in the place of all that is in the schema, in one transaction.

    The COMMIT is sent only after everything else has been: who kills this process, or one of the programs, leaves the
    database as it was.

    Args:
        afterwards: Statements for the end of the transaction.

    Raises:
        BackupFailed: The database is as it was; the message says what the server refused.
    """
    words = ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-", "--output=/dev/null"]
    script = [tools.path("pg_restore"), "--no-owner", "--no-privileges", f"--schema={schema_name}", "--file=-"]
    psql = subprocess.Popen(  # noqa: S603  # theirs
        [tools.path("psql"), *words], env=env, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert psql.stdin is not None
    trouble = ""
    try:
        psql.stdin.write(f"BEGIN;\n{_CLEAR.format(name=_literal(schema_name))}".encode())
        psql.stdin.flush()
        _run([*script, str(path)], stdout=psql.stdin)
        psql.stdin.write(f"\n{afterwards}\nCOMMIT;\n".encode())
        psql.stdin.flush()
    except (BrokenPipeError, BackupFailed) as error:
        trouble = error.message if isinstance(error, BackupFailed) else ""
    except BaseException:
        psql.kill()
        raise
    finally:
        said = _ended(psql)
    if psql.returncode or trouble:
        raise BackupFailed(f"The database could not be restored: {said or trouble}", hint="Nothing was changed.")


def _ended(process: subprocess.Popen[bytes]) -> str:
    """What a process that gets nothing more said at its end."""
    try:
        _, said = process.communicate()
    except BrokenPipeError:
        said = b"" if process.stderr is None else process.stderr.read()
        process.wait()
    return _reason(said.decode(errors="replace"))


@contextmanager
def throw_away(engine: Engine) -> Generator[URL | None]:
    """A database of its own on the same server, dropped at the end; None where the role may make none.

    Its maker's connection bears its name, so one whose maker was killed can be told, and the next maker drops it.
    """
    name = f"{_LOOK}{secrets.token_hex(6)}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()
        connection.exec_driver_sql("SET default_transaction_read_only = off")
        allowed = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        if not connection.exec_driver_sql(allowed).scalar_one():
            yield None
            return
        connection.exec_driver_sql(f"SET application_name = {_literal(name)}")
        _drop_left(connection)
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield engine.url.set(database=name)
        finally:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _drop_left(connection: Connection) -> None:
    """Drop this role's databases for looking that nobody is at work with, their maker or a program that it started."""
    asked = text(
        "SELECT datname FROM pg_database AS it WHERE datname ~ :form"
        " AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        " AND NOT EXISTS (SELECT FROM pg_stat_activity AS a WHERE it.datname IN (a.datname, a.application_name))"
    )
    for name in connection.scalars(asked, {"form": f"^{_LOOK}[0-9a-f]{{12}}$"}).all():
        with suppress(DBAPIError):  # somebody was quicker
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}"')


def others(engine: Engine) -> list[str]:
    """Who else is connected to the database, by the names that they gave; empty when nobody is.

    A connection that was closed a moment ago, our own for instance, has that moment to leave the server.
    """
    deadline = time.monotonic() + _LEAVE_S
    while (found := _connected(engine)) and time.monotonic() < deadline:
        time.sleep(_LEAVE_S / 20)
    return found


def _connected(engine: Engine) -> list[str]:
    asked = (
        "SELECT coalesce(nullif(application_name, ''), usename, 'somebody') FROM pg_stat_activity"
        " WHERE datname = current_database() AND usesysid IS NOT NULL AND pid <> pg_backend_pid()"
        " AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)"
    )
    with engine.connect() as connection:
        return [str(each) for each in connection.exec_driver_sql(asked).scalars()]


def _run(command: list[str], *, env: Mapping[str, str] | None = None, stdout: object = subprocess.PIPE) -> str:
    """What a program wrote.

    Raises:
        BackupFailed: It ended with an error.
    """
    done = subprocess.run(  # noqa: S603  # theirs
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=stdout,  # type: ignore[call-overload]  # a file or a pipe
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        said = _reason(done.stderr.decode(errors="replace")) or f"exit code {done.returncode}"
        raise BackupFailed(f"{Path(command[0]).name} failed: {said}")
    return done.stdout.decode(errors="replace") if done.stdout else ""


def _reason(said: str) -> str:
    """The line that says what went wrong."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    named = [line for line in lines if "error:" in line.lower() or "fatal:" in line.lower()]
    return (named or lines or [""])[0]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as it stands in a statement."""
    return '"' + name.replace('"', '""') + '"'
