"""How the journal is written, sealed and proved.

Writing is free of any shared lock: an act inserts its entries, each with a keyed code over its content, so counters
never queue behind the chain. A short task then seals new entries in order: `chain = SM3(chain before, number, mac)`,
and writes the head to a file outside the database. `prove()` recomputes all of it.

Unsealed are the entries of the last seconds, until the next sealing. In that window a changed or an invented entry
still shows (its code is wrong); only a removed one would not. See docs/adr/0003-journal.md.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeAlias

from django.conf import settings
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from yikatong.basics.crypto import hmac_sm3, same, sm3
from yikatong.office.heads import newest_head, read_heads, write_head
from yikatong.office.models import Entry, Seal
from yikatong.office.turns import take_turn

Json: TypeAlias = "str | int | bool | Sequence[Json] | dict[str, Json] | None"
LOOK_BACK = timedelta(hours=1)  # no act lasts longer; `seal(whole=True)` looks at everything
PATIENCE = 1.0  # seconds a proof waits for the head of a seal that was committed a moment ago
FIRST = bytes(32)


@dataclass(frozen=True)
class Draft:
    """An entry before it is written."""

    kind: str
    subject: str
    person: int | None
    region: str
    outlet: str
    payload: dict[str, Json]


class Actor(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


class Author(Protocol):
    """What the journal needs to know of an act."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def door(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def at(self) -> datetime: ...


def canonical(entry: Entry) -> bytes:
    """The bytes an entry's code is computed over: all columns but `id`, `recorded_at` and `mac`."""
    return json.dumps(
        [
            str(entry.act),
            entry.ordinal,
            entry.kind,
            entry.occurred_at.astimezone(UTC).isoformat(),
            entry.actor,
            entry.actor_name,
            entry.door,
            entry.purpose,
            entry.region,
            entry.outlet,
            entry.subject,
            entry.person,
            entry.payload,
            entry.rows,
            bytes(entry.digest).hex() if entry.digest is not None else None,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def code_of(entry: Entry) -> bytes:
    """The entry's keyed code (HMAC-SM3)."""
    return hmac_sm3(settings.JOURNAL_KEY, canonical(entry))


def _entry(author: Author, ordinal: int, draft: Draft) -> Entry:
    _refuse_floats(draft.payload)
    return Entry(
        act=author.id,
        ordinal=ordinal,
        kind=draft.kind,
        occurred_at=author.at,
        actor=author.actor.code,
        actor_name=author.actor.name,
        door=str(author.door),
        purpose=author.purpose,
        region=draft.region,
        outlet=draft.outlet,
        subject=draft.subject,
        person=draft.person,
        payload=draft.payload,
    )


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("no floats in the journal: a figure must read the same for ever")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)


def write(author: Author, drafts: Sequence[tuple[int, Draft]]) -> None:
    """Insert the drafts in one statement, each with its ordinal in the act."""
    lines: list[Any] = []
    for ordinal, draft in drafts:
        entry = _entry(author, ordinal, draft)
        entry.mac = code_of(entry)
        lines += [Jsonb(entry.payload) if name == "payload" else getattr(entry, name) for name in _WRITTEN]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO office_entry ({', '.join(_WRITTEN)}) VALUES {', '.join([_LINE] * len(drafts))}",  # noqa: S608
            lines,
        )


_WRITTEN = (
    "act",
    "ordinal",
    "kind",
    "occurred_at",
    "actor",
    "actor_name",
    "door",
    "purpose",
    "region",
    "outlet",
    "subject",
    "person",
    "payload",
    "rows",
    "digest",
    "mac",
)
"""The columns of an entry but those the database gives itself. Every look writes one, so no query is built for it."""
_LINE = f"({', '.join(['%s'] * len(_WRITTEN))})"


def knows(act: uuid.UUID) -> bool:
    """Whether anything was recorded in this act."""
    return Entry.objects.filter(act=act).exists()


def write_rows(
    act: uuid.UUID, ordinal: int, author: Author, draft: Draft, select: str, parameters: dict[str, Any]
) -> int:
    """Insert one entry with its rows from `select`: (subject, person, region, outlet, payload jsonb)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('office_entry', 'id'))")
        number = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO office_entryrow (entry_id, subject, person, region, outlet, payload) "  # noqa: S608
            f"SELECT %(entry)s, s.subject, s.person, s.region, s.outlet, s.payload FROM ({select}) "
            "AS s (subject, person, region, outlet, payload)",
            {**parameters, "entry": number},
        )
        count = int(cursor.rowcount)
    if count == 0:
        return 0
    entry = _entry(author, ordinal, draft)
    entry.id, entry.rows, entry.digest = number, count, digest_of_rows(number)
    entry.mac = code_of(entry)
    entry.save(force_insert=True)
    return count


def digest_of_rows(number: int) -> bytes:
    """SM3 over an entry's rows in the order of their subjects."""
    return sm3(*_row_lines(number))


def _row_lines(number: int) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat_ws(E'\\x1f', subject, coalesce(person::text, ''), region, outlet, payload::text) || E'\\n' "
            'FROM office_entryrow WHERE entry_id = %s ORDER BY subject COLLATE "C", id',
            [number],
        )
        while lines := cursor.fetchmany(20_000):
            for (line,) in lines:
                yield line.encode()


# --- sealing ---------------------------------------------------------------------------------------------------


def link(before: bytes, number: int, mac: bytes) -> bytes:
    """The chain value of seal `number`."""
    return sm3(before, number.to_bytes(8, "big"), mac)


def seal(*, whole: bool = False) -> int:
    """Seal every committed entry that has no seal yet, in the order of ids; returns how many.

    One sealer at a time. A head that a crash kept from being written is written now, even where nothing is new.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        take_turn("journal.seal")
        last = Seal.objects.order_by("-number").first()
        number, chain = (last.number, bytes(last.chain)) if last else (0, FIRST)
        since = "" if whole or last is None else "AND e.recorded_at > %(since)s"
        cursor.execute(
            "SELECT e.id, e.mac FROM office_entry e LEFT JOIN office_seal s ON s.entry_id = e.id "  # noqa: S608
            f"WHERE s.entry_id IS NULL {since} ORDER BY e.id",
            {"since": last.sealed_at - LOOK_BACK if last else None},
        )
        seals = []
        for entry_id, mac in cursor.fetchall():
            number += 1
            chain = link(chain, number, bytes(mac))
            seals.append(Seal(number=number, entry_id=entry_id, chain=chain))
        Seal.objects.bulk_create(seals, batch_size=5_000)
        if seals or number > newest_head():
            transaction.on_commit(lambda: write_head(number, chain))
    return len(seals)


def key_fits() -> bool:
    """Whether the newest entry was written with the key we hold; true of an empty journal."""
    newest = Entry.objects.order_by("-id").first()
    return newest is None or same(code_of(newest), bytes(newest.mac))


# --- proof -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """One thing wrong: `what` is changed | removed | added | broken | head; `where` names the place."""

    what: str
    where: str
    zh: str
    en: str


@dataclass(frozen=True)
class Proof:
    entries: int
    rows: int
    seals: int
    unsealed: int
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        return not self.findings


def prove(*, chunk: int = 5_000) -> Proof:
    """Recompute every code, every set's digest, the chain and the heads outside the database."""
    findings: list[Finding] = []
    entries = rows = unsealed = 0
    last = 0
    while page := list(Entry.objects.filter(id__gt=last).order_by("id")[:chunk]):
        last = page[-1].id
        sealed = set(
            Seal.objects.filter(entry_id__in=[e.id for e in page]).values_list("entry_id", flat=True)
        )
        for entry in page:
            entries += 1
            rows += entry.rows or 0
            unsealed += entry.id not in sealed
            findings += _wrong_with(entry)
    seals, chain_findings = _prove_chain(chunk)
    findings += chain_findings
    findings += _rows_of_nobody()
    return Proof(entries, rows, seals, unsealed, tuple(findings))


def _wrong_with(entry: Entry) -> Iterator[Finding]:
    place = f"entry {entry.id}"
    if not same(code_of(entry), bytes(entry.mac)):
        yield Finding(
            "changed", place, f"日志第 {entry.id} 条被改动或伪造", f"entry {entry.id} was changed or invented"
        )
    if entry.rows is not None and digest_of_rows(entry.id) != bytes(entry.digest or b""):
        yield Finding(
            "changed", place, f"日志第 {entry.id} 条的明细行被改动", f"rows of entry {entry.id} were changed"
        )


def _rows_of_nobody() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT r.entry_id FROM office_entryrow r LEFT JOIN office_entry e "
            "ON e.id = r.entry_id AND e.rows IS NOT NULL WHERE e.id IS NULL"
        )
        for (number,) in cursor.fetchall():
            yield Finding(
                "added",
                f"entry {number}",
                f"明细行没有对应的日志第 {number} 条",
                f"rows without entry {number}",
            )


def _prove_chain(chunk: int) -> tuple[int, list[Finding]]:
    findings: list[Finding] = []
    reach = _newest_seal()
    heads = _heads_reaching(reach)
    expected, chain, count = 1, FIRST, 0
    while page := list(Seal.objects.filter(number__gte=expected).order_by("number")[:chunk]):
        macs = dict(Entry.objects.filter(id__in=[s.entry_id for s in page]).values_list("id", "mac"))
        for link_ in page:
            count += 1
            if expected < link_.number:
                findings.append(_missing_seals(expected, link_.number - 1))
            mac = macs.get(link_.entry_id)
            if mac is None:
                where = f"entry {link_.entry_id}"
                findings.append(
                    Finding("removed", where, f"日志第 {link_.entry_id} 条已被删除", f"{where} was removed")
                )
                chain = bytes(link_.chain)
            else:
                chain = link(chain, link_.number, bytes(mac))
            if chain != bytes(link_.chain):
                findings.append(_broken(link_.number))
                chain = bytes(link_.chain)
            if heads.get(link_.number, {chain}) != {chain}:
                findings.append(_other_head(link_.number))
            expected = link_.number + 1
    newest = max(heads, default=0)
    if newest >= expected:
        findings.append(_missing_seals(expected, newest))
    if newest < reach:
        findings.append(_head_behind(newest, reach))
    return count, findings


def _newest_seal() -> int:
    return Seal.objects.order_by("-number").values_list("number", flat=True).first() or 0


def _heads_reaching(number: int) -> dict[int, set[bytes]]:
    """The heads outside; a sealing writes its own just after it commits, so give it a moment."""
    until = time.monotonic() + PATIENCE
    while newest_head() < number and time.monotonic() < until:
        time.sleep(0.05)
    return read_heads()


def _missing_seals(first: int, last: int) -> Finding:
    numbers = str(first) if first == last else f"{first}-{last}"
    return Finding(
        "removed",
        f"seal {numbers}",
        f"第 {numbers} 号封条及其日志缺失",
        f"seal {numbers} and what it sealed are missing",
    )


def _broken(number: int) -> Finding:
    return Finding(
        "broken", f"seal {number}", f"第 {number} 号封条与链不符", f"seal {number} does not fit the chain"
    )


def _other_head(number: int) -> Finding:
    return Finding(
        "head",
        f"seal {number}",
        f"第 {number} 号封条与库外存根不符",
        f"seal {number} differs from the head kept outside",
    )


def _head_behind(newest: int, reach: int) -> Finding:
    return Finding(
        "head",
        f"seal {reach}",
        f"库外存根只到第 {newest} 号，库内已封到第 {reach} 号：存根被删减，或封存中断（再封存一次即可补上）",
        f"the heads kept outside end at {newest}, the seals at {reach}: heads were removed, or a sealing was cut off "
        "(seal once more to mend that)",
    )


# --- reading ---------------------------------------------------------------------------------------------------


def counts(since: datetime, until: datetime) -> dict[str, int]:
    """How often each kind of fact happened in [since, until), one count per subject."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*) FROM office_fact WHERE occurred_at >= %s AND occurred_at < %s GROUP BY kind ORDER BY kind",
            [since, until],
        )
        return dict(cursor.fetchall())
