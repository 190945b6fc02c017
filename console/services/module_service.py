"""What module code asks about and of modules.

Source: the guide, "Using Configuration"; names and signatures are the guide's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session, scoped_session

from console.domain.actor import SYSTEM, Actor
from console.domain.codes import Tier
from console.domain.plan_types import ChangeRequest
from console.errors import Unknown
from console.services import configs, operations, snapshots
from console.services.operation_views import OperationView
from console.services.runtime import Runtime
from console.storage.uow import unit_of_work

Database = SQLAlchemy | Session | scoped_session[Any]


def _session(db: Database) -> Session:
    if isinstance(db, SQLAlchemy):
        return db.session()
    return cast("Session", db()) if isinstance(db, scoped_session) else db


class ModuleService:
    """The service of the running application; reads through ``db``, writes in the open unit of work or one of its own.

    Args:
        runtime: Gives the runtime of the application that is active.
        actor: Gives who is behind the running code.
    """

    def __init__(self, runtime: Callable[[], Runtime], actor: Callable[[], Actor] = lambda: SYSTEM) -> None:
        self._runtime = runtime
        self._actor = actor

    def is_enabled(self, db: Database, platform_id: int, code: str) -> bool:
        """Whether the module answers on the platform; while its ``on_enable`` runs it does not yet.

        Raises:
            Unknown: No such module is installed, or there is no such platform.
        """
        rt = self._runtime()
        return snapshots.current(_session(db), rt, platform_id).is_open(rt.registry[code].code)

    def feature_enabled(self, db: Database, platform_id: int, feature: str, *, vendor_id: int | None = None) -> bool:
        """Whether the feature is on: its module is, and for a vendor its tier or an override gives it.

        Raises:
            Unknown: No installed module declares the feature.
        """
        rt = self._runtime()
        known = {each for definition in rt.registry.live() for each in definition.features}
        if feature not in known:
            raise Unknown("feature", feature, known)
        return feature in snapshots.current(_session(db), rt, platform_id).features_of(vendor_id, rt.clock())

    def tier(self, db: Database, platform_id: int, vendor_id: int) -> Tier | None:
        """The vendor's tier with its features and limits; None: it has none, and so everything."""
        return snapshots.current(_session(db), self._runtime(), platform_id).tiers.tier(vendor_id)

    def limit(self, db: Database, platform_id: int, code: str, *, vendor_id: int) -> int | None:
        """The most that the vendor may have of what ``code`` counts; None: there is no limit.

        Raises:
            Unknown: No installed module declares the limit.
        """
        known = {str(each) for definition in self._runtime().registry.live() for each in definition.limits}
        if code not in known:
            raise Unknown("limit", code, known)
        tier = self.tier(db, platform_id, vendor_id)
        return None if tier is None else tier.limits.get(code)

    def get_module_config(self, db: Database, platform_id: int, code: str) -> dict[str, object]:
        """Every key of the module's configuration with its value in force, also while it is off.

        A secret is a ``SecretStr``.
        """
        return configs.for_code(_session(db), self._runtime(), platform_id, code)

    def set_module_config(self, db: Database, platform_id: int, code: str, values: Mapping[str, object]) -> None:
        """Merge ``values`` into the platform's overrides.

        Raises:
            ConfigInvalid: Names every key that the schema rejects; nothing is stored.
            RuleRefused: ``config_locked``: a key is held by file or environment.
        """
        rt = self._runtime()
        with unit_of_work() as uow:
            configs.save(uow, rt, platform_id, code, values, actor=self._actor(), now=rt.clock())

    def enable(self, db: Database, platform_id: int, code: str) -> OperationView | None:
        """Switch the module on with everything that it requires; None when it is on."""
        return self._switch(platform_id, code, on=True)

    def disable(self, db: Database, platform_id: int, code: str) -> OperationView | None:
        """Switch the module off with everything that requires it; None when it is off.

        Raises:
            RuleRefused: ``core_protected``.
        """
        return self._switch(platform_id, code, on=False)

    def _switch(self, platform_id: int, code: str, *, on: bool) -> OperationView | None:
        rt = self._runtime()
        request = ChangeRequest({code: on})
        with unit_of_work() as uow:
            return operations.accept(uow, rt, platform_id, request, actor=self._actor(), now=rt.clock())
