"""One page without a template."""

from __future__ import annotations

from console.sdk import ModuleBlueprint

admin_pages = ModuleBlueprint("hello", __name__)


@admin_pages.get("/")
def index() -> str:
    """A fixed text: what remains of the time is the console's."""
    return "hello"
