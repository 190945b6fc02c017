"""What must not stand in the log of a step, because its hook can read it."""

from __future__ import annotations

from pydantic import SecretStr
from sqlalchemy.orm import Session

from console.services import configs
from console.services.runtime import Runtime


def secrets_in_reach(session: Session, rt: Runtime, platform_id: int, code: str) -> frozenset[str]:
    """The secrets that a hook of the module can name: its configuration's, its requirements', the database's."""
    known = [each for each in (code, *rt.registry.closure(code)) if rt.registry[each].live]
    values = [value for each in known for value in configs.for_code(session, rt, platform_id, each).values()]
    found = {value.get_secret_value() for value in values if isinstance(value, SecretStr)}
    credentials = rt.settings.database_url.partition("://")[2].rpartition("@")[0]
    return frozenset(found | {credentials.partition(":")[2]}) - {""}
