"""A picture of a vendor in JSON."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

if TYPE_CHECKING:
    from modules.cms.models import Media


def _decoded(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError("give the bytes of the picture as text, in base64")
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        raise ValueError("this is not base64") from None


Encoded = Annotated[bytes, BeforeValidator(_decoded), WithJsonSchema({"type": "string", "contentEncoding": "base64"})]
"""Bytes that come as a text: a body of the API is one JSON object."""


class MediaIn(BaseModel):
    """A picture to keep.

    Attributes:
        name: What its vendor calls it.
        data: Its bytes in base64.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=255)
    data: Encoded


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


class PictureAnswer(BaseModel):
    """One picture of a vendor."""

    picture: MediaOut


class MediaAnswer(BaseModel):
    """The pictures of a vendor."""

    media: list[MediaOut]
