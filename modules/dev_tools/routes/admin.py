"""Registry and addresses, for admins who look after modules."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from flask import request

from console.sdk import (
    InstalledModule,
    ModuleBlueprint,
    ModuleStatus,
    RouteView,
    current_platform,
    described,
    installed_modules,
    module_states,
    render_template,
    requires_feature,
    requires_permission,
    routes,
)
from modules.dev_tools.routes.answers import RegistryAnswer, RoutesAnswer

admin_router = ModuleBlueprint("dev-tools", __name__, tags=["Admin - Developer Tools"])
admin_pages = ModuleBlueprint("dev-tools", __name__)


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """An installed module as the registry has it; a broken one says why."""

    code: str
    name: str
    version: str
    kind: str
    source: str
    package: str
    state: str
    requires: tuple[str, ...]
    problems: tuple[str, ...]


def _row(module: InstalledModule, status: ModuleStatus | None) -> RegistryRow:
    definition = module.definition
    return RegistryRow(
        code=module.code,
        name=module.name,
        version=definition.version if definition else "",
        kind=definition.kind.value if definition else "",
        source=module.source,
        package=module.package,
        state="quarantined" if not module.live else status.state.value if status else "disabled",
        requires=tuple(definition.requires) if definition else (),
        problems=tuple(problem.line for problem in module.problems),
    )


def _registry() -> list[RegistryRow]:
    states = module_states(current_platform.id)
    return [_row(module, states.get(module.code)) for module in installed_modules()]


def _asked_routes() -> list[RouteView]:
    """The addresses whose rule, endpoint or module has the word of the query string."""
    word = request.args.get("q", "").strip().lower()
    return [each for each in routes() if word in f"{each.rule} {each.endpoint} {each.module}".lower()]


@admin_router.get("/registry")
@requires_permission("dev_tools.view")
@requires_feature("developer_tools")
@described(RegistryAnswer)
def list_registry() -> dict[str, object]:
    """List every installed module, broken ones too."""
    return {"modules": [asdict(row) for row in _registry()]}


@admin_router.get("/routes")
@requires_permission("dev_tools.view")
@requires_feature("developer_tools")
@described(RoutesAnswer)
def list_routes() -> dict[str, object]:
    """List the addresses of the application; ``?q=`` narrows them down."""
    return {"routes": [asdict(each) for each in _asked_routes()]}


@admin_pages.get("/")
@requires_permission("dev_tools.view")
@requires_feature("developer_tools")
def module_registry() -> str:
    """Every installed module with its kind, source, state here and problems."""
    return render_template("admin/registry.html", rows=_registry())


@admin_pages.get("/routes")
@requires_permission("dev_tools.view")
@requires_feature("developer_tools")
def route_map() -> str:
    """Every address of the application; a word narrows them down."""
    return render_template("admin/routes.html", routes=_asked_routes(), q=request.args.get("q", ""))
