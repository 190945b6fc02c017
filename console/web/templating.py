"""Template names that never meet: a module's own templates, the console's, and ``<code>/…`` from outside.

Inside module ``cms`` the name ``admin/x.html`` means ``@cms/admin/x.html``, its own file, when it has one. The layouts
and macros of the console cannot be replaced by a module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path

from flask import Flask, has_request_context, request
from flask.templating import Environment
from jinja2 import BaseLoader, FileSystemLoader, Template, TemplateNotFound
from jinja2 import Environment as JinjaEnvironment

from console.context import current
from console.paths import data_folder

KEPT = ("@", "layouts/", "macros/", "errors/")
Source = tuple[str, str | None, Callable[[], bool] | None]


class ModuleLoader(BaseLoader):
    """Loads ``name`` from the console, ``@code/name`` and ``code/name`` from that module."""

    def __init__(self, console: FileSystemLoader, modules: Mapping[str, FileSystemLoader]) -> None:
        self._console = console
        self._modules = modules

    def get_source(self, environment: JinjaEnvironment, template: str) -> Source:
        """The text of a template; a module's templates are only in reach under its own code."""
        code, _, rest = template.removeprefix("@").partition("/")
        if not template.startswith("@"):
            try:
                return self._console.get_source(environment, template)
            except TemplateNotFound:
                if code not in self._modules:
                    raise
        if code in self._modules and rest:
            return self._modules[code].get_source(environment, rest)
        raise TemplateNotFound(template)

    def list_templates(self) -> list[str]:
        """Every name that resolves."""
        own = [f"@{code}/{name}" for code, loader in self._modules.items() for name in loader.list_templates()]
        return sorted([*self._console.list_templates(), *own])

    def owned(self, template: str, code: str | None) -> str:
        """The full name of ``template`` as the module ``code`` means it."""
        if template.startswith(KEPT):
            return template
        if code is not None and code in self._modules and _exists(self._modules[code], template):
            return f"@{code}/{template}"
        other, _, rest = template.partition("/")
        outside = other in self._modules and not _exists(self._console, template)
        return f"@{other}/{rest}" if outside else template


def _exists(loader: FileSystemLoader, template: str) -> bool:
    return ".." not in template and any(Path(root, template).is_file() for root in loader.searchpath)


class ModuleEnvironment(Environment):
    """Flask's Jinja environment that knows which module a name is meant by."""

    def __init__(self, app: Flask, **options: object) -> None:
        options["loader"] = app.extensions["console_templates"]
        super().__init__(app, **options)

    def join_path(self, template: str, parent: str) -> str:
        """Names in ``extends`` and ``include`` are meant by the module whose template holds them."""
        code = parent[1:].partition("/")[0] if parent.startswith("@") else None
        return self._owned(template, code)

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, object] | None = None
    ) -> Template:
        """The template as the module of the current view means it."""
        if isinstance(name, str) and parent is None and has_request_context() and request.endpoint:
            name = self._owned(name, current().module)
        return super().get_template(name, parent, globals)

    def _owned(self, name: str, code: str | None) -> str:
        return self.loader.owned(name, code) if isinstance(self.loader, ModuleLoader) else name


def install(app: Flask, folders: Mapping[str, Path]) -> None:
    """Give ``app`` the loader over the console's templates and each module's folder (code → folder)."""
    console = FileSystemLoader(str(data_folder("templates")))
    modules = {code: FileSystemLoader(str(folder)) for code, folder in folders.items()}
    app.extensions["console_templates"] = ModuleLoader(console, modules)
    app.jinja_environment = ModuleEnvironment  # type: ignore[assignment]  # Flask reads it from the instance
