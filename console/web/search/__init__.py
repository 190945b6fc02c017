"""Search everywhere: modules, pages, actions, tenants and people, on a page, in a dialog and as JSON."""

from __future__ import annotations

from console.web.search.results import LONGEST, answer, asked

__all__ = ["LONGEST", "answer", "asked"]
