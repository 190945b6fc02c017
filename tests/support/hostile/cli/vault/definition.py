"""Has a secret, a list and a key without a default; needs and conflicts with what the command line names."""

from __future__ import annotations

from pydantic import BaseModel, SecretStr

from console.sdk import ModuleDefinition


class VaultConfig(BaseModel):
    api_key: SecretStr = SecretStr("")
    retries: int = 3
    countries: list[str] = []


module = ModuleDefinition(
    code="vault", name="Vault", requires=["sticky"], conflicts=["analytics"], config_schema=VaultConfig
)
