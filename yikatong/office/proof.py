"""One entry's proof: its code, its set's digest, and its link in the chain, recomputed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yikatong.basics.crypto import same
from yikatong.office.journal import FIRST, code_of, digest_of_rows, link
from yikatong.office.models import Entry, Seal


@dataclass(frozen=True)
class EntryProof:
    """`seal` is None in the seconds before the next sealing. `content`, `rows`, `chained`: whether each still fits."""

    entry: int
    act: UUID
    seal: int | None
    sealed_at: datetime | None
    chain: str
    mac: str
    content: bool
    rows: bool
    chained: bool

    @property
    def sound(self) -> bool:
        return self.content and self.rows and self.chained


def prove_entry(number: int) -> EntryProof | None:
    """The proof of entry `number`; None where there is none. `journal.prove` looks at the whole chain and its heads."""
    entry = Entry.objects.filter(pk=number).first()
    if entry is None:
        return None
    seal = Seal.objects.filter(entry_id=number).first()
    return EntryProof(
        entry=number,
        act=entry.act,
        seal=seal.number if seal else None,
        sealed_at=seal.sealed_at if seal else None,
        chain=bytes(seal.chain).hex() if seal else "",
        mac=bytes(entry.mac).hex(),
        content=same(code_of(entry), bytes(entry.mac)),
        rows=entry.rows is None or digest_of_rows(number) == bytes(entry.digest or b""),
        chained=seal is None or _fits(seal, bytes(entry.mac)),
    )


def _fits(seal: Seal, mac: bytes) -> bool:
    before = Seal.objects.filter(number=seal.number - 1).first()
    if before is None and seal.number > 1:
        return False
    return link(bytes(before.chain) if before else FIRST, seal.number, mac) == bytes(seal.chain)
