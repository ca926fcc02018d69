"""What of payments waits for somebody stands on their front page, and on nobody else's."""

from __future__ import annotations

import pytest

from tests.benefits.envelopes import holder
from tests.benefits.stated import debit, foreign
from tests.benefits.test_recovering import dies, flagged
from tests.web.console.test_benefit_reconciling import file, stated
from tests.web.console.test_benefits import answer, sent
from yikatong.benefits.models import Recovery

pytestmark = pytest.mark.usefixtures("centre")
FOLLOW, AGREE, DIFFERS = "</span> 待追回", "</span> 待审批了结的追回", "</span> 对账差错"


def test_a_proposed_end_waits_for_finance_and_no_longer_for_who_proposed_it(desk_of):
    person = holder()
    number = sent(desk_of, [person])
    answer(desk_of, number, ["00"])
    dies(person)
    assert flagged() == 1
    reconciler, finance = desk_of("benefit_reconciler"), desk_of("benefit_finance")
    assert FOLLOW in reconciler.see("") and AGREE not in finance.see("")
    item = Recovery.objects.get().pk
    reconciler.confirm(
        f"benefits/recoveries/{item}/propose/", proposal="write_off", reason="执行终结，法院裁定"
    )
    assert FOLLOW not in reconciler.see("")
    assert AGREE in finance.see("")
    finance.confirm(f"benefits/recoveries/{item}/agree/")
    assert AGREE not in finance.see("")


def test_a_difference_waits_for_the_reconciler(desk_of):
    sent(desk_of, [holder()])
    reconciler = desk_of("benefit_reconciler")
    assert DIFFERS not in reconciler.see("")
    stated(reconciler, debit(file()), foreign())
    assert DIFFERS in reconciler.see("")
    assert DIFFERS not in desk_of("benefit_finance").see("")
