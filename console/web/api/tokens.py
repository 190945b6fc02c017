"""API tokens: those of the instance, and those of a platform with its vendors."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission, requires_proof
from console.context import current, current_platform, runtime
from console.described import described
from console.domain.permissions import NOBODY
from console.inputs import read_json
from console.services import tokens as service
from console.services import vendors
from console.services.documents import names, token_json
from console.services.tokens import Creator, TokenView
from console.storage.uow import current_uow, read_session
from console.web.api import people_shapes as shapes
from console.web.api._blueprint import blueprint, instance


class NewToken(BaseModel):
    """A token to make.

    Attributes:
        expires_days: Its life; a token that a token makes lives no longer than that one.
        permissions: All that it may do; null: whatever its scope has and whoever makes it may give.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    expires_days: int = Field(default=90, ge=1, le=3660)
    permissions: list[str] | None = Field(default=None, min_length=1)


class NewPlatformToken(NewToken):
    """A token to make for the platform, or for one vendor of it."""

    vendor: str | None = Field(default=None, max_length=63)


@instance.get("/tokens")
@requires_permission("instance.manage")
@described(shapes.TokensDocument)
def instance_tokens() -> Response:
    """Every token with scope, permissions and last use, never its text."""
    return _listed(service.listing(read_session()))


@instance.post("/tokens")
@requires_permission("instance.manage")
@requires_proof
@described({201: shapes.NewTokenDocument}, takes=NewToken)
def instance_token_create() -> Response:
    """Make a token for the whole instance; its text is told in this answer only."""
    return _made(read_json(NewToken))


@instance.post("/tokens/<int:token_id>/revoke")
@requires_permission("instance.manage")
@described(shapes.TokenDocument)
def instance_token_revoke(token_id: int) -> Response:
    """Take a token back at once."""
    return _revoked(token_id, None)


@blueprint.get("/admin/users/tokens")
@requires_permission("tokens.view")
@described(shapes.TokensDocument)
def tokens() -> Response:
    """The tokens of the platform and of its vendors, never their text."""
    return _listed(service.on_platform(read_session(), current_platform.id))


@blueprint.post("/admin/users/tokens")
@requires_permission("tokens.manage")
@requires_proof
@described({201: shapes.NewTokenDocument}, takes=NewPlatformToken)
def token_create() -> Response:
    """Make a token for the platform or one of its vendors; its text is told in this answer only."""
    wish = read_json(NewPlatformToken)
    if wish.vendor is None:
        return _made(wish, platform_id=current_platform.id)
    return _made(wish, vendor_id=vendors.of_platform(read_session(), current_platform.id, wish.vendor).id)


@blueprint.post("/admin/users/tokens/<int:token_id>/revoke")
@requires_permission("tokens.manage")
@described(shapes.TokenDocument)
def token_revoke(token_id: int) -> Response:
    """Take a token of the platform or of its vendors back at once."""
    return _revoked(token_id, current_platform.id)


def _made(wish: NewToken, *, platform_id: int | None = None, vendor_id: int | None = None) -> Response:
    uow = current_uow()
    made, secret = service.create(
        uow,
        wish.name,
        expires_days=wish.expires_days,
        platform_id=platform_id,
        vendor_id=vendor_id,
        permissions=wish.permissions,
        creator=_creator(),
        actor=current().actor,
        now=runtime().clock(),
    )
    response = jsonify({"schema": 1, "token": token_json(made, names(uow.session)), "secret": secret})
    response.status_code = 201
    return response


def _creator() -> Creator:
    """The person who asks, or whose token asks; what a token makes ends with it at the latest."""
    here = current()
    grants = here.grants or NOBODY
    if here.token is not None:
        return Creator(here.token.owner_id, grants, ends_at=here.token.ends_at)
    assert here.user is not None
    return Creator(here.user.id, grants)


def _revoked(token_id: int, platform_id: int | None) -> Response:
    uow = current_uow()
    gone = service.revoke(uow, token_id, actor=current().actor, now=runtime().clock(), platform_id=platform_id)
    return jsonify({"schema": 1, "token": token_json(gone, names(uow.session))})


def _listed(found: list[TokenView]) -> Response:
    slugs = names(read_session())
    return jsonify({"schema": 1, "tokens": [token_json(each, slugs) for each in found]})
