"""What can go wrong with content; each class is a page, a JSON answer and an exit code."""

from __future__ import annotations

from console.sdk import ModuleError, gettext


class UnknownPage(ModuleError):
    """The tenant has no content page of that id."""

    def __init__(self, page_id: int) -> None:
        super().__init__(gettext("cms.errors.unknown_page"), code="unknown_page", status=404, id=str(page_id))


class SlugTaken(ModuleError):
    """Another page of the vendor has that address."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            gettext("cms.errors.slug_taken", slug=slug),
            code="slug_taken",
            status=409,
            hint=gettext("cms.errors.slug_taken_hint"),
            slug=slug,
        )


class PageLimit(ModuleError):
    """The vendor has as many pages as the configuration allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            gettext("cms.errors.page_limit", limit=limit),
            code="page_limit",
            status=409,
            hint=gettext("cms.errors.page_limit_hint"),
            limit=limit,
        )


class SeoDisabled(ModuleError):
    """The platform has search engine fields switched off."""

    def __init__(self) -> None:
        super().__init__(gettext("cms.errors.seo_disabled"), code="seo_disabled", status=409)


class UnknownMedia(ModuleError):
    """The vendor has no picture of that id or name."""

    def __init__(self, media: int | str) -> None:
        super().__init__(gettext("cms.errors.unknown_media"), code="unknown_media", status=404, id=str(media))


class MediaRefused(ModuleError):
    """The file is no picture of a known kind, or too big, or one too many."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, code="media_refused", status=422, file=reason)


class UnknownVendor(ModuleError):
    """The platform has no vendor of that id."""

    def __init__(self, vendor_id: int) -> None:
        super().__init__(gettext("cms.errors.unknown_vendor"), code="unknown_vendor", status=404, id=str(vendor_id))
