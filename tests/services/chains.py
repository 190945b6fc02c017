"""Chains to look at: the instance's and two platforms', with what tests ask of them."""

from __future__ import annotations

from pathlib import Path

from console.services import (
    audit,
    audit_chain,
    audit_verify,
)
from console.services.audit_verify import Verdict
from console.storage.uow import read_session
from tests.services.bench import ANNA, Bench, module
from tests.services.conftest import MakeBench


def note(bench: Bench, target: str, platform_id: int | None = None, **facts: object) -> None:
    with bench.unit() as uow:
        audit.record(uow, ANNA, action="tests.note", target=target, now=bench.now, platform_id=platform_id, after=facts)


def verdict(bench: Bench) -> Verdict:
    return audit_verify.verify(read_session(), bench.rt)


def wrongs(bench: Bench) -> list[tuple[str, int, int | None, str]]:
    return [(each.platform, each.place, each.entry, each.wrong) for each in verdict(bench).findings]


def anchor(bench: Bench) -> Path:
    return audit_chain.anchor_path(bench.rt)


def chained(make: MakeBench) -> Bench:
    """Three chains: the instance's, and those of two platforms that switched modules; one entry is counted."""
    made = make(
        module("payments"),
        module("orders", "payments"),
        module("mail", hooks=True),
        module("vault", default_config={"retries": 3}),
    )
    acme, globex = made.platform("acme"), made.platform("globex")
    for each in (acme, globex):
        made.accepted(each, orders=True)
        made.accepted(each, mail=True)
        made.run(each)
    note(made, "numbers", whole=1e22, small=1e-7, one=1.0, text="ä\u2028", none=None, nested={"b": [1, 2.5], "a": True})
    for _ in range(3):
        with made.unit() as uow:
            audit.record(uow, ANNA, action="access.deny", target="modules.toggle", now=made.now, once=[])
    note(made, "after the count")
    return made
