"""A request whose effect is taken back, so that it can be made again and again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from console.storage import uow


@contextmanager
def taken_back(app: Flask) -> Iterator[None]:
    """Inside the block every unit of work ends as if it committed, and leaves nothing behind."""

    def end(unit: uow.UnitOfWork) -> None:
        for action in unit._before:
            action()
        unit.session.flush()
        unit.session.rollback()
        unit._after.clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uow, "_commit", end)
        yield
    app.extensions["console"].snapshots.clear()
