"""Whether the tables fit the code, told from file names and the ledger in one statement, without Alembic."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, false, inspect, select, update
from sqlalchemy.orm import Session

from console.domain import sentences
from console.domain.plan_types import Notice
from console.domain.registry import InstalledModule, Registry
from console.errors import CannotStart
from console.paths import data_folder
from console.phrases import say
from console.services.runtime import Runtime
from console.storage.tables import MigrationLedger, Platform
from console.storage.uow import UnitOfWork

CONSOLE = "console"  # label of the console's own branch
NEEDS_MIGRATION = "needs_migration"
_LEDGER = select(MigrationLedger.revision, MigrationLedger.branch)


def console_at_head(where: Session | Engine) -> bool:
    """Whether the console's own branch is applied, no less and no more than this code has."""
    return _ids(console_versions(), CONSOLE) == _applied(where).get(CONSOLE)


def refuse_newer(where: Session | Engine) -> None:
    """Refuse a database that a newer console has upgraded: this code knows nothing of what it finds there.

    Raises:
        CannotStart: Names the revisions that this code does not have.
    """
    unknown = _applied(where).get(CONSOLE, set()) - _ids(console_versions(), CONSOLE)
    if unknown:
        raise newer(unknown)


def newer(unknown: Iterable[str]) -> CannotStart:
    """The error of a database with revisions of the console that this code does not have."""
    return CannotStart(
        f"The database was upgraded by a newer console ({', '.join(sorted(unknown))}).",
        hint="Install that version again, or restore the backup made before the upgrade.",
    )


def unavailable(where: Session | Engine, registry: Registry) -> dict[str, Notice]:
    """Code → notice for every installed module with a migration that is not applied."""
    return _waiting(_applied(where), registry)


def _waiting(applied: Mapping[str, set[str]], registry: Registry) -> dict[str, Notice]:
    found: dict[str, Notice] = {}
    for module in registry.modules():
        label = label_of(module)
        waiting = sorted(_ids(versions_of(module), label) - applied.get(label, set()))
        if waiting:
            found[module.code] = Notice(
                code=NEEDS_MIGRATION,
                module=module.code,
                message=say(
                    sentences.NEEDS_MIGRATION,
                    module=module.code,
                    revisions=", ".join(waiting),
                ),
                hint=say("Run `module-console db upgrade`; `module-console modules migrations` shows what keeps it."),
            )
    return found


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """A module's migrations by their ids, oldest first."""

    applied: tuple[str, ...]
    waiting: tuple[str, ...]


def branch_of(session: Session, module: InstalledModule) -> BranchFacts:
    """How the branch of one module stands; one statement."""
    label = label_of(module)
    applied = set(session.scalars(select(MigrationLedger.revision).where(MigrationLedger.branch == label)))
    waiting = _ids(versions_of(module), label) - applied
    return BranchFacts(tuple(sorted(applied)), tuple(sorted(waiting)))


def refresh(session: Session, rt: Runtime) -> None:
    """Bring ``rt.unavailable`` up to what is applied now, in a database whose console branch is at its head.

    An upgrade raises every platform's revision, so whoever builds a snapshot afterwards comes by here.
    """
    rt.unavailable = _waiting(_by_branch(session.execute(_LEDGER)), rt.registry)


def check_writable(uow: UnitOfWork) -> None:
    """Refuse a database that is only there to be read; changes nothing.

    Raises:
        StorageUnavailable: It takes no writes.
    """
    uow.session.execute(update(Platform).where(false()).values(revision=0))


def console_versions() -> Path:
    """The folder of the console's own revisions."""
    return data_folder("migrations") / "versions"


def versions_of(module: InstalledModule) -> Path:
    """The folder where the module's revisions are, or would be."""
    given = module.definition.migrations_path if module.definition is not None else None
    return module.path / (given or "migrations") / "versions"


def label_of(module: InstalledModule) -> str:
    """The module's branch label, also the prefix of its revision ids and tables."""
    return module.code.replace("-", "_")


def revision_files(folder: Path) -> Iterator[Path]:
    """The files of a versions folder, sorted; none when there is no such folder."""
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        return
    yield from (folder / name for name in names if name.endswith(".py") and name != "__init__.py")


def revision_id(path: Path, label: str) -> str | None:
    """The id that a file name begins with (``cms_001_create_pages`` → ``cms_001``), None when it is not the guide's."""
    number, _, slug = path.stem.removeprefix(f"{label}_").partition("_")
    if not path.stem.startswith(f"{label}_") or not number.isdigit() or not slug:
        return None
    return f"{label}_{number}"


def _ids(folder: Path, label: str) -> set[str]:
    """Ids that the folder holds; a file with a strange name counts, as it was never applied under that name."""
    return {revision_id(path, label) or path.stem for path in revision_files(folder)}


def _applied(where: Session | Engine) -> dict[str, set[str]]:
    """Branch → applied revisions; nothing for a database without a ledger."""
    if isinstance(where, Engine):
        with where.connect() as connection:
            return _read(connection)
    return _read(where.connection())


def _read(connection: Connection) -> dict[str, set[str]]:
    if not inspect(connection).has_table(MigrationLedger.__tablename__):
        return {}
    return _by_branch(connection.execute(_LEDGER))


def _by_branch(rows: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for revision, branch in rows:
        found.setdefault(branch, set()).add(revision)
    return found
