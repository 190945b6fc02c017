"""Payments: the gateways of a platform and the payment methods that its vendors keep with them."""
