"""The shapes of payments' JSON."""

from modules.payments.schemas.gateway import GatewayChange, GatewayOut
from modules.payments.schemas.method import MethodIn, MethodOut

__all__ = ["GatewayChange", "GatewayOut", "MethodIn", "MethodOut"]
