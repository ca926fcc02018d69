"""Bare measures beside the way of a payment: a raw COPY, a set-based floor without rules, and numbers to accounts."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.db import connection, transaction

from yikatong.basics.hands import Share, hands_for, lent
from yikatong.basics.masking import Sensitive
from yikatong.basics.sealing import lookups
from yikatong.basics.unsealing import unseal_all
from yikatong.bench import _keyed
from yikatong.bench._weights import Scale
from yikatong.office import sealing

SLICE = 5_000
RAW, FLOOR, RESOLVE = (
    "raw COPY with its key",
    "bare floor: join, insert, file",
    "number → account, opened",
)


def raw_copy(content: bytes, count: int, scale: Scale) -> None:
    """The roster's own bytes into a table with a key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS bench_raw; "
            "CREATE TABLE bench_raw (name text, number text, basis text, yuan text, PRIMARY KEY (number, yuan, name))"
        )
        with (
            scale.stage(RAW, count),
            transaction.atomic(),
            cursor.copy("COPY bench_raw FROM STDIN WITH (FORMAT csv, HEADER)") as copy,
        ):
            copy.write(content)
        cursor.execute("DROP TABLE bench_raw")


def bare_floor(content: bytes, count: int, scale: Scale) -> None:
    """Rows in, joined to people and cards by key, stored with a key, and a file of them forced to disk: no rules, no ledger,
    nothing sealed or opened (the accounts leave the table as they lie)."""
    rows = [line.split(",") for line in content.decode().splitlines()[1:]]
    keys = lookups(sealing.index_key(), Sensitive.IDENTITY_NUMBER.value, [row[1] for row in rows])
    text = "".join(
        f"{place}\t{row[0]}\t\\\\x{key.hex()}\t{row[3]}\n"
        for place, (row, key) in enumerate(zip(rows, keys, strict=True))
    ).encode()
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS bench_rows, bench_payment; "
            "CREATE UNLOGGED TABLE bench_rows (line integer, name text, number_key bytea, yuan numeric); "
            "CREATE TABLE bench_payment (line integer PRIMARY KEY, resident_id bigint, card_id bigint, fen bigint)"
        )
        with scale.stage(FLOOR, count), tempfile.TemporaryDirectory() as folder:
            with transaction.atomic():
                with cursor.copy("COPY bench_rows FROM STDIN") as copy:
                    copy.write(text)
                cursor.execute("ANALYZE bench_rows")
                cursor.execute(
                    "INSERT INTO bench_payment SELECT b.line, r.id, c.id, (b.yuan * 100)::bigint FROM bench_rows b "
                    "JOIN residents_resident r ON r.number_key = b.number_key AND r.name_folded = b.name "
                    "JOIN cards_card c ON c.resident_id = r.id AND c.state <> '9'"
                )
            with (Path(folder) / "file").open("wb") as file:
                with cursor.copy(
                    "COPY (SELECT p.line, r.name, c.bank_pan, p.fen FROM bench_payment p "
                    "JOIN residents_resident r ON r.id = p.resident_id JOIN cards_card c ON c.id = p.card_id) TO STDOUT"
                ) as copy:
                    for piece in copy:
                        file.write(piece)
                file.flush()
                os.fsync(file.fileno())
        cursor.execute("DROP TABLE bench_rows, bench_payment")


def resolution(content: bytes, count: int, scale: Scale) -> None:
    """Numbers to names and opened accounts, in bulk, as judging and sealing do it: keys made by several hands, one join,
    accounts opened by the thousand."""
    numbers = [line.split(",")[1] for line in content.decode().splitlines()[1:]]
    with scale.stage(RESOLVE, count), lent(_keyed.begin, hands_for(len(content))) as share:
        _resolve(numbers, share)


def _resolve(numbers: list[str], share: Share) -> int:
    slices = (numbers[start : start + SLICE] for start in range(0, len(numbers), SLICE))
    found, keys = 0, sealing.data_keys()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE bench_asked (number_key bytea) ON COMMIT DROP")
            key = sealing.index_key()
            with cursor.copy("COPY bench_asked FROM STDIN") as copy:
                for text in share(key, slices):
                    copy.write(text)
            cursor.execute("ANALYZE bench_asked")
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                "SELECT r.name, c.bank_code, c.bank_pan FROM bench_asked a "
                "JOIN residents_resident r ON r.number_key = a.number_key "
                "JOIN cards_card c ON c.resident_id = r.id AND c.state <> '9'"
            )
            while rows := cursor.fetchmany(SLICE):
                found += len(unseal_all(keys, Sensitive.ACCOUNT.value, [pan for _, _, pan in rows]))
    return found
