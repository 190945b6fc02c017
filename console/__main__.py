"""``module-console`` and ``python -m console``."""

from __future__ import annotations

from console.cli import console_group


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    console_group(prog_name="module-console")


if __name__ == "__main__":
    main()
