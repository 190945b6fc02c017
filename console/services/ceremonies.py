"""What a device is asked and whether its answer holds, by ``webauthn``, which takes a tenth of a start to load.

``console.services.passkeys`` imports this when somebody uses a passkey.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import webauthn
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from console.services import factors

if TYPE_CHECKING:
    from console.services.passkeys import Site
    from console.services.views import UserView
    from console.storage.tables import Passkey

Found = TypeVar("Found")
_VERIFIED = UserVerificationRequirement.REQUIRED


class NotAnAnswer(ValueError):
    """What came is no device's answer, or none to this question."""


def to_register(site: Site, user: UserView, known: Sequence[bytes]) -> tuple[str, str]:
    """What asks for a new passkey, as JSON, and the challenge in it; ``known`` are ids of those that exist."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=factors.ISSUER,
        user_id=f"user-{user.id}".encode(),
        user_name=user.email,
        user_display_name=user.name or user.email,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return webauthn.options_to_json(options), options.challenge.hex()


def to_log_in(site: Site) -> tuple[str, str]:
    """What any passkey of this console may answer, as JSON, and the challenge in it."""
    options = webauthn.generate_authentication_options(rp_id=site.host, user_verification=_VERIFIED)
    return webauthn.options_to_json(options), options.challenge.hex()


def registered(site: Site, challenge: str, answer: str) -> VerifiedRegistration:
    """The new passkey.

    Raises:
        NotAnAnswer: The device's answer is not one to the question.
    """
    return _sound(
        lambda: webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=site.host,
            expected_origin=list(site.origins),
            require_user_verification=True,
        )
    )


def read(answer: str) -> AuthenticationCredential:
    """The device's answer, not yet checked; its ``raw_id`` names the passkey.

    Raises:
        NotAnAnswer: It is none.
    """
    return _sound(lambda: parse_authentication_credential_json(answer))


def answered(site: Site, challenge: str, credential: AuthenticationCredential, key: Passkey) -> VerifiedAuthentication:
    """What the answer to the question proves, with the new count of uses.

    Raises:
        NotAnAnswer: It proves nothing, or the device is a copy.
    """
    return _sound(
        lambda: webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=site.host,
            expected_origin=list(site.origins),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.uses,
            require_user_verification=True,
        )
    )


def _sound(look: Callable[[], Found]) -> Found:
    try:
        return look()
    except (WebAuthnException, ValueError) as error:
        raise NotAnAnswer from error
