"""Codes with labels are plain strings everywhere else."""

from __future__ import annotations

import json

from console.domain.codes import Feature, Permission, Tier
from tests.unit.domain.making import definition


def test_a_labelled_code_is_a_string() -> None:
    feature = Feature("sales_reports", "Sales", "What was sold, by day.")
    assert feature == "sales_reports"
    assert json.dumps([feature]) == '["sales_reports"]'
    assert feature in {"sales_reports"}
    assert (feature.label, feature.description) == ("Sales", "What was sold, by day.")


def test_the_label_is_made_from_the_code_when_left_out() -> None:
    assert Feature("sales_reports").label == "Sales reports"
    assert Permission("orders.refund").label == "Refund"


def test_definitions_take_them_where_they_take_strings() -> None:
    made = definition("orders", features=[Feature("order_list")], permissions=[Permission("orders.view", "See orders")])
    assert made.features == ["order_list"]
    assert made.permissions == ["orders.view"]


def test_a_tier_has_some_of_the_features() -> None:
    assert Tier("free", "Free", frozenset({"order_list"})).of(["order_list", "exports"]) == {"order_list"}
