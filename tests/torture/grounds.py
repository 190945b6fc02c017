"""Where scenarios take place: a folder of their own, and as many empty databases as they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.support.postgres import Server
from tests.torture.scenario import Ground, Scale


@contextmanager
def ground(folder: Path, server: Server | None, *, seed: int, scale: Scale) -> Iterator[Ground]:
    """A ground for one scenario; its databases on ``server`` are dropped when the block ends.

    Args:
        folder: Made when it is missing.
        server: None means SQLite.
    """
    folder.mkdir(parents=True, exist_ok=True)
    numbers = count(1)
    made: list[str] = []

    def new_database() -> str:
        if server is None:
            number = next(numbers)
            return f"sqlite:///{folder / ('console.db' if number == 1 else f'console-{number}.db')}"
        made.append(server.create())
        return server.url(made[-1])

    try:
        yield Ground(folder, new_database, "sqlite" if server is None else "postgres", seed, scale)
    finally:
        for name in made:
            assert server is not None
            server.drop(name)
