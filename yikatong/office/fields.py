"""Fields of the house: money in whole fen, and sensitive texts that are kept sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.backends.postgresql.base import ServerBindingCursor

from yikatong.basics.masking import Sensitive
from yikatong.office import sealing

_Row = TypeVar("_Row", bound=models.Model)
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


class Sealed(_Binary):
    """A value kept sealed (`office.sealing`) and read in the clear; the empty value stays empty.

    It cannot be compared or searched: beside it stands a `LookupField`.
    """

    kind: str
    slice_rows = 2_000
    """How many rows take up a new data key at a time."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(self.sealed(value), connection, prepared)

    def sealed(self, value: Any) -> Any:
        """The value as it is kept; None as it is."""
        raise NotImplementedError

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is sealed: look it up by its key")
        return super().get_lookup(lookup_name)


class SealedField(Sealed):
    """A sensitive text, kept sealed and read as text."""

    description = "a sensitive text, sealed"

    if TYPE_CHECKING:
        _pyi_private_set_type: str
        _pyi_private_get_type: str  # type: ignore[assignment]

    def __init__(self, kind: Sensitive | str, *args: Any, **kwargs: Any) -> None:
        self.sensitive = Sensitive(kind)
        self.kind = self.sensitive.value
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.kind, *args], kwargs

    def get_default(self) -> Any:
        return "" if not self.has_default() and not self.null else super().get_default()

    def sealed(self, value: Any) -> Any:
        if value is None or value == b"":  # the empty bytes are Django's own, for a new column
            return value
        if isinstance(value, str):
            return sealing.seal(self.sensitive, value)
        raise TypeError(f"{self.name}: a sealed text is text, not {type(value).__name__}")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else sealing.unseal(self.sensitive, value)

    def to_python(self, value: Any) -> Any:
        return value


class SealedBytesField(Sealed):
    """Bytes that tell of people (a file, a photo, a signature), kept sealed as `kind` and read as bytes."""

    description = "bytes, sealed"

    def __init__(self, kind: str, *args: Any, slice_rows: int = 100, **kwargs: Any) -> None:
        self.kind, self.slice_rows = kind, slice_rows
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.kind, *args], kwargs

    def sealed(self, value: Any) -> Any:
        return None if value is None else sealing.seal_bytes(self.kind, bytes(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else sealing.unseal_bytes(self.kind, bytes(value))


class Files(models.Manager[_Row]):
    """Rows without their file, which is fetched and opened when somebody reads it. (Who joins them to other rows says so
    there: `defer("batch__content")`.)"""

    def get_queryset(self) -> models.QuerySet[_Row]:
        return super().get_queryset().defer("content")


class HoldsFile(models.Model):
    """A row with a file, its `content`: when it is saved, its values go beside the statement, as they are.

    Written into the statement, as Django has it by default, a file is sent as hexadecimal text of twice its size, which
    the server reads character by character.
    """

    objects: ClassVar[Files[Self]] = Files()

    class Meta:
        abstract = True

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        with _beside_the_statement():
            super().save_base(*args, **kwargs)


@contextmanager
def _beside_the_statement() -> Iterator[None]:
    connection.ensure_connection()
    line = connection.connection
    was, line.cursor_factory = line.cursor_factory, ServerBindingCursor
    try:
        yield
    finally:
        line.cursor_factory = was


class WithKeys(models.Model):
    """A row with sealed texts: whenever one of them is saved, so are its keys."""

    class Meta:
        abstract = True

    def save(
        self,
        *,
        force_insert: bool | tuple[models.base.ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        if update_fields is not None:
            saved = set(update_fields)
            fields = self._meta.local_concrete_fields
            update_fields = saved | {
                each.name for each in fields if isinstance(each, LookupField) and each.of in saved
            }
        super().save(
            force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields
        )


class LookupField(_Binary):
    """The keyed index (16 bytes) of the sealed text beside it, called `of`, or of its last `tail` characters.

    It is set from that text whenever its row (`WithKeys`) is saved, so it cannot fall out of step; `update()` knows
    nothing of it. It is compared with bytes from `sealing.lookup`.
    """

    description = "the keyed index of a sealed text"

    def __init__(self, of: str, *args: Any, tail: int = 0, **kwargs: Any) -> None:
        self.of, self.tail = of, tail
        kwargs.setdefault("default", b"")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.tail:
            kwargs["tail"] = self.tail
        return name, path, [self.of, *args], kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes:
        of = model_instance._meta.get_field(self.of)
        assert isinstance(of, SealedField)
        key = sealing.lookup(of.sensitive, getattr(model_instance, self.of) or "", self.tail)
        setattr(model_instance, self.attname, key)
        return key
