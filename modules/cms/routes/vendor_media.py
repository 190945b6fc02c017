"""The media library, for the people of a vendor; mounted on the vendor pages of the module."""

from __future__ import annotations

from contextlib import closing

from flask import Response, flash, request, url_for

from console.sdk import (
    ModuleBlueprint,
    current_vendor,
    db,
    described,
    gettext,
    read_json,
    render_template,
    requires_feature,
    requires_permission,
    see_other,
    utc_now,
)
from modules.cms.exceptions import MediaRefused
from modules.cms.schemas import MediaAnswer, MediaIn, MediaOut, PictureAnswer
from modules.cms.services import media_service
from modules.cms.services.pictures import ENDINGS

SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Whatever somebody sent can only be shown as a picture by a page of ours; opened by itself it is a download."""


@requires_permission("cms.view")
@requires_feature("media_library")
def media() -> str:
    """The vendor's pictures, and the form for one more."""
    return _page()


@requires_permission("cms.manage")
@requires_feature("media_library")
def upload_media() -> Response | tuple[str, int]:
    """Back to the library with the picture in it, or the form with the reason why not (422)."""
    name, data = _sent()
    try:
        kept = media_service.add_media(db.session(), current_vendor.id, name=name, data=data, now=utc_now())
    except MediaRefused as error:
        return _page(error.message), error.status
    flash(gettext("cms.media.uploaded", name=kept.name))
    return see_other(url_for(".media"))


@requires_permission("cms.view")
@requires_feature("media_library")
def media_file(file_name: str) -> Response:
    """The picture itself; its type is that of what was decoded, and browsers must not guess another."""
    return _served(file_name)


@requires_permission("cms.view")
@requires_feature("media_library")
@described(MediaAnswer)
def list_media() -> dict[str, object]:
    """List the vendor's pictures, newest first."""
    found = media_service.list_media(db.session(), current_vendor.id)
    return {"media": [MediaOut.of(each).model_dump(mode="json") for each in found]}


@requires_permission("cms.manage")
@requires_feature("media_library")
@described({201: PictureAnswer}, takes=MediaIn)
def add_media() -> tuple[dict[str, object], int]:
    """Keep a picture, sent in base64."""
    wish = read_json(MediaIn)
    kept = media_service.add_media(db.session(), current_vendor.id, name=wish.name, data=wish.data, now=utc_now())
    return {"picture": MediaOut.of(kept).model_dump(mode="json")}, 201


@requires_permission("cms.manage")
@requires_feature("media_library")
@described({204: ()})
def remove_media(file_name: str) -> tuple[str, int]:
    """Delete a picture."""
    found = media_service.named_media(db.session(), current_vendor.id, file_name=file_name)
    media_service.remove_media(db.session(), current_vendor.id, media_id=found.id)
    return "", 204


@requires_permission("cms.view")
@requires_feature("media_library")
@described({200: tuple(ENDINGS)})
def show_media(file_name: str) -> Response:
    """Give one picture, as a download."""
    return _served(file_name)


def _served(file_name: str) -> Response:
    found = media_service.named_media(db.session(), current_vendor.id, file_name=file_name)
    answer = Response(found.data, mimetype=found.content_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers.set("Content-Disposition", "attachment", filename=found.file_name)
    return answer


@requires_permission("cms.manage")
@requires_feature("media_library")
def delete_media(media_id: int) -> Response:
    """Back to the library, without the picture."""
    gone = media_service.remove_media(db.session(), current_vendor.id, media_id=media_id)
    flash(gettext("cms.media.deleted", name=gone.name))
    return see_other(url_for(".media"))


def mount(pages: ModuleBlueprint, router: ModuleBlueprint) -> None:
    """Put the library's views on the module's vendor pages, and on its API for vendors."""
    router.get("/media")(list_media)
    router.post("/media")(add_media)
    router.get("/media/<file_name>")(show_media)
    router.delete("/media/<file_name>")(remove_media)
    pages.get("/media")(media)
    pages.post("/media")(upload_media)
    pages.get("/media/<file_name>")(media_file)
    pages.post("/media/<int:media_id>/delete")(delete_media)


def _sent() -> tuple[str, bytes]:
    """Name and bytes of the file that was sent; of one that is too big only enough to see that."""
    sent = request.files.get("file")
    if sent is None:
        return "", b""
    with closing(sent):
        return sent.filename or "", sent.stream.read(media_service.MAX_BYTES + 1)


def _page(error: str = "") -> str:
    found = media_service.list_media(db.session(), current_vendor.id)
    return render_template("vendor/media.html", media=found, error=error, limit_kb=media_service.MAX_BYTES // 1024)
