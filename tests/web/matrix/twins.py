"""Which address of the API does what a page does: kept by hand, for every page that can change something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_TWINS = """
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
pages.operation_undo_accept api.operation_decide
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

TWINS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {page: tuple(names.split()) for page, names in re.findall(r"^(\S+) (.+)$", _TWINS, re.M)}
)
"""Page → the addresses of the API that do together what its form does."""
