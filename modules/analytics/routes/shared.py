"""What the views of both frontends share."""

from __future__ import annotations

from dataclasses import asdict

from console.sdk import Figures


def as_json(found: tuple[Figures, ...]) -> dict[str, object]:
    """The numbers of the modules in JSON."""
    return {
        "modules": [
            {
                "code": each.module,
                "name": each.name,
                "problem": each.problem,
                "figures": [asdict(one) for one in each.items],
            }
            for each in found
        ]
    }


def of_sales(found: tuple[Figures, ...]) -> tuple[Figures, ...]:
    """The modules that count money: those with a figure in a currency."""
    return tuple(each for each in found if any(one.unit for one in each.items))
