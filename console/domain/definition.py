"""What a module declares about itself.

Source: the guide, "Module Definition Fields"; the names, types and defaults are the guide's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel

from console.domain.definition_rules import faults
from console.domain.words import FrontendType, Kind
from console.errors import DefinitionError

Hook = Callable[[int], None]
HealthCheck = Callable[[], Mapping[str, object]]


@dataclass(kw_only=True, eq=False)
class ModuleDefinition:
    """The declaration of one module; only ``code`` and ``name`` are required.

    Fields can be assigned until the registry freezes (the guide attaches routers that way), not later.

    Raises:
        DefinitionError: Names every mistake at once, each with what to write instead.
    """

    code: str
    name: str
    description: str = ""
    version: str = "1.0.0"
    requires: list[str] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    menu_items: dict[FrontendType, list[str]] = field(default_factory=dict)
    permissions: list[str] = field(default_factory=list)
    is_core: bool = False
    is_internal: bool = False
    is_self_contained: bool = False
    config_schema: type[BaseModel] | None = None
    default_config: dict[str, object] = field(default_factory=dict)
    on_enable: Hook | None = None
    on_disable: Hook | None = None
    on_startup: Callable[[], None] | None = None
    health_check: HealthCheck | None = None
    admin_router: object | None = None
    vendor_router: object | None = None
    services_path: str | None = None
    models_path: str | None = None
    schemas_path: str | None = None
    templates_path: str | None = None
    exceptions_path: str | None = None
    locales_path: str | None = None
    migrations_path: str | None = None
    limits: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    icon: str = "puzzle"
    docs_url: str | None = None
    after: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    default_enabled: bool = False
    tasks: list[object] = field(default_factory=list)
    endpoints: list[str] = field(default_factory=list)
    config_version: int = 1
    hook_timeout_s: float | None = None
    health_scope: Literal["instance", "platform"] = "instance"

    def __post_init__(self) -> None:
        found = faults(self)
        if found:
            raise DefinitionError(str(self.code), found)

    def __setattr__(self, name: str, value: object) -> None:
        if self.__dict__.get("_frozen"):
            raise DefinitionError(self.code, [f"{name!r} was assigned after start-up; definitions are frozen then"])
        object.__setattr__(self, name, value)

    def freeze(self) -> None:
        """From here on an assignment raises ``DefinitionError``."""
        self.__dict__["_frozen"] = True

    @property
    def kind(self) -> Kind:
        """Core wins over internal: both flags mean core and still admin-only."""
        if self.is_core:
            return Kind.CORE
        return Kind.INTERNAL if self.is_internal else Kind.OPTIONAL

    @property
    def label(self) -> str:
        """The code as Python, Alembic and SQL names write it: ``-`` becomes ``_``."""
        return self.code.replace("-", "_")
