"""What an admin can set for content on a platform."""

from __future__ import annotations

from pydantic import BaseModel, Field


class CMSConfig(BaseModel):
    """CMS module configuration."""

    max_pages_per_vendor: int = Field(default=100, ge=1, le=1000)
    enable_seo: bool = True
    default_language: str = "en"
