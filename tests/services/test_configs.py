"""Configuration: sparse overrides, secrets that nobody reads, revisions, and stored values that are not trusted."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Literal

import pytest
from pydantic import BaseModel, Field, SecretStr
from sqlalchemy import select, text

from console.domain.config import SEALED, LockedConfig
from console.domain.definition import ModuleDefinition
from console.domain.words import ConfigSource
from console.errors import ConfigInvalid, Conflict, RuleRefused, Unknown
from console.services import audit, config_history, config_json, configs, snapshots
from console.storage.base import db
from console.storage.tables import AuditEntry, ConfigRevision, ModuleConfig
from tests.services.bench import ANNA, Bench, module
from tests.services.conftest import MakeBench


class BillingConfig(BaseModel):
    mode: Literal["test", "live"] = "test"
    trial_days: int = Field(default=14, ge=0, le=365)
    api_key: SecretStr | None = None
    grace: timedelta = timedelta(days=1)


def billing() -> ModuleDefinition:
    return module("billing", config_schema=BillingConfig, default_config={"trial_days": 30})


@pytest.fixture
def bench(make: MakeBench) -> Bench:
    return make(billing())


def save(bench: Bench, platform_id: int, changes: dict[str, object], **more: object) -> int:
    with bench.unit() as uow:
        revision: int = configs.save(
            uow,
            bench.rt,
            platform_id,
            "billing",
            changes,
            actor=ANNA,
            now=bench.now,
            **more,  # type: ignore[arg-type]
        )
    return revision


def stored(bench: Bench, platform_id: int) -> dict[str, object]:
    row = bench.session.get(ModuleConfig, (platform_id, "billing"))
    return {} if row is None else row.overrides


def damage(bench: Bench, platform_id: int, raw: str) -> None:
    """Write the overrides as no service ever would."""
    with bench.unit() as uow:
        cast = "CAST(:raw AS JSONB)" if db.engine.dialect.name == "postgresql" else ":raw"
        statement = text(f"UPDATE module_configs SET overrides = {cast} WHERE platform_id = :id")
        uow.session.execute(statement, {"raw": raw, "id": platform_id})


def test_only_overrides_are_stored_and_every_layer_is_named(bench: Bench) -> None:
    acme = bench.platform()
    assert save(bench, acme, {"mode": "live"}) == 1
    assert stored(bench, acme) == {"mode": "live"}
    config = configs.read(bench.session, bench.rt, acme, "billing")
    assert dict(config.values) == {"mode": "live", "trial_days": 30, "api_key": None, "grace": timedelta(days=1)}
    assert config.sources["mode"] is ConfigSource.PLATFORM
    assert config.sources["trial_days"] is ConfigSource.DEFAULT


def test_saving_is_one_step_of_the_revision_and_audited_with_both_sides(bench: Bench) -> None:
    acme = bench.platform()
    before = bench.revision(acme)
    save(bench, acme, {"trial_days": "60"}, note="spring sale")
    assert bench.revision(acme) == before + 1
    entry = audit.listing(bench.session, acme, limit=1)[0]
    assert (entry.action, entry.target, entry.reason) == ("config.save", "billing", "spring sale")
    assert (entry.before, entry.after) == ({"trial_days": None}, {"trial_days": 60})
    view = config_history.history(bench.session, acme, "billing")[0]
    assert (view.revision, view.actor, view.note) == (1, "anna@example.com", "spring sale")


def test_saving_the_same_again_writes_nothing(bench: Bench) -> None:
    acme = bench.platform()
    save(bench, acme, {"mode": "live"})
    counted = (bench.count(AuditEntry), bench.count(ConfigRevision), bench.revision(acme))
    assert save(bench, acme, {"mode": "live"}) == 1
    assert (bench.count(AuditEntry), bench.count(ConfigRevision), bench.revision(acme)) == counted


def test_a_value_that_the_schema_rejects_stores_nothing(bench: Bench) -> None:
    acme = bench.platform()
    with pytest.raises(ConfigInvalid) as invalid:
        save(bench, acme, {"mode": "wild", "trial_days": 999})
    assert set(invalid.value.errors) == {"mode", "trial_days"}
    assert "wild" not in str(invalid.value)
    assert bench.count(ModuleConfig) == 0


def test_an_unknown_key_is_answered_with_what_comes_close(bench: Bench) -> None:
    acme = bench.platform()
    with pytest.raises(Unknown) as unknown:
        save(bench, acme, {"trail_days": 3})
    assert unknown.value.hint == "Did you mean 'trial_days'?"


def test_a_secret_is_sealed_at_rest_masked_in_every_record_and_open_for_code(bench: Bench) -> None:
    acme = bench.platform()
    save(bench, acme, {"api_key": "sk_live_1"})
    raw = stored(bench, acme)["api_key"]
    assert isinstance(raw, dict)
    assert list(raw) == [SEALED]
    everything = [*bench.session.scalars(select(ConfigRevision)), *bench.session.scalars(select(AuditEntry))]
    records = json.dumps([[each.overrides, each.diff] for each in everything if isinstance(each, ConfigRevision)])
    records += json.dumps([[each.before, each.after] for each in everything if isinstance(each, AuditEntry)])
    assert "sk_live_1" not in records
    assert config_history.history(bench.session, acme, "billing")[0].diff == {
        "api_key": {"before": None, "after": config_json.MASK}
    }
    value = configs.for_code(bench.session, bench.rt, acme, "billing")["api_key"]
    assert isinstance(value, SecretStr)
    assert value.get_secret_value() == "sk_live_1"


def test_an_empty_secret_keeps_the_stored_one_and_unset_drops_it(bench: Bench) -> None:
    acme = bench.platform()
    save(bench, acme, {"api_key": "sk_live_1"})
    sealed = stored(bench, acme)["api_key"]
    assert save(bench, acme, {"api_key": "", "mode": "live"}) == 2
    assert stored(bench, acme)["api_key"] == sealed
    assert save(bench, acme, {}, unset=["api_key"]) == 3
    assert configs.for_code(bench.session, bench.rt, acme, "billing")["api_key"] is None


def test_a_secret_is_bound_to_its_platform(bench: Bench) -> None:
    acme, globex = bench.platform(), bench.platform("globex")
    save(bench, acme, {"api_key": "sk_live_1"})
    save(bench, globex, {"api_key": "sk_live_2"})
    damage(bench, globex, json.dumps(stored(bench, acme)))
    assert configs.for_code(bench.session, bench.rt, globex, "billing")["api_key"] is None
    assert "api_key" in configs.read(bench.session, bench.rt, globex, "billing").problems


def test_a_stale_save_is_a_conflict_that_names_both_revisions(bench: Bench) -> None:
    acme = bench.platform()
    save(bench, acme, {"mode": "live"}, expected_revision=0)
    with pytest.raises(Conflict) as conflict:
        save(bench, acme, {"mode": "test", "api_key": "sk_live_1"}, expected_revision=0)
    assert conflict.value.code == "config_stale"
    assert conflict.value.details == {
        "expected": 0,
        "revision": 1,
        "stored": {"mode": "live"},
        "yours": {"mode": "test", "api_key": config_json.MASK},
    }
    assert stored(bench, acme) == {"mode": "live"}


def test_restoring_makes_a_new_revision_with_the_old_values(bench: Bench) -> None:
    acme = bench.platform()
    save(bench, acme, {"mode": "live", "api_key": "sk_1"})
    save(bench, acme, {"trial_days": 5, "api_key": "sk_2"}, unset=["mode"])
    with bench.unit() as uow:
        assert config_history.restore(uow, bench.rt, acme, "billing", 1, actor=ANNA, now=bench.now) == 3
    values = configs.for_code(bench.session, bench.rt, acme, "billing")
    assert (values["mode"], values["trial_days"]) == ("live", 30)
    assert values["api_key"] == SecretStr("sk_1")
    assert [view.restores for view in config_history.history(bench.session, acme, "billing")] == [1, None, None]
    with pytest.raises(Unknown), bench.unit() as uow:
        config_history.restore(uow, bench.rt, acme, "billing", 9, actor=ANNA, now=bench.now)


def test_keys_of_file_and_environment_are_locked(make: MakeBench) -> None:
    bench = make(billing())
    bench.rt.locked = LockedConfig(env_modules={"billing": {"mode": "live"}})
    acme = bench.platform()
    config = configs.read(bench.session, bench.rt, acme, "billing")
    assert (config.values["mode"], config.sources["mode"]) == ("live", ConfigSource.ENV)
    with pytest.raises(RuleRefused) as locked:
        save(bench, acme, {"mode": "test"})
    assert (locked.value.code, locked.value.details["key"]) == ("config_locked", "mode")


def test_a_stored_value_that_todays_schema_rejects_is_a_problem_and_not_an_error(bench: Bench) -> None:
    acme = bench.platform()
    save(bench, acme, {"mode": "live"})
    damage(bench, acme, json.dumps({"mode": "wild", "trial_days": 7, "gone": 1}))
    config = configs.read(bench.session, bench.rt, acme, "billing")
    assert (config.values["mode"], config.values["trial_days"]) == ("test", 7)
    assert list(config.problems) == ["mode"]
    assert configs.for_code(bench.session, bench.rt, acme, "billing")["mode"] == "test"
    assert save(bench, acme, {"mode": "live"}) == 2
    assert stored(bench, acme) == {"mode": "live", "trial_days": 7}


@pytest.mark.parametrize("raw", ["[1, 2]", '"text"', "null", "{not json"])
def test_a_row_that_cannot_be_read_is_a_problem_and_not_an_error(bench: Bench, raw: str) -> None:
    if raw == "{not json" and db.engine.dialect.name == "postgresql":
        raw = "17"  # Postgres itself refuses what is not JSON
    acme = bench.platform()
    save(bench, acme, {"mode": "live"})
    damage(bench, acme, raw)
    for config in (
        configs.read(bench.session, bench.rt, acme, "billing"),
        snapshots.load(bench.session, bench.rt, acme).config["billing"],
    ):
        assert config.values["mode"] == "test"
        assert "cannot be read" in config.problems["*"]
    assert configs.for_code(bench.session, bench.rt, acme, "billing")["trial_days"] == 30
    assert save(bench, acme, {}) == 2
    assert configs.read(bench.session, bench.rt, acme, "billing").problems == {}


def test_the_document_never_holds_a_secret(bench: Bench) -> None:
    acme = bench.platform()
    save(bench, acme, {"api_key": "sk_live_1"})
    config = configs.read(bench.session, bench.rt, acme, "billing")
    document = config_json.as_json("acme", "billing", config, revision=1)
    values = document["values"]
    assert isinstance(values, dict)
    assert "sk_live" not in json.dumps(document)
    assert values["api_key"]["value"] is None
    assert values["api_key"]["secret"] is True
    assert values["grace"]["value"] == "P1D"
    assert set(document) >= {"schema", "module", "platform", "revision", "values"}


def test_a_refused_save_leaves_the_unit_of_work_open_to_others(bench: Bench) -> None:
    acme = bench.platform()
    with bench.unit() as uow:
        with pytest.raises(ConfigInvalid):
            configs.save(uow, bench.rt, acme, "billing", {"mode": "wild"}, actor=ANNA, now=bench.now)
        configs.save(uow, bench.rt, acme, "billing", {"mode": "live"}, actor=ANNA, now=bench.now)
    assert stored(bench, acme) == {"mode": "live"}


def test_a_preview_shows_before_and_after_and_writes_nothing(bench: Bench) -> None:
    acme = bench.platform()
    save(bench, acme, {"mode": "live"})
    counted = (bench.count(AuditEntry), bench.count(ConfigRevision), bench.revision(acme))
    found = configs.preview(bench.session, bench.rt, acme, "billing", {"trial_days": "60"}, unset=["mode"])
    assert found.keys == ("mode", "trial_days")
    assert (found.before.values["mode"], found.after.values["mode"]) == ("live", "test")
    assert (found.before.values["trial_days"], found.after.values["trial_days"]) == (30, 60)
    assert (bench.count(AuditEntry), bench.count(ConfigRevision), bench.revision(acme)) == counted
    with pytest.raises(ConfigInvalid):
        configs.preview(bench.session, bench.rt, acme, "billing", {"trial_days": 999})


def test_what_restoring_changes_leaves_out_and_cannot_touch_is_known_before(bench: Bench) -> None:
    acme = bench.platform()
    save(bench, acme, {"mode": "live", "trial_days": 5})
    save(bench, acme, {"mode": "test", "trial_days": 6})
    with bench.unit() as uow:
        row = uow.session.scalars(select(ConfigRevision).where(ConfigRevision.revision == 1)).one()
        row.overrides = {**row.overrides, "gone": 1}
    bench.rt.locked = LockedConfig(env_modules={"billing": {"trial_days": "9"}})
    preview, plan = config_history.preview_restore(bench.session, bench.rt, acme, "billing", 1)
    assert preview.keys == ("mode",)
    assert (plan.left_out, plan.locked, plan.unset) == (("gone",), ("trial_days",), ())
    assert configs.revision_of(bench.session, acme, "billing") == 2


def test_what_was_in_force_at_a_revision_can_be_read(bench: Bench) -> None:
    acme = bench.platform()
    save(bench, acme, {"mode": "live"})
    save(bench, acme, {"mode": "test"})
    modes = [
        config_history.at_revision(bench.session, bench.rt, acme, "billing", revision=number).values["mode"]
        for number in range(3)
    ]
    assert modes == ["test", "live", "test"]
    with pytest.raises(Unknown):
        config_history.at_revision(bench.session, bench.rt, acme, "billing", revision=9)


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_no_database_takes_is_refused_and_nothing_is_stored(make: MakeBench, text: str) -> None:
    bench = make(module("billing", default_config={"name": "x", "any": None}))
    acme = bench.platform()
    for key in ("name", "any"):
        with pytest.raises(ConfigInvalid) as invalid:
            save(bench, acme, {key: text})
        assert set(invalid.value.errors) == {key}
    assert bench.count(ModuleConfig) == 0


class Sets(BaseModel):
    names: set[str] = {"c", "a", "b"}


def test_a_set_is_stored_in_one_order_so_that_saving_it_again_is_no_change(make: MakeBench) -> None:
    bench = make(module("billing", config_schema=Sets))
    acme = bench.platform()
    names = [f"name-{number}" for number in range(20)]
    assert save(bench, acme, {"names": names}) == 1
    assert stored(bench, acme) == {"names": sorted(names)}
    assert save(bench, acme, {"names": list(reversed(names))}) == 1


def test_a_refused_value_is_kept_apart_from_what_is_in_force(bench: Bench) -> None:
    acme = bench.platform()
    save(bench, acme, {"mode": "live"})
    damage(bench, acme, '{"mode": "wild", "trial_days": 7}')
    config = configs.read(bench.session, bench.rt, acme, "billing")
    assert (config.values["mode"], config.values["trial_days"]) == ("test", 7)
    assert dict(config.rejected) == {"mode": "wild"}


def test_what_is_stored_below_a_lock_stays_as_it_is(bench: Bench) -> None:
    acme = bench.platform()
    save(bench, acme, {"trial_days": 5})
    bench.rt.locked = LockedConfig(env_modules={"billing": {"trial_days": "9"}})
    save(bench, acme, {"mode": "live"})
    assert stored(bench, acme) == {"trial_days": 5, "mode": "live"}
