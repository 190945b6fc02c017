"""What the pages of one module's configuration work on: the schema, the values now, and what somebody typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import request, url_for

from console.context import current, current_platform, runtime
from console.domain.config import EffectiveConfig
from console.domain.config_schema import schema_of
from console.domain.definition import ModuleDefinition
from console.errors import Unknown, WrongKey
from console.services import config_history, config_store, configs
from console.services.secrets import SecretUnreadable
from console.storage.uow import read_session
from console.texts import module_text
from console.web.babel import gettext as _
from console.web.babel import timezone
from console.web.forms import Input, InputKind, Posted, Sheet, inputs_for, leaves, spoken
from console.web.forms.inputs import PREFIX
from console.web.forms.read import clear_name_of
from console.web.forms.shown import json_marker_of, mapping_of, marker_of


@dataclass(frozen=True, slots=True)
class Desk:
    """One module's configuration on the platform of this request.

    Args:
        effective: What is in force.
        revision: The module's own config revision.
        inputs: The inputs of its schema, in the reader's language.
    """

    code: str
    name: str
    definition: ModuleDefinition
    effective: EffectiveConfig
    revision: int
    inputs: tuple[Input, ...]

    @property
    def sheet(self) -> Sheet:
        """The form with what is in force, or stored and refused today."""
        return self.sheet_of(self.effective)

    def sheet_of(self, config: EffectiveConfig) -> Sheet:
        """The form with the values of another state."""
        shown = {**config.values, **config.rejected}
        for each in self.inputs:
            if each.kind is InputKind.GROUP and each.key in config.rejected:
                # What a stored model does not say is what is in force.
                stored = mapping_of(config.rejected[each.key])
                shown[each.key] = {**mapping_of(config.values.get(each.key)), **stored}
        return self._filled(shown)

    @property
    def defaults(self) -> Sheet:
        """The form with the defaults."""
        return self._filled(self.effective.defaults)

    @property
    def damaged(self) -> bool:
        """Whether the stored row cannot be read; saving anything mends it."""
        return self.effective.problems.get(config_store.WHOLE) == config_store.DAMAGED

    @property
    def url(self) -> str:
        """The page of the form."""
        return url_for("pages.module_config", code=self.code)

    def began(self, revision: int) -> Sheet:
        """The form as it was at ``revision``; as it is now when there never was such a revision."""
        try:
            old = config_history.at_revision(
                read_session(), runtime(), current_platform.id, self.code, revision=revision
            )
        except Unknown:
            return self.sheet
        return self.sheet_of(old)

    def _filled(self, values: Mapping[str, object]) -> Sheet:
        return Sheet(schema_of(self.definition), self.inputs, values, timezone())


def open_desk(code: str) -> Desk:
    """The desk of a module.

    Raises:
        Unknown: There is no such module, or it has nothing to configure.
    """
    session, rt = read_session(), runtime()
    definition = rt.registry[code].definition
    if definition is None or not inputs_for(definition):
        raise Unknown("configuration", code)
    effective = configs.read(session, rt, current_platform.id, code)
    revision = configs.revision_of(session, current_platform.id, code)
    words = {"on": _("On"), "off": _("Off"), "present": _("Is set")}
    inputs = spoken(inputs_for(definition), lambda text: module_text(code, text), **words)
    return Desk(code, module_text(code, definition.name), definition, effective, revision, inputs)


# --- what was typed ---------------------------------------------------------------------------------------------------
# A secret that was typed does not come back to the page in clear: it travels sealed between the steps of one person.


def sealed_name_of(name: str) -> str:
    """The hidden input with a typed secret."""
    return "sealed_" + name.removeprefix(PREFIX)


def _context(desk: Desk, each: Input) -> str:
    person = current().user
    return f"typed:{current_platform.id}:{desk.code}:{each.key}:{person.id if person is not None else 0}"


def typed_form(desk: Desk) -> Posted:
    """The posted form with the secrets of an earlier step opened."""
    typed = Posted(request.form)
    for each in leaves(desk.inputs):
        sealed = typed.get(sealed_name_of(each.name))
        if each.kind is InputKind.SECRET and sealed and not typed.get(each.name):
            try:
                typed[each.name] = runtime().secrets.open(sealed, context=_context(desk, each))
            except (SecretUnreadable, WrongKey):
                continue
    return typed


def sealed_secrets(desk: Desk, typed: Posted) -> Iterator[tuple[str, str]]:
    """Name and sealed value of the hidden inputs for what was typed into secrets."""
    for each in leaves(desk.inputs):
        if each.kind is InputKind.SECRET and typed.get(each.name):
            yield sealed_name_of(each.name), runtime().secrets.seal(typed[each.name], context=_context(desk, each))


def carried(desk: Desk, typed: Posted) -> tuple[tuple[str, str], ...]:
    """Name and value of the hidden inputs that bring what was typed to the next step."""
    inputs = leaves(desk.inputs)
    secret = {each.name for each in inputs if each.kind is InputKind.SECRET}
    known = {"unset"}
    for each in inputs:
        known |= {name(each.name) for name in (marker_of, json_marker_of, clear_name_of)} | {each.name}
    plain = [(name, value) for name, value in typed.items(multi=True) if name in known - secret]
    return (*plain, *sealed_secrets(desk, typed))
