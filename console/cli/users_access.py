"""``users unlock`` and ``users reset-second-factor``: the way back for whoever cannot log in."""

from __future__ import annotations

from console.cli.base import Cli, command
from console.cli.users import EMAIL, changed
from console.services import factors, throttle, users
from console.storage.uow import unit_of_work


@command("unlock", EMAIL, platform=False)
def unlock(cli: Cli, email: str) -> None:
    """The next login may be tried at once; the waits after wrong ones are forgotten."""
    user_id = users.by_email(cli.read(), email).id
    with unit_of_work() as uow:
        throttle.unlock(uow, cli.rt, user_id, actor=cli.actor, now=cli.now)
    changed(cli, user_id, f"{email} may try to log in again.")


@command("reset-second-factor", EMAIL, platform=False)
def reset_second_factor(cli: Cli, email: str) -> None:
    """Take app, passkeys and recovery codes from an account; its sessions end, the password stays."""
    user_id = users.by_email(cli.read(), email).id
    with unit_of_work() as uow:
        factors.reset(uow, user_id, actor=cli.actor, now=cli.now)
    changed(cli, user_id, f"A login as {email} takes only the password.")
