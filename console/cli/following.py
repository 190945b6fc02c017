"""Following an operation to its end; where no worker lives, its steps run from here."""

from __future__ import annotations

import click

from console.cli.base import Cli
from console.domain.step_log import LogLine
from console.domain.words import OperationState, StepState
from console.errors import TimedOut
from console.services import operations
from console.services.operation_views import OperationView, StepView, as_json
from console.storage.uow import end_read, read_session

WAIT = click.Option(["--wait/--no-wait"], default=True, help="Follow it to its end (the default), or not.")
TIMEOUT = click.Option(
    ["--timeout", "timeout_s"], type=click.FloatRange(min=0), metavar="S", help="Seconds to follow; then exit 5."
)
OPTIONS = (WAIT, TIMEOUT)
MARKS = {
    StepState.SUCCEEDED: "done",
    StepState.FAILED: "FAILED",
    StepState.SKIPPED: "skipped",
    StepState.RUNNING: "running",
    StepState.PENDING: "waiting",
}


def follow(cli: Cli, view: OperationView | None, *, wait: bool, timeout_s: object = None, log: bool = False) -> int:
    """Tells the operation, at its end when ``wait``; 0 when it went well, 1 when it failed.

    Args:
        log: Whether to tell what the hooks said too.

    Raises:
        TimedOut: It goes on, but ``timeout_s`` seconds have passed.
    """
    if view is not None and wait and view.is_open:
        view = ended(cli, view, timeout_s=timeout_s if isinstance(timeout_s, float) else None)
    if view is not None and log:
        view = operations.with_log(read_session(), view)
    return tell(cli, view)


def ended(cli: Cli, view: OperationView, *, timeout_s: float | None) -> OperationView:
    """The operation at its end.

    Raises:
        TimedOut: It goes on, but ``timeout_s`` seconds have passed.
    """
    from console.jobs.runner import drain

    operation_id = view.id
    told: set[str] = set()

    def is_over() -> bool:
        now = operations.get(read_session(), operation_id)
        _tell_progress(cli, now, told)
        return not now.is_open

    if not drain(cli.app, platform_id=view.platform_id, until=is_over, timeout_s=timeout_s):
        raise TimedOut(
            f"Operation {operation_id} goes on; the time to wait has passed.",
            hint=f"Look again: `modules operations {operation_id} --follow`.",
            operation=str(operation_id),
        )
    end_read()  # what was read before belongs to an older view
    return operations.get(read_session(), operation_id)


def tell(cli: Cli, view: OperationView | None) -> int:
    """The operation as the answer; 1 when it failed."""
    if cli.talk.json:
        cli.talk.document(as_json(view))
    elif view is None:
        cli.talk.done("Nothing to do.")
    else:
        for line in lines(view):
            cli.talk.done(line)
    return exit_code(view)


def exit_code(view: OperationView | None) -> int:
    """1 when the operation failed."""
    return 1 if view is not None and view.state is OperationState.FAILED else 0


def lines(view: OperationView) -> list[str]:
    """The operation, a line for it, one for each step and one for each line of their logs."""
    found = [f"Operation {view.id} on {view.platform}: {view.state.value}"]
    for step in view.steps:
        found.append(f"  {step_line(step)}")
        found += [f"    {log_line(line)}" for line in step.log or ()]
    return found


def log_line(line: LogLine) -> str:
    """One line of a step's log: when, what it is, what was said."""
    return f"{line.at:%H:%M:%S}Z {line.level.value:<8} {line.text}".rstrip()


def step_line(step: StepView) -> str:
    """One step as a line: what it does, how far it is, what went wrong."""
    text = f"{step.action.value:<9} {step.module:<14} {MARKS[step.state]}"
    if step.progress_text and step.state is StepState.RUNNING:
        text += f" ({step.progress_text})"
    if step.error is not None and step.state is not StepState.SUCCEEDED:
        text += f": {step.error.message}"
    return text


def _tell_progress(cli: Cli, view: OperationView, told: set[str]) -> None:
    if cli.talk.quiet or cli.talk.json:
        return
    for step in view.steps:
        line = step_line(step)
        if step.state is StepState.RUNNING and line not in told:
            told.add(line)
            cli.talk.say(f"  {line}")
