"""The way of a payment, walked by the services themselves: five people, a bank that is played, and a scale."""

from __future__ import annotations

from random import Random

from django.conf import settings
from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.bench import _ground as ground
from yikatong.bench._payees import Payee, plain_roster
from yikatong.bench._weights import Scale
from yikatong.bench.orders import must
from yikatong.benefits.approved import approvable
from yikatong.benefits.bankfiles.simulator import Bank
from yikatong.benefits.banks import counterpart, profile_of
from yikatong.benefits.rows import BatchRow, FileRow
from yikatong.benefits.services.answers import take_answer
from yikatong.benefits.services.approving import approve_batch, fund_batch, grant_funds
from yikatong.benefits.services.judging import judge_batch
from yikatong.benefits.services.paying import seal_files, send_file
from yikatong.benefits.services.submitting import submit_roster
from yikatong.office import clock, post
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.scope import Scope

CITY = Scope(ground.CITY)
DESK = Actor.system("benefits")
MAKER, DEPARTMENT, FINANCE, PAYER = (
    Actor(f"staff:{number}", name, ground.CITY)
    for number, name in enumerate(("maker", "department", "finance", "payer"), start=1)
)
PERIOD, LAST_PERIOD = "2025-03", "2025-02"
FAILING, UNCLEAR = 20, 2
"""Of a thousand payments, at the bank that is played."""
SUBMIT, JUDGE, APPROVE, SEAL, SEND, ANSWER = (
    "submit (digest, seal, store)",
    "judge and store",
    "approve twice, block the money",
    "ask again, post, seal files",
    "send (files forced to disk)",
    "answers reconciled",
)
WHOLE_WAY = (SUBMIT, JUDGE, APPROVE, SEAL, SEND)
Roster = tuple[bytes, int, int]


def forget_payments() -> None:
    """Drop every payment, so that the same people can be paid once more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables "
            "WHERE schemaname = current_schema() AND tablename LIKE 'benefits\\_%'"
        )
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]}, office_wirefile CASCADE")


def before(wrong: dict[str, list[Payee]]) -> None:
    """What was paid, or is being paid, before: for the rows that are held, or warned of, because of it."""
    ignored: Scale = Scale()
    submit_and_judge("pension", PERIOD, plain_roster(wrong["C09"]), ignored)
    land = [(each.name, each.number) for each in wrong["C10"]]
    text = "户主姓名,户主证件号码,面积（亩）,金额（元）\n" + "".join(
        f"{name},{number},2,150.00\n" for name, number in land
    )
    submit_and_judge("farmland", "2025", (text.encode(), len(land), 15_000 * len(land)), ignored)
    pay(plain_roster(wrong["C20"]), ignored, 0, period=LAST_PERIOD, failing=0)


def pay(roster: Roster, scale: Scale, place: int, *, period: str = PERIOD, failing: int = FAILING) -> None:
    """A roster from the upload to what the banks answered; `place` tells rosters of one period apart."""
    _, count, _ = roster
    batch = submit_and_judge("pension", period, roster, scale)
    with scale.stage(APPROVE, count):
        _approved(batch)
    with scale.stage(SEAL, count), open_act(PAYER, door=Door.CONSOLE) as act:
        files = seal_files(act, batch.number, scope=CITY)
    if isinstance(files, Refused):
        raise SystemExit(files.en)
    with scale.stage(SEND, count):
        for file in files:
            with open_act(PAYER, door=Door.CONSOLE) as act:
                must(not isinstance(send_file(act, file.number, scope=CITY), Refused), f"sent {file.number}")
        post.send_files()
    answers = [(file, content) for file in files for content in _said(file, failing, place)]
    with scale.stage(ANSWER, sum(file.rows for file in files)):
        for number, (file, content) in enumerate(answers):
            _answered(file, content, number)


def submit_and_judge(programme: str, period: str, roster: Roster, scale: Scale) -> BatchRow:
    """A roster brought and judged."""
    content, count, fen = roster
    with scale.stage(SUBMIT, count), open_act(MAKER, door=Door.CONSOLE) as act:
        batch = submit_roster(
            act,
            programme=programme,
            period=period,
            declared_rows=count,
            declared_fen=fen,
            name="roster.csv",
            content=content,
            scope=CITY,
        )
    if isinstance(batch, Refused):
        raise SystemExit(batch.en)
    with scale.stage(JUDGE, count), open_act(DESK, door=Door.TASK) as act:
        judged = judge_batch(act, batch.number)
    if judged is None or judged.state.code != "judged":
        raise SystemExit(f"{batch.number} was not judged: {judged}")
    return judged


def _approved(batch: BatchRow) -> None:
    with open_act(DEPARTMENT, door=Door.CONSOLE) as act:
        done = approve_batch(act, batch.number, digest=approvable(batch.id).digest.hex(), scope=CITY)
        must(not isinstance(done, Refused), f"approved {done}")
    with open_act(PAYER, door=Door.CONSOLE) as act:
        grant_funds(act, programme="pension", fen=approvable(batch.id).fen, paper=batch.number)
    with open_act(FINANCE, door=Door.CONSOLE) as act:
        done = fund_batch(act, batch.number, digest=approvable(batch.id).digest.hex(), scope=CITY)
        must(not isinstance(done, Refused), f"funded {done}")


def _said(file: FileRow, failing: int, place: int) -> list[bytes]:
    """What the bank answers to a file that was laid out for it."""
    profile = profile_of(file.bank_code, clock.today())
    assert profile is not None
    laid_out = settings.WIRES_FOLDER / counterpart(file.bank_code) / "out" / file.name
    bank = Bank(profile, failing=failing, unclear=UNCLEAR if failing else 0)
    taken = bank.receive(laid_out.read_bytes(), clock.today(), Random(place))
    return [each.content for each in taken.deliveries]


def _answered(file: FileRow, content: bytes, number: int) -> None:
    came = post.store_received(counterpart(file.bank_code), f"{file.number}-{number}", content, clock.now())
    if isinstance(came, Refused):
        raise SystemExit(came.en)
    with open_act(DESK, door=Door.TASK) as act:
        report = take_answer(act, came)
    must(not isinstance(report, Refused) and not report.problems, f"answer to {file.number}: {report}")


def held() -> dict[str, int]:
    """Rows of the period by the first finding that holds them, and by warning."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, count(*) FROM benefits_payment, unnest(checks) code WHERE programme = 'pension' AND period = %s "
            "GROUP BY code ORDER BY code",
            [PERIOD],
        )
        return dict(cursor.fetchall())
