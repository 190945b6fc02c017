"""The tree of commands: names, where they are, and a line of help each."""

from __future__ import annotations

import click

from console.cli.lazy import Commands, LazyGroup

OPERATIONS: Commands = {
    "retry": ("console.cli.operations:retry", "Again from the failed step."),
    "undo": ("console.cli.operations:undo", "A new operation back to what was wanted before."),
    "keep": ("console.cli.operations:keep", "Accept what is; what failed is not wanted any more."),
    "cancel": ("console.cli.operations:cancel", "A queued one, or one that waits between tries."),
    "force": ("console.cli.operations:force", "Finish a step of switching off without its hook."),
}
GIVEN_UP: Commands = {
    "again": ("console.cli.given_up:again", "Deliver or run it again, with all its tries."),
    "let-go": ("console.cli.given_up:let_go", "Try it no more."),
}
CONFIG: Commands = {
    "list": ("console.cli.config:list_values", "Every effective value with its source."),
    "get": ("console.cli.config:get_value", "One value."),
    "set": ("console.cli.config:set_values", "Change values: KEY=VALUE, KEY=- (stdin) or KEY=@file."),
    "unset": ("console.cli.config:unset_values", "Back to the default."),
    "history": ("console.cli.config:show_history", "Revisions with author, note and difference."),
    "restore": ("console.cli.config:restore_revision", "An older revision again, as a new one."),
    "schema": ("console.cli.config:show_schema", "The JSON Schema."),
}
PLATFORMS: Commands = {
    "list": ("console.cli.platforms:list_platforms", "All platforms."),
    "create": ("console.cli.platforms:create", "A new platform; core modules come on."),
    "archive": ("console.cli.platforms:archive", "Take it out of use; its data stays."),
}
VENDORS: Commands = {
    "list": ("console.cli.platforms:list_vendors", "The vendors of one platform or of all."),
    "create": ("console.cli.platforms:create_vendor", "A new vendor."),
}
USERS: Commands = {
    "list": ("console.cli.users:list_users", "Who there is, with roles."),
    "create": ("console.cli.users:create", "A new account."),
    "passwd": ("console.cli.users:passwd", "A new password."),
    "disable": ("console.cli.users:disable", "No login any more."),
    "unlock": ("console.cli.users_access:unlock", "Let somebody try again who was wrong too often."),
    "reset-second-factor": ("console.cli.users_access:reset_second_factor", "For somebody who lost it."),
}
TOKENS: Commands = {
    "list": ("console.cli.tokens:list_tokens", "Tokens of the API, never their text."),
    "create": ("console.cli.tokens:create", "A new token, printed once."),
    "revoke": ("console.cli.tokens:revoke", "Not valid any more."),
}
TIERS: Commands = {
    "list": ("console.cli.tiers:list_tiers", "What vendors of a platform can have."),
    "create": ("console.cli.tiers:create", "A new tier."),
    "set": ("console.cli.tiers:save", "Change a tier, after its plan."),
    "delete": ("console.cli.tiers:remove", "Delete a tier that no vendor has."),
    "assign": ("console.cli.tiers:assign", "Give a vendor a tier, after its plan."),
    "override": ("console.cli.tiers:override", "Give or keep a feature, for one vendor alone."),
}
AUDIT: Commands = {
    "list": ("console.cli.audit:list_entries", "Who did what, newest first."),
    "export": ("console.cli.audit:export", "All of it, as CSV or JSON."),
    "verify": ("console.cli.audit_verify:verify", "Whether anybody changed it afterwards."),
}
BACKUP: Commands = {
    "create": ("console.cli.backups:create", "A copy of the database, while it is in use."),
    "verify": ("console.cli.backups:verify", "Whether copies are whole and fit this console."),
    "restore": ("console.cli.backups_restore:restore", "A copy in the place of the database."),
}
SECRETS: Commands = {"rotate": ("console.cli.secrets:rotate", "A new key, and every stored secret sealed with it.")}
DATABASE: Commands = {"upgrade": ("console.cli.migrations:db_upgrade", "Migrate the console and every module.")}
MODULES: Commands = {
    "list": ("console.cli.listing:list_modules", "Every module with its state, origin, health and needs."),
    "show": ("console.cli.listing:show", "All about one module."),
    "plan": ("console.cli.switching:plan", "What switching on or off would change."),
    "enable": ("console.cli.switching:enable", "Switch modules on, with what they require."),
    "disable": ("console.cli.switching:disable", "Switch modules off, with what requires them."),
    "is-enabled": ("console.cli.listing:is_enabled", "Exit 0 on, 1 off."),
    "operations": ("console.cli.groups:operations_group", "Follow, retry, undo, keep, cancel or force operations."),
    "why": ("console.cli.listing:why", "Every fact behind on or off."),
    "config": ("console.cli.groups:config_group", "Read and change configuration."),
    "purge": ("console.cli.purge:purge", "Delete the rows and settings of a module that is off."),
    "graph": ("console.cli.graph:graph", "What requires what."),
    "routes": ("console.cli.routes:routes", "The addresses of a module."),
    "health": ("console.cli.reports:health", "The last reports."),
    "given-up": ("console.cli.groups:given_up_group", "Deliveries and tasks that gave up: again, or let go."),
    "events": ("console.cli.reports:events", "Deliveries of events."),
    "migrations": ("console.cli.migrations:migrations", "How every branch stands."),
    "migrate": ("console.cli.migrations:migrate", "Upgrade all branches, or one module's."),
    "revision": ("console.cli.migrations:revision", "A new migration for a module's tables."),
}
CONSOLE: Commands = {
    "serve": ("console.cli.serving:serve", "Upgrade the database, then web and runners until SIGTERM."),
    "worker": ("console.cli.serving:worker", "Runners alone."),
    "modules": ("console.cli.groups:modules_group", "Switch modules per platform, by plan."),
    "platforms": ("console.cli.groups:platforms_group", "The tenants."),
    "vendors": ("console.cli.groups:vendors_group", "The merchants of platforms."),
    "users": ("console.cli.groups:users_group", "Who may log in."),
    "tokens": ("console.cli.groups:tokens_group", "Who may use the API."),
    "tiers": ("console.cli.groups:tiers_group", "What vendors can have."),
    "audit": ("console.cli.groups:audit_group", "Who did what."),
    "backup": ("console.cli.groups:backup_group", "Copies of the database."),
    "secrets": ("console.cli.groups:secrets_group", "The key that seals them."),
    "doctor": ("console.cli.doctor:doctor", "What is wrong, and whether it may stand on the internet."),
    "sbom": ("console.cli.sbom:sbom", "The bill of materials: every package that runs here."),
    "settings": ("console.cli.instance:settings", "Every setting with its source."),
    "setup-link": ("console.cli.instance:setup_link", "The link that makes the first admin."),
    "demo": ("console.cli.instance:demo", "Two platforms with vendors, in an empty database."),
    "db": ("console.cli.groups:database_group", "The database."),
}


class LookingGroup(LazyGroup):
    """``operations [ID]`` looks; a word for what to do with one comes before its id.

    Args:
        look: Where the command is that only looks.
        usage: The arguments of a look.
    """

    LOOK = "look"

    def __init__(self, name: str, lazy: Commands, *, help: str, look: str, usage: str) -> None:
        super().__init__(name, lazy, help=help)
        self._looking = LazyGroup(name, {self.LOOK: (look, help)}, help=help)
        self._usage = usage

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts the word first: ``-p acme retry 7`` is ``retry -p acme 7``, and without a word it is a look."""
        word = self._word(args)
        if word is not None:
            args = [args[word], *args[:word], *args[word + 1 :]]
        elif "--help" not in args:
            args = [self.LOOK, *args]
        return super().parse_args(ctx, args)

    def _word(self, args: list[str]) -> int | None:
        for place, word in enumerate(args):
            follows_platform = place > 0 and args[place - 1] in ("-p", "--platform")
            if word in self.lazy and not follows_platform:
                return place
        return None

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command; looking is one that is not listed."""
        if cmd_name == self.LOOK:
            return self._looking.get_command(ctx, cmd_name)
        return super().get_command(ctx, cmd_name)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Both ways to call it."""
        formatter.write_usage(ctx.command_path, self._usage)
        formatter.write_usage(ctx.command_path, f"{'|'.join(self.lazy)} ID …")


operations_group = LookingGroup(
    "operations",
    OPERATIONS,
    help="The last operations, or with an ID that one.",
    look="console.cli.operations:look",
    usage="[ID] [--follow] [OPTIONS]",
)
given_up_group = LookingGroup(
    "given-up",
    GIVEN_UP,
    help="Deliveries and tasks that gave up after their last try.",
    look="console.cli.given_up:look",
    usage="[OPTIONS]",
)
config_group = LazyGroup("config", CONFIG, help="Configuration of a module on a platform.")
platforms_group = LazyGroup("platforms", PLATFORMS, help="The tenants.")
vendors_group = LazyGroup("vendors", VENDORS, help="The merchants of platforms.")
users_group = LazyGroup("users", USERS, help="Who may log in.")
tokens_group = LazyGroup("tokens", TOKENS, help="Who may use the API.")
tiers_group = LazyGroup("tiers", TIERS, help="What vendors can have, and what each has.")
audit_group = LazyGroup("audit", AUDIT, help="Who did what to a platform, or to the whole instance.")
backup_group = LazyGroup("backup", BACKUP, help="Copies of the database: made, looked at, brought back.")
secrets_group = LazyGroup("secrets", SECRETS, help="The secrets of configurations, and the key that seals them.")
database_group = LazyGroup("db", DATABASE, help="The database.")
modules_group = LazyGroup("modules", MODULES, help="Switch modules on and off per platform, by plan.")
console_group = LazyGroup("module-console", CONSOLE, help="Module Console: business modules per platform, by plan.")
