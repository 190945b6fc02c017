"""The console's pages of one vendor."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("home", __name__, url_prefix="/vendor/<vendor>")
