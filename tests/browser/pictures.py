"""Which pages the documents show: every page of the address map, by whom it is looked at and what it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.lived_in import ADMIN, MERCHANT, OWNER
from tests.browser.tabs import Tab

LOOKS = ("light", "dark", "phone")
VISITOR = ""


def nothing(_tab: Tab) -> None:
    """Takes the page as it comes."""


def open_by(test_id: str, shown: str) -> Callable[[Tab], None]:
    """Clicks a control and waits for what opens."""

    def click(tab: Tab) -> None:
        tab.test_id(test_id).click()
        expect(tab.page.locator(shown)).to_be_visible()

    return click


def look_around(tab: Tab) -> None:
    """Types into the search and waits for its results."""
    tab.test_id("search-open").click()
    tab.test_id("search-field").fill("orders")
    expect(tab.page.locator("#search-status")).to_contain_text("result")


def select_two(tab: Tab) -> None:
    """Chooses two modules of the list."""
    for name in ("Analytics & Reports", "Billing"):
        tab.page.get_by_label(f"Select {name}").check()


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in the documents.

    Args:
        name: How its files begin; ``-light``, ``-dark`` and ``-phone`` follow.
        endpoint: Which page of the address map it is; "" for a state of one that has a picture of its own.
        path: Its address in the demo; ``{order}`` and the like stand for ids.
        about: What the page is for, in one line.
        person: Who looks at it.
        first: What is done before the picture is taken.
    """

    name: str
    endpoint: str
    path: str
    about: str
    person: str = ADMIN
    first: Callable[[Tab], None] = nothing

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files, in the order of ``LOOKS``."""
        return tuple(f"{self.name}-{look}.png" for look in LOOKS)


A, V, G = "/admin/acme", "/vendor/blue-bottle", "/admin/globex"
FACTOR = "/account/second-factor"
RESTORE = "modules/cms/config/restore?revision=1"
CONTENT = f"{V}/cms/pages/{{page}}"

SET_UP = (Picture("setup", "people.setup", "{setup}", "The first admin is made here, once, by a link.", VISITOR),)
PEOPLE = (
    Picture("login", "people.login", "/login", "Where everybody logs in.", VISITOR),
    Picture("account", "people.account", "/account", "Name, password, language, time zone and open sessions."),
    Picture("second-factor", "people.second_factor", FACTOR, "What a login takes beside the password."),
    Picture("app", "people.app_connect", f"{FACTOR}/app", "The key of an authenticator app, as a picture."),
    Picture("passkey", "people.passkey_add", f"{FACTOR}/passkey", "Adding the passkey of a device."),
    Picture("keyboard", "people.keyboard", "/keyboard", "What the keyboard does; `?` opens it over any page."),
)
PLATFORM = (
    Picture("overview", "pages.overview", f"{A}/", "What runs, what needs a look, what happened last."),
    Picture("modules", "pages.modules", f"{A}/modules", "Every module with its switch, state and dependencies."),
    Picture("selection", "", f"{A}/modules", "Several modules, switched by one plan.", first=select_two),
    Picture("module-menu", "pages.module_menu", f"{A}/modules/orders/menu", "What can be done with one module."),
    Picture("plan", "pages.module_disable", f"{A}/modules/payments/disable", "What switching off takes along."),
    Picture("plan-enable", "pages.module_enable", f"{G}/modules/orders/enable", "What switching on takes along."),
    Picture("plan-many", "pages.operations_plan", f"{A}/operations/plan?on=billing&off=analytics", "Many at once."),
    Picture("module", "pages.module", f"{A}/modules/orders", "What a module adds, needs and is needed by."),
    Picture("configuration", "pages.module_config", f"{A}/modules/cms/config", "A form made from the schema."),
    Picture("history", "pages.module_history", f"{A}/modules/cms/history", "Every saved revision with its changes."),
    Picture("restore", "pages.module_config_restore_review", f"{A}/{RESTORE}", "What going back would change."),
    Picture("module-health", "pages.module_health", f"{A}/modules/cms/health", "What its health check says."),
    Picture(
        "module-operations", "pages.module_operations", f"{A}/modules/orders/operations", "What happened to one module."
    ),
    Picture("purge", "pages.module_purge", f"{A}/modules/billing/purge", "Deleting what a module has kept."),
    Picture("graph", "pages.module_graph", f"{A}/modules/-/graph", "Which module needs which, with its state."),
    Picture("operations", "pages.operations", f"{A}/operations", "What was asked for and how it ended."),
    Picture("operation", "pages.operation", f"{A}/operations/{{operation}}", "One operation, step by step, with logs."),
    Picture("given-up", "pages.given_up", "/admin/globex/operations/given-up", "What rests until somebody decides."),
    Picture("undo", "pages.operation_undo", f"{A}/operations/{{operation}}/undo", "The plan of the way back."),
    Picture("vendors", "pages.vendors", f"{A}/vendors", "The merchants of the platform."),
    Picture("vendor-of-platform", "pages.vendor", f"{A}/vendors/blue-bottle", "Tier, features, limits and people."),
    Picture("tier-plan", "pages.vendor_tier", f"{A}/vendors/blue-bottle/tier?tier=starter", "What a lower tier takes."),
    Picture("why", "pages.vendor_feature", f"{A}/vendors/blue-bottle/features/sales_reports", "Why a feature is on."),
    Picture("tiers", "pages.tiers", f"{A}/tiers", "What vendors can have."),
    Picture("tier", "pages.tier", f"{A}/tiers/growth", "The features and limits of one tier."),
    Picture("people", "pages.users", f"{A}/users", "Who has access, and as what."),
    Picture("roles", "pages.roles", f"{A}/users/roles", "Roles made of permissions."),
    Picture("role", "pages.role", f"{A}/users/roles/1", "One of them."),
    Picture("tokens", "pages.tokens", f"{A}/users/tokens", "What programs may use the API with."),
    Picture("requests", "pages.requests", f"{A}/requests", "Which vendor asks for which module."),
    Picture("health", "pages.health", f"{A}/health", "The health of all modules."),
    Picture("audit", "pages.audit", f"{A}/audit", "Who did what, with before and after."),
    Picture("menu", "pages.menu", f"{A}/menu", "The menus of admins and vendors, arranged."),
    Picture("search", "pages.search", f"{A}/search?q=orders", "Search as a page."),
    Picture("search-dialog", "", f"{A}/", "Search from anywhere, by `Ctrl K`.", first=look_around),
)
INSTANCE = (
    Picture("instance", "instance.overview", "/instance/", "All platforms, and what needs attention on which."),
    Picture("platforms", "instance.platforms", "/instance/platforms", "The platforms, and making one."),
    Picture("users", "instance.users", "/instance/users", "The accounts with their roles."),
    Picture("logins", "instance.user_logins", "/instance/users/1/logins", "Where somebody is logged in, and how."),
    Picture("instance-tokens", "instance.tokens", "/instance/tokens", "The API tokens of the whole instance."),
    Picture("registry", "instance.modules", "/instance/modules", "Every installed module, and what is wrong with one."),
    Picture("registry-graph", "instance.graph", "/instance/graph", "The dependencies of all installed modules."),
    Picture("migrations", "instance.migrations", "/instance/migrations", "How far the tables of each module are."),
    Picture("instance-audit", "instance.audit", "/instance/audit", "The audit over all platforms."),
    Picture("settings", "instance.settings", "/instance/settings", "Each setting with its source, secrets masked."),
    Picture("instance-search", "instance.search", "/instance/search", "Search over the instance."),
)
VENDOR = (
    Picture("vendor", "home.index", f"{V}/", "What is on for a vendor, and what is new.", OWNER),
    Picture("catalog", "home.catalog", f"{V}/catalog", "All that exists on the platform.", OWNER),
    Picture("catalog-module", "home.catalog_module", f"{V}/catalog/billing", "Asking the admins for a module.", OWNER),
    Picture("vendor-search", "home.search", f"{V}/search?q=orders", "A vendor’s search.", OWNER),
    Picture("not-found", "", f"{V}/nowhere", "An address that does not exist.", OWNER),
    Picture("module-off", "", f"{V}/billing/", "The page of a module that is off.", OWNER),
)
MODULES = (
    Picture("admin-analytics", "admin.analytics.analytics_dashboard", f"{A}/analytics/", "Figures of the platform."),
    Picture("admin-reports", "admin.analytics.reports", f"{A}/analytics/reports", "The same as a report."),
    Picture("admin-billing", "admin.billing.subscriptions", f"{G}/billing/", "The subscriptions of vendors."),
    Picture("admin-content", "admin.cms.content_pages", f"{A}/cms/", "The pages that vendors wrote."),
    Picture("admin-content-page", "admin.cms.content_page", f"{A}/cms/pages/{{page}}", "One of them."),
    Picture("admin-themes", "admin.cms.vendor_themes", f"{A}/cms/themes", "The looks of the shops."),
    Picture("admin-theme", "admin.cms.edit_theme", f"{A}/cms/themes/{{vendor}}", "One shop’s colour and typeface."),
    Picture("admin-registry", "admin.dev-tools.module_registry", f"{A}/dev-tools/", "Modules, for developers."),
    Picture("admin-routes", "admin.dev-tools.route_map", f"{A}/dev-tools/routes", "Every address, for developers."),
    Picture("admin-orders", "admin.orders.orders", f"{A}/orders/", "The orders of all vendors."),
    Picture("admin-order", "admin.orders.order", f"{A}/orders/{{order}}", "One order and its way."),
    Picture("admin-gateways", "admin.payments.payment_gateways", f"{A}/payments/", "Which gateways may be used."),
    Picture("admin-profile", "admin.tenancy.platform_profile", f"{A}/tenancy/", "What the platform is called."),
)
SHOP = (
    Picture("shop-analytics", "vendor.analytics.analytics", f"{V}/analytics/", "Figures of one shop.", OWNER),
    Picture("shop-sales", "vendor.analytics.sales_reports", f"{V}/analytics/sales", "Its sales.", OWNER),
    Picture("shop-billing", "vendor.billing.subscription", "/vendor/gear-lab/billing/", "Its subscription.", MERCHANT),
    Picture("shop-content", "vendor.cms.content_pages", f"{V}/cms/", "Its pages.", OWNER),
    Picture("shop-content-new", "vendor.cms.new_page", f"{V}/cms/new", "Writing one.", OWNER),
    Picture("shop-content-edit", "vendor.cms.edit_page", CONTENT, "Changing one.", OWNER),
    Picture(
        "shop-content-preview",
        "vendor.cms.preview_page",
        f"{V}/cms/pages/{{page}}/preview",
        "As visitors see it.",
        OWNER,
    ),
    Picture(
        "shop-content-delete", "vendor.cms.confirm_delete", f"{V}/cms/pages/{{page}}/delete", "Before one goes.", OWNER
    ),
    Picture("shop-media", "vendor.cms.media", f"{V}/cms/media", "Its pictures.", OWNER),
    Picture("shop-orders", "vendor.orders.orders", f"{V}/orders/", "Its orders.", OWNER),
    Picture("shop-order", "vendor.orders.order", f"{V}/orders/{{order}}", "One order.", OWNER),
    Picture("shop-order-new", "vendor.orders.new_order", f"{V}/orders/new", "Taking an order.", OWNER),
    Picture("shop-payments", "vendor.payments.payment_methods", f"{V}/payments/", "How it is paid.", OWNER),
    Picture("shop-profile", "vendor.tenancy.vendor_profile", f"{V}/tenancy/", "What the shop is called.", OWNER),
)

AREAS = {
    "Before anybody is there": SET_UP,
    "People": PEOPLE,
    "A platform": PLATFORM,
    "The instance": INSTANCE,
    "A vendor": VENDOR,
    "Modules, for admins": MODULES,
    "Modules, for vendors": SHOP,
}
PICTURES = tuple(picture for area in AREAS.values() for picture in area)

NOT_PAGES = {
    "pages.role_new": "the form of a role, empty",
    "people.start": "leads on to where somebody’s work begins",
    "pages.module_row": "a part of the list, for htmx",
    "pages.operation_row": "a part of the list, for htmx",
    "pages.audit_export": "a file",
    "instance.audit_export": "a file",
    "pages.module_purge_export": "a file",
    "vendor.cms.media_file": "a picture",
    "vendor.cms.theme_css": "a stylesheet",
    "ops.healthz": "for machines",
    "ops.readyz": "for machines",
    "ops.metrics": "for machines",
}
