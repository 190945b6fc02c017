"""The revisions of the console's own branch, read off the files, so that no test has to know how many there are."""

from __future__ import annotations

from console.paths import data_folder

CONSOLE = tuple(
    sorted(path.stem[: len("console_000")] for path in data_folder("migrations").glob("versions/console_*"))
)
HEAD = CONSOLE[-1]
