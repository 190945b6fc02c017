"""Every error that the console raises on purpose, in one tree.

A class carries a stable ``code`` (logs, JSON, docs), the HTTP ``status`` that pages and the API answer with and the
``exit_code`` of the command line; its facts are attributes and ``details``, so nobody parses a message.
Source: codes and exits are those of the contract, sections 3 and 4.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import ClassVar

from console.phrases import joined, mark, say

NOT_READY = mark("not ready yet")
UNUSABLE_VALUE = mark("the value cannot be used")
CREDENTIALS_REFUSED = mark("the service refused the credentials")


class ConsoleError(Exception):
    """Base of all errors raised on purpose: a message that says what happened, a hint that says what to do."""

    code: str = "console_error"
    status: int = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, code: str | None = None, hint: str | None = None, **details: object) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        self.message = message
        self.hint = hint
        self.details: dict[str, object] = details

    @property
    def sentence(self) -> str:
        """What happened and what to do, in one."""
        return joined(" ", (self.message, self.hint)) if self.hint else self.message


class ModuleError(ConsoleError):
    """Base of a module's own errors: one class gives the page, the partial, the API shape and the exit code.

    Args:
        message: What happened, for the person who reads it.
        code: Stable code, unique in the module.
        status: HTTP status of the answer.
        hint: What to do about it.
        details: Facts that an API client may read.
    """

    def __init__(
        self, message: str, *, code: str, status: int = 400, hint: str | None = None, **details: object
    ) -> None:
        super().__init__(message, code=code, hint=hint, **details)
        self.status = status


class DefinitionError(ConsoleError):
    """A module's definition is wrong; ``problems`` has one sentence for each mistake."""

    code = "definition_invalid"
    exit_code = 6

    def __init__(self, module: str, problems: Iterable[str]) -> None:
        self.module = module
        self.problems = tuple(problems)
        super().__init__(f"module {module!r}: " + "; ".join(self.problems), module=module)


class SettingsError(ConsoleError):
    """A setting is unknown or its value cannot be used."""

    code = "settings_invalid"
    exit_code = 6


class CannotStart(ConsoleError):
    """The application cannot be loaded; ``doctor`` and ``check`` still work."""

    code = "cannot_start"
    status = 503
    exit_code = 6


class SchemaBehind(ConsoleError):
    """The database is not at the version of this code; ``db upgrade`` brings it there."""

    code = "schema_behind"
    status = 503
    exit_code = 6


class WrongKey(ConsoleError):
    """The secret key file does not belong to this database."""

    code = "wrong_key"
    exit_code = 6


_MISSING = {
    "configuration": mark("There is no configuration %(name)s."),
    "feature": mark("There is no feature %(name)s."),
    "given_up": mark("Nothing of that name has given up: %(name)s."),
    "key": mark("There is no key %(name)s."),
    "module": mark("There is no module %(name)s."),
    "operation": mark("There is no operation %(name)s."),
    "passkey": mark("There is no passkey %(name)s."),
    "page": mark("There is no page %(name)s."),
    "platform": mark("There is no platform %(name)s."),
    "request": mark("There is no request %(name)s."),
    "revision": mark("There is no revision %(name)s."),
    "session": mark("There is no session %(name)s."),
    "step": mark("There is no step %(name)s."),
    "token": mark("There is no token %(name)s."),
    "user": mark("There is no user %(name)s."),
    "vendor": mark("There is no vendor %(name)s."),
}


class Unknown(ConsoleError):
    """Something was named that does not exist; what comes close is suggested.

    Args:
        kind: What was looked for: ``module``, ``platform``, ``vendor``, ``key``, ``operation``, ``user`` …
        name: The name as given.
        known: The names that would have been right.
    """

    status = 404
    exit_code = 3

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        names = sorted(known)
        close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        hint = None
        if close:
            hint = say("Did you mean %(names)s?", names=joined(say(" or "), map(repr, close)))
        elif names:
            hint = say("Known: %(names)s.", names=", ".join(names[:12]) + (", …" if len(names) > 12 else ""))
        missing = _MISSING.get(kind)
        text = (
            say(missing, name=repr(name))
            if missing
            else say("There is no %(kind)s %(name)s.", kind=kind, name=repr(name))
        )
        super().__init__(text, hint=hint, kind=kind, name=name, suggestions=close)
        self.kind = kind
        self.name = name
        self.code = f"unknown_{kind}"


class RuleRefused(ConsoleError):
    """A rule of the product forbids the change; ``code`` says which."""

    code = "refused"
    status = 409
    exit_code = 4


class ConfirmationNeeded(ConsoleError):
    """The change affects more than was asked for and nobody could be asked."""

    code = "confirmation_needed"
    status = 409
    exit_code = 2


class UsageError(ConsoleError):
    """The request is incomplete or contradicts itself."""

    code = "usage"
    status = 400
    exit_code = 2


class PlatformRequired(UsageError):
    """More than one tenant is in reach and none was named."""

    code = "platform_required"


class Conflict(ConsoleError):
    """The state moved between what was shown and what was asked; ``code`` says where."""

    code = "conflict"
    status = 409
    exit_code = 5


class Busy(ConsoleError):
    """The database could not take the write in time; nothing was written."""

    code = "storage_busy"
    status = 503
    exit_code = 5

    def __init__(self, message: str | None = None, *, hint: str | None = None, retry_after_s: int = 5) -> None:
        text = message or say("The database is busy. Nothing was changed.")
        super().__init__(text, hint=hint or say("Try again in a few seconds."), retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s


class StorageUnavailable(Busy):
    """The database cannot be used: no answer, no room, no right, or damage. Who can wait treats it as busy."""

    code = "storage_unavailable"
    exit_code = 6


class TimedOut(ConsoleError):
    """The operation goes on, but the time to wait for it has passed."""

    code = "timeout"
    status = 503
    exit_code = 5


class OperationFailed(ConsoleError):
    """A followed operation ended in ``failed``."""

    code = "operation_failed"
    exit_code = 1


class LoginRequired(ConsoleError):
    """Nobody is logged in, or the token is not valid."""

    code = "login_required"
    status = 401
    exit_code = 4


class TooManyTries(ConsoleError):
    """Too many logins were wrong of late; the next one waits."""

    code = "too_many_tries"
    status = 429
    exit_code = 5

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message, retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s


class ProofNeeded(ConsoleError):
    """What is asked for is dangerous, and the person proved too long ago who it is."""

    code = "proof_needed"
    status = 403
    exit_code = 4


class SecondFactorNeeded(ConsoleError):
    """The console's policy wants a second factor from this person, who has none yet."""

    code = "second_factor_needed"
    status = 403
    exit_code = 4


class Forbidden(ConsoleError):
    """The person may not do this; ``permission`` names what is missing."""

    code = "forbidden"
    status = 403
    exit_code = 4

    def __init__(self, permission: str, message: str | None = None) -> None:
        super().__init__(
            message or say("You need the permission %(permission)s for this.", permission=repr(permission)),
            hint=say("Ask an admin of this platform."),
            permission=permission,
        )
        self.permission = permission


class FeatureNotInTier(ConsoleError):
    """The platform's tier lacks the feature; ``tiers`` have it."""

    code = "feature_not_in_tier"
    status = 403
    exit_code = 4


class ModuleOff(ConsoleError):
    """The module exists but is off for this platform."""

    code = "module_off"
    status = 404
    exit_code = 4

    def __init__(self, module: str, name: str) -> None:
        text = say("%(module)s is switched off.", module=name)
        super().__init__(text, hint=say("An admin of the platform can switch it on."), module=module)
        self.module = module
        self.name = name


class OutsideUnitOfWork(ConsoleError):
    """Something was written outside ``unit_of_work()``."""

    code = "outside_unit_of_work"


class OutsideScope(ConsoleError):
    """Tenant data was asked for without a tenant."""

    code = "outside_scope"


class ConfigInvalid(ConsoleError):
    """The schema rejects the values; ``errors`` maps each key to its reason. A hook raises it with a field's name.

    Args:
        errors: Key → reason, or the name of one field.
        reason: The reason when ``errors`` is a name.
    """

    code = "config_invalid"
    status = 422
    exit_code = 4

    def __init__(self, errors: Mapping[str, str] | str, reason: str | None = None) -> None:
        why = reason or say(UNUSABLE_VALUE)
        self.errors: dict[str, str] = {errors: why} if isinstance(errors, str) else dict(errors)
        faults = joined("; ", (joined(": ", each) for each in self.errors.items()))
        super().__init__(say("The configuration is not valid: %(faults)s", faults=faults), **self.errors)


class NotReady(ConsoleError):
    """Raised by a hook that must wait for something else; costs no attempt, given up after 24 hours.

    Args:
        retry_after: Seconds until the next try.
        message: What it waits for.
    """

    code = "not_ready"
    status = 503

    def __init__(self, retry_after: float = 30.0, message: str | None = None) -> None:
        super().__init__(message or say(NOT_READY), hint=say("It is tried again by itself."), retry_after=retry_after)
        self.retry_after = retry_after


class AuthFailed(ConsoleError):
    """Raised by a hook whose credentials a service refused; it is not retried."""

    code = "auth_failed"

    def __init__(self, message: str | None = None) -> None:
        hint = say("Check the credentials in the module's configuration, then retry.")
        super().__init__(message or say(CREDENTIALS_REFUSED), hint=hint)
