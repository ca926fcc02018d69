"""Sensitive values at rest: sealed on their way in, opened on their way out, found by a keyed index.

Envelope keys come from outside the database (YK_ENVELOPE_KEYS, newest first: `2026:secret,2025:secret`); they wrap
the data keys in `office_datakey`, and those seal the columns. So both can change while the house is open:

- `rewrap`: a new envelope key wraps the data keys anew; the columns are not touched.
- `new_key`: a new data key seals from now on; `reseal` moves the old values over, a slice at a time.

The index key cannot change this way: it would have to be recomputed over every row at once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg.pq import TransactionStatus

from yikatong.basics import sealing
from yikatong.basics.masking import Sensitive
from yikatong.office import clock
from yikatong.office.models.keys import DataKey
from yikatong.office.turns import take_turn

LOOK_AGAIN = 30.0  # seconds after which a process asks whether there is a newer key
# After which nothing sealed with an older key can still come: every process has looked again, and every act that was
# open then has come to its end.
SETTLED = timedelta(days=1)


class NoKey(RuntimeError):
    """A value cannot be sealed or opened: no data key, or no envelope key of the name that wrapped it."""


@dataclass(frozen=True)
class _Ring:
    """The data keys as this process opened them. Never changed, only replaced: threads read it without a lock."""

    keys: Mapping[int, bytes]
    lookup: bytes
    read_at: float

    @property
    def newest(self) -> int:
        return max(self.keys, default=0)


_NONE = _Ring({}, b"", float("-inf"))
_ring = _NONE


def forget() -> None:
    """Drop the opened keys; the next use reads them again."""
    global _ring
    _ring = _NONE


def ready() -> None:
    """Have the keys at hand. To be called before a COPY whose rows are sealed on the way: during it, its connection can
    answer nothing, so the keys at hand serve until its end."""
    _fresh()


def _read() -> _Ring:
    global _ring
    if _copying():
        raise NoKey("no keys can be read during a COPY: call sealing.ready() before it")
    rows = list(DataKey.objects.all())
    keys = {row.number: _unwrapped(row) for row in rows if row.purpose == "seal"}
    index = next((_unwrapped(row) for row in rows if row.purpose == "lookup"), b"")
    if not keys or not index:
        raise NoKey("this database has no data keys: run migrate")
    _ring = ring = _Ring(keys, index, time.monotonic())
    return ring


def _fresh() -> _Ring:
    ring = _ring
    if time.monotonic() - ring.read_at <= LOOK_AGAIN or (ring.keys and _copying()):
        return ring
    return _read()


def _copying() -> bool:
    open_connection = connection.connection
    return open_connection is not None and open_connection.info.transaction_status == TransactionStatus.ACTIVE


def seal_bytes(kind: str, plain: bytes) -> bytes:
    """Any bytes sealed with the newest data key; empty stays empty."""
    ring = _fresh()
    newest = ring.newest
    return sealing.seal(ring.keys[newest], newest, kind, plain)


def unseal_bytes(kind: str, sealed: bytes) -> bytes:
    """What was sealed. Refuses (NoKey, NotSealedByUs) what we cannot open."""
    if not sealed:
        return b""
    number = sealing.key_number(sealed)
    key = _ring.keys.get(number) or _read().keys.get(number)
    if key is None:
        raise NoKey(f"no data key {number}")
    return sealing.unseal(key, kind, sealed)


def seal(kind: Sensitive, text: str) -> bytes:
    """A sensitive value as it is kept; empty stays empty."""
    return seal_bytes(kind.value, text.encode())


def unseal(kind: Sensitive, sealed: bytes | memoryview) -> str:
    """A sensitive value as it was given."""
    return unseal_bytes(kind.value, bytes(sealed)).decode()


def lookup(kind: Sensitive, text: str, tail: int = 0) -> bytes:
    """The keyed index (16 bytes) by which a value of this kind is found; the same text always gives the same.

    With `tail`, the index of everything that ends in the same `tail` characters; empty for a shorter text.
    """
    return sealing.lookup(_fresh().lookup, kind.value, text, tail)


def index_key() -> bytes:
    """The key of the index, for a process of ours that has no database (`basics.sealing.lookups`)."""
    return _fresh().lookup


def data_keys() -> Mapping[int, bytes]:
    """The keys by which columns are sealed, read anew, for a process of ours that has no database
    (`basics.unsealing.unseal_all`)."""
    return _read().keys


def envelopes() -> dict[str, bytes]:
    """Envelope keys by name, newest first. Refuses (NoKey) settings that name none, or one twice."""
    found: dict[str, bytes] = {}
    for part in filter(None, settings.ENVELOPE_KEYS.split(",")):
        name, colon, secret = part.strip().partition(":")
        if not (name and colon and secret) or name in found or len(name) > 20:
            raise NoKey("YK_ENVELOPE_KEYS is `name:secret`, by commas, newest first, each name once")
        found[name] = sealing.key_from(secret)
    if not found:
        raise NoKey("YK_ENVELOPE_KEYS is missing: nothing can be sealed")
    return found


def make_missing() -> None:
    """Make the first data keys of a database that has none."""
    with transaction.atomic():
        take_turn("datakey")
        for purpose in ("seal", "lookup"):
            if not DataKey.objects.filter(purpose=purpose).exists():
                _make(purpose)


def new_key() -> int:
    """A new data key, which seals from now on; returns its number. Processes take it up within LOOK_AGAIN seconds."""
    with transaction.atomic():
        take_turn("datakey")
        number = _make("seal")
    transaction.on_commit(forget)
    return number


def rewrap() -> int:
    """Wrap every data key with the newest envelope key; returns how many were wrapped by another."""
    newest = next(iter(envelopes()))
    with transaction.atomic():
        take_turn("datakey")
        rows = list(DataKey.objects.select_for_update(no_key=True).exclude(envelope=newest))
        for row in rows:
            row.wrapped, row.envelope = _wrapped(row.number, row.purpose, _unwrapped(row)), newest
            row.save(update_fields=["wrapped", "envelope"])
    return len(rows)


@dataclass(frozen=True)
class SealedColumn:
    """A sealed column: what its values are sealed as, and how many rows are taken at a time (files are large)."""

    model: type[models.Model]
    name: str
    kind: str
    slice_rows: int


def sealed_columns() -> list[SealedColumn]:
    """Every sealed column of the house."""
    from yikatong.office.fields import Sealed

    return [
        SealedColumn(model, field.attname, field.kind, field.slice_rows)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, Sealed)
    ]


def reseal() -> tuple[int, int]:
    """Seal with the newest data key whatever an older one sealed; returns (values moved, values left).

    A slice of a table at a time is locked and committed. What a counter holds at that moment is left for the next run.
    """
    newest = _read().newest
    moved = 0
    for column in sealed_columns():
        after = 0
        while (step := _reseal_slice(column, after, newest)) is not None:
            count, after = step
            moved += count
    return moved, left_to_reseal()


def left_to_reseal() -> int:
    """How many values an older data key than the newest sealed."""
    newest = _read().newest
    return sum(_count_older(column, newest) for column in sealed_columns())


def _reseal_slice(column: SealedColumn, after: int, newest: int) -> tuple[int, int] | None:
    table, key, name = _quoted(column)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT max({key}) FROM (SELECT {key} FROM {table} WHERE {key} > %s ORDER BY {key} LIMIT %s) AS s",  # noqa: S608
            [after, column.slice_rows],
        )
        (last,) = cursor.fetchone()
        if last is None:
            return None
        cursor.execute(
            f"SELECT {key}, {name} FROM {table} WHERE {key} > %s AND {key} <= %s "  # noqa: S608
            f"AND substr({name}, 1, 2) <> %s AND {name} <> '' FOR NO KEY UPDATE SKIP LOCKED",
            [after, last, _prefix(newest)],
        )
        found = cursor.fetchall()
        if found:
            cursor.execute(
                f"UPDATE {table} AS t SET {name} = s.value "  # noqa: S608
                f"FROM unnest(%s::bigint[], %s::bytea[]) AS s (id, value) WHERE t.{key} = s.id",
                [
                    [row for row, _ in found],
                    [seal_bytes(column.kind, unseal_bytes(column.kind, value)) for _, value in found],
                ],
            )
    return len(found), last


def _count_older(column: SealedColumn, newest: int) -> int:
    table, _, name = _quoted(column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} WHERE {name} <> '' AND substr({name}, 1, 2) <> %s",  # noqa: S608
            [_prefix(newest)],
        )
        return int(cursor.fetchone()[0])


def _quoted(column: SealedColumn) -> tuple[str, str, str]:
    quote, key = connection.ops.quote_name, column.model._meta.pk.column
    assert key is not None
    return quote(column.model._meta.db_table), quote(key), quote(column.name)


def _prefix(number: int) -> bytes:
    return number.to_bytes(2, "big")


def retire() -> int:
    """Drop the older data keys once nothing is sealed with them; returns how many. Waits until the newest has SETTLED."""
    with transaction.atomic():
        take_turn("datakey")
        newest = DataKey.objects.filter(purpose="seal").latest("number")
        older = DataKey.objects.filter(purpose="seal").exclude(number=newest.number)
        if not older.exists() or clock.machine_now() - newest.made_at < SETTLED or left_to_reseal():
            return 0
        count, _ = older.delete()
    transaction.on_commit(forget)
    return count


def _make(purpose: str) -> int:
    number = (DataKey.objects.aggregate(last=models.Max("number"))["last"] or 0) + 1
    DataKey.objects.create(
        number=number,
        purpose=purpose,
        wrapped=_wrapped(number, purpose, os.urandom(sealing.KEY_BYTES)),
        envelope=next(iter(envelopes())),
        made_at=clock.machine_now(),
    )
    return number


def _wrapped(number: int, purpose: str, key: bytes) -> bytes:
    return sealing.seal(next(iter(envelopes().values())), 0, f"datakey {number} {purpose}", key)


def _unwrapped(row: DataKey) -> bytes:
    envelope = envelopes().get(row.envelope)
    if envelope is None:
        raise NoKey(f"data key {row.number} is wrapped by envelope key {row.envelope!r}, which is not given")
    return sealing.unseal(envelope, f"datakey {row.number} {row.purpose}", bytes(cast(bytes, row.wrapped)))
