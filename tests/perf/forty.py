"""A folder of modules as an operator with many has them: descriptions, tags, needs, configuration, pages."""

from __future__ import annotations

from pathlib import Path

TAGS = ("commerce", "content", "insight", "operations")

DEFINITION = '''"""Module {number} of a crowded console."""

from __future__ import annotations

from pydantic import BaseModel

from console.sdk import FrontendType, ModuleDefinition


class Config(BaseModel):
    """What it lets admins choose."""

    limit: int = 10


module = ModuleDefinition(
    code="{code}",
    name="Module {number:02}",
    description="Keeps what its vendors entrust to it, and nothing else",
    tags=["{tag}"],
    requires={requires},
    features=["{label}_things"],
    {extra}
)
'''
ROUTES = '''"""Its one page."""

from __future__ import annotations

from console.sdk import ModuleBlueprint

admin_pages = ModuleBlueprint("{code}", __name__)


@admin_pages.get("/")
def {label}_things() -> str:
    """All of them."""
    return ""
'''


def write_modules(folder: Path, count: int, *, first: int = 0) -> None:
    """``count`` modules: each third requires the one before and has configuration, each second has an admin page."""
    for number in range(first, first + count):
        code, label = f"module-{number:02}", f"module_{number:02}"
        home = folder / label
        home.mkdir(parents=True)
        (home / "__init__.py").touch()
        extra = ["config_schema=Config,"] if number % 3 == 0 else []
        if number % 2 == 0:
            extra.append(f'menu_items={{FrontendType.ADMIN: ["{code}-things"]}},')
            (home / "routes").mkdir()
            (home / "routes" / "__init__.py").touch()
            (home / "routes" / "admin.py").write_text(ROUTES.format(code=code, label=label))
        (home / "definition.py").write_text(
            DEFINITION.format(
                code=code,
                label=label,
                number=number,
                tag=TAGS[number % len(TAGS)],
                requires=[f"module-{number - 1:02}"] if number % 3 == 2 and number > first else [],
                extra="\n    ".join(extra),
            )
        )
