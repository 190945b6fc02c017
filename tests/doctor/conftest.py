from __future__ import annotations

from pathlib import Path

import pytest

from console.storage import private


@pytest.fixture
def closed(database_url: str, data_dir: Path) -> None:
    """The copied database is its owner's alone, as the console would have made it."""
    private.close_to_others(data_dir / "console.db")
