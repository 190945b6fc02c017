"""``settings``, ``setup-link`` and ``demo``."""

from __future__ import annotations

from console.cli.base import Cli, command
from console.errors import RuleRefused
from console.services import demo as service
from console.services import setup
from console.settings import NAMES, SECRETS, load_settings
from console.storage.uow import unit_of_work


@command("settings", platform=False)
def settings(cli: Cli) -> None:
    """Every effective setting with its source, secrets masked; needs neither application nor database."""
    found = load_settings()
    values = {name: (_shown(name, getattr(found, name)), found.sources[name]) for name in NAMES}
    if cli.talk.json:
        listed = {name: {"value": value, "source": source} for name, (value, source) in values.items()}
        cli.talk.document({"schema": 1, "settings": listed})
        return
    rows = ((f"CONSOLE_{name.upper()}", value, source) for name, (value, source) in values.items())
    cli.talk.table(("setting", "value", "source"), rows)


def _shown(name: str, value: object) -> object:
    if name in SECRETS:
        return _masked(str(value))
    if isinstance(value, tuple):
        return [str(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _masked(url: str) -> str:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "***"


@command("setup-link", platform=False)
def setup_link(cli: Cli) -> None:
    """A fresh link that makes the first admin, while there is none; an older one stops working."""
    cli.read()
    found = cli.rt.settings
    with unit_of_work() as uow:
        token = setup.fresh_link(uow, cli.now)
    host = f"[{found.host}]" if ":" in found.host else found.host
    base = found.base_url.rstrip("/") or f"http://{host}:{found.port}"
    url = f"{base}/setup?token={token}"
    if cli.talk.json:
        cli.talk.document({"schema": 1, "url": url})
    else:
        cli.talk.answer(url)


@command("demo", platform=False)
def demo(cli: Cli) -> None:
    """Two platforms with vendors in an empty database, and no account."""
    cli.read()
    with unit_of_work() as uow:
        filled = service.fill(uow, cli.rt, cli.now)
    if not filled:
        raise RuleRefused(
            "There is a platform already.", code="not_empty", hint="The demo is for an empty data folder."
        )
    if cli.talk.json:
        cli.talk.document({"schema": 1, "platforms": [slug for slug, _ in service.PLATFORMS]})
    else:
        names = " and ".join(slug for slug, _ in service.PLATFORMS)
        cli.talk.done(f"The platforms {names} are there; `setup-link` makes the first admin.")
