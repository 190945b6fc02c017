"""The tables of the content module."""

from modules.cms.models.content_page import ContentPage
from modules.cms.models.media import Media
from modules.cms.models.vendor_theme import VendorTheme

__all__ = ["ContentPage", "Media", "VendorTheme"]
