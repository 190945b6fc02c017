"""Content of all vendors, for the admins of a platform."""

from __future__ import annotations

from flask import Response, flash, request, url_for

from console.sdk import (
    ModuleBlueprint,
    VendorView,
    current_platform,
    db,
    described,
    gettext,
    read_form,
    read_json,
    render_template,
    requires_feature,
    requires_permission,
    sanitize_html,
    see_other,
    utc_now,
    vendors_of,
)
from modules.cms.exceptions import UnknownVendor
from modules.cms.forms import ThemeForm
from modules.cms.routes.shared import as_json, asked, config, pager
from modules.cms.schemas import (
    PageAnswer,
    PageOut,
    PagesAnswer,
    Publishing,
    ThemeAnswer,
    ThemeIn,
    ThemeOut,
    ThemesAnswer,
)
from modules.cms.services import content_service, theme_service

admin_router = ModuleBlueprint("cms", __name__, tags=["Admin - Content"])
admin_pages = ModuleBlueprint("cms", __name__)


@admin_router.get("/pages")
@requires_permission("cms.view")
@requires_feature("content_pages")
@described(PagesAnswer)
def list_all_pages() -> dict[str, object]:
    """List the content pages of the platform's vendors."""
    return as_json(asked(None))


@admin_router.get("/pages/<int:page_id>")
@requires_permission("cms.view")
@requires_feature("content_pages")
@described(PageAnswer)
def show_page(page_id: int) -> dict[str, object]:
    """Give one content page."""
    return {"page": PageOut.of(content_service.get_page(db.session(), page_id)).model_dump(mode="json")}


@admin_router.put("/pages/<int:page_id>/published")
@requires_permission("cms.manage")
@requires_feature("content_pages")
@described(PageAnswer, takes=Publishing)
def change_published(page_id: int) -> dict[str, object]:
    """Publish a content page, or take it offline."""
    page = content_service.get_page(db.session(), page_id)
    content_service.set_published(page, published=read_json(Publishing).published, now=utc_now())
    return {"page": PageOut.of(page).model_dump(mode="json")}


@admin_router.get("/themes")
@requires_permission("cms.view")
@requires_feature("vendor_themes")
@described(ThemesAnswer)
def list_themes() -> dict[str, object]:
    """List the vendors of the platform, each with its theme."""
    found = theme_service.themes(db.session())
    here = vendors_of(current_platform.id)
    return {"themes": [_theme(each, found.get(each.id, ThemeIn())) for each in here]}


@admin_router.put("/themes/<int:vendor_id>")
@requires_permission("cms.manage")
@requires_feature("vendor_themes")
@described(ThemeAnswer, takes=ThemeIn)
def replace_theme(vendor_id: int) -> dict[str, object]:
    """Choose how one vendor's pages look; what is left out is as for a vendor without a theme."""
    vendor, wish = _vendor(vendor_id), read_json(ThemeIn)
    theme_service.set_theme(db.session(), vendor.id, wish=wish, now=utc_now())
    return {"theme": _theme(vendor, wish)}


@admin_pages.get("/")
@requires_permission("cms.view")
@requires_feature("content_pages")
def content_pages() -> str:
    """The content pages of the platform's vendors."""
    found = asked(None)
    names = {vendor.id: vendor.name for vendor in vendors_of(current_platform.id)}
    return render_template("admin/pages.html", listing=found, pager=pager(found), vendors=names, config=config())


@admin_pages.get("/pages/<int:page_id>")
@requires_permission("cms.view")
@requires_feature("content_pages")
def content_page(page_id: int) -> str:
    """One content page as its readers see it."""
    page = content_service.get_page(db.session(), page_id)
    names = {vendor.id: vendor.name for vendor in vendors_of(current_platform.id)}
    return render_template("admin/page.html", page=page, body=sanitize_html(page.content or ""), vendors=names)


@admin_pages.post("/pages/<int:page_id>/publish")
@requires_permission("cms.manage")
@requires_feature("content_pages")
def publish_page(page_id: int) -> Response:
    """Back to the page, now published or not."""
    page = content_service.get_page(db.session(), page_id)
    content_service.set_published(page, published=request.form.get("want") == "on", now=utc_now())
    flash(gettext("cms.pages.published" if page.is_published else "cms.pages.unpublished", title=page.title))
    return see_other(url_for(".content_page", page_id=page_id))


@admin_pages.get("/themes")
@requires_permission("cms.view")
@requires_feature("vendor_themes")
def vendor_themes() -> str:
    """The vendors of the platform, each with its theme."""
    return render_template(
        "admin/themes.html",
        vendors=vendors_of(current_platform.id),
        themes=theme_service.themes(db.session()),
        plain=ThemeIn(),
    )


@admin_pages.get("/themes/<int:vendor_id>")
@requires_permission("cms.manage")
@requires_feature("vendor_themes")
def edit_theme(vendor_id: int) -> str:
    """The form for one vendor's theme."""
    vendor = _vendor(vendor_id)
    form = ThemeForm(data=theme_service.theme_of(db.session(), vendor.id).model_dump())
    return render_template("admin/theme.html", form=form, shop=vendor)


@admin_pages.post("/themes/<int:vendor_id>")
@requires_permission("cms.manage")
@requires_feature("vendor_themes")
def save_theme(vendor_id: int) -> Response | tuple[str, int]:
    """Back to the list with the new theme, or the form with what is wrong (422)."""
    vendor = _vendor(vendor_id)
    form = ThemeForm(request.form)
    wish = read_form(form, ThemeIn)
    if wish is None:
        return render_template("admin/theme.html", form=form, shop=vendor), 422
    theme_service.set_theme(db.session(), vendor.id, wish=wish, now=utc_now())
    flash(gettext("cms.themes.saved", vendor=vendor.name))
    return see_other(url_for(".vendor_themes"))


def _theme(vendor: VendorView, look: ThemeIn) -> dict[str, object]:
    return ThemeOut(vendor=str(vendor.id), **look.model_dump()).model_dump()


def _vendor(vendor_id: int) -> VendorView:
    for vendor in vendors_of(current_platform.id):
        if vendor.id == vendor_id:
            return vendor
    raise UnknownVendor(vendor_id)
