"""What passkeys are bound to here, and the questions that pages put to a device."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from flask import request

from console.context import current_user, runtime
from console.errors import RuleRefused
from console.phrases import say
from console.services import passkeys as service
from console.services import sealed
from console.services.passkeys import Question, Site
from console.storage.uow import UnitOfWork, read_session

PURPOSE = "passkey"
ANSWER, STEP = "passkey", "passkey_step"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on a page: what the script hands to the browser, and the note that comes back with the answer."""

    options: str
    step: str


def here() -> Site | None:
    """The site of this request; None on an address in numbers, to which no passkey can be bound."""
    host = urlsplit(f"//{request.host}").hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        own = {f"{scheme}://{request.host}" for scheme in ("https", request.scheme)}
        base = runtime().settings.base_url.rstrip("/")
        return Site(host, tuple(sorted(own | ({base} if base else set()))))
    return None


def ask() -> Asked | None:
    """The question of who it is; None where there are no passkeys."""
    site = here()
    return None if site is None else _asked(service.to_log_in(site))


def ask_to_register() -> Asked | None:
    """The question for a new passkey of this person."""
    site = here()
    return None if site is None else _asked(service.to_register(read_session(), site, current_user))


def answered_by(uow: UnitOfWork, form: Mapping[str, str], *, prefix: str = "") -> int:
    """Id of the account whose passkey answered the question of the page.

    Args:
        prefix: What the names of the fields begin with.

    Raises:
        RuleRefused: ``passkey_wrong``.
    """
    site, challenge = asked_here(uow, form, prefix=prefix)
    return service.owner_of(uow, site, challenge, form.get(prefix + ANSWER, ""), now=runtime().clock())


def asked_here(uow: UnitOfWork, form: Mapping[str, str], *, prefix: str = "") -> tuple[Site, str]:
    """The site, and what must come back signed for it; the question is spent.

    Raises:
        RuleRefused: ``passkey_wrong``: the question is none of ours, too old, or was answered before.
    """
    site, step, now = here(), form.get(prefix + STEP, ""), runtime().clock()
    facts = sealed.unseal(runtime(), PURPOSE, step, now=now)
    if site is None or facts is None or not sealed.spend(uow, step, now=now):
        raise RuleRefused(say("The question to your device is too old."), code="passkey_wrong", hint=say("Try again."))
    return site, cast("str", facts["challenge"])


def _asked(question: Question) -> Asked:
    rt = runtime()
    facts = {"challenge": question.challenge}
    return Asked(question.options, sealed.seal(rt, PURPOSE, facts, now=rt.clock()))
