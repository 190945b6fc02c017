"""Search everywhere: one box that finds modules, pages, actions, tenants and people, on a page and in a dialog."""

from __future__ import annotations

from console.web.search.results import answer

__all__ = ["answer"]
