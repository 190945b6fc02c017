"""A fault at the N-th statement of a request, for N = 1, 2, 3 … until none is met.

Whatever N is, the request is complete or cleanly refused, nothing of it stays half done, what the answer says is so,
and the same request sent again succeeds in the same process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count, islice

from flask import Flask

from console.app import create_app
from console.domain.words import Role
from console.services import migrations
from console.storage.base import db
from console.testing.journeys import make_platform
from console.testing.people import Program, Visitor, log_in, program
from tests.cli.shell import Shell
from tests.support.databases import close
from tests.torture.faults_driver import Fault, Trouble, faults_of, watch
from tests.torture.faults_dump import Delta, Eye, change, eye_on
from tests.torture.quiet import quiet
from tests.torture.scenario import Figures, Ground, Scale
from tests.torture.tally import Tally

ZEROS = ("half done", "not as answered", "not refused cleanly", "not possible afterwards")
STRIDE = {Scale.TEST: 12, Scale.SHORT: 1, Scale.FULL: 1}
LONGEST = 400
"""No request has that many statements; a fault that is met there has no end."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request ended: done, refused for now, or in a way that is a mistake."""

    is_done: bool
    is_refused: bool
    said: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A console on its own database, and people who ask it for things."""

    app: Flask
    admin: Visitor
    program: Program
    trouble: Trouble
    eye: Eye
    turns: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def shell(self) -> Shell:
        """The command line against the same application."""
        return Shell(self.app)


Request = Callable[[], Answer]
Subject = Callable[[Desk, int], Request]
"""Makes the request of turn ``n`` ready, with what has to be read first; odd turns ask the contrary of even ones."""


def toggle_in_the_list(desk: Desk, turn: int) -> Request:
    """The switch in the list of modules; the rows that changed are in the answer."""
    path, fields = _toggle(desk, turn)
    return lambda: _of_page(desk, path, fields, HX_Request="true")


def toggle_without_scripts(desk: Desk, turn: int) -> Request:
    """The form on the page of the plan."""
    path, fields = _toggle(desk, turn)
    return lambda: _of_page(desk, path, fields)


def _toggle(desk: Desk, turn: int) -> tuple[str, dict[str, str]]:
    verb, want = ("enable", "on") if turn % 2 else ("disable", "off")
    path = f"/admin/acme/modules/analytics/{verb}"
    return path, {"want": want, "plan": _value(desk.admin.get(path).text, "plan")}


def _value(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def toggle_by_program(desk: Desk, turn: int) -> Request:
    """The same over the API."""
    body = {"want": "on" if turn % 2 else "off"}
    return lambda: _of_api(desk, "PUT", "/api/admin/modules/analytics", body)


def toggle_by_command(desk: Desk, turn: int) -> Request:
    """The same on the command line."""
    words = ("modules", "enable" if turn % 2 else "disable", "analytics", "-p", "acme", "--yes", "--no-wait")
    return lambda: _of_command(desk, words)


def config_on_the_page(desk: Desk, turn: int) -> Request:
    """The form of a module's configuration."""
    path = "/admin/acme/modules/cms/config"
    fields = {"revision": _value(desk.admin.get(path).text, "revision"), "c_max_pages_per_vendor": str(10 + turn % 2)}
    return lambda: _of_page(desk, path, fields)


def config_by_command(desk: Desk, turn: int) -> Request:
    """The same on the command line."""
    words = ("modules", "config", "set", "cms", f"max_pages_per_vendor={10 + turn % 2}", "-p", "acme")
    return lambda: _of_command(desk, words)


SUBJECTS: dict[str, Subject] = {
    each.__name__.replace("_", " "): each
    for each in (
        toggle_in_the_list,
        toggle_without_scripts,
        toggle_by_program,
        toggle_by_command,
        config_on_the_page,
        config_by_command,
    )
}


def _of_page(desk: Desk, path: str, fields: dict[str, str], **headers: str) -> Answer:
    answer = desk.admin.post(path, fields, **headers)
    refused = answer.status_code == 503 and int(answer.headers.get("Retry-After", "0")) > 0
    return Answer(answer.status_code in (200, 303), refused, f"{answer.status_code} {answer.text[:300]}")


def _of_api(desk: Desk, method: str, path: str, body: dict[str, str]) -> Answer:
    answer = desk.program.send(method, path, body)
    refused = answer.status_code == 503 and int(answer.headers.get("Retry-After", "0")) > 0
    return Answer(answer.status_code in (200, 202), refused, f"{answer.status_code} {answer.text[:300]}")


def _of_command(desk: Desk, words: tuple[str, ...]) -> Answer:
    answer = desk.shell.run(*words)
    return Answer(answer.code == 0, answer.code in (5, 6), f"exit {answer.code} {answer.err[:300]}")


# --- the trials ------------------------------------------------------------------------------------------------------


def request_hit_at_every_statement(ground: Ground) -> Figures:
    """Every request of ``SUBJECTS`` under every fault of the database, met once and from there on."""
    tally = Tally()
    with quiet(), ExitStack() as stack:
        desk = _desk(stack, ground)
        faults = faults_of(ground.database, desk.app.extensions["console"].settings.database_url)
        modes = [(name, lasting) for name in faults for lasting in (False, True)]
        for subject_name, subject in SUBJECTS.items():
            usual = _usual(desk, subject)
            chosen = modes if ground.scale is Scale.FULL else [modes[(ground.seed + len(subject_name)) % len(modes)]]
            for name, lasting in chosen:
                where = f"{subject_name}, {name}{', lasting' if lasting else ''}"
                _Run(desk, subject, usual, faults[name], lasting, where, tally).all(ground)
    return tally.figures(ZEROS)


def _desk(stack: ExitStack, ground: Ground) -> Desk:
    url = ground.new_database()
    settings = {"data_dir": ground.folder, "database_url": url, "insecure_http": True, "busy_timeout_s": 0.3}
    app = create_app(settings)
    stack.callback(close, app)
    migrations.upgrade(app)
    platform = make_platform(app, "acme", "Acme Market")
    with app.app_context():
        trouble = watch(db.engine)
    eye = eye_on(url)
    stack.callback(eye.close)
    admin = log_in(app, Role.PLATFORM_ADMIN, platform=platform)
    return Desk(app, admin, program(app, platform=platform), trouble, eye)


def _usual(desk: Desk, subject: Subject) -> dict[int, Delta]:
    """What odd and even turns change when nothing goes wrong; rows that stay are made in the first two."""
    found: dict[int, Delta] = {}
    for turn in islice(desk.turns, 4):
        ask = subject(desk, turn)
        before = desk.eye.rows()
        answer = ask()
        if not answer.is_done:
            raise AssertionError(f"{subject.__name__} fails without any fault: {answer.said}")
        found[turn % 2] = change(before, desk.eye.rows())
    return found


@dataclass(frozen=True, slots=True)
class _Run:
    """One request under one fault, at every statement."""

    desk: Desk
    subject: Subject
    usual: dict[int, Delta]
    fault: Fault
    lasting: bool
    where: str
    tally: Tally

    def all(self, ground: Ground) -> None:
        """N = 1, 2, 3 … until no fault is met, each time with the request and with its contrary."""
        stride = STRIDE[ground.scale]
        for at in range(ground.seed % stride + 1, LONGEST, stride):
            met = [self._one(turn, at) for turn in islice(self.desk.turns, 2)]
            if not any(met):
                return
        raise AssertionError(f"{self.where} has no end")

    def _one(self, turn: int, at: int) -> bool:
        """Whether the fault was met."""
        ask = self.subject(self.desk, turn)
        before = self.desk.eye.rows()
        self.desk.trouble.begin(self.fault, at, lasting=self.lasting)
        try:
            answer = ask()
        except Exception as error:
            answer = Answer(False, False, repr(error))
        self.desk.trouble.end()
        moved = change(before, self.desk.eye.rows())
        where = f"{self.where}, statement {at}"
        self._judge(answer, moved, f"{where}: {answer.said}", wanted=self.usual[turn % 2])
        if not moved:
            again = ask()
            self.tally.expect(again.is_done, "not possible afterwards", f"{where}: {again.said}")
        self.tally.done["faults met"] += bool(self.desk.trouble.met)
        return bool(self.desk.trouble.met)

    def _judge(self, answer: Answer, moved: Delta, where: str, *, wanted: Delta) -> None:
        if moved and moved != wanted:
            self.tally.wrong("half done", f"{where} {moved} instead of {wanted}")
        elif not (answer.is_done or answer.is_refused):
            self.tally.wrong("not refused cleanly", where)
        elif answer.is_done != bool(moved):
            self.tally.wrong("not as answered", where)
        self.tally.done["done" if answer.is_done else "refused"] += 1
