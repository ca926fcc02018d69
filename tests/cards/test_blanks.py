"""空白卡: received = made + spoilt + returned + on hand, whatever two clerks do, and two people for every paper and count."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import Error, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cards import in_hand
from tests.cards.conftest import open_the_centre
from tests.cards.in_hand import (
    NOON,
    QINDU,
    QINDU_BANK,
    QINDU_COUNTER,
    WEICHENG_BANK,
    a_person,
    an_order,
    at,
)
from yikatong.basics.refused import Refused
from yikatong.cards import shelf
from yikatong.cards.blanks import ON_HAND, PaperKind, range_wrong
from yikatong.cards.models import Blank, Order, StockCount, StockPaper
from yikatong.cards.services.blank_papers import confirm_paper, withdraw_paper, write_paper
from yikatong.cards.services.blank_use import (
    begin_count,
    draw_blanks,
    explain_count,
    finish_count,
    give_back_blanks,
    spoil_blank,
    use_blank,
)
from yikatong.office.act import Actor
from yikatong.office.models import Entry
from yikatong.office.scope import Scope

ANNA, BEN, CARL = (Actor(f"staff:{n}", f"经办{n}", QINDU, QINDU_COUNTER) for n in (11, 12, 13))
A, B = QINDU_COUNTER, QINDU_BANK


@pytest.fixture
def city(db):
    in_hand.open_city()


def do(service: Callable, actor: Actor = ANNA, **how):
    with at(NOON, actor) as act:
        return service(act, **how)


def refused(result: object, code: str) -> None:
    assert isinstance(result, Refused) and result.code == code, result
    assert result.zh and result.en


def delivered(first: int = 1, last: int = 20, place: str = A) -> None:
    """So many blanks on the shelf of a place."""
    paper = do(write_paper, kind=PaperKind.DELIVERY, prefix="XY", first=first, last=last, target=place)
    assert not isinstance(do(confirm_paper, BEN, number=paper.number), Refused)


def an_instant_order(state: str = "making") -> Order:
    order = an_order(a_person(), state)
    Order.objects.filter(pk=order.pk).update(mode="instant")
    return order


def balance(place: str = A) -> dict[str, int]:
    row = next((row for row in shelf.balances() if row.outlet == place), None)
    return {} if row is None else {n: v for n, v in vars(row).items() if isinstance(v, int) and v}


def adds_up() -> None:
    """Nothing came from nowhere and nothing is gone."""
    connection.check_constraints()
    rows = shelf.balances()
    for row in rows:
        assert row.known == sum(
            (row.in_stock, row.in_hand, row.under_way, row.used, row.spoilt, row.sent_back)
        )
    assert sum(row.known for row in rows) == shelf.received() == Blank.objects.count()


# --- papers -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("city")
class TestPapers:
    def test_a_delivery_is_born_when_the_second_person_has_counted(self):
        paper = do(write_paper, kind=PaperKind.DELIVERY, prefix="XY", first=1, last=20, target=A)
        assert (paper.first, paper.last, paper.count) == ("XY00000001", "XY00000020", 20)
        assert not Blank.objects.exists() and [row.number for row in shelf.open_papers()] == [paper.number]
        refused(do(confirm_paper, number=paper.number), "paper.same_person")
        assert not isinstance(do(confirm_paper, BEN, number=paper.number), Refused)
        assert balance() == {"in_stock": 20, "known": 20} and not shelf.open_papers()
        refused(do(confirm_paper, CARL, number=paper.number), "paper.closed")
        adds_up()

    def test_the_same_serials_do_not_come_twice(self):
        delivered(1, 20)
        for first, last in ((20, 30), (1, 1), (5, 8)):
            refused(
                do(write_paper, kind=PaperKind.DELIVERY, prefix="XY", first=first, last=last, target=A),
                "blank.known",
            )
        waiting = do(write_paper, kind=PaperKind.DELIVERY, prefix="XY", first=21, last=30, target=A)
        assert waiting and isinstance(
            do(write_paper, kind=PaperKind.DELIVERY, prefix="XY", first=30, last=31, target=A), Refused
        )
        assert do(write_paper, kind=PaperKind.DELIVERY, prefix="", first=1, last=5, target=A)

    def test_a_transfer_is_under_way_until_its_receiver_confirms(self):
        delivered()
        paper = do(write_paper, kind=PaperKind.TRANSFER, prefix="XY", first=1, last=5, source=A, target=B)
        assert balance() == {"in_stock": 15, "under_way": 5, "known": 20} and balance(B) == {}
        refused(do(confirm_paper, BEN, number=paper.number, scope=Scope(QINDU, A)), "scope.outside")
        assert do(confirm_paper, BEN, number=paper.number, scope=Scope(QINDU, B))
        assert balance() == {"in_stock": 15, "known": 15} and balance(B) == {"in_stock": 5, "known": 5}
        adds_up()

    def test_what_is_under_way_comes_back_when_the_paper_is_withdrawn(self):
        delivered()
        paper = do(write_paper, kind=PaperKind.TRANSFER, prefix="XY", first=1, last=5, source=A, target=B)
        assert do(withdraw_paper, number=paper.number)
        assert balance() == {"in_stock": 20, "known": 20}
        refused(do(confirm_paper, BEN, number=paper.number), "paper.closed")

    def test_blanks_go_back_to_the_supplier(self):
        delivered()
        paper = do(write_paper, kind=PaperKind.RETURN, prefix="XY", first=11, last=20, source=A)
        assert do(confirm_paper, BEN, number=paper.number)
        assert balance() == {"in_stock": 10, "sent_back": 10, "known": 20}
        adds_up()

    def test_what_is_not_in_stock_does_not_move(self):
        delivered()
        do(draw_blanks, outlet_code=A, count=1)
        for how in ({"target": B}, {"target": WEICHENG_BANK}):
            refused(
                do(write_paper, kind=PaperKind.TRANSFER, prefix="XY", first=1, last=5, source=A, **how),
                "blank.not_in_stock",
            )

    @pytest.mark.parametrize(
        ("kind", "where"),
        [
            (PaperKind.DELIVERY, {}),
            (PaperKind.TRANSFER, {"source": A}),
            (PaperKind.TRANSFER, {"source": A, "target": A}),
            (PaperKind.RETURN, {"target": A}),
        ],
    )
    def test_each_kind_of_paper_wants_its_places(self, kind, where):
        refused(do(write_paper, kind=kind, prefix="", first=1, last=2, **where), "blank.place")

    def test_another_outlet_writes_no_paper_for_this_one(self):
        refused(
            do(
                write_paper,
                kind=PaperKind.DELIVERY,
                prefix="",
                first=1,
                last=2,
                target=A,
                scope=Scope(QINDU, B),
            ),
            "scope.outside",
        )
        refused(do(confirm_paper, number="K0"), "paper.unknown")


@pytest.mark.parametrize(
    ("prefix", "first", "last", "code"),
    [
        ("abc", 1, 2, "blank.prefix"),
        ("XYZXYZX", 1, 2, "blank.prefix"),
        ("卡", 1, 2, "blank.prefix"),
        ("", 0, 2, "blank.range"),
        ("", 5, 4, "blank.range"),
        ("", 99_999_999, 100_000_000, "blank.range"),
        ("", 1, 50_001, "blank.too_many"),
    ],
)
def test_a_range_that_is_none_is_refused(prefix, first, last, code):
    refused(range_wrong(prefix, first, last), code)


# --- in the hand ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("city")
class TestInTheHand:
    def test_the_next_blanks_are_drawn_used_spoilt_and_given_back(self):
        delivered()
        assert do(draw_blanks, outlet_code=A, count=3) == ("XY00000001", "XY00000002", "XY00000003")
        order = an_instant_order()
        assert do(use_blank, serial="xy00000001", order_number=order.number) == "XY00000001"
        assert shelf.blank_of(order.pk) == "XY00000001"
        assert do(spoil_blank, serial="XY00000002", reason="打印模糊")
        assert do(give_back_blanks, outlet_code=A) == 1
        assert balance() == {"in_stock": 18, "used": 1, "spoilt": 1, "known": 20}
        adds_up()

    def test_one_order_has_one_blank_and_one_blank_one_order(self):
        delivered()
        do(draw_blanks, outlet_code=A, count=2)
        order = an_instant_order()
        do(use_blank, serial="XY00000001", order_number=order.number)
        refused(do(use_blank, serial="XY00000002", order_number=order.number), "blank.order_has_one")
        refused(
            do(use_blank, serial="XY00000001", order_number=an_instant_order().number),
            "blank.not_in_your_hand",
        )

    def test_a_blank_in_another_hand_is_left_alone(self):
        delivered()
        do(draw_blanks, outlet_code=A, count=1)
        order = an_instant_order()
        refused(do(use_blank, BEN, serial="XY00000001", order_number=order.number), "blank.not_in_your_hand")
        refused(do(spoil_blank, BEN, serial="XY00000001", reason="坏"), "blank.not_in_your_hand")
        assert do(give_back_blanks, BEN, outlet_code=A) == 0

    def test_only_an_instant_order_in_the_making_takes_a_blank(self):
        delivered()
        do(draw_blanks, outlet_code=A, count=1)
        batch = an_order(a_person(), "making")
        refused(do(use_blank, serial="XY00000001", order_number=batch.number), "blank.order_not_instant")
        early = an_instant_order("ready")
        refused(do(use_blank, serial="XY00000001", order_number=early.number), "blank.order_not_being_made")

    def test_the_blank_of_a_card_already_handed_over_is_still_written_down(self):
        delivered()
        do(draw_blanks, outlet_code=A, count=1)
        order = an_instant_order("collected")
        assert do(use_blank, serial="XY00000001", order_number=order.number) == "XY00000001"
        refused(do(use_blank, serial="XY00000002", order_number=order.number), "blank.order_has_one")
        adds_up()

    def test_what_cannot_be_is_refused(self):
        delivered(1, 2)
        refused(do(draw_blanks, outlet_code=A, count=3), "blank.too_few")
        refused(do(draw_blanks, outlet_code=A, count=0), "blank.count")
        refused(do(draw_blanks, outlet_code="nowhere", count=1), "blank.place")
        refused(do(spoil_blank, serial="XY00000001", reason=" "), "blank.reason")
        refused(do(spoil_blank, serial="XY9", reason="坏"), "blank.unknown")
        assert do(spoil_blank, serial="XY00000001", reason="坏")
        refused(do(spoil_blank, serial="XY00000001", reason="坏"), "blank.not_here")


# --- counting ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("city")
class TestCounting:
    def test_two_people_who_find_the_same_agree(self):
        delivered()
        do(draw_blanks, outlet_code=A, count=3)  # what is in a hand is counted too
        first = do(begin_count, outlet_code=A, counted=20)
        assert first.first is None and first.first_expected is None
        assert "20" not in str(Entry.objects.get(kind="stock.count_begun").payload)
        refused(do(finish_count, outlet_code=A, counted=20), "count.same_person")
        assert do(finish_count, BEN, outlet_code=A, counted=20).state.code == "agrees"
        assert not shelf.open_counts()

    @pytest.mark.parametrize(("first", "second"), [(19, 19), (20, 19), (19, 20), (19, 21)])
    def test_a_difference_stays_until_a_third_explains_it(self, first, second):
        delivered()
        do(begin_count, outlet_code=A, counted=first)
        row = do(finish_count, BEN, outlet_code=A, counted=second)
        assert row.state.code == "differs" and (row.first, row.second) == (first, second)
        for who in (ANNA, BEN):
            refused(do(explain_count, who, count_id=row.id, explanation="夹在箱缝"), "count.same_person")
        refused(do(explain_count, CARL, count_id=row.id, explanation=" "), "count.explanation")
        done = do(explain_count, CARL, count_id=row.id, explanation="夹在箱缝，已找到")
        assert done.state.code == "explained" and not shelf.open_counts()

    def test_blanks_may_move_between_the_two_counts(self):
        delivered()
        do(begin_count, outlet_code=A, counted=20)
        do(spoil_blank, serial="XY00000001", reason="坏")
        assert do(finish_count, BEN, outlet_code=A, counted=19).state.code == "agrees"

    def test_one_count_of_a_place_at_a_time(self):
        do(begin_count, outlet_code=A, counted=0)
        refused(do(begin_count, BEN, outlet_code=A, counted=0), "count.open")
        assert do(begin_count, BEN, outlet_code=B, counted=0)
        refused(do(finish_count, outlet_code=WEICHENG_BANK, counted=0), "count.none")
        refused(do(begin_count, outlet_code=A, counted=-1), "count.negative")


# --- the tables themselves --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM cards_blank WHERE serial = 'XY00000001'",
        "DELETE FROM cards_stockpaper",
        "UPDATE cards_blank SET state = 'used', order_id = NULL WHERE serial = 'XY00000002'",
        "UPDATE cards_blank SET state = 'spoilt', reason = '' WHERE serial = 'XY00000002'",
        "UPDATE cards_blank SET serial = 'XY00000099' WHERE serial = 'XY00000001'",
        "UPDATE cards_stockpaper SET count = 19",
        "UPDATE cards_stockpaper SET last = 21, count = 21",
        "UPDATE cards_stockpaper SET closed_by = written_by",
        "INSERT INTO cards_blank (serial, delivery_id, place_id, holder, reason, state, state_since) SELECT "
        "'XY00000021', delivery_id, place_id, '', '', 'stock', state_since FROM cards_blank LIMIT 1",
    ],
)
def test_the_database_lets_no_blank_come_or_go_by_itself(statement):
    delivered()
    do(draw_blanks, outlet_code=A, count=2)
    with pytest.raises(Error), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.check_constraints()
    adds_up()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["deliver", "move", "return", "confirm", "withdraw", "draw", "back", "use", "spoil"]),
        st.integers(0, 2),
        st.integers(1, 30),
    ),
    max_size=25,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_stock_adds_up_after_any_sequence_of_steps(city, steps):
    """Refused or done, legal or silly: after each step every blank ever received stands somewhere, once."""
    before = transaction.savepoint()
    for step, who, n in steps:
        a_step(step, (ANNA, BEN, CARL)[who], n)
        adds_up()
    transaction.savepoint_rollback(before)


def a_step(step: str, actor: Actor, n: int) -> object:
    place, other = (A, B) if n % 2 else (B, A)
    paper = StockPaper.objects.order_by("-id").values_list("number", flat=True).first() or "K"
    some = Blank.objects.filter(state__in=ON_HAND).order_by("-state_since", "serial")
    serial = some.values_list("serial", flat=True)[n % 3 : n % 3 + 1].first() or "XY1"
    span = {"prefix": "XY", "first": n, "last": n + n % 4}
    match step:
        case "deliver":
            return do(write_paper, actor, kind=PaperKind.DELIVERY, target=place, **span)
        case "move":
            return do(write_paper, actor, kind=PaperKind.TRANSFER, source=place, target=other, **span)
        case "return":
            return do(write_paper, actor, kind=PaperKind.RETURN, source=place, **span)
        case "confirm":
            return do(confirm_paper, actor, number=paper)
        case "withdraw":
            return do(withdraw_paper, actor, number=paper)
        case "draw":
            return do(draw_blanks, actor, outlet_code=place, count=n % 3)
        case "back":
            return do(give_back_blanks, actor, outlet_code=place)
        case "spoil":
            return do(spoil_blank, actor, serial=serial, reason="坏")
    return do(use_blank, actor, serial=serial, order_number=an_instant_order().number)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_never_draw_the_same_blank():
    open_the_centre()
    delivered(1, 30)
    together, drawn = threading.Barrier(2, timeout=20), []

    def clerk(actor: Actor) -> None:
        try:
            for _ in range(5):
                together.wait()
                drawn.append(do(draw_blanks, actor, outlet_code=A, count=3))
        finally:
            connection.close()

    clerks = [threading.Thread(target=clerk, args=(actor,)) for actor in (ANNA, BEN)]
    for each in clerks:
        each.start()
    for each in clerks:
        each.join(timeout=60)
    serials = [serial for some in drawn if not isinstance(some, Refused) for serial in some]
    assert len(serials) == len(set(serials)) == balance()["in_hand"]
    adds_up()


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_bear_the_blanks_once():
    open_the_centre()
    paper = do(write_paper, kind=PaperKind.DELIVERY, prefix="XY", first=1, last=200, target=A)
    together, results = threading.Barrier(2, timeout=20), []

    def clerk(actor: Actor) -> None:
        try:
            together.wait()
            results.append(do(confirm_paper, actor, number=paper.number))
        finally:
            connection.close()

    clerks = [threading.Thread(target=clerk, args=(actor,)) for actor in (BEN, CARL)]
    for each in clerks:
        each.start()
    for each in clerks:
        each.join(timeout=60)
    assert len(results) == 2
    refused(next(each for each in results if isinstance(each, Refused)), "paper.closed")
    assert balance() == {"in_stock": 200, "known": 200}
    adds_up()


# --- twins ------------------------------------------------------------------------------------------------------


def everything() -> tuple[object, ...]:
    return tuple(
        list(model.objects.order_by("pk").values_list()) for model in (Blank, StockPaper, StockCount)
    )


TWINS = {
    "write_paper": lambda: do(write_paper, kind=PaperKind.RETURN, prefix="XY", first=9, last=9, source=A),
    "confirm_paper": lambda: do(confirm_paper, BEN, number=shelf.open_papers()[0].number),
    "withdraw_paper": lambda: do(withdraw_paper, number=shelf.open_papers()[0].number),
    "draw_blanks": lambda: do(draw_blanks, outlet_code=A, count=2),
    "give_back_blanks": lambda: do(give_back_blanks, outlet_code=A),
    "use_blank": lambda: do(
        use_blank, serial="XY00000001", order_number=Order.objects.get(mode="instant").number
    ),
    "spoil_blank": lambda: do(spoil_blank, serial="XY00000001", reason="坏"),
    "begin_count": lambda: do(begin_count, outlet_code=B, counted=1),
    "finish_count": lambda: do(finish_count, BEN, outlet_code=A, counted=20),
    "explain_count": lambda: do(
        explain_count, CARL, count_id=StockCount.objects.get(state="differs").pk, explanation="已找到"
    ),
}


@pytest.mark.parametrize("name", sorted(TWINS))
def test_no_blank_moves_when_the_journal_refuses(city, journal_refuses, name):
    delivered()
    do(draw_blanks, outlet_code=A, count=2)
    an_instant_order()
    do(write_paper, kind=PaperKind.TRANSFER, prefix="XY", first=5, last=6, source=A, target=B)
    if name == "explain_count":
        do(begin_count, outlet_code=A, counted=3)
        do(finish_count, BEN, outlet_code=A, counted=3)
    elif name == "finish_count":
        do(begin_count, outlet_code=A, counted=18)
    before = everything()
    with journal_refuses():
        TWINS[name]()
    assert everything() == before
