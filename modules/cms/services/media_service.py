"""Pictures of a vendor: what is accepted, kept and served."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from werkzeug.utils import secure_filename

from console.sdk import gettext
from modules.cms.exceptions import MediaRefused, UnknownMedia
from modules.cms.models import Media
from modules.cms.services import pictures

MAX_BYTES = 1024 * 1024
MAX_FILES = 200
NAME_BYTES = 16


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


def named_media(session: Session, vendor_id: int, *, file_name: str) -> Media:
    """The picture of the vendor that has this random name, or had this one before names were random.

    Raises:
        UnknownMedia: There is none of that name, or it is another vendor's.
    """
    named = or_(Media.file_name == file_name, Media.earlier_name == file_name)
    media = session.scalars(select(Media).where(Media.vendor_id == vendor_id, named)).one_or_none()
    if media is None:
        raise UnknownMedia(file_name)
    return media


def add_media(session: Session, vendor_id: int, *, name: str, data: bytes, now: datetime) -> Media:
    """The stored picture, under a name that neither its sender nor its content decides.

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
        file_name=f"{secrets.token_hex(NAME_BYTES)}.{pictures.ENDINGS[kind]}",
        content_type=kind,
        size_bytes=len(data),
        data=data,
        created_at=now,
    )
    session.add(media)
    session.flush()
    return media


def remove_media(session: Session, vendor_id: int, *, media_id: int) -> Media:
    """The picture that is gone now."""
    media = get_media(session, vendor_id, media_id=media_id)
    session.delete(media)
    return media
