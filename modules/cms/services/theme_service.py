"""Themes: how the pages of a vendor look."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.cms.models import VendorTheme
from modules.cms.schemas import ThemeIn

TYPEFACES = {
    "sans": 'system-ui, -apple-system, "Segoe UI", sans-serif',
    "serif": 'Georgia, "Times New Roman", serif',
    "mono": "ui-monospace, Menlo, Consolas, monospace",
}
WIDTHS = {"narrow": "65ch", "wide": "100ch"}


def themes(session: Session) -> dict[int, ThemeIn]:
    """Vendor id → theme, for the vendors of the tenant in scope that have one."""
    return {each.vendor_id: _values(each) for each in session.scalars(select(VendorTheme))}


def theme_of(session: Session, vendor_id: int) -> ThemeIn:
    """The vendor's theme, or the plain one."""
    found = session.scalars(select(VendorTheme).where(VendorTheme.vendor_id == vendor_id)).one_or_none()
    return ThemeIn() if found is None else _values(found)


def set_theme(session: Session, vendor_id: int, *, wish: ThemeIn, now: datetime) -> None:
    """From now on the vendor's pages look like ``wish``."""
    row = session.scalars(select(VendorTheme).where(VendorTheme.vendor_id == vendor_id)).one_or_none()
    if row is None:
        row = VendorTheme(vendor_id=vendor_id)
        session.add(row)
    row.accent, row.typeface, row.width, row.changed_at = wish.accent, wish.typeface, wish.width, now


def stylesheet(theme: ThemeIn) -> str:
    """The theme as CSS; every value in it was checked by the schema."""
    return (
        f".cms-page{{font-family:{TYPEFACES[theme.typeface]};max-inline-size:{WIDTHS[theme.width]};line-height:1.6;"
        f"border-block-start:4px solid {theme.accent};padding-block-start:1rem;display:grid;gap:.8rem}}\n"
        ".cms-page img{max-inline-size:100%;block-size:auto}\n"
        ".cms-page a{text-decoration:underline}\n"
        f".cms-page blockquote{{border-inline-start:3px solid {theme.accent};margin:0;padding-inline-start:1rem}}\n"
        ".cms-page ul{list-style:disc;padding-inline-start:1.2rem}\n"
        ".cms-page ol{list-style:decimal;padding-inline-start:1.4rem}\n"
    )


def _values(row: VendorTheme) -> ThemeIn:
    return ThemeIn.model_validate({"accent": row.accent, "typeface": row.typeface, "width": row.width})
