"""What must hold when a run has come to its end, by the banks' own books before ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db import connection

from yikatong.basics.crypto import sm3
from yikatong.bench._crash_bank import Banks
from yikatong.bench._crash_town import Envelope
from yikatong.office import journal
from yikatong.residents.queries import number_key

_PLACES = """
SELECT p.programme, p.period, p.number_key, count(*) FILTER (WHERE p.state IN ('paid', 'returned')),
       count(*) FILTER (WHERE p.state NOT IN ('paid', 'returned', 'dropped'))
  FROM benefits_payment p GROUP BY 1, 2, 3
"""
_PAID = "SELECT id::text, fen FROM benefits_payment WHERE state = 'paid'"
_LEDGER = """
SELECT p.programme, v.account, sum(v.fen)::bigint FROM benefits_posting p
 CROSS JOIN LATERAL (VALUES (p.off, -p.fen), (p.onto, p.fen)) AS v (account, fen) GROUP BY 1, 2
"""
# Each says what never may be; whatever it finds is a defect.
_NEVER = {
    "a batch has not come to its end": """
        SELECT number, state FROM benefits_paymentbatch WHERE state NOT IN ('settled', 'sent_back')""",
    "a file has not come to its end": """
        SELECT number, state FROM benefits_bankfile WHERE state NOT IN ('settled', 'withdrawn')""",
    "a file waits in the post": "SELECT name, state FROM office_wirefile WHERE state IN ('queued', 'received')",
    "an envelope came twice": """
        SELECT file_digest, programme, period FROM benefits_paymentbatch WHERE state <> 'sent_back'
         GROUP BY 1, 2, 3 HAVING count(*) > 1""",
    "a voucher was entered twice": """
        SELECT programme, paper FROM benefits_posting WHERE off = 'budget' AND paper <> ''
         GROUP BY 1, 2 HAVING count(*) > 1""",
    "a payment was paid by two lines": """
        SELECT payment_id FROM benefits_fileline WHERE result IN ('', '98', '00') GROUP BY 1 HAVING count(*) > 1""",
    "a paid payment has no paid line": """
        SELECT p.id FROM benefits_payment p WHERE (p.state = 'paid') <>
               EXISTS (SELECT FROM benefits_fileline l WHERE l.payment_id = p.id AND l.result = '00')""",
    "a posting moves nothing": """
        SELECT id FROM benefits_posting WHERE fen <= 0 OR off = onto""",
    "a file was sent and nobody recorded it": """
        SELECT f.number FROM benefits_bankfile f WHERE (f.state <> 'withdrawn')::integer <> (SELECT count(*) FROM office_entry e
               WHERE e.kind = 'benefit.file_sent' AND e.subject = 'bankfile:' || f.number)""",
}


def broken(envelopes: list[Envelope], banks: Banks) -> Iterator[str]:
    """Every law that is broken, with what breaks it."""
    yield from _never()
    yield from _each_once(envelopes)
    yield from _as_the_banks_say(banks)
    yield from _ledger(banks)
    yield from _files(banks)
    journal.seal()
    yield from (f"the journal: {each.en}" for each in journal.prove().findings)


def _never() -> Iterator[str]:
    with connection.cursor() as cursor:
        for law, statement in _NEVER.items():
            cursor.execute(statement)
            if rows := cursor.fetchall():
                yield f"{law}: {rows[:5]}"


def _each_once(envelopes: list[Envelope]) -> Iterator[str]:
    """Everybody who is due has one place, for the programme and period, that is paid or gone back; nobody else has. Whose
    card was lost on the way has one or none."""
    lost = {number_key(each.loses) for each in envelopes if each.loses}
    due = {(each.programme, each.period, number_key(number)) for each in envelopes for number in each.due}
    with connection.cursor() as cursor:
        cursor.execute(_PLACES)
        found = {
            (programme, period, bytes(key)): (ended, still) for programme, period, key, ended, still in cursor
        }
    wrong = []
    for place in due | found.keys():
        ended, still = found.get(place, (0, 0))
        as_due = ended <= 1 if place[2] in lost else ended == (place in due)
        if not as_due or still:
            wrong.append(f"{place[0]} {place[1]}: {ended} that ended and {still} that did not")
    if wrong:
        yield f"{len(wrong)} people have not the one payment they are due, as one of {wrong[0]}"


def _as_the_banks_say(banks: Banks) -> Iterator[str]:
    credited: Counter[str] = banks.credited()
    if twice := [row for row, times in credited.items() if times > 1]:
        yield f"the banks credited rows twice: {twice[:5]}"
    with connection.cursor() as cursor:
        cursor.execute(_PAID)
        paid = dict(cursor.fetchall())
    if paid.keys() != credited.keys():
        yield f"we say of {sorted(paid.keys() ^ credited.keys())[:5]} another thing than the banks"
    theirs = sum(bank.credited_fen() for bank in banks.banks.values())
    if sum(paid.values()) != theirs:
        yield f"we paid {sum(paid.values())} fen, the banks credited {theirs}"


def _ledger(banks: Banks) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_LEDGER)
        rows = cursor.fetchall()
    for programme in {row[0] for row in rows}:
        of_it = {account: int(fen) for name, account, fen in rows if name == programme}
        if sum(of_it.values()):
            yield f"the ledger of {programme} does not sum to nothing: {of_it}"
        if left := {name: of_it.get(name, 0) for name in ("blocked", "transit") if of_it.get(name, 0)}:
            yield f"money of {programme} is on its way to nobody: {left}"
    paid = sum(int(fen) for _, account, fen in rows if account == "paid")
    theirs = sum(bank.credited_fen() for bank in banks.banks.values())
    if paid != theirs:
        yield f"the ledger has {paid} fen as paid, the banks credited {theirs}"


def _files(banks: Banks) -> Iterator[str]:
    """Each file reached its bank once, and its bytes are those that were sealed; none that was taken back did."""
    if banks.copies:
        yield f"files that a bank got twice: {banks.copies}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT bank_code, name, digest FROM benefits_bankfile WHERE state <> 'withdrawn'")
        sealed = {(code, name): bytes(digest) for code, name, digest in cursor.fetchall()}
    if differ := sealed.keys() ^ banks.received.keys():
        yield f"files sealed and files at the banks differ: {sorted(differ)}"
    for key, content in banks.received.items():
        if sm3(content) != sealed.get(key):
            yield f"the bank has other bytes of {key}"
