"""Configuration: which value is in force, what is stored, what is refused."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, Literal, Self

import pytest
from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator

from console.domain.config import EffectiveConfig, LockedConfig, check_defaults, effective, merge, parse_text
from console.domain.words import ConfigSource
from console.errors import ConfigInvalid, RuleRefused, Unknown
from tests.unit.domain.making import definition

SEALED = {"$secret": "k1:c2VhbGVk"}


class BillingConfig(BaseModel):
    stripe_mode: Literal["test", "live"] = "test"
    trial_days: int = Field(default=14, ge=0, le=365)
    enable_invoices: bool = True
    invoice_prefix: str = Field(default="INV-", max_length=10)
    api_key: SecretStr = SecretStr("")
    countries: list[str] = []
    starts: date | None = None


BILLING = definition("billing", config_schema=BillingConfig, default_config={"trial_days": 30})


def read(overrides: dict[str, object], locked: LockedConfig | None = None, **options: Any) -> EffectiveConfig:
    # any: the fields of a definition
    made = definition("billing", **{"config_schema": BillingConfig, "default_config": {"trial_days": 30}, **options})
    return effective(made, platform_slug="acme", overrides=overrides, locked=locked)


def test_every_key_has_a_value_and_a_source() -> None:
    found = read({"invoice_prefix": "AC-"})
    assert set(found.values) == set(BillingConfig.model_fields)
    assert (found.values["invoice_prefix"], found.sources["invoice_prefix"]) == ("AC-", ConfigSource.PLATFORM)
    assert (found.values["trial_days"], found.sources["trial_days"]) == (30, ConfigSource.DEFAULT)
    assert (found.values["stripe_mode"], found.defaults["trial_days"]) == ("test", 30)
    assert found.problems == {}
    assert found.secrets == {"api_key"}


def test_values_are_python_values() -> None:
    assert read({"starts": "2026-01-31"}).values["starts"] == date(2026, 1, 31)


LOCKED = LockedConfig(
    file_modules={"billing": {"trial_days": 1, "invoice_prefix": "ALL-"}},
    file_platforms={"acme": {"billing": {"invoice_prefix": "ACME-"}}, "globex": {"billing": {"trial_days": 9}}},
    env_modules={"billing": {"trial_days": "2", "enable_invoices": "off", "countries": '["DE"]'}},
)


def test_environment_over_file_over_platform_over_default() -> None:
    found = read({"invoice_prefix": "AC-", "trial_days": 3, "stripe_mode": "live"}, LOCKED)
    got = {
        key: (found.values[key], found.sources[key].value) for key in ("trial_days", "invoice_prefix", "stripe_mode")
    }
    assert got == {"trial_days": (2, "env"), "invoice_prefix": ("ACME-", "file"), "stripe_mode": ("live", "platform")}
    assert (found.values["enable_invoices"], found.values["countries"]) == (False, ["DE"])
    assert [found.is_locked(key) for key in ("trial_days", "invoice_prefix", "stripe_mode")] == [True, True, False]


def test_a_module_with_a_dash_is_found_in_the_file_either_way_and_in_the_environment() -> None:
    for name in ("dev-tools", "dev_tools"):
        locked = LockedConfig(file_modules={name: {"x": 1}}, env_modules={"dev_tools": {"y": "2"}})
        assert locked.of("acme", "dev-tools") == {"x": (1, ConfigSource.FILE), "y": ("2", ConfigSource.ENV)}


class Shouting(BaseModel):
    Trial_Days: int = 1


def test_environment_keys_match_in_any_case() -> None:
    found = read(
        {}, LockedConfig(env_modules={"billing": {"trial_days": "5"}}), config_schema=Shouting, default_config={}
    )
    assert found.values == {"Trial_Days": 5}


def test_a_locked_key_that_does_not_exist_is_named() -> None:
    found = read({}, LockedConfig(file_modules={"billing": {"trail_days": 3}}))
    assert found.problems == {"trail_days": "there is no such key; it stands in the file console.toml"}


def test_a_stored_value_that_the_schema_refuses_never_breaks_anything() -> None:
    found = read({"trial_days": 999, "stripe_mode": "live", "gone": True})
    assert found.problems == {"trial_days": "365 or less"}
    assert found.values["trial_days"] == 30, "the layer below stands in"
    assert found.values["stripe_mode"] == "live"
    assert "gone" not in found.values


class Needy(BaseModel):
    url: str
    retries: int = 3


def test_a_key_without_any_value_needs_configuration() -> None:
    found = read({"retries": 5}, config_schema=Needy, default_config={})
    assert found.problems == {"url": "a value is needed"}
    assert found.values == {"url": None, "retries": 5}
    assert found.sources["url"] is ConfigSource.DEFAULT


def test_a_stored_secret_stays_a_secret_and_is_not_judged_while_sealed() -> None:
    found = read({"api_key": SEALED})
    secret = found.values["api_key"]
    assert isinstance(secret, SecretStr)
    assert secret.get_secret_value() == "k1:c2VhbGVk"
    assert "c2VhbGVk" not in repr(found)
    assert found.problems == {}


def test_an_opened_secret_is_judged_like_any_value() -> None:
    opened = read({"api_key": SecretStr("sk_1")}).values["api_key"]
    assert isinstance(opened, SecretStr)
    assert opened.get_secret_value() == "sk_1"


class NeedsSecret(BaseModel):
    api_key: SecretStr = Field(min_length=40)
    mode: str = "test"


def test_a_required_secret_that_is_sealed_is_there() -> None:
    found = read({"api_key": SEALED, "mode": "live"}, config_schema=NeedsSecret, default_config={})
    assert (found.problems, found.values["mode"]) == ({}, "live")


class Careless(BaseModel):
    size: int = 1

    @model_validator(mode="after")
    def explode(self) -> Self:
        if self.size > 5:
            raise RuntimeError("boom")
        return self


def test_a_validator_that_crashes_is_a_finding() -> None:
    found = read({"size": 6}, config_schema=Careless, default_config={})
    assert found.problems == {"*": "the schema itself failed (RuntimeError)"}
    assert found.values == {"size": 1}


def test_without_a_schema_the_keys_of_default_config_are_the_only_ones() -> None:
    found = read({"colour": "red", "other": 1}, config_schema=None, default_config={"colour": "blue", "size": 2})
    assert found.values == {"colour": "red", "size": 2}
    assert found.sources == {"colour": ConfigSource.PLATFORM, "size": ConfigSource.DEFAULT}


def test_nothing_to_configure_is_fine() -> None:
    assert read({}, config_schema=None, default_config={}).values == {}


def test_merging_keeps_overrides_sparse_and_normal() -> None:
    merged = merge(BILLING, {"invoice_prefix": "AC-"}, changes={"trial_days": "7", "starts": date(2026, 1, 31)})
    assert merged == {"invoice_prefix": "AC-", "trial_days": 7, "starts": "2026-01-31"}


def test_unset_goes_back_to_the_default() -> None:
    assert merge(BILLING, {"trial_days": 7, "invoice_prefix": "A"}, changes={}, unset=["trial_days"]) == {
        "invoice_prefix": "A"
    }


def test_a_refused_value_names_each_key_and_stores_nothing() -> None:
    stored: dict[str, object] = {"invoice_prefix": "AC-"}
    with pytest.raises(ConfigInvalid) as raised:
        merge(BILLING, stored, changes={"trial_days": -1, "stripe_mode": "prod", "enable_invoices": True})
    assert raised.value.errors == {"trial_days": "0 or more", "stripe_mode": "one of 'test' or 'live'"}
    assert stored == {"invoice_prefix": "AC-"}


def test_the_whole_is_validated_not_only_the_change() -> None:
    with pytest.raises(ConfigInvalid) as raised:
        merge(BILLING, {"trial_days": 999}, changes={"stripe_mode": "live"})
    assert set(raised.value.errors) == {"trial_days"}


@pytest.mark.parametrize("options", [{"changes": {"trial_dayz": 1}}, {"changes": {}, "unset": ["trial_dayz"]}])
def test_an_unknown_key_is_refused_with_what_comes_close(options: dict[str, Any]) -> None:
    # any: keyword arguments of merge
    with pytest.raises(Unknown) as raised:
        merge(BILLING, {}, **options)
    assert (raised.value.code, raised.value.hint) == ("unknown_key", "Did you mean 'trial_days'?")


def test_a_locked_key_is_refused_by_name_and_place() -> None:
    with pytest.raises(RuleRefused, match="'trial_days' of 'billing' is set in the environment") as raised:
        merge(BILLING, {}, changes={"trial_days": 4}, locked=LOCKED.of("acme", "billing"))
    assert raised.value.code == "config_locked"


def test_a_secret_is_kept_sealed_changed_open_and_empty_means_keep() -> None:
    kept = merge(BILLING, {"api_key": SEALED}, changes={"trial_days": 1, "api_key": ""})
    assert kept == {"api_key": SEALED, "trial_days": 1}
    fresh = merge(BILLING, {"api_key": SEALED}, changes={"api_key": "sk_2"})["api_key"]
    assert isinstance(fresh, SecretStr)
    assert fresh.get_secret_value() == "sk_2"
    assert merge(BILLING, {"api_key": SEALED}, changes={}, unset=["api_key"]) == {}


class Picky(BaseModel):
    token: SecretStr = SecretStr("")
    word: str = ""

    @field_validator("token", "word")
    @classmethod
    def repeat_the_value(cls, value: object) -> object:
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        raise ValueError(f"{text} is not good enough")


def test_the_words_of_a_validator_are_shown_but_never_those_about_a_secret() -> None:
    with pytest.raises(ConfigInvalid) as raised:
        merge(definition(config_schema=Picky), {}, changes={"token": "hush", "word": "loud"})
    assert raised.value.errors == {"token": "the value cannot be used", "word": "loud is not good enough"}


class Aliased(BaseModel):
    days: int = Field(default=1, alias="trialDays", ge=0)


def test_keys_are_field_names_whatever_the_aliases() -> None:
    made = definition(config_schema=Aliased)
    assert merge(made, {}, changes={"days": 3}) == {"days": 3}
    with pytest.raises(ConfigInvalid) as raised:
        merge(made, {}, changes={"days": -3})
    assert raised.value.errors == {"days": "0 or more"}


class Inner(BaseModel):
    password: SecretStr = SecretStr("")


class Hiding(BaseModel):
    smtp: Inner = Inner()
    many: list[SecretStr] = []
    maybe: SecretStr | None = None


def test_a_secret_that_would_be_stored_unsealed_is_refused_with_the_schema() -> None:
    assert check_defaults(definition(config_schema=Hiding)) == [
        "config_schema has a secret inside 'Inner.password'; make it a key of its own",
        "config_schema has a secret inside 'many'; make it a key of its own",
    ]


def test_default_config_may_be_partial_and_needs_no_required_key() -> None:
    assert check_defaults(definition(config_schema=Needy, default_config={"retries": 1})) == []
    assert check_defaults(definition()) == []


def test_an_unknown_default_is_named() -> None:
    assert check_defaults(definition(config_schema=Needy, default_config={"retry": 1})) == [
        "default_config has the key 'retry', which config_schema lacks"
    ]


class Colour(StrEnum):
    RED = "red"


class Typed(BaseModel):
    word: str = ""
    number: int = 0
    share: float = 0.0
    flag: bool = False
    day: date = date(2026, 1, 1)
    colour: Colour = Colour.RED
    names: list[str] = []
    table: dict[str, int] = {}
    inner: Inner = Inner()
    perhaps: int | None = None


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("word", "42", "42"),
        ("word", "null", "null"),
        ("number", "42", 42),
        ("number", "many", "many"),
        ("share", "0.5", 0.5),
        ("flag", "Off", False),
        ("flag", "perhaps", "perhaps"),
        ("day", "2026-02-03", "2026-02-03"),
        ("colour", "red", "red"),
        ("names", '["a", "b"]', ["a", "b"]),
        ("table", '{"a": 1}', {"a": 1}),
        ("inner", '{"password": "x"}', {"password": "x"}),
        ("perhaps", "null", None),
        ("perhaps", "3", 3),
    ],
)
def test_typed_text_becomes_a_value(key: str, text: str, value: object) -> None:
    assert parse_text(definition(config_schema=Typed), {key: text}) == {key: value}


def test_lists_and_tables_are_written_as_json() -> None:
    with pytest.raises(ConfigInvalid) as raised:
        parse_text(definition(config_schema=Typed), {"names": "a,b", "number": "1"})
    assert list(raised.value.errors) == ["names"]
    assert "write it as JSON" in raised.value.errors["names"]


def test_text_for_an_unknown_key_is_refused() -> None:
    with pytest.raises(Unknown, match="no key 'wort'"):
        parse_text(definition(config_schema=Typed), {"wort": "x"})


@pytest.mark.parametrize(
    ("default", "text", "value"), [(1, "2", 2), (True, "no", False), ("a", "b", "b"), ([], "[1]", [1])]
)
def test_without_a_schema_the_default_says_how_to_read_text(default: object, text: str, value: object) -> None:
    assert parse_text(definition(default_config={"key": default}), {"key": text}) == {"key": value}
