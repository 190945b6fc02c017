"""When a module changed last and by whom: the newer of its switch and its configuration, in two statements."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel

from console.services import configs
from console.services.changes import last_changes
from tests.services.bench import ANNA, START, Statements, module
from tests.services.conftest import MakeBench


class Config(BaseModel):
    days: int = 14


def test_the_newer_of_switch_and_configuration_counts(make: MakeBench) -> None:
    bench = make(module("billing", config_schema=Config), module("plain"))
    acme = bench.platform()
    bench.pass_s(60)
    bench.accepted(acme, billing=True)
    found = last_changes(bench.session, acme)
    assert (found["billing"].what, found["billing"].actor) == ("switched", ANNA.name)
    assert found["billing"].at == START + timedelta(seconds=60)
    assert "plain" not in found
    bench.pass_s(60)
    with bench.unit() as uow:
        configs.save(uow, bench.rt, acme, "billing", {"days": 3}, actor=ANNA, now=bench.now)
    found = last_changes(bench.session, acme)
    assert (found["billing"].what, found["billing"].at) == ("configured", START + timedelta(seconds=120))
    bench.pass_s(60)
    bench.accepted(acme, billing=False)
    assert last_changes(bench.session, acme)["billing"].what == "switched"


def test_another_platform_and_more_modules_make_no_difference(make: MakeBench) -> None:
    many = [module(f"m{number}", config_schema=Config) for number in range(12)]
    bench = make(module("billing", config_schema=Config), *many)
    acme, globex = bench.platform(), bench.platform("globex")
    bench.accepted(acme, billing=True)
    with Statements() as executed:
        assert set(last_changes(bench.session, acme)) == {"billing"}
    bench.accepted(acme, **{each.code: True for each in many})
    with bench.unit() as uow:
        for each in many:
            configs.save(uow, bench.rt, acme, each.code, {"days": 1}, actor=ANNA, now=bench.now)
    with Statements() as more:
        assert len(last_changes(bench.session, acme)) == 13
    assert len(executed) == len(more) == 2
    assert last_changes(bench.session, globex) == {}
