"""One platform as a request sees it: computed once for each revision, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from console.domain.config import EffectiveConfig, LockedConfig, effective
from console.domain.menu import MenuEntry
from console.domain.menu_order import Place, hidden_keys, module_slots
from console.domain.plan_types import OFF, ModuleStatus, Notice
from console.domain.registry import InstalledModule, Registry
from console.domain.tiers import NO_TIERS, Tiers
from console.domain.words import FrontendType, ModuleState

_NOTHING: Mapping[str, Notice] = MappingProxyType({})
Places = Mapping[FrontendType, Mapping[str, Place]]
_UNPLACED: Places = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A platform at one revision, with everything that follows from its rows.

    Args:
        open: Codes of the modules that answer here: the gate.
        features: Feature codes of open modules; a vendor has those of them that ``features_of`` says.
        asleep: Permissions of modules that are off: whoever holds one has it again when its module is on.
        tiers: The tiers that vendors can have, and what each has.
        menus: Frontend → links of open modules that nobody has hidden, in the modules' own order.
        places: Frontend → where the platform's admins put items, also those of modules that are off.
        config: Code → configuration in force, for every live module, on or off.
    """

    platform_id: int
    slug: str
    name: str
    revision: int
    archived: bool
    rows: Mapping[str, ModuleStatus]
    open: frozenset[str]
    features: frozenset[str]
    asleep: frozenset[str]
    tiers: Tiers
    menus: Mapping[FrontendType, tuple[MenuEntry, ...]]
    places: Places
    config: Mapping[str, EffectiveConfig] = field(repr=False)

    def is_open(self, code: str) -> bool:
        """Whether the module answers on this platform: the one decision that every surface asks."""
        return code in self.open

    def features_of(self, vendor_id: int | None, now: datetime) -> frozenset[str]:
        """The features that are on for a vendor, or without one for the admins: then all of open modules."""
        return self.features if vendor_id is None else self.tiers.features(vendor_id, self.features, now)


def build_snapshot(
    registry: Registry,
    *,
    platform_id: int,
    slug: str,
    name: str,
    revision: int,
    archived: bool,
    rows: Mapping[str, ModuleStatus],
    overrides: Mapping[str, Mapping[str, object]],
    locked: LockedConfig | None = None,
    unavailable: Mapping[str, Notice] = _NOTHING,
    tiers: Tiers = NO_TIERS,
    places: Places = _UNPLACED,
) -> Snapshot:
    """The snapshot of a platform.

    Args:
        registry: The installed modules.
        rows: Code → row; a module without a row is off.
        overrides: Code → stored configuration.
        locked: What file and environment hold.
        unavailable: Code → why an installed module cannot be live now.
        tiers: What tiers and overrides say.
        places: Where menu items were put.
    """
    opened = frozenset() if archived else open_codes(registry, rows, unavailable)
    live = registry.live()
    awake = {permission for each in live if each.code in opened for permission in each.permissions}
    return Snapshot(
        platform_id=platform_id,
        slug=slug,
        name=name,
        revision=revision,
        archived=archived,
        rows=MappingProxyType(dict(rows)),
        open=opened,
        features=frozenset(feature for each in live if each.code in opened for feature in each.features),
        asleep=frozenset(permission for each in live for permission in each.permissions if permission not in awake),
        tiers=tiers,
        menus=_menus(registry, opened, places),
        places=MappingProxyType(dict(places)),
        config=MappingProxyType(
            {
                each.code: effective(each, platform_slug=slug, overrides=overrides.get(each.code, {}), locked=locked)
                for each in registry.live()
            }
        ),
    )


def open_codes(
    registry: Registry, rows: Mapping[str, ModuleStatus], unavailable: Mapping[str, Notice] = _NOTHING
) -> frozenset[str]:
    """The codes that are open: wanted, enabled, live, and with every requirement open; core needs no row."""
    opened: set[str] = set()
    for module in registry.modules():
        needs = registry.edges(module.code)
        if module.code not in unavailable and _is_on(module, rows.get(module.code, OFF)) and needs <= opened:
            opened.add(module.code)
    return frozenset(opened)


def _is_on(module: InstalledModule, row: ModuleStatus) -> bool:
    return module.live and (module.is_core or (row.wanted and row.state is ModuleState.ENABLED))


def _menus(registry: Registry, opened: frozenset[str], places: Places) -> Mapping[FrontendType, tuple[MenuEntry, ...]]:
    entries = [entry for module in registry.modules() if module.code in opened for entry in module.entries]
    entries.sort(key=lambda entry: entry.order)  # stable: equal ones stay in the order of their modules
    hidden = {each: hidden_keys(module_slots(registry, each), places.get(each, {})) for each in FrontendType}
    return MappingProxyType(
        {
            frontend: tuple(each for each in entries if each.frontend is frontend and each.id not in hidden[frontend])
            for frontend in FrontendType
        }
    )
