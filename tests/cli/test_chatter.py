"""Modules that print: at import, in a migration and in a hook; stdout stays the answer's."""

from __future__ import annotations

from pathlib import Path

from tests.cli.documents import OperationDocument
from tests.cli.shell import Process

DEFINITION = """
from console.sdk import ModuleDefinition

print("chatter: import")


def on_enable(platform_id: int) -> None:
    print("chatter: hook", flush=True)


module = ModuleDefinition(code="chatter", name="Chatter", on_enable=on_enable)
"""
MIGRATION = """
revision = "chatter_001"
down_revision = None
branch_labels = ("chatter",)
depends_on = None
print("chatter: file")


def upgrade() -> None:
    print("chatter: migration")
"""


def test_what_modules_print_is_talk(process: Process, tmp_path: Path) -> None:
    folder = tmp_path / "further" / "chatter"
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "definition.py").write_text(DEFINITION)
    (folder / "migrations" / "versions" / "chatter_001_talk.py").write_text(MIGRATION)
    talking = Process(process.folder, {**process.variables, "CONSOLE_MODULES_PATH": str(folder.parent)})

    upgraded = talking.run("db", "upgrade", "--json")
    assert upgraded.json["schema"] == 1
    assert upgraded.err.split("\n")[:3] == ["chatter: import", "chatter: file", "chatter: migration"]

    assert talking.run("platforms", "create", "acme", "--name", "Acme", "--json").code == 0
    enabled = talking.run("modules", "enable", "chatter", "--json")
    assert enabled.document(OperationDocument).some().done() == [("chatter", "enable", "succeeded")]
    assert "chatter: hook" in enabled.err
    assert talking.run("modules", "config", "list", "billing", "--plain").out.startswith("stripe_mode\t")
