"""The console's pages of one platform, and the filters that all templates share."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint

from console.context import runtime
from console.web.babel import format_day, format_span

blueprint = Blueprint("pages", __name__, url_prefix="/admin/<platform>")


@blueprint.app_template_filter("ago")
def ago(moment: datetime) -> str:
    """How long ago ``moment`` was, or how soon it comes, in words."""
    return format_span(moment - runtime().clock())


@blueprint.app_template_filter("day")
def day(day: date) -> str:
    """A day as people write it."""
    return format_day(day)
