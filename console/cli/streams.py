"""Standard streams that a careless starter closed: they lead nowhere, instead of into whatever is opened next."""

from __future__ import annotations

import os
import sys


def open_closed() -> None:
    """Make sure that there are stdin, stdout and stderr."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))
