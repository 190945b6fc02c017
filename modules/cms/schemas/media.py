"""A picture of a vendor in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from modules.cms.models import Media


class MediaOut(BaseModel):
    """A picture without its bytes.

    Attributes:
        name: What its vendor called it.
        file_name: The last part of its address; random.
    """

    id: str
    name: str
    file_name: str
    content_type: str
    size_bytes: int
    created_at: datetime

    @classmethod
    def of(cls, media: Media) -> MediaOut:
        """The row as it goes out."""
        return cls(
            id=str(media.id),
            name=media.name,
            file_name=media.file_name,
            content_type=media.content_type,
            size_bytes=media.size_bytes,
            created_at=media.created_at,
        )


class MediaAnswer(BaseModel):
    """The pictures of a vendor."""

    media: list[MediaOut]
