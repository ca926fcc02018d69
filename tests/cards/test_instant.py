"""即时制卡: a batch of one goes from the application to the shelf, breaks off anywhere and is taken up again."""

from __future__ import annotations

import pytest

from tests.cards.factories import (
    CENTRE_OUTLET,
    CLERK,
    MORNING,
    account_file,
    acting,
    apply,
    asked,
    code,
    match_file,
    picture,
    received,
    reload,
    resident,
    return_file,
    return_row,
    states,
)
from tests.cards.in_hand import set_rule
from yikatong.basics.refused import Refused
from yikatong.cards.instant import STAGES, Next, next_step, stage_of
from yikatong.cards.models import Batch, Order
from yikatong.cards.queries import instant_step
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import CLOSED, ORDER, Mode
from yikatong.cards.services.after_death import freeze
from yikatong.cards.services.batch import BY_ITSELF, dissolve
from yikatong.cards.services.instant import confirm, go_on
from yikatong.cards.services.retained import stop_order
from yikatong.cards.tasks import apply_file
from yikatong.office.act import Actor
from yikatong.office.models import WireFile
from yikatong.office.scope import Scope
from yikatong.residents.services import record_death

pytestmark = pytest.mark.django_db
MANAGER = Actor("staff:9", "周负责", "610402", CENTRE_OUTLET)


def push(order: Order | OrderRow, actor: Actor = CLERK) -> str:
    with acting(actor) as act:
        row = go_on(act, order.number)
    assert isinstance(row, OrderRow), row
    return row.state.code


def confirmed(order: Order | OrderRow, actor: Actor = MANAGER) -> OrderRow | Refused:
    with acting(actor) as act:
        return confirm(act, order.number)


def answered(counterpart: str, content: bytes) -> None:
    with acting() as act:
        result = apply_file(act, received(counterpart, content))
    assert not isinstance(result, Refused), result


def waiting() -> OrderRow:
    return apply(resident(), mode=Mode.INSTANT)


def to_the_batch() -> OrderRow:
    order = waiting()
    push(order)
    answered("province", match_file(reload([order])))
    push(order)
    answered("bank-102", account_file(reload([order])))
    assert push(order) == "batched"
    return order


def test_a_card_is_made_while_its_holder_waits(centre):
    order = to_the_batch()
    assert Batch.objects.get().orders == 1
    row = confirmed(order)
    assert isinstance(row, OrderRow) and row.state.code == "making"
    answered("maker", return_file(row.batch, [return_row(reload([order])[0])]))
    assert push(order) == "at_outlet"


def test_only_the_one_who_waits_goes_out(centre):
    others = [apply(resident()) for _ in range(2)]
    order = waiting()
    assert push(order) == "checking"
    assert asked("province").rows == 1
    assert states(others) == ["submitted"] * 2
    answered("province", match_file(reload([order])))
    push(order)
    assert asked("bank-102").rows == 1


def test_a_step_that_was_taken_already_is_no_error(centre):
    order = waiting()
    assert [push(order) for _ in range(3)] == ["checking"] * 3
    assert WireFile.objects.count() == 1
    answered("province", match_file(reload([order])))
    assert [push(order) for _ in range(2)] == ["bank_opening"] * 2
    answered("bank-102", account_file(reload([order])))
    assert [push(order) for _ in range(2)] == ["batched"] * 2
    assert Batch.objects.count() == 1


def test_a_batch_that_was_dissolved_is_made_anew(centre):
    order = to_the_batch()
    with acting() as act:
        dissolve(act, Batch.objects.get().number)
    assert push(order) == "batched"
    assert Batch.objects.count() == 2


def test_a_card_that_failed_is_made_again_in_a_new_batch(centre):
    order = to_the_batch()
    row = confirmed(order)
    assert isinstance(row, OrderRow)
    bad = return_row(reload([order])[0], card_identifier="", failed_stage="制卡", failed_reason="卡片卡住")
    answered("maker", return_file(row.batch, [bad]))
    assert push(order) == "batched"
    again = confirmed(order)
    assert isinstance(again, OrderRow) and again.batch != row.batch


def test_problem_data_wait_for_the_counter(centre):
    order = waiting()
    push(order)
    answered("province", match_file(reload([order]), results=[("2", "姓名与公安信息不一致")]))
    assert push(order) == "problem"
    with acting() as act:
        found = go_on(act, order.number)
        assert isinstance(found, OrderRow) and instant_step(found, act.today) is Next.MEND


def test_who_assembled_the_batch_may_not_confirm_it(centre):
    order = to_the_batch()
    assert code(confirmed(order, CLERK)) == "batch.same_person"
    assert states([order]) == ["batched"]


def test_where_the_rule_asks_for_nobody_the_batch_of_one_goes_by_itself(centre):
    set_rule("card.instant_second_person", False)
    order = waiting()
    push(order)
    answered("province", match_file(reload([order])))
    push(order)
    answered("bank-102", account_file(reload([order])))
    assert push(order) == "making"
    batch = Batch.objects.get()
    assert (batch.assembled_by, batch.released_by) == (BY_ITSELF, CLERK.code)


def test_what_is_not_made_at_the_counter_is_refused(centre):
    slow, fast = apply(resident()), waiting()
    with acting() as act:
        assert code(go_on(act, slow.number)) == "instant.not_instant"
        assert code(go_on(act, "S999")) == "order.unknown"
        assert code(go_on(act, fast.number, scope=Scope("610404"))) == "scope.outside"
        assert code(confirm(act, fast.number)) == "instant.not_batched"


def test_every_state_has_its_stage_and_its_next_step():
    for state in ORDER:
        step = next_step(state, asked=False, second_person=True)
        if state in CLOSED:
            assert (stage_of(state), step) == (len(STAGES), Next.NOTHING)
        elif state.code in {each.code for stage in STAGES for each in stage.states}:
            assert step is not Next.NOTHING


def test_the_journal_refuses_go_on_so_nothing_happened(centre, journal_refuses):
    order = waiting()
    before = picture()
    with journal_refuses(), acting() as act:
        go_on(act, order.number)
    assert picture() == before


def test_the_journal_refuses_confirm_so_nothing_happened(centre, journal_refuses):
    order = to_the_batch()
    before = picture()
    with journal_refuses(), acting(MANAGER, MORNING) as act:
        confirm(act, order.number)
    assert picture() == before


def test_an_order_that_rests_after_a_failed_making_is_left_where_it_stands(centre):
    order = to_the_batch()
    row = confirmed(order)
    assert isinstance(row, OrderRow)
    bad = return_row(reload([order])[0], card_identifier="", failed_stage="制卡", failed_reason="卡片卡住")
    answered("maker", return_file(row.batch, [bad]))
    assert states([order]) == ["make_failed"]
    with acting() as act:
        record_death(act, order.resident_id, on=act.today, source="民政局")
        freeze(act, order.resident_id)
    with acting() as act:
        assert code(go_on(act, order.number)) == "instant.resting"
    assert states([order]) == ["make_failed"], "a refusal moves nothing"


def test_an_order_stopped_while_it_was_made_goes_into_no_further_batch(centre):
    order = to_the_batch()
    row = confirmed(order)
    assert isinstance(row, OrderRow)
    with acting() as act:
        stop_order(act, order.number, reason="户口已迁出")
    bad = return_row(reload([order])[0], card_identifier="", failed_stage="制卡", failed_reason="卡片卡住")
    answered("maker", return_file(row.batch, [bad]))
    with acting() as act:
        assert code(go_on(act, order.number)) == "instant.stopped"
    assert states([order]) == ["make_failed"], "a refusal moves nothing"
