"""A roster at the desks: brought, judged, approved by two, sealed, sent, answered; and what its people read."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.benefits.envelopes import answer_text, holder, roster, row
from tests.web.console.desks import refusals
from yikatong.benefits import queries
from yikatong.benefits.approved import approvable
from yikatong.benefits.models import BankFile, Payment, PaymentBatch
from yikatong.benefits.tasks import judge_waiting, seal_waiting
from yikatong.cards.models import Card
from yikatong.office.scope import EVERYWHERE
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("centre")


def brought(clerk, people, *, rows: int | None = None, yuan: str = "") -> str:
    """A roster as the clerk brings it, judged by the house; its number."""
    page = clerk.send(
        "benefits/submit/",
        programme="pension",
        period="2025-03",
        declared_rows=rows or len(people),
        declared=yuan or f"{200 * len(people)}.00",
        file=SimpleUploadedFile("三月.csv", roster(map(row, people))),
    )
    assert page.status_code == 302, refusals(page.content.decode())
    judge_waiting()
    return str(PaymentBatch.objects.latest("pk").number)


def seen(desk, number: str, step: str) -> str:
    """An approver's confirmation of what the page shows."""
    batch = queries.batch(number, EVERYWHERE)
    assert batch is not None
    return str(desk.confirm(f"benefits/{number}/{step}/", digest=approvable(batch.id).digest.hex()))


def sealed(desk_of, people) -> str:
    """A batch in a sealed file."""
    number = brought(desk_of("benefit_clerk"), people)
    seen(desk_of("benefit_approver"), number, "approve")
    payer = desk_of("benefit_payer")
    payer.confirm("benefits/funds/pension/grant/", declared="10000", paper="财拨1号")
    assert "资金已冻结" in seen(desk_of("benefit_finance"), number, "fund")
    assert "系统正在封存" in payer.confirm(f"benefits/{number}/seal/")
    assert "已要求封存" in payer.see(f"benefits/{number}/")
    assert seal_waiting() == 1
    return number


def sent(desk_of, people) -> str:
    """A batch that is with the bank."""
    number = sealed(desk_of, people)
    desk_of("benefit_payer").confirm(f"benefits/{number}/files/{BankFile.objects.get().number}/send/")
    return number


def answer(desk_of, number: str, results: list[str]) -> str:
    file = queries.file(BankFile.objects.get().number, EVERYWHERE)
    assert file is not None
    upload = SimpleUploadedFile("回盘.txt", answer_text(file, results))
    desk = desk_of("benefit_payer")
    assert desk.send(f"benefits/{number}/answer/", bank="102", file=upload).status_code == 302
    return str(desk.see(f"benefits/{number}/"))


def test_from_the_roster_to_the_account_each_at_their_own_desk(desk_of):
    number = sent(desk_of, [holder("张三丰"), holder("李四光")])
    page = answer(desk_of, number, ["00", "03"])
    assert "已到账" in page and "发放失败" in page and "张*丰" in page and "张三丰" not in page
    line = desk_of("benefit_payer").see(f"benefits/{number}/rows/3/")
    assert "账户已销户" in line and "修复并重新发放" in line


def test_a_roster_that_is_not_what_was_declared_says_what_came(desk_of):
    clerk = desk_of("benefit_clerk")
    number = brought(clerk, [holder()], rows=2, yuan="400.00")
    page = clerk.see(f"benefits/{number}/")
    assert "不予受理" in page and "申报2人" in page and "清册为1人" in page
    assert not Payment.objects.exists()


def test_who_brought_a_batch_is_not_offered_its_approval_and_cannot_take_it(desk_of):
    clerk = desk_of("benefit_clerk")
    number = brought(clerk, [holder()])
    assert "/approve/" not in clerk.see(f"benefits/{number}/")
    clerk.see(f"benefits/{number}/approve/", status=403)


def test_mending_is_offered_for_what_failed_and_not_for_what_was_never_approved(desk_of):
    number = sent(desk_of, [holder("张三丰"), holder("李挂失", "2", "stopped")])
    payer = desk_of("benefit_payer")
    assert "修复并重新发放" not in payer.see(f"benefits/{number}/rows/3/")
    answer(desk_of, number, ["03"])
    assert "修复并重新发放" in payer.see(f"benefits/{number}/rows/2/")


def test_a_file_is_sent_once(desk_of):
    number = sent(desk_of, [holder()])
    page = desk_of("benefit_payer").confirm(f"benefits/{number}/files/{BankFile.objects.get().number}/send/")
    assert "同一文件只发一次" in " ".join(refusals(page))


def test_a_file_that_a_loss_has_overtaken_is_taken_back_and_sealed_anew(desk_of):
    people = [holder(), holder("李四光")]
    number = sealed(desk_of, people)
    payer, file = desk_of("benefit_payer"), BankFile.objects.get().number
    Card.objects.filter(resident=people[0]).update(state="2")
    assert "请撤回文件" in payer.confirm(f"benefits/{number}/files/{file}/send/")
    assert "可以重新封存" in payer.confirm(
        f"benefits/{number}/files/{file}/withdraw/", reason="封存后有人挂失"
    )
    assert "已撤回" in payer.see(f"benefits/{number}/")
    payer.confirm(f"benefits/{number}/seal/")
    assert seal_waiting() == 1
    anew = BankFile.objects.latest("pk")
    payer.confirm(f"benefits/{number}/files/{anew.number}/send/")
    assert (anew.rows, BankFile.objects.latest("pk").state) == (1, "sending")


def test_who_dies_after_the_judging_is_told_to_whoever_approves(desk_of):
    people = [holder(), holder("李四光")]
    number = brought(desk_of("benefit_clerk"), people)
    Resident.objects.filter(pk=people[0].pk).update(state="dead", died_on=date(2025, 2, 3))
    assert "1 人，封存时会自动暂缓" in desk_of("benefit_approver").see(f"benefits/{number}/approve/")


def test_batches_are_found_by_programme_and_period_and_by_whose_turn_it_is(desk_of):
    number = brought(desk_of("benefit_clerk"), [holder()])
    approver = desk_of("benefit_approver")
    assert number in approver.see("benefits/?programme=pension&period=2025-03")
    assert number not in approver.see("benefits/?programme=pension&period=2025-04")
    assert number not in approver.see("benefits/?programme=farmland")
    assert "?waiting=1" in approver.see("benefits/") and number in approver.see("benefits/?waiting=1")
    assert number not in desk_of("benefit_finance").see("benefits/?waiting=1")


def test_one_of_two_rows_of_a_person_is_left_out_at_the_desk(desk_of):
    person = holder()
    clerk = desk_of("benefit_clerk")
    number = brought(clerk, [person, person])
    assert "剔除这一行" in clerk.see(f"benefits/{number}/rows/3/")
    assert "已剔除" in clerk.confirm(f"benefits/{number}/rows/3/drop/", reason="重复报送")
    assert list(Payment.objects.order_by("line").values_list("state", flat=True)) == ["valid", "dropped"]


def test_what_can_only_fail_is_not_offered(desk_of):
    people = [holder(), holder("李四光")]
    number = sent(desk_of, people)
    payer = desk_of("benefit_payer")
    answer(desk_of, number, ["98", "03"])
    page = payer.see(f"benefits/{number}/")
    assert "退回财政" not in page and "银行：账户已销户" in page and "向银行查询" in page
    payer.confirm(f"benefits/{number}/files/{BankFile.objects.get().number}/ask/")
    page = payer.see(f"benefits/{number}/")
    assert "已向银行查询，等答复" in page and "/ask/" not in page


def test_another_county_sees_nothing_of_it(desk_of):
    number = brought(desk_of("benefit_clerk"), [holder()])
    desk_of("benefit_approver", region="610402").see(f"benefits/{number}/", status=404)


def test_a_person_reads_in_the_portal_what_came_and_why_not(desk_of):
    person, lost = holder("张三丰"), holder("李挂失", "2", "stopped")
    number = brought(desk_of("benefit_clerk"), [person, lost])
    assert "正式挂失" in desk_of("benefit_clerk").see(f"benefits/{number}/")
    for who, said in ((person, "正在审批"), (lost, "您的社保卡现在不能收款：该卡已正式挂失")):
        visitor = Client()
        session = visitor.session
        session["resident"] = who.pk
        session.save()
        assert said in visitor.get("/portal/benefits/").content.decode()


def test_the_empty_roster_of_each_programme_is_a_workbook(desk_of):
    for programme in ("pension", "farmland", "skills"):
        answer = desk_of("benefit_clerk").client.get(f"/console/benefits/form/{programme}.xlsx")
        assert answer.content.startswith(b"PK")
