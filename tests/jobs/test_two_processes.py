"""A toggle holds everywhere at once: a web process that began before it answers by the new state from then on."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from console.domain.actor import SYSTEM
from console.domain.plan_types import ChangeRequest
from console.domain.words import OperationState
from console.services import operations, platforms, tokens
from console.storage.uow import unit_of_work
from tests.support.tree import ADDRESS, Tree, code_of, started

ROUNDS = 6
CODE = "analytics"  # it has no hook, so the toggle is done when it is accepted
PATH = f"/api/admin/{CODE}/figures"

WITHOUT_THE_REVISION = """
from console.services.snapshots import SnapshotCache
look = SnapshotCache.get
first = {}
SnapshotCache.get = lambda self, session, rt, platform_id, revision: look(
    self, session, rt, platform_id, first.setdefault(platform_id, revision)
)
"""
"""What a cache would be that takes the first revision that it saw for the only one."""


@dataclass(frozen=True, slots=True)
class Toggler:
    """The process that switches (this one), and the other one that answers."""

    app: Flask
    platform_id: int
    secret: str
    tree: Tree

    def switch(self, *, on: bool) -> None:
        """Commit a toggle here."""
        rt = self.app.extensions["console"]
        with self.app.app_context(), unit_of_work() as uow:
            view = operations.accept(uow, rt, self.platform_id, ChangeRequest({CODE: on}), actor=SYSTEM, now=rt.clock())
            assert view is not None
            assert view.state is OperationState.SUCCEEDED

    def status(self) -> int:
        """What the other process answers at the module's address."""
        request = urllib.request.Request(
            self.tree.said(ADDRESS) + PATH, headers={"Authorization": f"Bearer {self.secret}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code


def togglers(app: Flask, folder: Path, *, database_url: str, patch: str = "") -> Iterator[Toggler]:
    rt = app.extensions["console"]
    with app.app_context(), unit_of_work() as uow:
        platform = platforms.create(uow, rt, "north", "North", actor=SYSTEM, now=rt.clock())
        _, secret = tokens.create(uow, "probe", expires_days=1, actor=SYSTEM, now=rt.clock(), platform_id=platform.id)
    code = patch + code_of("serve", {"with_worker": False})
    settings = {"data_dir": rt.settings.data_dir, "database_url": database_url, "insecure_http": "true"}
    with started(code, folder / "output", **settings, port=0, workers=2) as tree:
        yield Toggler(app, platform.id, secret, tree)


@pytest.fixture
def toggler(app: Flask, tmp_path: Path, database_url: str) -> Iterator[Toggler]:
    yield from togglers(app, tmp_path, database_url=database_url)


@pytest.fixture
def forgetful(app: Flask, tmp_path: Path, database_url: str) -> Iterator[Toggler]:
    yield from togglers(app, tmp_path, database_url=database_url, patch=WITHOUT_THE_REVISION)


def answers(toggler: Toggler) -> list[tuple[int, ...]]:
    """What each of two web processes may answer after every toggle, first of all before any."""
    found = [_ask(toggler)]
    for number in range(ROUNDS):
        toggler.switch(on=number % 2 == 0)
        found.append(_ask(toggler))
    return found


def _ask(toggler: Toggler) -> tuple[int, ...]:
    return tuple(toggler.status() for _ in range(4))


def expected() -> list[tuple[int, ...]]:
    return [(404,) * 4, *[(200,) * 4 if number % 2 == 0 else (404,) * 4 for number in range(ROUNDS)]]


def test_every_request_begun_after_a_toggle_answers_by_it(toggler: Toggler) -> None:
    assert answers(toggler) == expected()


def test_without_the_revision_the_same_test_fails(forgetful: Toggler) -> None:
    """The negative control: the test above sees a stale answer when there is one."""
    with pytest.raises(AssertionError):
        assert answers(forgetful) == expected()
    assert forgetful.status() in {200, 404}
