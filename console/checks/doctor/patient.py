"""What ``doctor`` looks at: the settings, and the application as far as it can be loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.diagnosis import Answer
from console.jobs.state import runtime_of
from console.services import schema
from console.storage import private
from console.storage.base import db
from console.storage.clock import this_moment
from console.storage.engine import database_url
from console.storage.uow import read_session

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from console.services.runtime import Runtime
    from console.settings import Settings

MIB = 1024 * 1024


class NotThere(Exception):
    """What a look needs is missing; the message says what, for the answer ``unknown``."""


@dataclass(frozen=True, slots=True)
class Patient:
    """One console, looked at from one of its machines; whatever looks changes nothing.

    Args:
        app: The application, None when it cannot be loaded.
        trouble: Why it cannot.
        is_offline: Whether nobody outside may be asked.
        enough_bytes: Free space that is enough; a tenth of it is far too little.
        advisories: Where known weaknesses of packages are asked for.
    """

    settings: Settings
    app: Flask | None = None
    trouble: str = ""
    is_offline: bool = False
    enough_bytes: int = 1024 * MIB
    advisories: str = "https://api.osv.dev/v1/querybatch"

    @property
    def rt(self) -> Runtime:
        """The runtime of the application.

        Raises:
            NotThere: It cannot be loaded.
        """
        if self.app is None:
            raise NotThere("The application cannot be loaded.")
        return runtime_of(self.app)

    @property
    def file(self) -> Path | None:
        """The file of the database, None when it is on a server."""
        return private.file_of(database_url(self.settings))

    def session(self) -> Session:
        """The session to read with.

        Raises:
            NotThere: There is no application, or no database yet; looking must not make one.
        """
        if self.app is None:
            raise NotThere("The application cannot be loaded.")
        if self.file is not None and not self.file.exists():
            raise NotThere("There is no database yet; `serve` makes it.")
        return read_session()

    def tables(self) -> Session:
        """The session to read the console's tables with.

        Raises:
            NotThere: They are not as this version needs them, or not there at all.
        """
        session = self.session()
        if not schema.console_at_head(db.engine):
            raise NotThere("The tables do not fit this version.")
        return session

    @property
    def today(self) -> str:
        """The day, as the documents write it."""
        return f"{self.now if self.app is not None else this_moment():%Y-%m-%d}"

    @property
    def now(self) -> datetime:
        """The time of the application's clock."""
        return self.rt.clock()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at.

    Args:
        id: Stable; ``DOC…`` always, ``DEP…`` before people from elsewhere log in.
        about: What it is, in a few words.
    """

    id: str
    about: str
    look: Callable[[Patient], Answer]
