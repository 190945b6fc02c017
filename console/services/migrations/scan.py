"""Reads every branch's revisions by itself, so that what is wrong with one leaves the others as they are."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Collection, Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from console.domain.registry import Registry
from console.services.schema import CONSOLE, console_versions, label_of, revision_files, revision_id, versions_of

_TABLE = re.compile(
    r"\bop\s*\.\s*(?:create_table|drop_table|rename_table|add_column|drop_column|alter_column|batch_alter_table)"
    r"\(\s*['\"](\w+)['\"]\s*[,)]"
)


class BranchFault(Exception):
    """What keeps a branch from being used; the text is for its author."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One migration file, loaded."""

    id: str
    down: str | None
    depends_on: tuple[str, ...]
    path: Path
    python: ModuleType


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch as it stands on disk, oldest revision first; with a fault it has no revisions.

    Args:
        module: Code of the module, None for the console's own.
        label: Branch label.
        folder: The versions folder.
    """

    module: str | None
    label: str
    folder: Path
    revisions: tuple[Revision, ...] = ()
    fault: str | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The revision ids, oldest first."""
        return tuple(revision.id for revision in self.revisions)


def scan(registry: Registry) -> tuple[Branch, ...]:
    """The console's branch first, then those of the installed modules in dependency order; a broken one has a fault."""
    console = _scanned(Branch(None, CONSOLE, console_versions()), known=(), labels=())
    labels = [label_of(module) for module in registry.modules()]
    branches = [Branch(module.code, label_of(module), versions_of(module)) for module in registry.modules()]
    here = [branch for branch in branches if any(revision_files(branch.folder))]
    return (console, *(_scanned(branch, known=console.ids, labels=labels) for branch in here))


def table_owner(table: str, labels: Iterable[str]) -> str | None:
    """The label whose table this is by name: the longest that fits, as ``cms_`` also begins ``cms_extra_``."""
    return max((label for label in labels if table.startswith(f"{label}_")), key=len, default=None)


def _scanned(branch: Branch, *, known: Collection[str], labels: Collection[str]) -> Branch:
    """The branch with its revisions, or with the fault that keeps it out."""
    try:
        loaded = [_loaded(path, branch.label) for path in revision_files(branch.folder)]
        chain = _chain(loaded, branch.label)
        if branch.module is not None:
            for revision in chain:
                _check_bounds(revision, branch.label, known=known, labels=labels)
    except BranchFault as fault:
        return replace(branch, fault=str(fault))
    return replace(branch, revisions=tuple(chain))


def _loaded(path: Path, label: str) -> Revision:
    expected = revision_id(path, label)
    if expected is None:
        raise BranchFault(f"{path.name}: a file is named {label}_001_what_it_does.py")
    python = _import(path, f"console_revision_{path.stem}")
    given = getattr(python, "revision", None)
    if given != expected:
        raise BranchFault(f"{path.name}: its revision is {given!r}; the file name says {expected!r}")
    down = getattr(python, "down_revision", None)
    if down is not None and not isinstance(down, str):
        raise BranchFault(f"{path.name}: down_revision is {down!r}; a branch is one line without merges")
    labels = _words(getattr(python, "branch_labels", None))
    if labels != ((label,) if down is None else ()):
        wanted = f'("{label}",)' if down is None else "None, as only the first revision has a label"
        raise BranchFault(f"{path.name}: branch_labels must be {wanted}")
    return Revision(expected, down, _words(getattr(python, "depends_on", None)), path, python)


def _import(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BranchFault(f"{path.name} cannot be read as Python")
    python = importlib.util.module_from_spec(spec)
    try:
        with redirect_stdout(sys.stderr):  # what a migration prints is talk
            spec.loader.exec_module(python)
    except SyntaxError as error:
        raise BranchFault(f"{path.name}:{error.lineno}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        raise BranchFault(f"{path.name} cannot be loaded: {type(error).__name__}: {error}") from error
    return python


def _words(given: object) -> tuple[str, ...]:
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(str(each) for each in given)  # type: ignore[attr-defined]


def _chain(loaded: list[Revision], label: str) -> list[Revision]:
    """The revisions in order; they must be one line from one beginning."""
    ids = [revision.id for revision in loaded]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if twice:
        raise BranchFault(f"the revision {twice[0]} is there twice")
    after: dict[str | None, Revision] = {}
    for revision in loaded:
        if revision.down is not None and revision.down not in ids:
            raise BranchFault(f"{revision.path.name}: its down_revision {revision.down!r} is not in this folder")
        if revision.down in after:
            both = f"{after[revision.down].id} and {revision.id}"
            raise BranchFault(f"{both} both follow {revision.down or 'nothing'}; a branch is one line")
        after[revision.down] = revision
    chain: list[Revision] = []
    while (following := after.get(chain[-1].id if chain else None)) is not None:
        chain.append(following)
    if len(chain) != len(loaded):
        rest = sorted(set(ids) - {revision.id for revision in chain})
        raise BranchFault(f"{', '.join(rest)} cannot be reached from the first revision of {label}")
    return chain


def _check_bounds(revision: Revision, label: str, *, known: Collection[str], labels: Collection[str]) -> None:
    """A module depends on the console's branch only, and works on its own tables only."""
    strange = [each for each in revision.depends_on if each not in known]
    if strange:
        raise BranchFault(f"{revision.path.name}: depends_on names {strange[0]!r}; only the console's revisions may be")
    for table in _TABLE.findall(revision.path.read_text(encoding="utf-8")):
        if table_owner(table, labels) != label:
            raise BranchFault(f"{revision.path.name}: the table {table!r} is not of this module ({label}_…)")
