"""``backup verify``: what a file proves to be; each thing to know is a finding, and nothing is changed by looking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from console.errors import StorageUnavailable
from console.services.backups import contents, drafts, making, manifests, postgres_tools, sqlite_files
from console.services.backups.contents import Finding, Inside
from console.services.backups.manifests import Kind, Manifest
from console.services.backups.postgres_tools import Tools
from console.services.runtime import Runtime

_MAGIC: dict[bytes, Kind] = {b"SQLite format 3\0": "sqlite", b"PGDMP": "postgresql"}
_NAMES: dict[Kind, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Report:
    """What was found about one file."""

    path: Path
    findings: tuple[Finding, ...]
    kind: Kind | None = None
    sha256: str = ""
    size_bytes: int = 0
    manifest: Manifest | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong with it."""
        return not any(each.is_wrong for each in self.findings)


def look(path: Path, engine: Engine, rt: Runtime) -> Report:
    """Everything there is to say about the file ``path``.

    Args:
        engine: The console's own; a dump is tried out on its server where that is allowed.

    Raises:
        RuleRefused: It is a dump, and PostgreSQL's programs are missing.
    """
    try:
        manifests.must_be_a_file(path)
        sha256, size_bytes = drafts.digest(path)
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        return Report(path, (Finding("missing", f"It cannot be read: {error.strerror}."),))
    kind = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    manifest, findings = _held_against(path, sha256, size_bytes)
    if kind is None:
        findings.append(Finding("foreign", "It is neither a SQLite database nor a dump of PostgreSQL."))
    elif kind != making.kind_of(engine):
        ours = _NAMES[making.kind_of(engine)]
        findings.append(Finding("other_database", f"It is of {_NAMES[kind]}, and this console uses {ours}."))
    elif kind == "sqlite":
        findings += _sqlite(path, rt)
    elif not any(each.is_wrong for each in findings):  # what is not as it was made is not tried out on a server
        findings += _postgres(path, engine, rt, manifest)
    return Report(path, tuple(findings), kind, sha256, size_bytes, manifest)


def _held_against(path: Path, sha256: str, size_bytes: int) -> tuple[Manifest | None, list[Finding]]:
    try:
        manifest = manifests.read_manifest(path)
    except ValueError as error:
        return None, [Finding("manifest", f"Its manifest cannot be read: {error}.")]
    if manifest is None:
        return None, [Finding("no_manifest", "It has no manifest, so nobody can say whether it is as it was made.")]
    if size_bytes != manifest.size_bytes:
        return manifest, [Finding("size", f"It has {size_bytes} bytes; when it was made it had {manifest.size_bytes}.")]
    if sha256 != manifest.sha256:
        return manifest, [Finding("digest", "It is not as it was made: its SHA-256 is another one.")]
    return manifest, []


def _sqlite(path: Path, rt: Runtime) -> Iterator[Finding]:
    write_ahead = path.with_name(f"{path.name}-wal")
    if write_ahead.exists() and write_ahead.stat().st_size:
        yield Finding(
            "has_log", "A write-ahead log lies beside it: it was copied from a database in use, without that."
        )
    wrong = sqlite_files.faults_of(path)
    for code, text in wrong:
        is_loose = code == "foreign_keys"
        yield Finding("foreign_keys" if is_loose else "damaged", f"{'Its' if is_loose else 'It is damaged:'} {text}.")
    if not any(code == "damaged" for code, _ in wrong):
        yield from contents.looked_at(sqlite_files.opened(path), rt)


def _postgres(path: Path, engine: Engine, rt: Runtime, manifest: Manifest | None) -> Iterator[Finding]:
    server = _major_of(engine)
    tools = postgres_tools.find(server)
    try:
        schema_name = postgres_tools.schema_in(tools, path)
    except postgres_tools.Damaged as error:
        yield Finding("damaged", f"It is damaged: {error}.")
        return
    if schema_name is None:
        yield Finding("foreign", "It is a dump, but not of this console.")
        return
    with nullcontext() if server is None else postgres_tools.throw_away(engine) as url:
        if url is not None:
            yield from _tried_out(path, tools, engine, rt, url=url, schema_name=schema_name)
            return
    try:
        postgres_tools.must_be_readable(tools, path)
    except postgres_tools.BackupFailed as error:
        yield Finding("damaged", f"It is damaged: {error.message}.")
        return
    if manifest is not None:
        yield from contents.fitting(Inside(manifest.revisions, manifest.key), rt)
    need = "the server, which does not answer" if server is None else "a role that may create databases (CREATEDB)"
    yield Finding("not_looked", f"Its rows and its audit were not looked at: that needs {need}.")


def _major_of(engine: Engine) -> int | None:
    try:
        return postgres_tools.major_of(engine)
    except StorageUnavailable:
        return None


def _tried_out(
    path: Path, tools: Tools, engine: Engine, rt: Runtime, *, url: URL, schema_name: str
) -> Iterator[Finding]:
    """What a dump is once it has been restored into the empty database ``url``."""
    try:
        postgres_tools.load(tools, path, postgres_tools.environment(engine, url), schema_name=schema_name)
    except postgres_tools.Damaged as error:
        yield Finding("damaged", f"It cannot be restored: {error}.")
        return
    yield from contents.looked_at(create_engine(url, poolclass=NullPool), rt)
