"""怎样领卡: posting is chosen where a card is applied for, at the window."""

from __future__ import annotations

from tests.cards.factories import CENTRE_OUTLET, acting, resident
from tests.cards.in_hand import set_rule
from tests.web.console.desks import refusals
from yikatong.cards.models import Order, Posting
from yikatong.cards.posting import Destination
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services.apply import apply_for_card
from yikatong.residents.models import Resident

WISHES = {"mode": "batch", "outlet_code": CENTRE_OUTLET, "bank_code": "102", "role": "holder"}
OTHER = {
    "collect": "other",
    "post_name": "李四",
    "post_phone": "13900000009",
    "post_address": "陕西省咸阳市秦都区人民路街道9号",
}


def at_home(person: Resident) -> Resident:
    person.address, person.phone = "陕西省咸阳市秦都区人民路街道12号", "13911112222"
    person.save()
    return person


def test_at_the_window_the_address_on_file_is_offered_masked_and_taken_whole(clerk, centre):
    person = at_home(resident())
    page = clerk.see(f"residents/{person.pk}/apply/")
    assert "寄到登记的地址" in page and "12号" not in page and "13911112222" not in page
    clerk.confirm(f"residents/{person.pk}/apply/", **WISHES, collect="home")
    row = Posting.objects.get()
    assert (row.name, row.phone, row.address) == (person.name, "13911112222", person.address)


def test_another_address_is_read_and_refused_at_its_own_question(clerk, centre):
    person = resident()
    path = f"residents/{person.pk}/apply/"
    assert "人民路街道9号" in clerk.check(path, **WISHES, **OTHER)
    page = clerk.confirm(path, **WISHES, **{**OTHER, "post_address": "某路"})
    assert refusals(page) and 'id="id_post_address_error"' in page and not Order.objects.exists()
    clerk.confirm(path, **WISHES, **OTHER)
    assert Posting.objects.get().name == "李四"


def test_nothing_is_posted_where_it_is_collected_or_the_city_does_not_post(clerk, centre):
    person = at_home(resident())
    clerk.confirm(f"residents/{person.pk}/apply/", **WISHES, collect="here")
    assert Order.objects.count() == 1 and not Posting.objects.exists()
    set_rule("card.post_offered", False)
    other = at_home(resident())
    assert "怎样领卡" not in clerk.see(f"residents/{other.pk}/apply/")


def test_an_instant_card_is_not_posted_and_not_applied_for(centre):
    with acting() as act:
        answer = apply_for_card(
            act,
            resident_id=resident().pk,
            kind=OrderKind.NEW,
            mode=Mode.INSTANT,
            outlet_code=CENTRE_OUTLET,
            bank_code="102",
            channel="counter",
            post=Destination("李四", "13900000009", OTHER["post_address"]),
        )
    assert getattr(answer, "code", "") == "post.instant" and not Order.objects.exists()


def test_neither_is_there_when_the_journal_refuses(centre, journal_refuses):
    person = resident()
    with journal_refuses(), acting() as act:
        apply_for_card(
            act,
            resident_id=person.pk,
            kind=OrderKind.NEW,
            mode=Mode.BATCH,
            outlet_code=CENTRE_OUTLET,
            bank_code="102",
            channel="counter",
            post=Destination("李四", "13900000009", OTHER["post_address"]),
        )
    assert not Order.objects.exists() and not Posting.objects.exists()
