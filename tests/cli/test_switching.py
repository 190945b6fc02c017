"""plan, enable and disable: what is shown, what is asked, what happens, and each exit code."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from console.storage.engine import sqlite_driver
from tests.cli.documents import ErrorDocument, ListDocument, OperationDocument, PlanDocument
from tests.cli.shell import Shell
from tests.support.bench import HOSTILE, QUICK
from tests.support.calls import VARIABLE

ENABLE_BOTH = [("payments", "enable", "required_by:orders"), ("orders", "enable", "requested")]


def states(shell: Shell) -> dict[str, str]:
    return {code: each.state for code, each in shell.document(ListDocument, "modules", "list").by_code().items()}


def test_a_plan_names_every_module_and_why_and_changes_nothing(shell: Shell) -> None:
    plan = shell.document(PlanDocument, "modules", "plan", "orders", code=1)
    assert plan.said() == ENABLE_BOTH
    assert shell.document(PlanDocument, "modules", "plan", "enable", "orders", code=1) == plan
    assert shell.document(PlanDocument, "modules", "enable", "orders", "--dry-run", code=1) == plan
    assert states(shell)["orders"] == "disabled"


def test_a_plan_is_exit_0_when_nothing_would_change(shell: Shell) -> None:
    assert shell.document(PlanDocument, "modules", "plan", "disable", "orders").steps == []


def test_a_plan_is_exit_4_when_a_rule_forbids_it(shell: Shell) -> None:
    plan = shell.document(PlanDocument, "modules", "plan", "disable", "cms", code=4)
    assert [(block.code, block.module) for block in plan.blocks] == [("core_protected", "cms")]
    assert "Blocked: Content Management is a core module" in shell.run("modules", "plan", "disable", "cms").out


def test_a_plan_in_words_has_a_line_a_step(shell: Shell) -> None:
    lines = shell.run("modules", "plan", "orders").out.splitlines()
    assert lines[0] == "acme: 2 steps"
    assert lines[1].split() == ["1.", "enable", "payments", "required", "by", "orders,", "runs", "on_enable"]


def test_a_plan_without_modules_is_a_mistake_in_the_words(shell: Shell) -> None:
    assert shell.run("modules", "plan", "disable").code == 2
    assert shell.run("modules", "plan").code == 2


def test_enabling_follows_the_operation_to_its_end(shell: Shell) -> None:
    operation = shell.document(OperationDocument, "modules", "enable", "orders", "--yes").some()
    assert (operation.kind, operation.state, operation.platform) == ("toggle", "succeeded", "acme")
    assert operation.done() == [("payments", "enable", "succeeded"), ("orders", "enable", "succeeded")]
    assert states(shell)["orders"] == states(shell)["payments"] == "enabled"


def test_what_is_so_already_is_null_and_exit_0(shell: Shell) -> None:
    assert shell.document(OperationDocument, "modules", "disable", "orders").operation is None
    assert shell.run("modules", "disable", "orders").out == "Nothing to do.\n"


def test_without_a_terminal_a_cascade_needs_yes_and_the_plan_is_told(shell: Shell) -> None:
    error = shell.document(ErrorDocument, "modules", "enable", "orders", code=2).error
    assert error.code == "confirmation_needed"
    assert error.hint == "Pass --yes to go on."
    assert PlanDocument.model_validate(error.details["plan"]).said() == ENABLE_BOTH
    words = shell.run("modules", "enable", "orders", "-q")
    assert words.code == 2
    assert "required by orders" in words.out
    assert states(shell)["orders"] == "disabled"


def test_what_affects_nobody_else_is_not_asked_about(shell: Shell) -> None:
    assert shell.run("modules", "enable", "analytics").code == 0
    assert states(shell)["analytics"] == "enabled"


def test_no_cascade_refuses_when_others_would_change(shell: Shell) -> None:
    error = shell.document(ErrorDocument, "modules", "enable", "orders", "--no-cascade", code=4).error
    assert error.code == "cascade_needed"
    both = shell.document(OperationDocument, "modules", "enable", "orders", "payments", "--no-cascade").some()
    assert both.state == "succeeded"


def test_prune_takes_off_what_nothing_needs_any_more(shell: Shell) -> None:
    assert shell.run("modules", "enable", "orders", "--yes").code == 0
    kept = shell.document(PlanDocument, "modules", "disable", "orders", "--dry-run", code=1)
    assert [(notice.code, notice.module) for notice in kept.warnings] == [("unneeded", "payments")]
    pruned = shell.document(PlanDocument, "modules", "plan", "disable", "orders", "--prune", code=1)
    assert pruned.said() == [("orders", "disable", "requested"), ("payments", "disable", "unneeded")]
    assert shell.run("modules", "disable", "orders", "--prune", "--yes").code == 0
    assert states(shell)["payments"] == "disabled"


@pytest.mark.parametrize("options", [[], ["--yes"], ["--dry-run"], ["--yes", "--no-wait"]])
def test_core_is_refused_by_every_road(shell: Shell, options: list[str]) -> None:
    answer = shell.run("modules", "disable", "tenancy", *options)
    assert answer.code == 4
    assert "core module" in answer.out + answer.err


def test_what_conflicts_or_is_broken_is_refused_with_each_block(rough: Shell) -> None:
    assert rough.run("modules", "enable", "analytics").code == 0
    error = rough.document(ErrorDocument, "modules", "enable", "vault", code=4).error
    assert error.code == "conflict"
    error = rough.document(ErrorDocument, "modules", "enable", "vault", "broken", code=4).error
    assert isinstance(error.details["blocks"], list)
    assert [block["code"] for block in error.details["blocks"]] == ["quarantined", "conflict"]


def test_the_note_stands_in_the_journal(shell: Shell) -> None:
    operation = shell.document(OperationDocument, "modules", "enable", "analytics", "--note", "for the fair").some()
    assert operation.model_extra is not None
    assert (operation.model_extra["note"], operation.model_extra["source"]) == ("for the fair", "cli")
    assert str(operation.model_extra["actor"]).startswith("cli:")


def test_no_wait_leaves_the_hooks_to_a_worker(shell: Shell) -> None:
    accepted = shell.document(OperationDocument, "modules", "enable", "orders", "--yes", "--no-wait").some()
    assert accepted.state in ("queued", "running")
    assert states(shell)["orders"] != "enabled"
    ended = shell.document(OperationDocument, "modules", "operations", accepted.id, "--follow").some()
    assert (ended.id, ended.state) == (accepted.id, "succeeded")


def test_a_failed_hook_is_exit_1_with_the_reason(rough: Shell) -> None:
    answer = rough.run("modules", "enable", "vault", "--yes", "--json")
    operation = answer.document(OperationDocument, code=1).some()
    assert operation.state == "failed"
    assert operation.done() == [("sticky", "enable", "failed"), ("vault", "enable", "skipped")]
    assert operation.steps[0].error is not None
    assert operation.steps[0].error["message"] == "the gate is closed"
    again = rough.run("modules", "enable", "vault", "--yes")
    assert again.code == 1
    assert "FAILED: the gate is closed" in again.out


def test_a_timeout_is_exit_5_and_the_operation_goes_on(
    make_app: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "calls"))
    shell = Shell(make_app(modules_path=[HOSTILE / "hooks"], **QUICK))
    assert shell.run("platforms", "create", "acme").code == 0
    error = shell.document(ErrorDocument, "modules", "enable", "gated", "--timeout", "0.2", code=5).error
    assert error.code == "timeout"
    operation = str(error.details["operation"])
    (tmp_path / "gate-is-open").touch()
    ended = shell.document(OperationDocument, "modules", "operations", operation, "--follow").some()
    assert ended.state == "succeeded"


def test_a_locked_database_is_exit_5_and_nothing_is_written(make_app: Callable[..., Flask], data_dir: Path) -> None:
    shell = Shell(make_app(**{**QUICK, "busy_timeout_s": 0.2}))
    assert shell.run("platforms", "create", "acme").code == 0
    driver = sqlite_driver()  # locks of two libraries in one process would not see each other
    with closing(driver.connect(str(data_dir / "console.db"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        error = shell.document(ErrorDocument, "modules", "enable", "analytics", code=5).error
    assert error.code == "storage_busy"
    assert states(shell)["analytics"] == "disabled"
