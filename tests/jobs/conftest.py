"""Fixtures of the tests with real processes."""

from __future__ import annotations

import os

os.environ["HUEY_SLOW_TESTS"] = "1"  # else Huey's own tests leave two out; read when they are imported
