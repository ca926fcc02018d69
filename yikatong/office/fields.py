"""The one field that holds money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

if TYPE_CHECKING:
    _Whole = models.BigIntegerField[int, int]
else:
    _Whole = models.BigIntegerField


class MoneyField(_Whole):
    """An amount in whole fen (分). Floats and Decimals are refused: amounts are converted once, by `basics.money`."""

    description = "an amount in whole fen"

    def get_prep_value(self, value: Any) -> Any:
        if value is not None and not hasattr(value, "resolve_expression") and type(value) is not int:
            raise TypeError(f"{self.name}: money is whole fen, not {type(value).__name__}")
        return super().get_prep_value(value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, float):
            raise ValidationError("money is whole fen, never a float")
        return super().to_python(value)
