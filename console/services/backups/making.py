"""``backup create``: a copy that is whole and checked before it has a name, with what is known of it beside it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from console.domain.actor import Actor
from console.errors import StorageUnavailable
from console.services import audit
from console.services.backups import contents, drafts, postgres_tools, sqlite_files
from console.services.backups.contents import Inside
from console.services.backups.drafts import Draft
from console.services.backups.manifests import Kind, Manifest
from console.storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that waits for its name."""

    draft: Draft
    manifest: Manifest

    @property
    def target(self) -> Path:
        """Where it will be."""
        return self.draft.target


def kind_of(engine: Engine) -> Kind:
    """What kind of database the console uses."""
    return "sqlite" if engine.dialect.name == "sqlite" else "postgresql"


@contextmanager
def made(engine: Engine, target: Path, now: datetime) -> Generator[Made]:
    """A copy of the database, whole, checked and hidden; ``publish`` its draft in the block, or nothing is left of it.

    Raises:
        RuleRefused: There is a file of that name, or PostgreSQL's programs are missing.
        StorageUnavailable: Disk or folder take no file, or the database is damaged.
        BackupFailed: ``pg_dump`` could not read the database.
    """
    kind = kind_of(engine)
    tools = postgres_tools.find(postgres_tools.major_of(engine)) if kind == "postgresql" else None
    with drafts.drafted(target) as draft:
        if tools is None:
            sqlite_files.copy(engine, draft.path)
            inside = _checked(draft.path)
        else:
            inside = _inside(engine)
            postgres_tools.dump(tools, engine, draft.path)
            postgres_tools.must_be_readable(tools, draft.path)
        yield Made(draft, draft.describe(kind, revisions=inside.revisions, key=inside.key, now=now))


def record(uow: UnitOfWork, made: Made, *, actor: Actor, note: str, now: datetime) -> None:
    """Say in the audit who takes the data away, and in which file; without this entry the file gets no name."""
    after = {"file": made.target.name, "sha256": made.manifest.sha256, "bytes": made.manifest.size_bytes}
    audit.record(uow, actor, action="backup.created", target=made.target.name, now=now, reason=note, after=after)


def _checked(path: Path) -> Inside:
    """What is in a fresh copy.

    Raises:
        StorageUnavailable: It is as damaged as its original.
    """
    wrong = sqlite_files.faults_of(path)
    if wrong:
        hint = "Restore an older backup: `backup verify` says which are whole."
        raise StorageUnavailable(f"The database file is damaged: {wrong[0][1]}.", hint=hint)
    engine = sqlite_files.opened(path)
    return _inside(engine)


def _inside(engine: Engine) -> Inside:
    with engine.connect() as connection:
        return contents.inside(connection) or Inside({}, "")
