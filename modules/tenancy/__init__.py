"""Platform tenancy: what a platform is and which vendors belong to it."""
