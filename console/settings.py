"""Typed settings: ``CONSOLE_*`` from the environment, over ``DATA_DIR/console.toml``, over defaults.

Source: the contract, section 2. Unknown names are refused; a secret may come from a file by ``CONSOLE_<NAME>_FILE``.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args, get_origin, get_type_hints

from console import setting_values
from console.errors import SettingsError

SourceName = Literal["env", "file", "default", "call"]
Values = Mapping[str, object]
_PREFIX = "CONSOLE_"
_MODULE_PREFIX = "MODULE__"
_EXAMPLES = {"modules": "billing", "platforms": "acme.billing"}
_NOTHING: Mapping[str, Mapping[str, object]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective settings of a process; ``sources`` says where each value comes from."""

    data_dir: Path = Path("data")
    database_url: str = ""
    secret_key_file: Path = Path()
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    runners: int = 2
    modules_path: tuple[Path, ...] = ()
    strict: bool = False
    safe_mode: bool = False
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    insecure_http: bool = False
    base_url: str = ""
    locale: str = "en"
    timezone: str = "UTC"
    platform: str = ""
    admin_email: str = ""
    admin_password_file: Path | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    hook_timeout_s: float = 60.0
    health_timeout_s: float = 5.0
    hook_attempts: int = 5
    retry_base_s: float = 2.0
    retry_max_s: float = 300.0
    not_ready_limit_s: float = 86400.0
    lease_s: float = 30.0
    heartbeat_s: float = 7.0
    health_every_s: float = 60.0
    audit_every_s: float = 86400.0
    poll_s: float = 1.0
    busy_timeout_s: float = 5.0
    session_idle_s: float = 12 * 3600.0
    session_max_s: float = 14 * 86400.0
    proof_s: float = 15 * 60.0
    second_factor: Literal["optional", "admins", "all"] = "optional"
    demo: bool = False
    file_modules: Mapping[str, Values] = field(default_factory=dict, repr=False)
    file_platforms: Mapping[str, Values] = field(default_factory=dict, repr=False)
    env_modules: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    sources: Mapping[str, SourceName] = field(default_factory=dict, repr=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is the default kind, one SQLite file."""
        return self.database_url.startswith("sqlite")


_TABLES = {"file_modules", "file_platforms", "env_modules", "sources"}
_HINTS = get_type_hints(Settings)
NAMES = tuple(each.name for each in fields(Settings) if each.name not in _TABLES)
SECRETS = frozenset({"database_url"})


def load_settings(overrides: Values | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The effective settings.

    Args:
        overrides: Values that win over everything (command line options, tests), by field name.
        environ: The environment, ``os.environ`` when omitted.

    Raises:
        SettingsError: Names the setting that is unknown or cannot be read, and its source.
    """
    env, module_env = _from_environ(os.environ if environ is None else environ)
    given = dict(overrides or {})
    data_dir = Path(str(given.get("data_dir") or env.get("data_dir") or "data")).expanduser().resolve()
    file, tables = _from_file(data_dir / "console.toml")
    values: dict[str, object] = {}
    sources: dict[str, SourceName] = {}
    layers: tuple[tuple[SourceName, Values], ...] = (("file", file), ("env", env), ("call", given))
    for source, layer in layers:
        for name, raw in layer.items():
            if name not in NAMES:
                raise _unknown(name, source)
            values[name] = _convert(name, raw)
            sources[name] = source
    values["data_dir"] = data_dir
    settings = replace(
        Settings(**values),  # type: ignore[arg-type]  # _convert gave each the type of its field
        file_modules=tables.get("modules", _NOTHING),
        file_platforms=tables.get("platforms", _NOTHING),
        env_modules=module_env,
        sources={name: sources.get(name, "default") for name in NAMES},
    )
    return replace(
        settings,
        database_url=settings.database_url or f"sqlite:///{data_dir / 'console.db'}",
        secret_key_file=settings.secret_key_file if sources.get("secret_key_file") else data_dir / "secret.key",
    )


def address(settings: Settings, *, host: str | None = None, port: int | None = None) -> str:
    """Where people find the console, without a slash at the end.

    Args:
        host: The host that is listened on, when it is known better than from the settings; so is ``port``.
    """
    host, port = host or settings.host, settings.port if port is None else port
    return settings.base_url.rstrip("/") or f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _from_environ(environ: Mapping[str, str]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    found: dict[str, str] = {}
    modules: dict[str, dict[str, str]] = {}
    for variable, value in environ.items():
        if not variable.startswith(_PREFIX):
            continue
        name = variable.removeprefix(_PREFIX)
        if name.startswith(_MODULE_PREFIX):
            label, separator, key = name.removeprefix(_MODULE_PREFIX).partition("__")
            if not separator or not key:
                raise SettingsError(f"{variable} names no key.", hint="Write CONSOLE_MODULE__<CODE>__<KEY>.")
            modules.setdefault(label.lower(), {})[key.lower()] = value
            continue
        lower = name.lower()
        if lower not in NAMES and lower.endswith("_file") and lower.removesuffix("_file") in SECRETS:
            found[lower.removesuffix("_file")] = _read_secret(variable, value)
        else:
            found[lower] = value
    return found, modules


def _read_secret(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{variable}: {path} cannot be read ({error.strerror}).") from error


def _from_file(path: Path) -> tuple[dict[str, object], dict[str, Mapping[str, Values]]]:
    if not path.is_file():
        return {}, {}
    try:
        content: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # ValueError: not TOML, or not UTF-8
        raise SettingsError(f"{path.name} cannot be read: {error}") from error
    names: tuple[str, ...] = ("modules", "platforms")
    if "data_dir" in content:
        raise SettingsError(
            f"{path.name} stands in the data folder and cannot name another one.",
            hint="Set CONSOLE_DATA_DIR, or pass --data-dir to `serve` and `worker`.",
        )
    tables = {name: content.pop(name) for name in names if name in content}
    for name, table in tables.items():
        inner = table.values() if isinstance(table, dict) else [table]
        if not all(isinstance(each, dict) for each in inner):
            raise SettingsError(f"{path.name}: {name} holds tables only, such as [{name}.{_EXAMPLES[name]}].")
    return content, cast("dict[str, Mapping[str, Values]]", tables)


def _unknown(name: str, source: SourceName) -> SettingsError:
    close = difflib.get_close_matches(name, NAMES, n=1)
    shown = _PREFIX + name.upper() if source == "env" else name
    hint = f"Did you mean {_PREFIX}{close[0].upper()}?" if close else "`module-console settings` lists them."
    return SettingsError(f"There is no setting {shown}.", hint=hint)


def _convert(name: str, raw: object) -> object:
    kind = _HINTS[name]
    convert = setting_values.BY_NAME.get(name) or setting_values.BY_TYPE.get(kind, str)
    try:
        value = convert(raw)
        if get_origin(kind) is Literal and value not in get_args(kind):
            raise ValueError("one of " + ", ".join(map(str, get_args(kind))))
    except (TypeError, ValueError) as error:
        shown = "its value" if name in SECRETS else f"{raw!r}"
        raise SettingsError(f"{_PREFIX}{name.upper()}: {shown} cannot be used: {error}.") from error
    return value
