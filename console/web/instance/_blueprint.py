"""The pages of the whole instance."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("instance", __name__, url_prefix="/instance")
