"""What the rest of the console calls of the runners."""

from console.jobs.companion import drain, start_runner, stop_runner
from console.jobs.steps import run_platform

__all__ = ["drain", "run_platform", "start_runner", "stop_runner"]
