"""Pictures of a vendor: what is accepted, kept and served."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.utils import secure_filename

from console.sdk import gettext
from modules.cms.exceptions import MediaRefused, UnknownMedia
from modules.cms.models import Media
from modules.cms.services import pictures

MAX_BYTES = 1024 * 1024
MAX_FILES = 200


def list_media(session: Session, vendor_id: int) -> Sequence[Media]:
    """The vendor's pictures, newest first, without their bytes."""
    return list(session.scalars(select(Media).where(Media.vendor_id == vendor_id).order_by(Media.id.desc())))


def get_media(session: Session, vendor_id: int, *, media_id: int) -> Media:
    """One picture of the vendor.

    Raises:
        UnknownMedia: There is none of that id, or it is another vendor's.
    """
    found = session.scalars(select(Media).where(Media.vendor_id == vendor_id, Media.id == media_id)).one_or_none()
    if found is None:
        raise UnknownMedia(media_id)
    return found


def add_media(session: Session, vendor_id: int, *, name: str, data: bytes, now: datetime) -> Media:
    """The stored picture.

    Raises:
        MediaRefused: It is empty, too big, no picture or more than one, has too many pixels, or is one file too many.
    """
    if not data:
        raise MediaRefused(gettext("cms.errors.media_empty"))
    if len(data) > MAX_BYTES:
        raise MediaRefused(gettext("cms.errors.media_too_big", limit=MAX_BYTES // 1024))
    kept = session.scalars(select(func.count()).select_from(Media).where(Media.vendor_id == vendor_id)).one()
    if kept >= MAX_FILES:
        raise MediaRefused(gettext("cms.errors.media_limit", limit=MAX_FILES))
    kind = pictures.kind_of(data)
    media = Media(
        vendor_id=vendor_id,
        name=secure_filename(name)[-120:] or "picture",
        content_type=kind,
        size_bytes=len(data),
        data=data,
        created_at=now,
    )
    session.add(media)
    session.flush()
    return media


def file_name(media: Media) -> str:
    """What a download is called: nothing that the sender chose, and the ending of what it is."""
    return f"{hashlib.sha256(media.data).hexdigest()[:16]}.{pictures.ENDINGS[media.content_type]}"


def remove_media(session: Session, vendor_id: int, *, media_id: int) -> Media:
    """The picture that is gone now."""
    media = get_media(session, vendor_id, media_id=media_id)
    session.delete(media)
    return media
