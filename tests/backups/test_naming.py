"""How a backup gets its name: with its manifest or not at all, over nothing, and also on disks without second names."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.errors import RuleRefused
from console.jobs.tree import fork
from console.services.backups import drafts, manifests


def make(target: Path, meanwhile: Callable[[], object] = lambda: None) -> None:
    """A backup with little in it."""
    with drafts.drafted(target) as draft:
        draft.path.write_bytes(b"all that there is")
        draft.describe(
            "sqlite", revisions={"console": ("console_001",)}, key="ab", now=datetime(2026, 1, 1, tzinfo=UTC)
        )
        meanwhile()
        draft.publish()


def make_apart(target: Path, on_link: Callable[[int], None]) -> int:
    """How a process ended that makes one.

    Args:
        on_link: Called with 1, 2, … before a file gets a second name.
    """

    def body() -> None:
        seen = []

        def heard(what: str, _given: tuple[object, ...]) -> None:
            if what == "os.link":
                seen.append(what)
                on_link(len(seen))

        sys.addaudithook(heard)
        try:
            make(target)
        except RuleRefused as error:
            os._exit(4 if error.code == "backup_exists" else 5)
        os._exit(0)

    _, status = os.waitpid(fork(body), 0)
    return os.waitstatus_to_exitcode(status)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def kill_at(which: int) -> Callable[[int], None]:
    def kill(count: int) -> None:
        if count == which:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


def test_who_is_killed_before_the_name_leaves_it_free(tmp_path: Path) -> None:
    assert make_apart(tmp_path / "a.db", kill_at(1)) == -signal.SIGKILL
    assert [name[:6] for name in names(tmp_path)] == [".a.db."] * 2
    make(tmp_path / "a.db")
    assert names(tmp_path) == ["a.db", "a.db.json"]


def test_who_is_killed_between_the_names_leaves_a_backup_whose_manifest_the_next_one_names(tmp_path: Path) -> None:
    assert make_apart(tmp_path / "a.db", kill_at(2)) == -signal.SIGKILL
    assert "a.db.json" not in names(tmp_path)
    with pytest.raises(RuleRefused, match=r"a\.db exists"):
        make(tmp_path / "a.db")
    assert names(tmp_path) == ["a.db", "a.db.json"]
    found = manifests.read_manifest(tmp_path / "a.db")
    assert found is not None
    assert found.sha256 == drafts.digest(tmp_path / "a.db")[0]


def test_where_the_manifest_cannot_have_its_name_the_backup_gets_none(tmp_path: Path) -> None:
    with pytest.raises(RuleRefused):
        make(tmp_path / "a.db", (tmp_path / "a.db.json").touch)
    assert names(tmp_path) == ["a.db.json"]
    assert (tmp_path / "a.db.json").read_bytes() == b""


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_disk_without_second_names_takes_backups_too(tmp_path: Path, code: int) -> None:
    def refuse(_count: int) -> None:
        raise OSError(code, os.strerror(code))

    assert make_apart(tmp_path / "a.db", refuse) == 0
    assert names(tmp_path) == ["a.db", "a.db.json"]
    assert (tmp_path / "a.db").read_bytes() == b"all that there is"
    assert manifests.read_manifest(tmp_path / "a.db") is not None
    assert [oct((tmp_path / name).stat().st_mode)[-3:] for name in names(tmp_path)] == ["600", "600"]
    assert make_apart(tmp_path / "a.db", refuse) == 4


def test_a_name_that_was_taken_meanwhile_is_kept_on_such_a_disk(tmp_path: Path) -> None:
    def refuse(_count: int) -> None:
        (tmp_path / "a.db").write_bytes(b"another's")
        raise PermissionError(errno.EPERM, "no second names")

    assert make_apart(tmp_path / "a.db", refuse) == 4
    assert names(tmp_path) == ["a.db"]
    assert (tmp_path / "a.db").read_bytes() == b"another's"
