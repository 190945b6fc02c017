"""operations: look, retry, undo, keep, cancel, force."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.documents import ErrorDocument, ListDocument, Module, OperationDocument, OperationsDocument
from tests.cli.shell import Shell


def module(shell: Shell, code: str) -> Module:
    return shell.document(ListDocument, "modules", "list").by_code()[code]


def failed(rough: Shell) -> str:
    """The id of an operation whose hook failed."""
    return rough.document(OperationDocument, "modules", "enable", "sticky", code=1).some().id


def test_operations_are_listed_newest_first(shell: Shell) -> None:
    assert shell.run("modules", "enable", "analytics").code == 0
    found = shell.document(OperationsDocument, "modules", "operations").operations
    assert [operation.kind for operation in found] == ["toggle", "create"]
    assert shell.run("modules", "operations", "-p", "acme").rows[0][3] == "+analytics"
    alone = shell.document(OperationDocument, "modules", "operations", found[0].id).some()
    assert (alone.id, alone.done()) == (found[0].id, found[0].done())


def test_following_without_an_id_takes_the_open_one(shell: Shell) -> None:
    accepted = shell.document(OperationDocument, "modules", "enable", "payments", "--no-wait").some()
    followed = shell.document(OperationDocument, "modules", "operations", "--follow").some()
    assert (followed.id, followed.state) == (accepted.id, "succeeded")
    assert shell.document(OperationDocument, "modules", "operations", "--follow").operation is None


def test_one_operation_comes_with_what_its_hooks_said(rough: Shell) -> None:
    operation = failed(rough)
    steps = rough.document(OperationDocument, "modules", "operations", operation, code=1).some().steps
    assert [line.level for line in steps[0].log or []] == ["started", "failed"]
    shown = rough.run("modules", "operations", operation).out
    assert "RuntimeError: " in shown.splitlines()[-1]


@pytest.mark.parametrize("word", ["retry", "undo", "keep", "cancel"])
@pytest.mark.parametrize("operation", ["999", "seven", "-p"])
def test_an_unknown_operation_is_exit_3(shell: Shell, word: str, operation: str) -> None:
    words = [word, operation] if operation != "-p" else [word, "9" * 30]
    assert shell.document(ErrorDocument, "modules", "operations", *words, code=3).error.code == "unknown_operation"


def test_an_unknown_word_is_looked_for_as_an_id(shell: Shell) -> None:
    assert shell.document(ErrorDocument, "modules", "operations", "retri", code=3).error.code == "unknown_operation"


def test_retry_goes_on_from_the_failed_step(rough: Shell, tmp_path: Path) -> None:
    operation = failed(rough)
    (tmp_path / "gate-is-open").touch()
    again = rough.document(OperationDocument, "modules", "operations", "retry", operation, "--note", "mended").some()
    assert (again.id, again.state) == (operation, "succeeded")
    assert module(rough, "sticky").state == "enabled"


def test_the_word_may_stand_behind_the_options(rough: Shell, tmp_path: Path) -> None:
    operation = failed(rough)
    (tmp_path / "gate-is-open").touch()
    assert rough.run("modules", "operations", "--json", "retry", operation).code == 0


def test_a_retry_that_fails_again_is_exit_1(rough: Shell) -> None:
    again = rough.document(OperationDocument, "modules", "operations", "retry", failed(rough), code=1).some()
    assert again.state == "failed"


def test_keep_accepts_what_is(rough: Shell) -> None:
    kept = rough.document(OperationDocument, "modules", "operations", "keep", failed(rough)).some()
    assert kept.state == "kept"
    assert (module(rough, "sticky").wanted, module(rough, "sticky").state) == (False, "disabled")


def test_undo_is_a_new_operation_back(shell: Shell) -> None:
    first = shell.document(OperationDocument, "modules", "enable", "orders", "--yes").some()
    undone = shell.document(OperationDocument, "modules", "operations", "undo", first.id).some()
    assert (undone.kind, undone.state) == ("undo", "succeeded")
    assert undone.done() == [("orders", "disable", "succeeded"), ("payments", "disable", "succeeded")]
    assert not module(shell, "payments").wanted
    again = shell.document(ErrorDocument, "modules", "operations", "undo", first.id, code=4).error
    assert again.code == "operation_over"


def test_undo_says_its_plan_before(shell: Shell) -> None:
    first = shell.document(OperationDocument, "modules", "enable", "analytics").some()
    assert "1. disable   analytics" in shell.run("modules", "operations", "undo", first.id).err


def test_cancel_ends_what_has_not_begun(shell: Shell) -> None:
    queued = shell.document(OperationDocument, "modules", "enable", "orders", "--yes", "--no-wait").some()
    cancelled = shell.document(OperationDocument, "modules", "operations", "cancel", queued.id).some()
    assert cancelled.state == "cancelled"
    assert not module(shell, "orders").wanted
    refused = shell.document(ErrorDocument, "modules", "operations", "cancel", queued.id, code=4).error
    assert refused.code == "operation_over"


def test_force_switches_off_without_the_hook_and_wants_a_reason(rough: Shell, tmp_path: Path) -> None:
    (tmp_path / "gate-is-open").touch()
    assert rough.run("modules", "enable", "sticky").code == 0
    off = rough.document(OperationDocument, "modules", "disable", "sticky", code=1).some()
    assert off.state == "failed"
    assert rough.run("modules", "operations", "force", off.id, "sticky").code == 2
    unknown = rough.document(ErrorDocument, "modules", "operations", "force", off.id, "x", "--note", "y", code=3)
    assert unknown.error.code == "unknown_step"
    forced = rough.document(
        OperationDocument, "modules", "operations", "force", off.id, "sticky", "--note", "the service is gone"
    ).some()
    assert forced.state == "succeeded"
    assert module(rough, "sticky").state == "disabled"


def test_only_switching_off_can_be_forced(rough: Shell) -> None:
    words = ("operations", "force", failed(rough), "sticky", "--note", "please")
    assert rough.document(ErrorDocument, "modules", *words, code=4).error.code == "force_only_off"
