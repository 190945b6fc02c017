"""``secrets``: the key that seals them."""

from __future__ import annotations

from console.cli.base import Cli, command
from console.storage.uow import unit_of_work


@command("rotate", platform=False)
def rotate(cli: Cli) -> None:
    """A new key, and every stored secret sealed with it; begun again after a kill, it goes on where it stopped."""
    from console.services import rotation
    from console.services.migrations.exclusive import exclusive
    from console.storage.base import db

    session, rt = cli.read(), cli.rt
    with exclusive(db.engine):
        old, new = rotation.begin(session, rt)
        secrets = 0
        for platform_id in rotation.platform_ids(session):
            with unit_of_work() as uow:
                secrets += rotation.reseal(uow, rt, platform_id, old=old, actor=cli.actor, now=cli.now)
        with unit_of_work() as uow:
            secrets = rotation.finish(uow, rt, old=old, actor=cli.actor, now=cli.now, secrets=secrets)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "old": old, "new": new, "secrets": secrets})
    else:
        cli.talk.done(f"{secrets} stored secrets are sealed with the key {new}; {old} only opens what is older.")
        cli.talk.say("Back the key file up, bring it to every machine, and start `serve` and `worker` again.")
