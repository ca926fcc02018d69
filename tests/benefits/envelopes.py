"""Envelopes and what becomes of them: rosters written by hand, the four people who bring one to the bank, and the bank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import count

from tests.cards.in_hand import NOON, a_card, a_person, at, got
from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.approved import approvable
from yikatong.benefits.models import BankFile, FileLine, Payment, PaymentBatch, Posting
from yikatong.benefits.rows import BatchRow, FileRow
from yikatong.benefits.services.answers import Report, take_answer
from yikatong.benefits.services.approving import approve_batch, fund_batch, grant_funds
from yikatong.benefits.services.judging import judge_batch
from yikatong.benefits.services.paying import seal_files, send_file
from yikatong.benefits.services.submitting import submit_roster
from yikatong.office import post
from yikatong.office.act import Actor
from yikatong.office.post import ReceivedFile
from yikatong.office.scope import Scope
from yikatong.residents.models import Resident

MAKER = Actor("staff:701", "马经办", "610400")
DEPARTMENT = Actor("staff:702", "段审批", "610400")
FINANCE = Actor("staff:703", "贾财政", "610400")
PAYER = Actor("staff:704", "傅发放", "610400")
SCOPE = Scope("610400")
HEAD = "姓名,证件号码,金额（元）"
LAND = {"programme": "farmland", "period": "2025", "head": "户主姓名,户主证件号码,面积（亩）,金额（元）"}
MARCH = "2025-03"
_serial = count(1)
Row = tuple[str, ...]


OLD = date(1950, 3, 7)
"""Born so that a pension is due."""


def holder(
    name: str = "张三丰", state: str = "1", bank: str = "normal", birth: date = OLD, **more: object
) -> Resident:
    """Somebody with a card that can be paid into."""
    person = a_person(name, birth, phone=f"139{next(_serial):08d}", **more)  # type: ignore[arg-type]
    a_card(person, state, bank)
    return Resident.objects.get(pk=person.pk)


def row(person: Resident, yuan: str = "200.00", name: str = "") -> Row:
    """A person's line of a roster."""
    return (name or person.name, person.number, yuan)


def roster(rows: Iterable[Row], head: str = HEAD) -> bytes:
    return "\n".join([head, *(",".join(each) for each in rows)]).encode()


def submitted(
    rows: Sequence[Row],
    *,
    programme: str = "pension",
    period: str = MARCH,
    rows_declared: int | None = None,
    yuan: str | None = None,
    head: str = HEAD,
) -> BatchRow | Refused:
    sums = sum(round(float(each[-1]) * 100) for each in rows if each[-1].replace(".", "").isdigit())
    with at(NOON, MAKER) as act:
        return submit_roster(
            act,
            programme=programme,
            period=period,
            declared_rows=len(rows) if rows_declared is None else rows_declared,
            declared_fen=sums if yuan is None else round(float(yuan) * 100),
            name="清册.csv",
            content=roster(rows, head),
            scope=SCOPE,
        )


def judged(rows: Sequence[Row], **how: object) -> BatchRow:
    """A batch whose rows were judged."""
    batch = got(submitted(rows, **how))  # type: ignore[arg-type]
    with at(NOON) as act:
        return got(judge_batch(act, batch.number))


def digest(batch: BatchRow) -> str:
    return approvable(batch.id).digest.hex()


def approved(batch: BatchRow, when: datetime = NOON) -> BatchRow:
    with at(when, DEPARTMENT) as act:
        return got(approve_batch(act, batch.number, digest=digest(batch), scope=SCOPE))


def granted(programme: str = "pension", fen: int = 100_000_000) -> None:
    with at(NOON, PAYER) as act:
        got(grant_funds(act, programme=programme, fen=fen, paper=f"财拨〔2025〕{next(_serial)}号"))


def funded(rows: Sequence[Row] | BatchRow, **how: object) -> BatchRow:
    """A batch that two more people approved, its money blocked."""
    batch = rows if isinstance(rows, BatchRow) else judged(rows, **how)
    batch = approved(batch)
    granted(batch.programme.code)
    with at(NOON, FINANCE) as act:
        return got(fund_batch(act, batch.number, digest=digest(batch), scope=SCOPE))


def sealed(batch: BatchRow, when: datetime = NOON) -> tuple[FileRow, ...]:
    with at(when, PAYER) as act:
        files = seal_files(act, batch.number, scope=SCOPE)
    assert not isinstance(files, Refused), files
    return files


def sent(batch: BatchRow, when: datetime = NOON) -> tuple[FileRow, ...]:
    """The batch's rows in sealed files, sent."""
    files = sealed(batch, when)
    for each in files:
        with at(when, PAYER) as act:
            got(send_file(act, each.number, scope=SCOPE))
    return files


def paying(people: Sequence[Resident]) -> tuple[BatchRow, FileRow]:
    """A batch of these people that is with the bank, in one file."""
    batch = funded([row(each) for each in people])
    (file,) = sent(batch)
    return again(batch), file


def again(batch: BatchRow) -> BatchRow:
    return got(queries.batch(batch.number, SCOPE))


def states(batch: BatchRow) -> list[str]:
    return list(Payment.objects.filter(batch_id=batch.id).order_by("line").values_list("state", flat=True))


def reasons(batch: BatchRow) -> list[str]:
    return list(Payment.objects.filter(batch_id=batch.id).order_by("line").values_list("reason", flat=True))


# --- the bank ---------------------------------------------------------------------------------------------------


def answer_text(
    file: FileRow, results: Sequence[str] | dict[int, str], *, more: Sequence[str] = (), text: str = "说明"
) -> bytes:
    """What the bank writes in the common form: a result for each line, by place or by sequence."""
    lines = FileLine.objects.filter(file__number=file.number).order_by("sequence")
    said = dict(enumerate(results, start=1)) if not isinstance(results, dict) else results
    rows = [
        f"D|{each.sequence}|{each.payment_id}|{said[each.sequence]}|{text}|20250311093000|S{each.pk}|{each.fen}"
        for each in lines
        if each.sequence in said
    ]
    rows += more
    total = sum(int(each.rsplit("|", 1)[1]) for each in rows)
    body = "".join(f"{each}\n" for each in [f"H|{file.number}|20250311|{len(rows)}|00|", *rows])
    return f"{body}T|{len(rows)}|{total}|{sm3(body.encode()).hex()}\n".encode()


def received(file: FileRow, content: bytes, name: str = "") -> ReceivedFile:
    found = post.store_received(
        f"pay-{file.bank_code}", name or f"answer-{next(_serial)}.txt", content, NOON + timedelta(hours=2)
    )
    assert isinstance(found, ReceivedFile), found
    return found


def answered(file: FileRow, results: Sequence[str] | dict[int, str], **how: object) -> Report:
    with at(NOON + timedelta(hours=2), Actor.system("benefits")) as act:
        report = take_answer(act, received(file, answer_text(file, results, **how)))  # type: ignore[arg-type]
    assert isinstance(report, Report), report
    return report


# --- what is looked at ------------------------------------------------------------------------------------------


def ledger() -> dict[str, int]:
    """Fen on each account that is not empty; all together they are nothing."""
    found: dict[str, int] = {}
    for off, onto, fen in Posting.objects.values_list("off", "onto", "fen"):
        found[off] = found.get(off, 0) - fen
        found[onto] = found.get(onto, 0) + fen
    assert sum(found.values()) == 0
    return {account: fen for account, fen in found.items() if fen}


def picture() -> tuple[object, ...]:
    """Everything a service of this room can change, to compare before and after."""
    return (
        list(PaymentBatch.objects.order_by("id").values()),
        list(Payment.objects.order_by("id").values()),
        list(BankFile.objects.order_by("id").values("number", "state", "digest")),
        list(FileLine.objects.order_by("id").values()),
        list(Posting.objects.order_by("id").values()),
        post.WireFile.objects.count(),
        list(post.WireFile.objects.order_by("id").values_list("state", flat=True)),
    )
