"""What the content module declares. Source: the guide, "Self-Contained Definition"."""

from __future__ import annotations

from console.sdk import FrontendType, ModuleDefinition
from modules.cms.config import CMSConfig

cms_module = ModuleDefinition(
    # Identity
    code="cms",
    name="Content Management",
    description="Content pages, media library, and themes",
    version="1.0.0",
    icon="newspaper",
    tags=["content"],
    # Classification
    is_core=True,
    is_self_contained=True,
    # Features
    features=[
        "content_pages",
        "media_library",
        "vendor_themes",
    ],
    # Menu items
    menu_items={
        FrontendType.ADMIN: ["content-pages", "vendor-themes"],
        FrontendType.VENDOR: ["content-pages", "media"],
    },
    permissions=["cms.view", "cms.manage"],
    limits=["cms.pages"],
    # Configuration
    config_schema=CMSConfig,
    default_config={
        "max_pages_per_vendor": 100,
        "enable_seo": True,
    },
    # Self-contained paths
    services_path="modules.cms.services",
    models_path="modules.cms.models",
    schemas_path="modules.cms.schemas",
    templates_path="templates",
    exceptions_path="modules.cms.exceptions",
    locales_path="locales",
    migrations_path="migrations",
    # Lifecycle
    health_check=lambda: {"status": "healthy"},
)
