"""A data folder is used by as many as like, or by one alone; whoever comes meanwhile waits for that one."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from console.errors import StorageUnavailable
from console.jobs.tree import fork
from console.storage.occupied import occupy, vacated
from tests.support.waiting import until


def test_what_a_process_and_its_children_use_is_not_vacant_until_the_last_has_ended(tmp_path: Path) -> None:
    receiver, sender = os.pipe()

    def body() -> None:
        os.close(sender)
        occupy(tmp_path)
        (tmp_path / "ready").touch()
        os.read(receiver, 1)  # until the test closes its end

    pid = fork(body)
    until((tmp_path / "ready").exists, what=lambda: "nobody is ready")
    occupied = [is_vacant(tmp_path)]
    os.close(sender)
    os.waitpid(pid, 0)
    os.close(receiver)
    assert [*occupied, is_vacant(tmp_path)] == [False, True]


def is_vacant(folder: Path) -> bool:
    with vacated(folder) as is_vacated:
        return is_vacated


def test_whoever_comes_while_one_needs_it_alone_waits_and_says_so(tmp_path: Path) -> None:
    said = tmp_path / "said"

    def body() -> None:
        logging.basicConfig(filename=said, level=logging.INFO, force=True)
        occupy(tmp_path)
        (tmp_path / "in").touch()

    with vacated(tmp_path) as is_vacated:
        assert is_vacated
        with vacated(tmp_path) as again:
            assert not again
        pid = fork(body)
        until(lambda: said.exists() and "waiting for its end" in said.read_text(), what=lambda: "it does not wait")
        assert not (tmp_path / "in").exists()
    os.waitpid(pid, 0)
    assert (tmp_path / "in").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageUnavailable, match="Cannot write in"), vacated(tmp_path / "file" / "data"):
        raise AssertionError("nobody gets here")
    occupy(tmp_path / "file" / "data")  # who only serves is not kept from it
