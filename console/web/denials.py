"""Writes down who was refused what; one entry for each person, permission and minute, with a count."""

from __future__ import annotations

import logging

from flask import request

from console.context import current, runtime
from console.errors import Busy, Forbidden
from console.services import audit
from console.storage.session import UNIT
from console.storage.uow import read_session, unit_of_work
from console.web.headers import request_id

log = logging.getLogger(__name__)


def note(error: Forbidden) -> None:
    """The denial as an entry of the audit; while the database takes no write, as a line of the log."""
    scope, rt = current(), runtime()
    if scope.user is None or UNIT in read_session().info:
        return
    platform_id = scope.platform.id if scope.platform else None
    try:
        with unit_of_work() as uow:
            audit.record(
                uow,
                scope.actor,
                action="access.deny",
                target=str(error.details["permission"]),
                now=rt.clock(),
                platform_id=platform_id,
                after={"method": request.method, "path": request.path[:200]},
                once=[str(platform_id)],
            )
    except Busy:
        log.warning("request %s: the denial of %s is not in the audit", request_id(), error.details["permission"])
