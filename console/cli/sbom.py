"""``sbom``: the bill of materials of what runs here."""

from __future__ import annotations

from console.cli.base import Cli, command
from console.paths import data_folder


@command("sbom", platform=False)
def sbom(cli: Cli) -> None:
    """What runs here, as a CycloneDX 1.6 document: packages, modules and what is vendored; needs no database."""
    from console.services import bill, inventory
    from console.storage.clock import this_moment

    modules = cli.rt.registry.modules()
    cli.talk.document(bill.bill(inventory.installed(), modules, static=data_folder("static"), now=this_moment()))
