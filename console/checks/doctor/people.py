"""DEP01x: how people log in."""

from __future__ import annotations

from sqlalchemy import func, select

from console.checks.doctor.patient import Check, Patient
from console.domain.diagnosis import Answer, error, fine, warning
from console.domain.words import Role
from console.services import passwords, setup, users
from console.storage.tables import Membership, Passkey, TotpSecret, User

_ADMINS = (Role.INSTANCE_ADMIN, Role.PLATFORM_ADMIN)


def _policy(it: Patient) -> Answer:
    wanted = it.settings.second_factor
    if wanted == "optional":
        return warning("Admins need no second factor.", "Set CONSOLE_SECOND_FACTOR to admins or all.")
    return fine(f"A second factor is needed by: {wanted}.")


def _admins(it: Patient) -> Answer:
    more = select(TotpSecret.user_id).union(select(Passkey.user_id))
    bare = (
        select(func.count(User.id.distinct()))
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.role.in_(_ADMINS), User.is_active, User.id.not_in(more))
    )
    if count := it.tables().scalar(bare):
        return warning(f"{count} admins log in with a password alone.", "They add an app or a passkey in *Account*.")
    return fine("Every admin has a second factor.")


def _first_admin(it: Patient) -> Answer:
    if setup.is_open(it.tables()):
        return warning(
            "There is no admin: whoever has the set-up link becomes one.", "Open the link that `serve` says."
        )
    return fine("The first admin is there.")


def _given_password(it: Patient) -> Answer:
    file = it.settings.admin_password_file
    if file is None or not file.exists():
        return fine("No file holds a password.")
    email = users.normal_email(it.settings.admin_email)
    user = it.tables().scalar(select(User).where(User.email == email))
    if user is not None and passwords.verify(user.password_hash, file.read_text(encoding="utf-8").strip()):
        return error(
            f"The password of {email} is still the one in {file}.", "Change it in *Account*, and delete the file."
        )
    return warning(f"{file} is still there; it serves the first start only.", "Delete it, and unset both settings.")


CHECKS = (
    Check("DEP010", "second factors", _policy),
    Check("DEP011", "admins", _admins),
    Check("DEP012", "the first admin", _first_admin),
    Check("DEP013", "the password from a file", _given_password),
)
