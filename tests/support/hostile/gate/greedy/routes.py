"""Hooks and handlers that note that they ran."""

from __future__ import annotations

from flask import Response

from console.sdk import ModuleBlueprint, requires_module

admin_pages = ModuleBlueprint("greedy", __name__)
vendor_pages = ModuleBlueprint("greedy", __name__)
RAN: list[str] = []


@admin_pages.url_value_preprocessor
def values(endpoint: str | None, given: dict[str, object] | None) -> None:
    RAN.append("values")


@admin_pages.before_request
def before() -> None:
    RAN.append("before")


@admin_pages.after_request
def after(response: Response) -> Response:
    RAN.append("after")
    response.headers["X-Greedy"] = "here"
    return response


@admin_pages.errorhandler(Exception)
def mine(error: Exception) -> tuple[str, int]:
    RAN.append("error")
    return "greedy was here", 418


@admin_pages.get("/")
def index() -> str:
    return "on"


@admin_pages.post("/")
def change() -> str:
    return "changed"


@admin_pages.get("/twin")
@requires_module("trail")
def twin() -> str:
    return "both on"


@admin_pages.get("/later")
async def later() -> str:
    return "later"


@vendor_pages.get("/")
def shop() -> str:
    return "shop"
