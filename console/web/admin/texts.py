"""The words of the pages for states, kinds and reasons, in the language of the request."""

from __future__ import annotations

import logging

from console.domain.actor import SYSTEM
from console.domain.menu import MenuEntry
from console.domain.permissions import CONSOLE_PERMISSIONS, VENDOR_PERMISSIONS
from console.domain.registry import Registry
from console.domain.words import (
    Action,
    ConfigSource,
    HealthStatus,
    Kind,
    OperationKind,
    OperationState,
    Role,
    StepState,
)
from console.phrases import say_as
from console.web.babel import gettext as _
from console.web.told import told

log = logging.getLogger(__name__)


def module_name(registry: Registry, code: str) -> str:
    """The display name of a module; the code of one that has no readable definition or is gone."""
    if code not in registry:
        return code
    return told(registry[code].name)


def module_description(registry: Registry, code: str) -> str:
    """The one line of a module, as the module's own texts give it; empty for one that cannot be read or is gone."""
    return told(registry[code].description) if code in registry else ""


def feature(registry: Registry, code: str) -> str:
    """What people call a feature: its own label, else the owning module's text ``features.<code>``; empty without."""
    label = own_text(getattr(code, "label", ""), of=code)
    owner = next((each.code for each in registry.live() if code in each.features), None)
    return label or ("" if owner is None else told(say_as(owner, f"features.{code}", "")))


def tag(registry: Registry, code: str) -> str:
    """A tag in words: the text ``tags.<code>`` of the first module that has it, else the code."""
    owner = next((each.code for each in registry.live() if code in each.tags), None)
    return code if owner is None else told(say_as(owner, f"tags.{code}", code))


def permission(registry: Registry, code: str) -> str:
    """What a permission allows: the console's sentence, its own label, or the module's text ``permissions.<verb>``."""
    own = CONSOLE_PERMISSIONS.get(code) or VENDOR_PERMISSIONS.get(code)
    if own is not None:
        return told(own)
    label = own_text(getattr(code, "label", ""), of=code)
    owner = next((each.code for each in registry.live() if code in each.permissions), None)
    verb = code.partition(".")[2]
    return label or ("" if owner is None else told(say_as(owner, f"permissions.{verb}", "")))


def limit(registry: Registry, code: str) -> str:
    """What a limit counts: its own label, else the module's text ``limits.<name>``, else the code."""
    label = own_text(getattr(code, "label", ""), of=code)
    owner = next((each.code for each in registry.live() if code in each.limits), None)
    name = code.partition(".")[2]
    return label or (code if owner is None else told(say_as(owner, f"limits.{name}", code)))


def module_icon(registry: Registry, code: str) -> str:
    """The icon of a module."""
    if code not in registry:
        return "puzzle"
    definition = registry[code].definition
    return "puzzle" if definition is None else definition.icon


def entry_label(entry: MenuEntry) -> str:
    """The label of a module's menu item; its id when the module's own text cannot be made."""
    return own_text(entry.label, of=f"{entry.module}.{entry.id}") or entry.id


def own_text(text: object, *, of: str) -> str:
    """A text that a module brings; empty when it cannot be made.

    Args:
        of: What the text belongs to, for the log.
    """
    try:
        return str(text)
    except Exception:  # a lazy text runs the module's code; what it does wrong stays with its own item
        log.exception("the text of %s cannot be shown", of)
        return ""


def reason(registry: Registry, text: str) -> str:
    """Why a step is part of its plan: ``required_by:orders`` → ``required by Orders``."""
    kind, _colon, code = text.partition(":")
    if kind == "required_by":
        return _("required by %(module)s", module=module_name(registry, code))
    if kind == "requires":
        return _("requires %(module)s", module=module_name(registry, code))
    if kind == "unneeded":
        return _("nothing needs it any more")
    return _("asked for")


def action(name: Action) -> str:
    """What a step does, as a short label."""
    return {Action.ENABLE: _("on"), Action.DISABLE: _("off"), Action.CONFIGURE: _("keep on")}[name]


def action_title(name: Action, module: str) -> str:
    """What a step does, as a sentence."""
    if name is Action.ENABLE:
        return _("Enable %(module)s", module=module)
    if name is Action.DISABLE:
        return _("Disable %(module)s", module=module)
    return _("Keep %(module)s on for its own sake", module=module)


def health(status: HealthStatus) -> str:
    """A health status in one word."""
    return {
        HealthStatus.HEALTHY: _("Healthy"),
        HealthStatus.DEGRADED: _("Degraded"),
        HealthStatus.UNHEALTHY: _("Unhealthy"),
        HealthStatus.UNKNOWN: _("On"),
    }[status]


def health_filter(status: HealthStatus) -> str:
    """A health status as a filter names it."""
    return _("Not reported") if status is HealthStatus.UNKNOWN else health(status)


def kind(name: Kind) -> str:
    """What a module is to an admin."""
    return {Kind.CORE: _("Core"), Kind.OPTIONAL: _("Optional"), Kind.INTERNAL: _("Internal")}[name]


def operation_state(state: OperationState) -> str:
    """How far an operation is."""
    return {
        OperationState.QUEUED: _("Queued"),
        OperationState.RUNNING: _("Running"),
        OperationState.FAILED: _("Failed"),
        OperationState.SUCCEEDED: _("Done"),
        OperationState.KEPT: _("Kept as it is"),
        OperationState.UNDONE: _("Undone"),
        OperationState.CANCELLED: _("Cancelled"),
    }[state]


def step_state(state: StepState) -> str:
    """How far a step is."""
    return {
        StepState.PENDING: _("Waiting"),
        StepState.RUNNING: _("Running"),
        StepState.SUCCEEDED: _("Done"),
        StepState.FAILED: _("Failed"),
        StepState.SKIPPED: _("Skipped"),
    }[state]


def operation_kind(kind: OperationKind) -> str:
    """Where an operation comes from."""
    return {
        OperationKind.TOGGLE: _("switched"),
        OperationKind.UNDO: _("undo"),
        OperationKind.CREATE: _("platform created"),
        OperationKind.APPLY: _("applied from a file"),
        OperationKind.RECONCILE: _("reconciled at start"),
    }[kind]


def config_source(source: ConfigSource) -> str:
    """Where a value comes from."""
    return {
        ConfigSource.DEFAULT: _("Default"),
        ConfigSource.PLATFORM: _("Set here"),
        ConfigSource.FILE: _("Locked by console.toml"),
        ConfigSource.ENV: _("Locked by the environment"),
    }[source]


def source(name: str) -> str:
    """The door through which somebody came."""
    known = {
        "page": _("page"),
        "cli": _("command line"),
        "api": _("API"),
        "file": _("file"),
        "system": _("by itself"),
    }
    return known.get(name, name)


def actor(name: str) -> str:
    """Who did it: people by their address, programs by the name of their token."""
    kind, colon, rest = name.partition(":")
    if kind == "token" and colon:
        return _("token %(name)s", name=rest)
    if kind == "cli" and colon:
        return _("%(name)s on the server", name=rest)
    return _("the console") if name == SYSTEM.name else name


def role(name: Role) -> str:
    """A role, for people."""
    return {
        Role.INSTANCE_ADMIN: _("Instance admin"),
        Role.PLATFORM_ADMIN: _("Platform admin"),
        Role.PLATFORM_VIEWER: _("Platform viewer"),
        Role.VENDOR_OWNER: _("Vendor owner"),
        Role.VENDOR_MEMBER: _("Vendor member"),
    }[name]
