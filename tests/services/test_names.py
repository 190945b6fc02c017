"""Names that people read: the same refusal on both databases, before either has its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from console.domain.words import Role
from console.errors import UsageError
from console.services import platforms, tokens, users, vendors
from console.storage.uow import UnitOfWork
from tests.services.bench import ANNA, Bench, module
from tests.services.conftest import MakeBench


@pytest.fixture
def bench(make: MakeBench) -> Bench:
    return make(module("orders"))


@pytest.mark.parametrize("name", ["x" * 201, "two\nlines", "nul \0", "lone \ud800"])
def test_a_name_that_cannot_be_shown_or_stored_is_refused(bench: Bench, name: str) -> None:
    acme, rt, now, root = bench.platform(), bench.rt, bench.now, Role.INSTANCE_ADMIN
    with bench.unit() as uow:
        bob = users.create(uow, "bob@example.com", role=root, name=" " + "é" * 200, actor=ANNA, now=now).id
    makers: tuple[Callable[[UnitOfWork], object], ...] = (
        lambda uow: platforms.create(uow, rt, "new", name, actor=ANNA, now=now),
        lambda uow: vendors.create(uow, rt, acme, "new", name=name, actor=ANNA, now=now),
        lambda uow: users.create(uow, "new@example.com", role=root, name=name, actor=ANNA, now=now),
        lambda uow: users.save_profile(uow, bob, name=name, locale=None, timezone=None, actor=ANNA, now=now),
        lambda uow: tokens.create(uow, name, expires_days=1, actor=ANNA, now=now),
    )
    for make in makers:
        with pytest.raises(UsageError) as refused, bench.unit() as uow:
            make(uow)
        assert refused.value.code == "name_invalid"
