"""The shapes of payments' JSON."""

from modules.payments.schemas.gateway import GatewayAnswer, GatewayChange, GatewayOut, GatewaysAnswer
from modules.payments.schemas.method import MethodAnswer, MethodIn, MethodOut, MethodsAnswer

__all__ = [
    "GatewayAnswer",
    "GatewayChange",
    "GatewayOut",
    "GatewaysAnswer",
    "MethodAnswer",
    "MethodIn",
    "MethodOut",
    "MethodsAnswer",
]
