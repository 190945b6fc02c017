"""Settings: environment over file over defaults, and nothing unknown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from console.errors import SettingsError
from console.settings import address, load_settings


def test_environment_wins_over_file_and_file_over_default(tmp_path: Path) -> None:
    (tmp_path / "console.toml").write_text('port = 7000\nlocale = "fr"\n')
    settings = load_settings({"data_dir": tmp_path}, {"CONSOLE_PORT": "7100"})
    assert (settings.port, settings.locale, settings.timezone) == (7100, "fr", "UTC")
    assert (settings.sources["port"], settings.sources["locale"], settings.sources["timezone"]) == (
        "env",
        "file",
        "default",
    )


def test_the_data_folder_comes_from_the_environment_and_holds_database_and_key(tmp_path: Path) -> None:
    settings = load_settings(environ={"CONSOLE_DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/console.db"
    assert settings.secret_key_file == tmp_path / "secret.key"


@pytest.mark.parametrize(
    ("variable", "value", "text"),
    [
        ("CONSOLE_PROT", "1", "There is no setting CONSOLE_PROT"),
        ("CONSOLE_PORT", "many", "CONSOLE_PORT: 'many' cannot be used"),
        ("CONSOLE_STRICT", "perhaps", "write true or false"),
        ("CONSOLE_LOG_LEVEL", "LOUD", "one of DEBUG, INFO, WARNING, ERROR"),
        ("CONSOLE_MODULE__BILLING", "1", "names no key"),
        ("CONSOLE_PORT", "70000", "write 0 to 65535"),
        ("CONSOLE_WORKERS", "0", "write 1 or more"),
        ("CONSOLE_PROXY_HOPS", "-1", "write 0 or more"),
        ("CONSOLE_POLL_S", "0", "write a number of seconds"),
        ("CONSOLE_LEASE_S", "nan", "write a number of seconds"),
        ("CONSOLE_BUSY_TIMEOUT_S", "inf", "write a number of seconds"),
        ("CONSOLE_TIMEZONE", "Mars/Olympus", "such as Europe/Paris"),
        ("CONSOLE_TIMEZONE", "../etc/passwd", "such as Europe/Paris"),
        ("CONSOLE_BASE_URL", "shop.example", "write https://"),
        ("CONSOLE_DATABASE_URL", "mysql://ann:sesame@db/shop", "its value cannot be used: write sqlite"),
        ("CONSOLE_DATABASE_URL_FILE", "/nowhere", "/nowhere cannot be read"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, variable: str, value: str, text: str) -> None:
    with pytest.raises(SettingsError, match=text):
        load_settings({"data_dir": tmp_path}, {variable: value})


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("modules_path = 5", "write a list"),
        ("secret_key_file = 5", "write a path"),
        ('data_dir = "/srv"', "cannot name another one"),
        ('port = "many"', "CONSOLE_PORT: 'many'"),
    ],
)
def test_a_wrong_value_in_the_file_is_named(tmp_path: Path, content: str, text: str) -> None:
    (tmp_path / "console.toml").write_text(content)
    with pytest.raises(SettingsError, match=text):
        load_settings({"data_dir": tmp_path}, {})


def test_an_unknown_setting_suggests_the_right_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"data_dir": tmp_path}, {"CONSOLE_PROT": "1"})
    assert caught.value.hint == "Did you mean CONSOLE_PORT?"


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://console@db/console\n")
    settings = load_settings({"data_dir": tmp_path}, {"CONSOLE_DATABASE_URL_FILE": str(tmp_path / "url")})
    assert settings.database_url == "postgresql://console@db/console"
    assert not settings.is_sqlite


def test_lists_are_read_from_text_and_from_toml(tmp_path: Path) -> None:
    (tmp_path / "console.toml").write_text('modules_path = ["/srv/a", "/srv/b"]\n')
    settings = load_settings({"data_dir": tmp_path}, {"CONSOLE_TRUSTED_HOSTS": "a.example, b.example"})
    assert settings.modules_path == (Path("/srv/a"), Path("/srv/b"))
    assert settings.trusted_hosts == ("a.example", "b.example")


def test_module_values_of_environment_and_file_are_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "console.toml").write_text(
        "[modules.billing]\ntrial_days = 3\n[platforms.acme.billing]\ntrial_days = 4\n"
    )
    settings = load_settings({"data_dir": tmp_path}, {"CONSOLE_MODULE__BILLING__STRIPE_MODE": "live"})
    assert settings.file_modules == {"billing": {"trial_days": 3}}
    assert settings.file_platforms == {"acme": {"billing": {"trial_days": 4}}}
    assert settings.env_modules == {"billing": {"stripe_mode": "live"}}


@pytest.mark.parametrize("content", [b"port = = 1", b"\xff\xfe"], ids=["not TOML", "not UTF-8"])
def test_a_broken_file_is_an_error_not_a_default(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "console.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"console\.toml cannot be read"):
        load_settings({"data_dir": tmp_path}, {})


@pytest.mark.parametrize(
    "content", ["modules = 5", "platforms = 'acme'", "[modules]\nbilling = 3", "[platforms]\nacme = 1"]
)
def test_what_should_be_a_table_is_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "console.toml").write_text(content)
    with pytest.raises(SettingsError, match=r"console\.toml: (modules|platforms) holds tables only"):
        load_settings({"data_dir": tmp_path}, {})


def test_the_address_is_the_one_that_people_use() -> None:
    settings = load_settings({"host": "::1", "port": 9000}, {})
    assert address(settings) == "http://[::1]:9000"
    assert address(settings, host="127.0.0.1", port=81) == "http://127.0.0.1:81"
    assert address(replace(settings, base_url="https://shop.example/")) == "https://shop.example"
