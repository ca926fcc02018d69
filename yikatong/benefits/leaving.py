"""What leaves for the banks: the payable rows of a batch as lines of each bank's file, put together by several hands.

Two temporary tables tell of it: `leaving` (what goes, by bank and place) and `unfit` (what no form of its bank can carry,
with why). Rows go by in slices; only the bytes of the files are ever together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from yikatong.basics.hands import Share
from yikatong.benefits.bankfiles import slices
from yikatong.benefits.bankfiles.profiles import Profile
from yikatong.benefits.programme import Programme
from yikatong.benefits.rules import VALID
from yikatong.office.copying import copied
from yikatong.office.sealing import data_keys

# The tail of the number stands in the row already; only who is paid under another number than their own has it opened.
_LEAVING = """
CREATE TEMP TABLE leaving ON COMMIT DROP AS
SELECT c.bank_code, row_number() OVER (PARTITION BY c.bank_code ORDER BY p.line)::integer AS place, p.id AS payment_id,
       p.card_id, p.fen, r.name, c.bank_pan AS account, CASE WHEN n.known THEN right(p.number_masked, 4) ELSE '' END AS tail,
       CASE WHEN n.known THEN ''::bytea ELSE r.number END AS number
  FROM benefits_payment p
  JOIN residents_resident r ON r.id = p.resident_id
  JOIN cards_card c ON c.id = p.card_id
 CROSS JOIN LATERAL (SELECT p.number_key = r.number_key AND right(p.number_masked, 4) !~ '[*]') AS n (known)
 WHERE p.batch_id = %(batch)s AND p.state = %(valid)s
"""
_UNFIT = "CREATE TEMP TABLE unfit (payment_id bigint, zh text, en text) ON COMMIT DROP"
_BANKS = "SELECT bank_code, count(*) FROM leaving GROUP BY bank_code ORDER BY bank_code"
_ROWS = "SELECT payment_id, fen, name, account, tail, number FROM leaving WHERE bank_code = %s ORDER BY place"
_STAYS = "DELETE FROM leaving l USING unfit u WHERE u.payment_id = l.payment_id"
_CLOSED_UP = """
UPDATE leaving l SET place = n.place
  FROM (SELECT payment_id, row_number() OVER (ORDER BY place) AS place FROM leaving WHERE bank_code = %(bank)s) n
 WHERE n.payment_id = l.payment_id AND n.place <> l.place
"""
_NO_FORM = """
INSERT INTO unfit SELECT payment_id, '与该银行没有约定代发文件格式', 'no form is agreed with this bank'
  FROM leaving WHERE bank_code = %(bank)s
"""


@dataclass(frozen=True)
class Part:
    """One file's rows: the places `after` + 1 to `after` + `rows` of a bank in `leaving`, their fen and their bytes."""

    bank_code: str
    after: int
    rows: int
    fen: int
    body: bytes


@contextmanager
def leaving(batch_id: int) -> Iterator[int]:
    """The payable rows of a batch as the table `leaving`, for the time of the block; gives how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVING, {"batch": batch_id, "valid": VALID.code})
        count = cursor.rowcount
        cursor.execute("CREATE INDEX ON leaving (payment_id)")
        cursor.execute("ANALYZE leaving (payment_id, bank_code, place)")
        cursor.execute(_UNFIT)
    yield count
    # Not in a `finally`: after a database error the transaction is lost, and the tables with it.
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE leaving, unfit")


def put_together(
    programme: Programme, profile_of: Callable[[str], Profile | None], share: Share
) -> list[Part]:
    """The rows of every bank in the order of the roster, in parts no larger than the bank takes.

    What a form cannot carry is in the table `unfit` then, and no longer in `leaving`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BANKS)
        banks = [(str(bank), int(count)) for bank, count in cursor.fetchall()]
    found: list[Part] = []
    for bank, count in banks:
        profile = profile_of(bank)
        if profile is None:
            _left_out(bank)
            continue
        told = slices.Told(profile.name, bank, programme.noted, data_keys())
        parts, unfit = _parts(told, profile.payments.most_rows, count, share)
        if unfit:  # the places after them change, and with them the lines
            _left_out(bank, unfit)
            parts, unfit = _parts(told, profile.payments.most_rows, count - len(unfit), share)
            assert not unfit
        found += parts
    return found


def _left_out(bank: str, unfit: list[tuple[int, str, str]] | None = None) -> None:
    """Take these payments of a bank out of `leaving`, or all of them where no form is agreed."""
    with connection.cursor() as cursor:
        if unfit is None:
            cursor.execute(_NO_FORM, {"bank": bank})
        else:
            with copied(cursor, "COPY unfit FROM STDIN") as copy:
                for each in unfit:
                    copy.write_row(each)
        cursor.execute(_STAYS)
        cursor.execute(_CLOSED_UP, {"bank": bank})


def _parts(
    told: slices.Told, most: int, count: int, share: Share
) -> tuple[list[Part], list[tuple[int, str, str]]]:
    sizes = [min(most, count - after) for after in range(0, count, most)]
    plan = [min(slices.SLICE, size - done) for size in sizes for done in range(0, size, slices.SLICE)]
    done: Iterator[slices.Put] = share(told, _slices(told.bank_code, sizes))
    parts: list[Part] = []
    unfit: list[tuple[int, str, str]] = []
    slices_left = iter(plan)
    for place, size in enumerate(sizes):
        bodies, fen, rows = [], 0, 0
        while rows < size:
            rows += next(slices_left)
            put = next(done)
            bodies.append(put.body)
            fen += put.fen
            unfit += put.unfit
        parts.append(Part(told.bank_code, place * most, size, fen, b"".join(bodies)))
    for _ in done:  # to its end, which closes what it reads from
        raise ChildProcessError("more was put together than was asked for")
    return parts, unfit


def _slices(bank: str, sizes: list[int]) -> Iterator[tuple[int, list[Any]]]:
    """Rows with the sequence of the first of them in its file."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS, [bank])
        for size in sizes:
            for done in range(0, size, slices.SLICE):
                yield done + 1, cursor.fetchmany(min(slices.SLICE, size - done))
