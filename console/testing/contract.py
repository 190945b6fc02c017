"""The contract that every module keeps, as tests."""

from __future__ import annotations

from typing import ClassVar

from flask import Flask

from console.checks import check_module
from console.context import runtime
from console.domain.words import Kind, OperationState
from console.services import configs
from console.services.views import PlatformView
from console.storage.uow import read_session
from console.testing.journeys import is_on, switch


class ModuleContract:
    """Subclass it, set ``code``, and pytest proves that the module keeps the rules.

    Needs the fixtures ``console_app`` and ``console_platform`` of ``console.testing.plugin``.
    """

    code: ClassVar[str]

    def test_the_module_has_no_problems(self, console_app: Flask) -> None:
        """Definition, imports, tables, files, locales, routes and menus."""
        with console_app.app_context():
            registry = runtime().registry
            found = check_module(registry, registry[self.code])
        assert not found, "\n".join(map(str, found))

    def test_the_default_configuration_is_valid(self, console_app: Flask, console_platform: PlatformView) -> None:
        """A platform that never changed anything needs no configuration."""
        with console_app.app_context():
            config = configs.read(read_session(), runtime(), console_platform.id, self.code)
        assert dict(config.problems) == {}

    def test_switching_is_complete_and_repeatable(self, console_app: Flask, console_platform: PlatformView) -> None:
        """On, on again (nothing to do), off, on: each ends in the state that was asked for. Core cannot be off."""
        with console_app.app_context():
            definition = runtime().registry[self.code].definition
        assert definition is not None
        if definition.kind is Kind.CORE:
            assert is_on(console_app, console_platform.id, self.code)
            return
        for on in (True, False, True):
            done = switch(console_app, console_platform.id, self.code, on=on)
            assert done is not None
            assert done.state is OperationState.SUCCEEDED, done
            assert is_on(console_app, console_platform.id, self.code) is on
        assert switch(console_app, console_platform.id, self.code, on=True) is None

    def test_every_menu_item_leads_to_a_view(self, console_app: Flask) -> None:
        """Each id of ``menu_items`` became a link."""
        with console_app.app_context():
            module = runtime().registry[self.code]
        assert module.definition is not None
        declared = {(frontend, each) for frontend, ids in module.definition.menu_items.items() for each in ids}
        assert declared <= {(entry.frontend, entry.id) for entry in module.entries}
