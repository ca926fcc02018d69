"""密钥: the keys of the sealed columns change while the house is open, and the journal says when.

A new data key seals from the moment it is made; the nights after it move the old values over, and once nothing is left
of an older key it is dropped. A new envelope key comes from outside and only wraps the data keys anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yikatong.office import sealing
from yikatong.office.act import Act, Actor
from yikatong.office.facts import DATA_KEY_MADE, DATA_KEYS_DROPPED, DATA_KEYS_REWRAPPED, VALUES_RESEALED
from yikatong.office.models import DataKey

NIGHT = Actor.system("keys")


@dataclass(frozen=True)
class KeyRow:
    """One data key: what it is for (seal or lookup), the envelope key that wraps it, since when."""

    number: int
    purpose: str
    envelope: str
    made_at: datetime


def data_keys() -> tuple[KeyRow, ...]:
    """All data keys, the oldest first; never the keys themselves."""
    rows = DataKey.objects.order_by("number")
    return tuple(KeyRow(row.number, row.purpose, row.envelope, row.made_at) for row in rows)


def make_key(act: Act) -> int:
    """Make a new data key, which seals from now on; returns its number."""
    number = sealing.new_key()
    act.record(DATA_KEY_MADE, number=number)
    return number


def rewrap_keys(act: Act) -> int:
    """Wrap every data key with the newest envelope key; returns how many were wrapped by another."""
    count = sealing.rewrap()
    if count:
        act.record(DATA_KEYS_REWRAPPED, keys=count, envelope=next(iter(sealing.envelopes())))
    return count


def finish_move(act: Act, *, moved: int, left: int) -> int:
    """After a night's move (`sealing.reseal`) say what it came to, and drop the keys that seal nothing any more; returns
    how many keys went."""
    if moved:
        act.record(VALUES_RESEALED, moved=moved, left=left)
    count = sealing.retire()
    if count:
        act.record(DATA_KEYS_DROPPED, keys=count)
    return count
