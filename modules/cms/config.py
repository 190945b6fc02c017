"""What an admin can set for content on a platform."""

from __future__ import annotations

from pydantic import BaseModel, Field


class CMSConfig(BaseModel):
    """CMS module configuration."""

    max_pages_per_vendor: int = Field(
        default=100,
        ge=1,
        le=1000,
        title="Pages per vendor",
        description="How many content pages one vendor may keep. Pages above a lowered limit stay.",
        json_schema_extra={"unit": "pages"},
    )
    enable_seo: bool = Field(
        default=True,
        title="Search engine fields",
        description="Pages get a title and a description for search engines.",
    )
    default_language: str = Field(
        default="en", title="Default language", description="Code of the language in which new pages begin."
    )
