"""How far a batch is judged is seen by everybody while it is being judged, and nothing is left of it afterwards."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from tests.benefits.envelopes import PAYER, SCOPE, funded, holder, picture, row, submitted
from tests.cards.in_hand import NOON, at, got
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.models import BankFile
from yikatong.benefits.progress import Progress, Step, progress, tell
from yikatong.benefits.services import judging
from yikatong.benefits.services.judging import judge_batch
from yikatong.benefits.services.sealing_later import ask_to_seal, seal_as_asked
from yikatong.benefits.tasks import seal_waiting
from yikatong.office import clock

pytestmark = pytest.mark.usefixtures("city")


def test_each_step_is_told_while_it_lasts(monkeypatch):
    batch = got(submitted([row(holder()), row(holder("李四光"))]))
    seen: list[Progress | None] = []

    def telling(number: str, step: Step) -> None:
        tell(number, step)
        with connection.cursor() as cursor:  # within one transaction the server shows what it showed first
            cursor.execute("SELECT pg_stat_clear_snapshot()")
        seen.append(progress(number))
        assert progress(f"{number}0") is None and progress(number[:-1]) is None, "another batch is not meant"

    monkeypatch.setattr(judging, "tell", telling)
    with at(NOON) as act:
        got(judge_batch(act, batch.number))
    assert seen == [Progress(Step.READ, 0), Progress(Step.COMPARE, 0), Progress(Step.STORE, 0)]


def test_another_connection_sees_it_and_how_many_rows_were_read():
    tell("G250000019", Step.READ)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE told (line text) ON COMMIT DROP")
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()
        with cursor.copy("COPY told FROM STDIN") as copy:
            copy.write("x\n" * 100_000)
            parameters = connection.get_connection_params()
            named = {
                name: parameters[name]
                for name in ("dbname", "user", "password", "host", "port")
                if parameters.get(name)
            }
            with psycopg.connect(**named) as other:
                name, pid = other.execute(
                    "SELECT application_name, pid FROM pg_stat_activity WHERE application_name LIKE '%G250000019%'"
                ).fetchone() or ("", 0)
                read = other.execute(
                    "SELECT tuples_processed FROM pg_stat_progress_copy WHERE pid = %s", [ours]
                ).fetchone()
    assert name.endswith(" G250000019 read") and pid == ours
    assert read is not None and 0 < read[0] <= 100_000


def test_how_much_is_done():
    assert [Progress(Step.READ, rows).percent(200) for rows in (0, 100, 200, 300)] == [0, 25, 50, 50]
    assert Progress(Step.READ, 5).percent(0) == 0
    assert Progress(Step.COMPARE, 0).percent(9) < Progress(Step.STORE, 0).percent(9) < 100


def test_files_are_sealed_by_the_house_in_the_name_of_who_asked():
    batch = funded([row(holder()), row(holder("李四光"))])
    with at(NOON, PAYER) as act:
        assert got(ask_to_seal(act, batch.number, scope=SCOPE)).sealing == PAYER.name
    with at(NOON, PAYER) as act:
        again = ask_to_seal(act, batch.number, scope=SCOPE)
    assert isinstance(again, Refused) and again.code == "benefit.seal_asked"
    with clock.fixed(NOON):
        assert (seal_waiting(), seal_waiting()) == (1, 0)
    file = BankFile.objects.get()
    assert (file.sealed_by, file.sealed_by_name, file.rows) == (PAYER.code, PAYER.name, 2)
    found = queries.batch(batch.number, SCOPE)
    assert found is not None and (found.sealing, found.state.code) == ("", "paying")
    with at(NOON, PAYER) as act:
        nothing = ask_to_seal(act, batch.number, scope=SCOPE)
    assert isinstance(nothing, Refused) and nothing.code == "benefit.nothing_to_send"


def test_what_cannot_be_sealed_says_why_on_the_batch():
    batch = funded([row(holder())])
    with at(NOON, PAYER) as act:
        got(ask_to_seal(act, batch.number, scope=SCOPE))
    with connection.cursor() as cursor:  # somebody changes what was approved, behind our back
        cursor.execute("ALTER TABLE benefits_payment DISABLE TRIGGER USER")
        cursor.execute("UPDATE benefits_payment SET fen = fen + 1")
        cursor.execute("ALTER TABLE benefits_payment ENABLE TRIGGER USER")
    with clock.fixed(NOON):
        seal_waiting()
    found = queries.batch(batch.number, SCOPE)
    assert found is not None and (found.sealing, found.state.code) == ("", "funded")
    assert "与审批时不一致" in found.note_zh and not BankFile.objects.exists()


@pytest.mark.parametrize("service", ["ask_to_seal", "seal_as_asked"])
def test_the_journal_refuses_ask_to_seal_seal_as_asked_so_nothing_happened(journal_refuses, service):
    batch = funded([row(holder())])
    if service == "seal_as_asked":
        with at(NOON, PAYER) as act:
            got(ask_to_seal(act, batch.number, scope=SCOPE))
    before = (picture(), queries.batch(batch.number, SCOPE))
    with journal_refuses(), at(NOON, PAYER) as act:
        if service == "ask_to_seal":
            ask_to_seal(act, batch.number, scope=SCOPE)
        else:
            seal_as_asked(act, batch.number)
    assert (picture(), queries.batch(batch.number, SCOPE)) == before
