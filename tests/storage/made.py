"""Modules made for these tests: folders with nothing but migrations."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from pathlib import Path

from console.domain.definition import ModuleDefinition
from console.domain.registry import InstalledModule
from console.storage.tables import Platform, Vendor
from console.storage.uow import unit_of_work

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def installed_in(folder: Path) -> list[InstalledModule]:
    """Every folder of ``folder`` as an installed module."""
    return [
        InstalledModule(
            code := path.name.replace("_", "-"),
            ModuleDefinition(code=code, name=code.title()),
            f"testing.{path.name}",
            path,
            "path",
        )
        for path in sorted(folder.iterdir())
    ]


def write_migration(
    folder: Path,
    label: str,
    number: int = 1,
    *,
    body: str | None = None,
    depends_on: str | None = None,
    **changes: object,
) -> Path:
    """Write a migration of the module in ``folder/label`` that makes a table, or does ``body``; the file.

    Args:
        changes: Values of its variables in place of the right ones.
    """
    revision = f"{label}_{number:03}"
    values: dict[str, object] = {
        "revision": revision,
        "down_revision": f"{label}_{number - 1:03}" if number > 1 else None,
        "branch_labels": (label,) if number == 1 else None,
        "depends_on": depends_on,
    } | changes
    table = f'op.create_table("{label}_t{number}", sa.Column("id", sa.Integer(), primary_key=True))'
    path = folder / label / "migrations" / "versions" / f"{revision}_step.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    upgrade = textwrap.indent(textwrap.dedent(body or table).strip(), "    ")
    path.write_text(
        f'"""Step {number} of {label}."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n{head}\n\n'
        f"def upgrade() -> None:\n{upgrade}\n\n\ndef downgrade() -> None:\n    pass\n"
    )
    return path


def add_tenants() -> None:
    """Platforms 1 and 2 with a vendor each, of the same number."""
    with unit_of_work() as uow:
        for slug in ("north", "south"):
            uow.session.add(Platform(slug=slug, name=slug.title(), created_at=NOW))
        uow.session.flush()
        for number, slug in ((1, "north-shop"), (2, "south-shop")):
            uow.session.add(Vendor(slug=slug, platform_id=number, name=slug.title(), created_at=NOW))
