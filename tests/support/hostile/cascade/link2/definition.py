"""Number 2 of five in a chain."""

from __future__ import annotations

from tests.support.links import link

module = link(2)
