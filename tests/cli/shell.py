"""Typing commands: inside this process against a ready application, or as processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from pydantic import BaseModel

from console.cli import console_group

Document = TypeVar("Document", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one document on stdout."""
        document: dict[str, Any] = json.loads(self.out)
        assert document["schema"] == 1
        return document

    def document(self, kind: type[Document], *, code: int = 0) -> Document:
        """The document, checked against its shape, of a command that ended with ``code``."""
        assert self.code == code, self.out + self.err
        return kind.model_validate_json(self.out)

    @property
    def rows(self) -> list[list[str]]:
        """The cells of a table that went to no terminal."""
        return [line.split("\t") for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Shell:
    """Commands against one application, without a process for each."""

    app: Flask

    def run(self, *words: str, typed: str = "") -> Answer:
        """The command with those words, as if without a terminal."""
        return invoke(console_group, words, app=self.app, typed=typed)

    def json(self, *words: str, code: int = 0) -> dict[str, Any]:
        """The document of the command, which must end with ``code``."""
        answer = self.run(*words, "--json")
        assert answer.code == code, answer.out + answer.err
        return answer.json

    def document(self, kind: type[Document], *words: str, code: int = 0) -> Document:
        """The same, checked against its shape."""
        return self.run(*words, "--json").document(kind, code=code)


def invoke(group: click.Group, words: tuple[str, ...], *, app: Flask | None, typed: str = "") -> Answer:
    """The command line in this process; without an application it loads its own."""
    info = ScriptInfo(create_app=None if app is None else lambda: app)
    result = CliRunner().invoke(group, list(words), obj=info, input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


@dataclass(frozen=True, slots=True)
class Process:
    """Commands as processes of their own, in an empty folder, with nothing but the environment."""

    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    program: tuple[str, ...] = (sys.executable, "-m", "console")

    @property
    def environment(self) -> dict[str, str]:
        """Ours without settings of the console, plus those of this test."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CONSOLE_", "FLASK_"))}
        return {**kept, "PYTHONPATH": str(Path(__file__).parents[2]), **self.variables}

    def run(self, *words: str, typed: str | None = None) -> Answer:
        """The command with those words, without a terminal."""
        done = subprocess.run(
            [*self.program, *words],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self.environment,
            input=typed or "",
            check=False,
            timeout=120,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """The command, running; it hears Ctrl-C even if whoever runs the tests does not."""
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return self._started(words)
        finally:
            signal.signal(signal.SIGINT, before)

    def _started(self, words: tuple[str, ...]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.program, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=self.environment,
        )
