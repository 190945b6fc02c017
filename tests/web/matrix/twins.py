"""Which address of the API does what a page does, or tells what it shows: kept by hand, for every page there is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_TWINS = """
admin.billing.change_subscription api_admin.billing.change_state
admin.billing.start_subscription api_admin.billing.add_subscription
admin.cms.publish_page api_admin.cms.change_published
admin.cms.save_theme api_admin.cms.replace_theme
admin.orders.move api_admin.orders.change_state
admin.payments.switch_gateway api_admin.payments.change_gateway
home.catalog_ask api_shop.catalog_ask
home.catalog_withdraw api_shop.catalog_withdraw
instance.platform_create api_instance.platform_create
instance.token_create api_instance.instance_token_create
instance.token_revoke api_instance.instance_token_revoke
instance.user_create api_instance.user_create
instance.user_disable api_instance.user_disable
instance.user_factors_reset api_instance.user_factors_reset
instance.user_login_end api_instance.user_login_end
instance.user_unlock api_instance.user_unlock
pages.given_up_decide api.given_up_decide
pages.menu_change api.menu_save
pages.module_config_restore api.module_config_restore
pages.module_config_save api.module_config_save
pages.module_disable_accept api.module_switch
pages.module_enable_accept api.module_switch
pages.module_health_run api.module_health_run
pages.module_purge_accept api.module_purge_accept
pages.operation_decide api.operation_decide
pages.operation_force api.operation_force
pages.operation_undo_accept api.operation_undo_accept
pages.operations_plan_accept api.operations_plan_accept
pages.request_decline api.module_request_decline
pages.role_create api.role_create
pages.role_delete api.role_delete
pages.role_save api.role_save
pages.tier_create api.tier_create
pages.tier_delete api.tier_delete
pages.tier_save api.tier_save
pages.token_create api.token_create
pages.token_revoke api.token_revoke
pages.user_invite api.user_invite
pages.user_roles api.user_roles api.user_remove
pages.vendor_create api.vendor_create
pages.vendor_invite api.vendor_invite
pages.vendor_override api.vendor_override api.vendor_override_end
pages.vendor_tier_accept api.vendor_tier_change
pages.vendor_user_roles api.vendor_user_roles api.vendor_user_remove
vendor.cms.create_page api_vendor.cms.add_page
vendor.cms.delete_media api_vendor.cms.remove_media
vendor.cms.delete_page api_vendor.cms.remove_page
vendor.cms.publish_page api_vendor.cms.change_published
vendor.cms.save_page api_vendor.cms.replace_page
vendor.cms.upload_media api_vendor.cms.add_media
vendor.orders.move api_vendor.orders.change_state
vendor.orders.save_order api_vendor.orders.add_order
vendor.payments.create_method api_vendor.payments.add_payment_method
vendor.payments.remove_method api_vendor.payments.delete_payment_method
"""

_READS = """
admin.analytics.analytics_dashboard api_admin.analytics.list_figures
admin.analytics.reports api_admin.analytics.list_events
admin.billing.subscriptions api_admin.billing.list_subscriptions
admin.cms.content_page api_admin.cms.show_page
admin.cms.content_pages api_admin.cms.list_all_pages
admin.cms.vendor_themes api_admin.cms.list_themes
admin.dev-tools.module_registry api_admin.dev-tools.list_registry
admin.dev-tools.route_map api_admin.dev-tools.list_routes
admin.orders.order api_admin.orders.show_order
admin.orders.orders api_admin.orders.list_all_orders
admin.payments.payment_gateways api_admin.payments.list_gateways
admin.tenancy.platform_profile api_admin.tenancy.show_platform
home.catalog api_shop.catalog
home.catalog_module api_shop.catalog_module
home.index api_shop.home
home.search api_shop.shop_search
instance.audit api_instance.instance_audit
instance.audit_export api_instance.instance_audit_export
instance.graph api_instance.graph
instance.migrations api_instance.branches
instance.modules api_instance.registry
instance.overview api_instance.instance_overview
instance.platforms api_instance.platforms
instance.search api_instance.instance_search
instance.settings api_instance.settings
instance.tokens api_instance.instance_tokens
instance.user_logins api_instance.user_logins
instance.users api_instance.users api_instance.user
pages.audit api.audit
pages.audit_export api.audit_export
pages.given_up api.given_up
pages.health api.health_reports
pages.menu api.menu
pages.module api.module
pages.module_config api.module_config
pages.module_config_restore_review api.module_config_history
pages.module_disable api.module_plan
pages.module_enable api.module_plan
pages.module_graph api.modules
pages.module_health api.module_health
pages.module_history api.module_config_history api.audit
pages.module_operations api.operations
pages.module_purge api.module_purge
pages.module_purge_export api.module_purge_export
pages.module_row api.module
pages.modules api.modules
pages.operation api.operation
pages.operation_row api.operation
pages.operation_undo api.operation_undo
pages.operations api.operations
pages.operations_plan api.operations_plan
pages.overview api.overview
pages.requests api.module_requests
pages.role api.role
pages.roles api.roles
pages.search api.search
pages.tier api.tiers
pages.tiers api.tiers
pages.tokens api.tokens
pages.users api.people_here
pages.vendor api.vendor api.vendor_people
pages.vendor_feature api.vendor_feature
pages.vendor_tier api.vendor_tier
pages.vendors api.vendors
vendor.analytics.analytics api_vendor.analytics.list_figures
vendor.analytics.sales_reports api_vendor.analytics.list_sales
vendor.billing.subscription api_vendor.billing.show_subscription
vendor.cms.content_pages api_vendor.cms.list_own_pages
vendor.cms.edit_page api_vendor.cms.show_page
vendor.cms.media api_vendor.cms.list_media
vendor.cms.media_file api_vendor.cms.show_media
vendor.cms.preview_page api_vendor.cms.show_page
vendor.orders.order api_vendor.orders.show_order
vendor.orders.orders api_vendor.orders.list_own_orders
vendor.payments.payment_methods api_vendor.payments.list_payment_methods
vendor.tenancy.vendor_profile api_vendor.tenancy.show_vendor
"""

_OWN_BROWSER = "it is about the browser that sends it; a token has none"
_OWN_ACCOUNT = "it is about the account of the person at the keyboard, who proves with a browser who it is"
_WAY_IN = "it is the way to a session; programs bear a token"

NO_TWIN: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("people.language", "people.logout", "people.session_end"), _OWN_BROWSER),
        **dict.fromkeys(("people.account_password", "people.account_profile", "people.codes_renew"), _OWN_ACCOUNT),
        **dict.fromkeys(("people.app_connect_accept", "people.app_disconnect"), _OWN_ACCOUNT),
        **dict.fromkeys(("people.passkey_add_accept", "people.passkey_remove"), _OWN_ACCOUNT),
        **dict.fromkeys(("people.login_accept", "people.login_code", "people.login_passkey"), _WAY_IN),
        "people.setup_accept": _WAY_IN,
    }
)
"""Page → why no program does that."""


def _read(text: str) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({page: tuple(names.split()) for page, names in re.findall(r"^(\S+) (.+)$", text, re.M)})


TWINS = _read(_TWINS)
"""Page → the addresses of the API that do together what its form does."""
READS = _read(_READS)
"""Page → the addresses of the API that tell together what it shows; the first needs what the page needs."""

_FORM = "it is a form, with nothing in it that another address does not tell"
_DRAWN = "it draws for a browser what other addresses tell"

NOT_READ: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("pages.role_new", "vendor.cms.new_page", "vendor.orders.new_order"), _FORM),
        **dict.fromkeys(("admin.cms.edit_theme", "vendor.cms.confirm_delete"), _FORM),
        **dict.fromkeys(("people.app_connect", "people.passkey_add"), _OWN_ACCOUNT),
        **dict.fromkeys(("people.account", "people.second_factor"), _OWN_ACCOUNT),
        **dict.fromkeys(("people.login", "people.setup"), _WAY_IN),
        "people.start": "it leads on to where somebody's work begins",
        "people.keyboard": "it is a help for people with a keyboard",
        "pages.module_menu": "its links lead to what the module's own address tells",
        "vendor.cms.theme_css": _DRAWN,
        "ops.healthz": "it is for machines already",
        "ops.readyz": "it is for machines already",
    }
)
"""Page → why no address of the API tells what it shows."""

_PLAN = "looking at a plan needs modules.view; the page is where it is accepted, too"
LOOSER: Mapping[str, str] = MappingProxyType(
    {
        "pages.module_disable": _PLAN,
        "pages.module_enable": _PLAN,
        "pages.module_config_restore_review": "what was saved is told to whoever sees the module; the page restores it",
    }
)
"""Page → why the address that tells the same needs another permission."""
