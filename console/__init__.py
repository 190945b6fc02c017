"""Module Console: business modules switched on and off per platform, by plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from console.settings import Settings

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """The composed application, built from `settings` or from the environment; it writes nothing."""
    from console.app import create_app as compose

    return compose(settings)
