"""The end of an application of a test."""

from __future__ import annotations

import gc

from flask import Flask


def close(app: Flask) -> None:
    """Give back every connection of the application, now: what the collector finds later interrupts another test."""
    from sqlalchemy.pool import QueuePool  # pytest loads plugins of every project; keep that cheap

    from console.storage.base import db

    with app.app_context():
        db.session.remove()
        pool = db.engine.pool
        if isinstance(pool, QueuePool) and pool.checkedout():
            gc.collect()
        db.engine.dispose()
