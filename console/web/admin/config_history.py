"""The revisions of a module's configuration as its history shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from console.context import current_platform
from console.services import config_history
from console.storage.uow import read_session
from console.web.admin import texts
from console.web.admin.config_desk import Desk
from console.web.admin.config_words import Difference, recorded

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One save: what it changed, who did it and why, and how to get it back."""

    number: int
    in_force: bool
    rows: tuple[Difference, ...]
    actor: str
    source: str
    note: str
    restores: int | None
    at: datetime
    restore_url: str


@dataclass(frozen=True, slots=True)
class RevisionPage:
    """Some revisions, newest first, and where older ones are."""

    lines: tuple[RevisionLine, ...]
    older_url: str | None


def revision_page(desk: Desk, *, before: int | None = None) -> RevisionPage:
    """The revisions of a module older than ``before``."""
    code = desk.code
    found = config_history.history(read_session(), current_platform.id, code, limit=PAGE_SIZE + 1, before=before)
    lines = tuple(
        RevisionLine(
            number=each.revision,
            in_force=each.revision == desk.revision,
            rows=recorded(desk, each.diff),
            actor=texts.actor(each.actor),
            source=each.source,
            note=each.note,
            restores=each.restores,
            at=each.at,
            restore_url=url_for("pages.module_config_restore_review", code=code, revision=each.revision),
        )
        for each in found[:PAGE_SIZE]
    )
    older = len(found) > PAGE_SIZE
    return RevisionPage(lines, url_for("pages.module_history", code=code, revision=lines[-1].number) if older else None)
