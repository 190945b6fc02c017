"""Wakes runners at once: a datagram to each one's socket in the data folder; their polling is only the net.

Each consumer binds sockets of its own name, so several may share a data folder. Paths longer than a socket address
takes go through the folder's open descriptor.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import socket
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Literal

log = logging.getLogger("console.jobs")
Channel = Literal["queue", "schedule"]
_LONGEST_ADDRESS = 100  # bytes; Linux takes 108


@contextlib.contextmanager
def _address(path: Path) -> Generator[str]:
    """An address for ``path`` that fits, valid inside the block."""
    if len(os.fsencode(path)) <= _LONGEST_ADDRESS:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


class Waker:
    """The receiving end: one socket that the processes of a consumer share; where there can be none, nobody pokes.

    Args:
        folder: The folder for sockets, made when missing.
        channel: ``queue`` wakes workers, ``schedule`` the scheduler.
    """

    def __init__(self, folder: Path, channel: Channel) -> None:
        self.path = folder / f"{channel}-{os.getpid()}.sock"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.unlink(missing_ok=True)
            with _address(self.path) as address:
                self._socket.bind(address)
        except OSError as error:
            log.warning("cannot listen at %s (%s); runners look by themselves instead", self.path, error.strerror)

    def wait(self, timeout_s: float, *others: int) -> Sequence[int]:
        """Wait until somebody pokes, one of the ``others`` (descriptors) is readable, or the time is over."""
        own = self._socket.fileno()
        poller = select.poll()  # a descriptor may be any number; select() takes those below 1024
        for each in (own, *others):
            poller.register(each, select.POLLIN)
        ready = [each for each, _ in poller.poll(max(0.0, timeout_s) * 1000)]
        if own in ready:
            with contextlib.suppress(BlockingIOError):  # a sibling took it
                self._socket.recv(16)
        return [each for each in ready if each != own]

    def close(self) -> None:
        """Take the socket away."""
        bound = bool(self._socket.getsockname())
        self._socket.close()
        if bound:
            self.path.unlink(missing_ok=True)


def poke(folder: Path, channel: Channel) -> int:
    """Wake one process of every consumer that listens; how many were reached. Sockets of the dead are removed."""
    reached = 0
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
        for path in folder.glob(f"{channel}-*.sock"):
            try:
                with _address(path) as address:
                    sender.sendto(b"!", address)
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)
            except (BlockingIOError, FileNotFoundError, PermissionError):
                continue  # full means awake soon; the rest is what polling is for
            else:
                reached += 1
    return reached
