"""Static files: served by WhiteNoise, under names that change with their content, so that browsers keep them for ever.

``/static/…`` holds the console's files, ``/static/m/<code>/…`` those of a module. They hold no tenant's data and are
not gated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from console.domain.registry import Registry
from console.paths import data_folder
from console.web.packed import PackedFile, is_worth_packing

PREFIX = "/static/"
# The stylesheet names its fonts itself, so their addresses do not change; a new font gets a new name.
NAMED_FOR_EVER = f"{PREFIX}fonts/"
SHORT_S = 300


class Assets:
    """Name of a file below ``static/`` → its address."""

    def __init__(self) -> None:
        self.urls: dict[str, str] = {}
        self.files: dict[str, Path] = {}

    def add(self, root: Path, before: str = "") -> None:
        """Take in every file below ``root``."""
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix not in (".br", ".gz"):
                name = before + path.relative_to(root).as_posix()
                plain = PREFIX + name
                self.files[plain] = path
                self.urls[name] = plain if plain.startswith(NAMED_FOR_EVER) else _hashed(plain, path)
                self.files[self.urls[name]] = path

    def url(self, name: str) -> str:
        """The address of ``name``.

        Raises:
            LookupError: There is no such file.
        """
        try:
            return self.urls[name]
        except KeyError:
            raise LookupError(f"there is no static file {name!r}") from None

    def is_for_ever(self, _path: str, url: str) -> bool:
        """Whether what stands at ``url`` never changes."""
        return url.startswith(NAMED_FOR_EVER) or (url in self._hashed_urls and url in self.files)

    @property
    def _hashed_urls(self) -> frozenset[str]:
        return frozenset(url for name, url in self.urls.items() if url != PREFIX + name)


def _hashed(url: str, path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    head, dot, suffix = url.rpartition(".")
    return f"{head}.{digest}{dot}{suffix}" if dot else f"{url}.{digest}"


def module_folders(registry: Registry) -> Mapping[str, Path]:
    """Code → static folder of every live module that has one."""
    found = {module.code: module.path / "static" for module in registry.modules() if module.live}
    return {code: folder for code, folder in found.items() if folder.is_dir()}


def install(app: Flask, registry: Registry) -> None:
    """Serve the files in front of ``app`` and let templates name them by ``asset()``."""
    assets = Assets()
    assets.add(data_folder("static"))
    for code, folder in module_folders(registry).items():
        assets.add(folder, f"m/{code}/")
    white = WhiteNoise(app.wsgi_app, max_age=SHORT_S, allow_all_origins=False, immutable_file_test=assets.is_for_ever)
    for url, path in assets.files.items():
        white.add_file_to_dictionary(url, str(path))
        if is_worth_packing(path):
            white.files[url] = PackedFile(white.files[url], path)
    app.wsgi_app = white  # type: ignore[method-assign]  # Flask's documented way to wrap
    app.jinja_env.globals["asset"] = assets.url
