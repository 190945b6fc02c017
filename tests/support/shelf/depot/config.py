"""One key of each kind that a form knows."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, HttpUrl, SecretStr, field_validator, model_validator


class Colour(StrEnum):
    """Of the sign."""

    RED = "red"
    BLUE = "blue"


class Address(BaseModel):
    """Where the depot is."""

    city: str = Field(default="Luxembourg", title="City")
    floor: int = Field(default=0, ge=-3, le=40, title="Floor")
    open: bool = Field(default=True, title="Open to visitors")


class Box(BaseModel):
    """One kind of goods."""

    kind: Literal["box"] = "box"
    litres: int = 10


class Pallet(BaseModel):
    """Another kind of goods."""

    kind: Literal["pallet"] = "pallet"
    weight_kg: float = 100.0


class DepotConfig(BaseModel):
    """What an admin can set for the depot."""

    data: str = Field(default="a key that a form uses itself", title="Sign")
    colour: Colour = Field(
        default=Colour.RED, title="Colour of the sign", json_schema_extra={"labels": {"red": "Red", "blue": "Blue"}}
    )
    slots: int = Field(
        default=14,
        ge=1,
        le=365,
        title="Slots",
        description="How many deliveries fit in one day.",
        json_schema_extra={"unit": "a day", "order": -1},
    )
    reserve: int | None = Field(default=None, ge=0, title="Reserve")
    fee: Decimal = Field(default=Decimal("9.90"), ge=0, title="Fee", json_schema_extra={"unit": "EUR"})
    api_key: SecretStr | None = Field(
        default=None, min_length=4, title="API key", json_schema_extra={"group": "Carrier"}
    )
    endpoint: HttpUrl | None = Field(
        default=None, title="Address of the carrier", json_schema_extra={"group": "Carrier"}
    )
    tags: list[str] = Field(default=["new", "fragile"], title="Tags", json_schema_extra={"group": "Goods"})
    sizes: set[int] = Field(default={3, 1, 2}, title="Sizes", json_schema_extra={"group": "Goods"})
    goods: Annotated[Box | Pallet, Field(discriminator="kind")] = Field(
        default=Box(), title="Goods", json_schema_extra={"group": "Goods"}
    )
    since: date | None = Field(default=None, title="Open since", json_schema_extra={"group": "Hours"})
    opens: time = Field(default=time(8, 30), title="Opens at", json_schema_extra={"group": "Hours"})
    audit_at: AwareDatetime | None = Field(default=None, title="Next audit", json_schema_extra={"group": "Hours"})
    wait: timedelta = Field(default=timedelta(minutes=30), title="Longest wait", json_schema_extra={"group": "Hours"})
    weekends: bool = Field(default=True, title="Weekends", json_schema_extra={"group": "Hours"})
    address: Address = Field(default=Address(), title="Address")

    @field_validator("data")
    @classmethod
    def quiet(cls, value: str) -> str:
        """Refuses to shout."""
        if value.endswith("!"):
            raise ValueError("no need to shout")
        return value

    @model_validator(mode="after")
    def reserve_fits(self) -> DepotConfig:
        """The reserve is part of the slots."""
        if self.reserve is not None and self.reserve > self.slots:
            raise ValueError("the reserve is larger than the slots")
        return self
