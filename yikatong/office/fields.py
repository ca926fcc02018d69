"""Fields of the house: money in whole fen, and sensitive texts that are kept sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from yikatong.basics.masking import Sensitive
from yikatong.office import sealing

if TYPE_CHECKING:
    _Whole = models.BigIntegerField[int, int]
    _Binary = models.BinaryField[Any, Any]
else:
    _Whole = models.BigIntegerField
    _Binary = models.BinaryField


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


class SealedField(_Binary):
    """A sensitive text, kept sealed (`office.sealing`) and read as plain text; empty text is an empty value.

    It cannot be compared or searched: beside it stands a `LookupField` of the same kind.
    """

    description = "a sensitive text, sealed"

    def __init__(self, kind: Sensitive | str, *args: Any, **kwargs: Any) -> None:
        self.kind = Sensitive(kind)
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.kind.value, *args], kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else sealing.unseal(self.kind, value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = sealing.seal(self.kind, value)
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is sealed: look it up by its key")
        return super().get_lookup(lookup_name)


class SealedBytesField(_Binary):
    """Bytes that tell of people (a file, a photo, a signature), kept sealed as `kind` and read as bytes."""

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.kind, *args], kwargs

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, (bytes, bytearray, memoryview)):
            value = sealing.seal_bytes(self.kind, bytes(value))
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else sealing.unseal_bytes(self.kind, bytes(value))


class LookupField(_Binary):
    """The keyed index of a sealed value (`sealing.lookup`), 16 bytes; empty where the value is empty."""

    description = "the keyed index of a sealed value"
