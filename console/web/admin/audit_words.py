"""The audit in words: what was done, why, and what was different afterwards."""

from __future__ import annotations

from console.context import runtime
from console.domain.config_schema import schema_of
from console.domain.sentences import recall
from console.domain.words import FrontendType
from console.services.audit import AuditView
from console.services.logins import UNKNOWN
from console.web.admin import texts
from console.web.admin.changes import Change, changes_of
from console.web.babel import gettext as _
from console.web.babel import lazy_gettext

FAMILIES = {
    "modules.": ("blocks", lazy_gettext("Modules")),
    "config.": ("sliders-horizontal", lazy_gettext("Configuration")),
    "operations.": ("history", lazy_gettext("Operations")),
    "delivery.": ("inbox", lazy_gettext("Events")),
    "task.": ("list-checks", lazy_gettext("Tasks")),
    "vendors.": ("store", lazy_gettext("Vendors")),
    "requests.": ("inbox", lazy_gettext("Requests")),
    "menu.": ("list-tree", lazy_gettext("Menus")),
    "users.": ("users", lazy_gettext("People")),
    "platforms.": ("layers", lazy_gettext("Platforms")),
    "roles.": ("shield", lazy_gettext("Roles")),
    "tiers.": ("layers", lazy_gettext("Tiers")),
    "tokens.": ("key-round", lazy_gettext("Tokens")),
    "steps.": ("list-checks", lazy_gettext("Steps")),
    "sessions.": ("log-in", lazy_gettext("Logins")),
    "access.": ("shield", lazy_gettext("Denials")),
    "secrets.": ("lock", lazy_gettext("Secrets")),
    "backup.": ("archive", lazy_gettext("Backups")),
    "audit.": ("scroll-text", lazy_gettext("The audit itself")),
}


def family_icon(action: str) -> str:
    """The icon of an action's family."""
    return FAMILIES.get(action.partition(".")[0] + ".", ("info", ""))[0]


def action_text(action: str, target: str) -> str:
    """An action in words; one that has none yet is named as it is stored."""
    name = texts.module_name(runtime().registry, target)
    sentences = _about_platforms(name, target) | _about_people(target)
    return sentences.get(action, f"{action} {target}")


def _about_platforms(name: str, target: str) -> dict[str, str]:
    """What is done to platforms, their modules and vendors."""
    return {
        "modules.enable": _("%(name)s was asked for", name=name),
        "modules.disable": _("%(name)s was switched off", name=name),
        "modules.configure": _("%(name)s is now on for its own sake", name=name),
        "modules.purge": _("What %(name)s kept was deleted", name=name),
        "steps.succeeded": _("The step for %(name)s is done", name=name),
        "steps.failed": _("The step for %(name)s failed", name=name),
        "steps.skipped": _("The step for %(name)s was skipped", name=name),
        "operations.retry": _("Operation %(name)s was tried again", name=target),
        "operations.undo": _("Operation %(name)s was undone", name=target),
        "operations.keep": _("Operation %(name)s was kept as it is", name=target),
        "operations.cancel": _("Operation %(name)s was cancelled", name=target),
        "operations.force": _("A step was ended without its hook: %(name)s", name=target),
        "delivery.again": _("An event that %(name)s had not heard is delivered again", name=target),
        "delivery.let_go": _("An event that %(name)s had not heard was let go", name=target),
        "task.again": _("The task %(name)s is run again", name=target),
        "task.let_go": _("The task %(name)s was let go", name=target),
        "config.save": _("Configuration of %(name)s was changed", name=name),
        "config.restore": _("Configuration of %(name)s was restored", name=name),
        "platforms.create": _("Platform %(name)s was created", name=target),
        "platforms.archive": _("Platform %(name)s was archived", name=target),
        "vendors.create": _("Vendor %(name)s was created", name=target),
        "vendors.tier": _("Vendor %(name)s was given another tier", name=target),
        "vendors.override": _("A feature was given to vendor %(name)s alone, or kept from it", name=target),
        "vendors.override_end": _("The tier of vendor %(name)s decides about a feature again", name=target),
        "tiers.create": _("Tier %(name)s was made", name=target),
        "tiers.save": _("Tier %(name)s was changed", name=target),
        "tiers.delete": _("Tier %(name)s was deleted", name=target),
        "roles.create": _("Role %(name)s was made", name=target),
        "roles.save": _("Role %(name)s was changed", name=target),
        "roles.delete": _("Role %(name)s was deleted", name=target),
        "requests.ask": _("A vendor asked for %(name)s", name=name),
        "requests.withdrawn": _("A vendor withdrew its request for %(name)s", name=name),
        "requests.granted": _("A request for %(name)s was granted", name=name),
        "requests.declined": _("A request for %(name)s was declined", name=name),
        "menu.save": _("The menu of admins was arranged")
        if target == FrontendType.ADMIN
        else _("The menu of vendors was arranged"),
        "menu.reset": _("The menu of admins follows the modules again")
        if target == FrontendType.ADMIN
        else _("The menu of vendors follows the modules again"),
    }


def _about_people(target: str) -> dict[str, str]:
    """What is done to accounts and by logins, and to what guards them."""
    return {
        "users.create": _("%(name)s was given a login", name=target),
        "users.grant": _("%(name)s was given a role", name=target),
        "users.revoke": _("A role was taken from %(name)s", name=target),
        "users.disable": _("%(name)s was locked out", name=target),
        "users.passwd": _("The password of %(name)s was changed", name=target),
        "users.profile": _("%(name)s changed the profile", name=target),
        "users.unlock": _("%(name)s may try to log in again", name=target),
        "users.app_connect": _("%(name)s connected an authenticator app", name=target),
        "users.app_disconnect": _("%(name)s disconnected the authenticator app", name=target),
        "users.passkey_add": _("%(name)s added a passkey", name=target),
        "users.passkey_remove": _("%(name)s removed a passkey", name=target),
        "users.codes_renew": _("%(name)s made new recovery codes", name=target),
        "users.code_use": _("%(name)s used a recovery code", name=target),
        "users.factors_reset": _("The second factors of %(name)s were taken away", name=target),
        "tokens.create": _("Token %(name)s was made", name=target),
        "tokens.revoke": _("Token %(name)s was revoked", name=target),
        "sessions.start": _("%(name)s logged in", name=target),
        "setup.link": _("A link for the first admin was made"),
        "access.deny": _("The permission %(name)s was missing", name=target),
        "secrets.rotate": _("The key of the secrets was replaced"),
        "backup.created": _("A backup was made: %(name)s", name=target),
        "backup.restored": _("The database was brought back from the backup %(name)s", name=target),
        "audit.accept": _("A restored database was taken on"),
        "sessions.end": _("A session of %(name)s was ended", name=target),
        "sessions.refuse": _("A login was wrong")
        if target == UNKNOWN
        else _("A login as %(name)s was wrong", name=target),
    }


def reason_text(text: str) -> str:
    """Why it was done: the note of a person, or the plan's reason in words."""
    if text == "requested":
        return ""
    known = text.partition(":")[0] in ("required_by", "requires", "unneeded")
    return texts.reason(runtime().registry, text) if known else recall(text)


def changes(entry: AuditView) -> tuple[Change, ...]:
    """What was different afterwards, fact by fact; for something new only what it has."""
    after = entry.after or {}
    if entry.before is None:
        after = {name: value for name, value in after.items() if value is not None}
    return changes_of(entry.before, after, secrets=_secrets(entry))


def _secrets(entry: AuditView) -> frozenset[str]:
    """Keys whose values nobody may read, by today's schema: what was no secret once may be one now."""
    registry = runtime().registry
    if not entry.action.startswith("config.") or entry.target not in registry:
        return frozenset()
    definition = registry[entry.target].definition
    return frozenset() if definition is None else schema_of(definition).secrets
