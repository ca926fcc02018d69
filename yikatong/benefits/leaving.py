# ruff: noqa: S608 - only this package's own texts are put into the statements; values go as parameters
"""What leaves for the banks: the payable rows of a batch as lines of each bank's file, put together by several hands.

Two temporary tables tell of it: `leaving` (what goes, by bank and line of the roster) and `unfit` (what no form of its
bank can carry, with why). Rows go by in slices; only the bytes of the files are ever together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from yikatong.basics.hands import Share
from yikatong.basics.states import State
from yikatong.benefits.bankfiles import slices
from yikatong.benefits.bankfiles.profiles import Profile
from yikatong.benefits.gone import GONE
from yikatong.benefits.laying import HOLDING, STILL_RIGHT, Question, judged, staged_again, values_of
from yikatong.benefits.programme import Programme
from yikatong.benefits.rules import SENT, VALID
from yikatong.office.copying import copied
from yikatong.office.sealing import data_keys

# The tail of the number stands in the row already; only who is paid under another number than their own has it opened.
_LINE = """
p.line, p.id AS payment_id, p.card_id, p.fen, c.bank_code COLLATE "C" AS bank_code, r.name, c.bank_pan AS account,
CASE WHEN n.known THEN right(p.number_masked, 4) ELSE '' END AS tail,
CASE WHEN n.known THEN ''::bytea ELSE r.number END AS number
"""
_WHOSE = """
JOIN residents_resident r ON r.id = p.resident_id
JOIN cards_card c ON c.id = p.card_id
CROSS JOIN LATERAL (SELECT p.number_key = r.number_key AND right(p.number_masked, 4) !~ '[*]') AS n (known)
"""
_LEAVING = f"""
CREATE TEMP TABLE leaving ON COMMIT DROP AS
WITH {HOLDING}
SELECT {_LINE}, coalesce({STILL_RIGHT}, false) AS still_right
  FROM benefits_payment p {_WHOSE}
 WHERE p.batch_id = %(batch)s AND p.state = %(valid)s AND p.id NOT IN ({GONE})
"""
DOUBTED = "SELECT payment_id FROM leaving WHERE NOT still_right"
"""The payments that have to be judged in full before they leave."""
_SETTLED = f"""
WITH doubted AS (DELETE FROM leaving WHERE NOT still_right RETURNING payment_id)
INSERT INTO leaving
SELECT {_LINE}, true FROM doubted d JOIN benefits_payment p ON p.id = d.payment_id {_WHOSE} WHERE p.state = %(valid)s
"""
_UNFIT = "CREATE TEMP TABLE unfit (payment_id bigint, zh text, en text) ON COMMIT DROP"
_BANKS = "SELECT bank_code, count(*) FROM leaving GROUP BY bank_code ORDER BY bank_code"
_ROWS = "SELECT payment_id, fen, name, account, tail, number FROM leaving WHERE bank_code = %s ORDER BY line"
_STAYS = "DELETE FROM leaving l USING unfit u WHERE u.payment_id = l.payment_id"
_NO_FORM = """
INSERT INTO unfit SELECT payment_id, '与该银行没有约定代发文件格式', 'no form is agreed with this bank'
  FROM leaving WHERE bank_code = %(bank)s
"""
_DOUBTED = f"""
CREATE TEMP TABLE doubted ON COMMIT DROP AS
WITH {HOLDING}
SELECT p.id AS payment_id, c.id AS card_id
  FROM {{these}}
  JOIN residents_resident r ON r.id = p.resident_id
  JOIN cards_card c ON c.id = {{card}}
 WHERE {{which}} AND (NOT coalesce({STILL_RIGHT}, false) OR p.id IN ({GONE}))
"""
_OF_FILE = _DOUBTED.format(
    these="benefits_fileline l JOIN benefits_payment p ON p.id = l.payment_id",
    card="l.card_id",
    which="l.file_id = %(file)s",
)
_OF_BATCH = _DOUBTED.format(
    these="benefits_payment p", card="p.card_id", which="p.batch_id = %(batch)s AND p.state = %(valid)s"
)
_STOPPED = "SELECT count(*) FROM benefit_judged WHERE level IN ('hold', 'block')"
_OVERTAKEN = f"""
SELECT count(*) FROM benefit_judged j JOIN doubted d USING (payment_id)
 WHERE j.level IN ('hold', 'block') OR j.card_id IS DISTINCT FROM d.card_id OR payment_id IN ({GONE})
"""


@dataclass(frozen=True)
class Part:
    """One file's rows: of a bank's in `leaving`, by line, the `rows` that come after the first `after`; their fen and bytes."""

    bank_code: str
    after: int
    rows: int
    fen: int
    body: bytes


@contextmanager
def leaving(question: Question) -> Iterator[int]:
    """The payable rows of a batch as the table `leaving`, for the time of the block; gives how many there are.

    Those that are not plainly what they were when they were judged (`DOUBTED`) are to be judged again, then `settle_doubts`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEAVING, {**values_of(question), "valid": VALID.code})
        count = cursor.rowcount
        cursor.execute("CREATE INDEX ON leaving (payment_id)")
        cursor.execute("ANALYZE leaving (payment_id, bank_code, line, still_right)")
        cursor.execute(_UNFIT)
    yield count
    # Not in a `finally`: after a database error the transaction is lost, and the tables with it.
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE leaving, unfit")


def settle_doubts() -> None:
    """What was doubted has been judged again: whoever is payable still leaves, to where the money goes by now."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, {"valid": VALID.code})


def overtaken(question: Question, file_id: int) -> int:
    """How many people of a sealed file may not be paid any more, not onto the card that it names, or not beside money of an
    earlier attempt that left after all."""
    return _looked_over(question, SENT, _OF_FILE, _OVERTAKEN, file=file_id)


def stopped_since(question: Question) -> int:
    """How many payable people of a batch would be held if its files were sealed now."""
    return _looked_over(question, VALID, _OF_BATCH, _STOPPED)


def _looked_over(question: Question, state: State, doubted: str, counted: str, **more: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(doubted, {**values_of(question), "valid": VALID.code, **more})
        count = int(cursor.rowcount)
    if count:
        these = "SELECT payment_id FROM doubted"
        with (
            staged_again(question.batch_id, [state.code], only=these),
            judged(question),
            connection.cursor() as cursor,
        ):
            cursor.execute(counted, {"batch": question.batch_id})
            count = int(cursor.fetchone()[0])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE doubted")
    return count


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
        if unfit:  # the places of those after them change, and with them what their rows say
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
