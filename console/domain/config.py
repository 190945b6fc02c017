"""Configuration of modules: which value is in force and where it comes from.

File and environment lie above the platform's overrides, those above ``default_config``, and that above the defaults of
the schema. Only overrides are stored. A stored value that today's schema refuses never breaks anything: the layer below
counts, and the module says what it needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pydantic import SecretStr

from console.domain.config_schema import ConfigSchema, schema_of
from console.domain.definition import ModuleDefinition
from console.domain.plain import UNSTORABLE, is_storable, plain
from console.domain.reasons import Fault, Reason, reasons
from console.domain.words import ConfigSource
from console.errors import ConfigInvalid, RuleRefused, Unknown
from console.phrases import mark, say

__all__ = ["EffectiveConfig", "LockedConfig", "check_defaults", "effective", "merge", "parse_text", "reasons"]

SEALED = "$secret"
Locked = Mapping[str, tuple[object, ConfigSource]]
Tables = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class LockedConfig:
    """Values that the operator set outside the console; they win and cannot be edited there.

    Args:
        file_modules: ``[modules.CODE]`` of ``console.toml``, for all platforms.
        file_platforms: ``[platforms.SLUG.CODE]``, for one platform.
        env_modules: ``CONSOLE_MODULE__CODE__KEY`` by label and key, both in lower case, values as text.
    """

    file_modules: Tables = field(default_factory=dict)
    file_platforms: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    env_modules: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, platform_slug: str, code: str) -> Locked:
        """Key → value and where it stands; the environment wins over the file, the platform over all platforms."""
        found: dict[str, tuple[object, ConfigSource]] = {}
        for tables in (self.file_modules, self.file_platforms.get(platform_slug, {})):
            for name in (code.replace("-", "_"), code):
                table = tables.get(name)
                if isinstance(table, Mapping):
                    found.update((key, (value, ConfigSource.FILE)) for key, value in table.items())
        for key, text in self.env_modules.get(code.replace("-", "_"), {}).items():
            found[key] = (text, ConfigSource.ENV)
        return found


@dataclass(frozen=True, slots=True)
class EffectiveConfig:
    """The configuration of one module on one platform.

    Args:
        values: Key → Python value; a secret is a ``SecretStr`` around what was stored, sealed or open.
        sources: Key → where the value in force comes from; ``file`` and ``env`` lock the key.
        defaults: Key → what would be in force without overrides, None when nothing would.
        problems: Key → why a value is missing or refused: the module needs configuration.
        secrets: Keys whose values are never shown.
        rejected: Key → the stored value that is not in force because the schema refuses it today.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    sources: Mapping[str, ConfigSource] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    rejected: Mapping[str, object] = field(default_factory=dict)

    def is_locked(self, key: str) -> bool:
        """Whether file or environment hold the key."""
        return self.sources.get(key) in (ConfigSource.FILE, ConfigSource.ENV)


def sealed_text(value: object) -> str | None:
    """The sealed text of a stored secret, None for any other value."""
    text = value.get(SEALED) if isinstance(value, Mapping) and len(value) == 1 else None
    return text if isinstance(text, str) else None


def effective(
    definition: ModuleDefinition,
    *,
    platform_slug: str,
    overrides: Mapping[str, object],
    locked: LockedConfig | None = None,
) -> EffectiveConfig:
    """What is in force for the module on the platform; never raises because of a value."""
    schema = schema_of(definition)
    held, unknown = _known(schema, locked.of(platform_slug, definition.code) if locked is not None else {})
    stored = {key: value for key, value in overrides.items() if key in schema.keys}
    outside = {key: value for key, (value, _) in held.items()}
    given, sealed = _split({**stored, **outside})
    layers = [{key: value for key, value in layer.items() if key in given} for layer in (outside, stored)]
    outcome = schema.read(*layers, definition.default_config, without=sealed.keys())
    values = {key: SecretStr(sealed[key]) if key in sealed else outcome.values.get(key) for key in schema.keys}
    sources = dict.fromkeys(schema.keys, ConfigSource.DEFAULT)
    sources.update(dict.fromkeys(stored, ConfigSource.PLATFORM))
    sources.update((key, source) for key, (_, source) in held.items())
    return EffectiveConfig(
        values=MappingProxyType(values),
        sources=MappingProxyType(sources),
        defaults=MappingProxyType(schema.read(definition.default_config).values),
        problems=MappingProxyType({**outcome.problems, **unknown}),
        secrets=schema.secrets,
        rejected=MappingProxyType(
            {key: value for key, value in stored.items() if key in outcome.problems and key not in (*sealed, *held)}
        ),
    )


def merge(
    definition: ModuleDefinition,
    overrides: Mapping[str, object],
    *,
    changes: Mapping[str, object],
    unset: Iterable[str] = (),
    locked: Locked | None = None,
) -> dict[str, object]:
    """The overrides after the change: JSON values, a stored secret as it was, a new one as an open ``SecretStr``.

    Args:
        definition: Whose schema judges.
        overrides: What is stored now.
        changes: Key → new value, as Python value or text; an empty secret keeps the stored one.
        unset: Keys that go back to their default.
        locked: What file and environment hold on this platform.

    Raises:
        Unknown: There is no such key.
        RuleRefused: ``config_locked``: the key is held outside the console.
        ConfigInvalid: Names every key that the schema refuses in the result; nothing is stored.
    """
    schema = schema_of(definition)
    gone = frozenset(unset)
    held, _ = _known(schema, locked or {})
    for key in (*changes, *gone):
        if key not in schema.keys:
            raise Unknown("key", key, schema.keys)
        if key in held:
            raise _locked(definition, key, held[key][1])
    kept = {key: value for key, value in overrides.items() if key in schema.keys and key not in gone}
    fresh = {key: value for key, value in changes.items() if not (key in schema.secrets and _plain(value) == "")}
    merged = {**kept, **fresh}
    outside = {key: value for key, (value, _) in held.items()}
    given, sealed = _split({**merged, **outside})
    outcome = schema.read(given, definition.default_config, without=sealed.keys())
    unstorable = {
        key: Reason(Fault(UNSTORABLE)) for key, value in fresh.items() if not is_storable(plain(_plain(value)))
    }
    if outcome.problems or unstorable:
        raise ConfigInvalid({**outcome.problems, **unstorable})
    return {
        key: value if key in held else _to_store(outcome.values.get(key), value, sealed=key in sealed)
        for key, value in merged.items()
    }


def check_defaults(definition: ModuleDefinition) -> list[str]:
    """What is wrong with schema and ``default_config`` together, one sentence each.

    A key that has no default anywhere is no mistake: the module then needs configuration before it is of use.
    """
    schema = schema_of(definition)
    unknown = [key for key in definition.default_config if key not in schema.keys]
    lacking = mark("default_config has the key %(key)s, which config_schema lacks")
    found: list[str] = [say(lacking, key=repr(key)) for key in unknown]
    found += schema.faults()
    if not unknown:
        refused = schema.read(definition.default_config, missing_is_fine=True).problems
        refusal = mark("default_config[%(key)s] is refused by config_schema: %(why)s")
        found += [say(refusal, key=repr(key), why=why) for key, why in refused.items()]
    return found


def parse_text(definition: ModuleDefinition, texts: Mapping[str, str]) -> dict[str, object]:
    """Key → value for what somebody typed as ``KEY=TEXT``; lists and tables are written as JSON.

    Raises:
        Unknown: There is no such key.
        ConfigInvalid: A list or table is no JSON.
    """
    schema = schema_of(definition)
    for key in texts:
        if key not in schema.keys:
            raise Unknown("key", key, schema.keys)
    values: dict[str, object] = {}
    wrong: dict[str, str] = {}
    for key, text in texts.items():
        try:
            values[key] = schema.parse(key, text)
        except ValueError:
            wrong[key] = Reason(Fault('write it as JSON, such as ["a", "b"] or {"a": 1}'))
    if wrong:
        raise ConfigInvalid(wrong)
    return values


def _known(schema: ConfigSchema, held: Locked) -> tuple[Locked, dict[str, str]]:
    """The locked values by the schema's own spelling of the keys, and a reason for each key that it lacks."""
    by_lower = {key.lower(): key for key in schema.keys}
    known: dict[str, tuple[object, ConfigSource]] = {}
    unknown: dict[str, str] = {}
    for name, (value, source) in held.items():
        key = by_lower.get(name.lower()) if source is ConfigSource.ENV else name
        if key is None or key not in schema.keys:
            unknown[name] = Reason(Fault(UNKNOWN[source]))
        else:
            known[key] = (schema.try_parse(key, value) if source is ConfigSource.ENV else value, source)
    return known, unknown


UNKNOWN = {
    ConfigSource.FILE: mark("there is no such key; it stands in the file console.toml"),
    ConfigSource.ENV: mark("there is no such key; it stands in the environment"),
}
_LOCKED = {
    ConfigSource.FILE: mark("%(key)s of %(module)s is set in the file console.toml and cannot be changed here."),
    ConfigSource.ENV: mark("%(key)s of %(module)s is set in the environment and cannot be changed here."),
}


def _split(values: Mapping[str, object]) -> tuple[dict[str, object], dict[str, str]]:
    """The values that a schema can judge, and the sealed secrets by key."""
    sealed = {key: text for key, value in values.items() if (text := sealed_text(value)) is not None}
    return {key: value for key, value in values.items() if key not in sealed}, sealed


def _plain(value: object) -> object:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _to_store(value: object, raw: object, *, sealed: bool) -> object:
    if sealed or isinstance(value, SecretStr):
        return raw if sealed else value
    return plain(value)


def _locked(definition: ModuleDefinition, key: str, source: ConfigSource) -> RuleRefused:
    return RuleRefused(
        say(_LOCKED[source], key=repr(key), module=repr(definition.code)),
        code="config_locked",
        hint=say("Change it there, and start the console again."),
        key=key,
        source=source.value,
    )
