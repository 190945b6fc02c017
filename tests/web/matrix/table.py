"""What the matrix expects, kept by hand: which permission each endpoint needs, and which each role holds.

Nothing here is read from the product. An endpoint that is not in the table fails the matrix, and so does one that is
in it and is gone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

ANYBODY, LOGGED_IN = "anybody", "logged-in"

_NEEDS = """
anybody: ops.healthz ops.readyz people.language people.login people.login_accept people.setup
    people.login_code people.login_passkey
    people.setup_accept people.start
logged-in: api.openapi people.account people.account_password people.account_profile people.keyboard
    people.second_factor people.app_connect people.app_connect_accept people.app_disconnect people.codes_renew
    people.passkey_add people.passkey_add_accept people.passkey_remove
    people.logout people.session_end
instance.manage: instance.audit instance.audit_export instance.graph instance.migrations instance.modules
    instance.user_logins instance.user_login_end instance.user_unlock instance.user_factors_reset
    instance.overview instance.platform_create instance.platforms instance.search instance.settings
    instance.token_create instance.token_revoke instance.tokens instance.user_create instance.user_disable
    instance.users
    api_instance.branches api_instance.graph api_instance.instance_audit api_instance.instance_audit_export
    api_instance.instance_token_create api_instance.instance_token_revoke api_instance.instance_tokens
    api_instance.instance_overview api_instance.instance_search
    api_instance.platform_create api_instance.platforms api_instance.registry api_instance.settings
    api_instance.user api_instance.user_create api_instance.user_disable api_instance.user_factors_reset
    api_instance.user_login_end api_instance.user_logins api_instance.user_unlock api_instance.users
analytics.view: admin.analytics.analytics_dashboard admin.analytics.reports api_admin.analytics.list_events
    api_admin.analytics.list_figures api_vendor.analytics.list_figures api_vendor.analytics.list_sales
    vendor.analytics.analytics vendor.analytics.sales_reports
audit.view: api.audit api.audit_export pages.audit pages.audit_export
billing.manage: admin.billing.change_subscription admin.billing.start_subscription
    api_admin.billing.add_subscription api_admin.billing.change_state
billing.view: admin.billing.subscriptions api_admin.billing.list_subscriptions
    api_vendor.billing.show_subscription vendor.billing.subscription
cms.manage: admin.cms.edit_theme admin.cms.publish_page admin.cms.save_theme api_vendor.cms.add_page
    api_vendor.cms.remove_page api_vendor.cms.replace_page vendor.cms.confirm_delete vendor.cms.create_page
    vendor.cms.delete_media vendor.cms.delete_page vendor.cms.new_page vendor.cms.publish_page
    vendor.cms.save_page vendor.cms.upload_media api_vendor.cms.add_media api_vendor.cms.remove_media
    api_admin.cms.change_published api_admin.cms.replace_theme api_vendor.cms.change_published
cms.view: api_admin.cms.list_themes api_vendor.cms.list_media api_vendor.cms.show_media
    admin.cms.content_page admin.cms.content_pages admin.cms.vendor_themes api_admin.cms.list_all_pages
    api_admin.cms.show_page api_vendor.cms.list_own_pages api_vendor.cms.show_page vendor.cms.content_pages
    vendor.cms.edit_page vendor.cms.media vendor.cms.media_file vendor.cms.preview_page vendor.cms.theme_css
dev_tools.view: admin.dev-tools.module_registry admin.dev-tools.route_map api_admin.dev-tools.list_registry
    api_admin.dev-tools.list_routes
health.run: api.module_health_run pages.module_health_run
health.view: api.health_reports api.module_health pages.health pages.module_health
menu.manage: api.menu_save pages.menu_change
menu.view: api.menu pages.menu
modules.configure: api.module_config_restore api.module_config_save pages.module_config_restore
    pages.module_config_restore_review pages.module_config_save
modules.purge: api.module_purge api.module_purge_accept api.module_purge_export pages.module_purge
    pages.module_purge_accept pages.module_purge_export
modules.toggle: api.module_switch api.operations_plan api.operations_plan_accept
    pages.module_disable pages.module_disable_accept pages.module_enable
    pages.module_enable_accept pages.operations_plan pages.operations_plan_accept
modules.view: api.module api.module_config api.module_config_history api.module_plan api.modules pages.module
    pages.module_config pages.module_graph pages.module_history pages.module_menu pages.module_row pages.modules
operations.manage: api.operation_decide api.operation_force pages.operation_decide pages.operation_force
    pages.given_up_decide api.given_up_decide
    api.operation_undo api.operation_undo_accept pages.operation_undo pages.operation_undo_accept
operations.view: api.operation api.operations pages.module_operations pages.operation pages.operation_row
    pages.given_up api.given_up
    pages.operations
orders.manage: admin.orders.move api_admin.orders.change_state api_vendor.orders.add_order
    api_vendor.orders.change_state vendor.orders.move vendor.orders.new_order vendor.orders.save_order
orders.view: admin.orders.order admin.orders.orders api_admin.orders.list_all_orders api_admin.orders.show_order
    api_vendor.orders.list_own_orders api_vendor.orders.show_order vendor.orders.order vendor.orders.orders
payments.manage: admin.payments.switch_gateway api_admin.payments.change_gateway
    api_vendor.payments.add_payment_method api_vendor.payments.delete_payment_method
    vendor.payments.create_method vendor.payments.remove_method
payments.view: admin.payments.payment_gateways api_admin.payments.list_gateways
    api_vendor.payments.list_payment_methods vendor.payments.payment_methods
platform.view: api.overview api.search pages.overview pages.search
requests.answer: api.module_request_decline pages.request_decline
requests.view: api.module_requests pages.requests
tenancy.view: admin.tenancy.platform_profile api_admin.tenancy.show_platform api_vendor.tenancy.show_vendor
    vendor.tenancy.vendor_profile
tiers.manage: api.tier_create api.tier_delete api.tier_save api.vendor_tier_change pages.tier_create
    pages.tier_delete pages.tier_save pages.vendor_override pages.vendor_tier_accept
    api.vendor_override api.vendor_override_end
tiers.view: api.tiers api.vendor_tier pages.tier pages.tiers pages.vendor_tier
tokens.manage: api.token_create api.token_revoke pages.token_create pages.token_revoke
tokens.view: api.tokens pages.tokens
users.manage: api.role_create api.role_delete api.role_save api.user_invite api.user_remove api.user_roles
    pages.role_create pages.role_delete pages.role_save pages.user_invite pages.user_roles
users.view: api.people_here api.role api.roles pages.role pages.role_new pages.roles pages.users
vendor.ask: api_shop.catalog_ask api_shop.catalog_withdraw home.catalog_ask home.catalog_withdraw
vendor.view: api_shop.catalog api_shop.catalog_module api_shop.home api_shop.shop_search
    home.catalog home.catalog_module home.index home.search
vendors.manage: api.vendor_create api.vendor_invite api.vendor_user_remove api.vendor_user_roles
    pages.vendor_create pages.vendor_invite pages.vendor_user_roles
vendors.view: api.vendor api.vendor_feature api.vendor_people api.vendors
    pages.vendor pages.vendor_feature pages.vendors
"""


def _read(text: str) -> Mapping[str, str]:
    """Endpoint → what it needs."""
    blocks = re.findall(r"^([\w.-]+): (.*(?:\n    .*)*)", text, re.M)
    return MappingProxyType({endpoint: need for need, names in blocks for endpoint in names.split()})


NEEDS = _read(_NEEDS)

_LOOKING = """
    platform.view modules.view operations.view vendors.view tiers.view requests.view menu.view audit.view health.view
    users.view tokens.view
    tenancy.view cms.view analytics.view billing.view payments.view orders.view dev_tools.view
"""
_CHANGING = """
    modules.toggle modules.configure modules.purge operations.manage vendors.manage tiers.manage requests.answer
    menu.manage health.run users.manage tokens.manage
    cms.manage billing.manage payments.manage orders.manage
"""
_SHOP_LOOKING = "vendor.view tenancy.view cms.view analytics.view billing.view payments.view orders.view"
_SHOP_CHANGING = "vendor.ask cms.manage billing.manage payments.manage orders.manage"

ON_PLATFORM: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "instance-admin": frozenset([*_LOOKING.split(), *_CHANGING.split(), "instance.manage"]),
        "platform-admin": frozenset([*_LOOKING.split(), *_CHANGING.split()]),
        "platform-viewer": frozenset(_LOOKING.split()),
        "clerk": frozenset(["platform.view", "modules.view", "orders.view", "orders.manage"]),
        "robot": frozenset(["modules.view", "vendors.manage", "orders.view"]),
    }
)
"""Role → what it holds on its platform, while every module is on. The clerk's role was made by an admin; the robot is a
token with three permissions."""

AT_VENDOR: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "vendor-owner": frozenset([*_SHOP_LOOKING.split(), *_SHOP_CHANGING.split()]),
        "vendor-member": frozenset(_SHOP_LOOKING.split()),
        "robot": frozenset(["orders.view"]),
    }
)
"""Role → what it holds at its vendor; the robot's platform is the vendor's, so it acts for the vendor too."""

ALWAYS_ON = frozenset({"tenancy", "cms"})
INTERNAL = frozenset({"dev-tools"})
PEOPLE = ("instance-admin", "platform-admin", "platform-viewer", "vendor-owner", "vendor-member", "clerk")
