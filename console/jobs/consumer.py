"""Huey's consumer as this product needs it: each worker in its own process group, under deadlines that hold.

The parent has loaded the application, has one thread and holds no database connection. It reads the deadline board,
kills the group of a worker whose time is over and replaces it at once; the replacement records what the dead one was
at. Truth is in the tables, so nothing is lost with a message.
"""

from __future__ import annotations

import itertools
import logging
import multiprocessing.process
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from huey.consumer import Consumer, ProcessEnvironment

from console.jobs.board import Board
from console.jobs.process import ENDS, be_child, identity, kill_group, kill_rest
from console.jobs.scheduler import Housekeeping, Scheduler
from console.jobs.startup import note_death
from console.jobs.state import jobs_of, look_at_schema, runtime_of
from console.jobs.wake import Waker
from console.jobs.worker import ModuleWorker

if TYPE_CHECKING:
    from types import FrameType

    from flask import Flask

log = logging.getLogger("console.jobs")
Process = multiprocessing.process.BaseProcess
LOOK_S = 0.05
PAUSE_S = 0.5
"""Between two starts of a worker in the same place, should each end at once."""
GRACE_S = 5.0
"""Beyond the deadline of a hook: how long a stop waits for workers before it kills them."""


class GroupEnvironment(ProcessEnvironment):  # type: ignore[misc]  # Huey has no types
    """Processes that lead their own group and die with their parent."""

    def __init__(self, *signals: signal.Signals) -> None:
        super().__init__(*signals)
        self.parent_pid = os.getpid()

    def create_process(self, runnable: Callable[[], None], name: str) -> Process:
        """A process that may have children of its own, and that ends with its last message.

        Hooks are free to use ``multiprocessing``; threads that they leave behind keep nobody waiting.
        """

        def whole() -> None:
            runnable()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)

        process: Process = super().create_process(whole, name)
        process.daemon = False
        return process

    def init_child(self, process: ModuleWorker | Scheduler) -> None:
        """Runs first in the child: no signal of the parent's group, no connection of the parent."""
        be_child(self.parent_pid)
        super().init_child(process)
        jobs_of(process.app).storage.forget_connections()


class RunnerConsumer(Consumer):  # type: ignore[misc]  # Huey has no types
    """The parent of one machine's workers and scheduler.

    Args:
        app: The application; no connection of its engine may be in use.
        kind: How the runner came to be: ``serve``, ``worker`` or ``wait``.
    """

    worker_class = ModuleWorker
    worker_threads: list[tuple[ModuleWorker, Process]]
    scheduler: Process
    _signum: int | None

    def __init__(self, app: Flask, *, kind: str, workers: int) -> None:
        settings = runtime_of(app).settings
        jobs = jobs_of(app)
        self.app = app
        self.name = identity()
        self.kind = kind
        self.board = Board(workers)
        self.wakers = (Waker(jobs.folder, "queue"), Waker(jobs.folder, "schedule"))
        self._indexes = itertools.count()
        self._started = [time.monotonic()] * workers
        longest = max((each.hook_timeout_s or 0.0 for each in runtime_of(app).registry.live()), default=0.0)
        super().__init__(
            jobs.huey,
            workers=workers,
            worker_type="process",
            max_delay=settings.poll_s,
            health_check_interval=1,
            graceful_signal="TERM",
            shutdown_timeout=max(settings.hook_timeout_s, longest) + GRACE_S,
        )
        self._stop_flag_timeout = LOOK_S
        self._signal_actions = dict.fromkeys(ENDS, (False, True))

    def get_environment(self, worker_type: str) -> GroupEnvironment:
        """Processes in groups of their own, whatever Huey would take."""
        return GroupEnvironment(self._graceful_sig, self._interrupt_sig)

    def start(self) -> None:
        """Start all processes; a signal that comes before its handler is there waits for it."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _create_worker(self) -> ModuleWorker:
        return self._worker_at(next(self._indexes))

    def _worker_at(self, index: int) -> ModuleWorker:
        worker: ModuleWorker = super()._create_worker()
        worker.app, worker.waker = self.app, self.wakers[0]
        worker.slot, worker.name = self.board.slots[index], f"{self.name}/{index}"
        return worker

    def _create_scheduler(self) -> Scheduler:
        house = Housekeeping(self.app, name=self.name, kind=self.kind)
        return Scheduler(self.huey, self.stop_flag, house=house, waker=self.wakers[1], workers=self.workers)

    def _set_signal_handlers(self) -> None:
        super()._set_signal_handlers()
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def _handle_signal(self, signum: int, frame: FrameType | None) -> None:
        """A first signal lets what runs finish; a second one does not."""
        if self._signum is not None:
            self.shutdown_timeout = 0.0
        self._signum = signum

    def loop(self, health_check_ts: float | None = None) -> float | None:
        """One look: deadlines, the dead, signals.

        Raises:
            ConsumerStopped: A signal asked for the end and the workers have ended.
        """
        self.keep_deadlines()
        self.check_worker_health()
        stamp: float | None = super().loop(health_check_ts)
        return stamp

    def keep_deadlines(self) -> None:
        """Kill the group of each worker whose time is over."""
        now_s = time.monotonic()
        for slot, (_, process) in zip(self.board.slots, self.worker_threads, strict=True):
            if process.is_alive() and slot.expire(now_s) and process.pid is not None:
                log.warning("worker %s is killed: its deadline has passed", process.pid)
                kill_group(process.pid)

    def check_worker_health(self) -> bool:
        """Replace each worker that died, in its place; also the scheduler. Whether all were alive."""
        before = list(self.worker_threads)
        self.worker_threads = [self._alive_at(index, pair) for index, pair in enumerate(before)]
        if not self.environment.is_alive(self.scheduler):
            log.warning("the scheduler has ended; it is started again")
            self.scheduler = self._create_process(self._create_scheduler(), "Scheduler")
            self.scheduler.start()
        return before == self.worker_threads

    def _alive_at(self, index: int, pair: tuple[ModuleWorker, Process]) -> tuple[ModuleWorker, Process]:
        _, process = pair
        if self.environment.is_alive(process) or time.monotonic() - self._started[index] < PAUSE_S:
            return pair
        if process.pid is not None:
            kill_rest(process.pid)  # what it started ends with it
        log.warning("worker %s has ended with %s; it is replaced", process.pid, process.exitcode)
        self.board.slots[index].end()
        note_death(self.app, self.board.slots[index])
        worker = self._worker_at(index)
        replacement = self._create_process(worker, f"Worker-{index + 1}")
        replacement.start()
        self._started[index] = time.monotonic()
        return worker, replacement

    def _join_workers(self) -> bool:
        """Wait for the workers to finish what they run; deadlines hold meanwhile. Whether all ended in time."""
        began = time.monotonic()
        processes = [self.scheduler, *(process for _, process in self.worker_threads)]
        while any(process.is_alive() for process in processes):
            if time.monotonic() - began >= self.shutdown_timeout:
                return False
            self.keep_deadlines()
            time.sleep(LOOK_S)
        return True

    def _interrupt_workers(self) -> None:
        for process in [self.scheduler, *(process for _, process in self.worker_threads)]:
            if process.is_alive() and process.pid is not None:
                kill_group(process.pid)
                process.join()

    def close(self) -> None:
        """Leave nothing: no process, also none that a hook started, and no socket."""
        self._interrupt_workers()
        for _, process in self.worker_threads:
            if process.pid is not None:
                kill_rest(process.pid)
        for waker in self.wakers:
            waker.close()


def run(app: Flask, *, kind: str = "worker", workers: int | None = None) -> None:
    """Run module code of ``app`` until SIGTERM; what runs then may finish first.

    Args:
        kind: How the runner came to be: ``serve``, ``worker`` or ``wait``.
        workers: How many at once; the setting ``RUNNERS`` when omitted.
    """
    look_at_schema(app)
    jobs_of(app).storage.close()
    consumer = RunnerConsumer(app, kind=kind, workers=max(1, workers or runtime_of(app).settings.runners))
    try:
        consumer.run()
    finally:
        consumer.close()
