"""The tenant in URLs: views never take it as an argument, and links within one tenant never name it."""

from __future__ import annotations

from flask import Flask, current_app

from console.context import current


def install(app: Flask) -> None:
    """Take the tenant out of view arguments and put it into links."""
    app.url_value_preprocessor(_take_out)
    app.url_defaults(_put_in)


def _take_out(_endpoint: str | None, values: dict[str, object] | None) -> None:
    if values and current().frontend is not None:
        values.pop("platform", None)
        values.pop("vendor", None)


def _put_in(endpoint: str, values: dict[str, object]) -> None:
    scope = current()
    expects = current_app.url_map.is_endpoint_expecting
    if scope.platform is not None and "platform" not in values and expects(endpoint, "platform"):
        values["platform"] = scope.platform.slug
    if scope.vendor is not None and "vendor" not in values and expects(endpoint, "vendor"):
        values["vendor"] = scope.vendor.slug
