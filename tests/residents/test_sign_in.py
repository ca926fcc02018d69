"""居民登录: a code by short message, the same answers for people we know and people we do not."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from tests.residents.people import (
    ADULT,
    CHILD,
    GUARDIAN,
    MORNING,
    acting,
    code,
    kinds,
    number_of,
    picture,
    registered,
)
from yikatong.office.models import Entry, Message
from yikatong.residents import services
from yikatong.residents.models import Attribute, SignInCode
from yikatong.residents.queries import Person
from yikatong.residents.rules import Trust
from yikatong.residents.services import SentCode
from yikatong.residents.services.erasing import Erased

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]
MINUTE = timedelta(minutes=1)


def ask(moment: datetime = MORNING, number: str = ADULT, name: str = "林小满") -> object:
    with acting(moment) as act:
        return services.send_code(act, number=number, name=name)


def enter(typed: str, moment: datetime = MORNING, number: str = ADULT) -> object:
    with acting(moment) as act:
        return services.sign_in(act, number=number, code=typed)


def last_code() -> str:
    found = re.search(r"\d{6}", Message.objects.latest("id").text)
    assert found
    return found[0]


def wrong() -> str:
    return f"{(int(last_code()) + 1) % 1_000_000:06d}"


def test_a_code_opens_the_portal_once():
    person = registered()
    assert isinstance(ask(name="林 小满"), SentCode)
    message = Message.objects.get()
    assert (message.to, message.person) == ("13800000001", person.id)
    opened = enter(f" {last_code()} ", MORNING + 9 * MINUTE)
    assert isinstance(opened, Person) and opened.id == person.id
    assert code(enter(last_code(), MORNING + 9 * MINUTE)) == "code.none"
    assert kinds()[-2:] == ["resident.code_sent", "resident.signed_in"]


def test_an_older_code_does_not_come_to_life_again():
    registered()
    ask()
    first = last_code()
    ask(MORNING + MINUTE)
    second = last_code()
    if first != second:
        assert code(enter(first, MORNING + 2 * MINUTE)) == "code.wrong"
    assert isinstance(enter(second, MORNING + 2 * MINUTE), Person)
    assert code(enter(first, MORNING + 2 * MINUTE)) == "code.none"


def test_the_code_itself_is_kept_nowhere_but_in_the_message():
    registered()
    ask()
    assert last_code().encode() not in b"".join(
        bytes(row.digest) + bytes(row.number_key) + bytes(row.pair_key) for row in SignInCode.objects.all()
    )


def test_a_code_lives_ten_minutes():
    registered()
    ask()
    assert code(enter(last_code(), MORNING + 10 * MINUTE)) == "code.none"


def test_five_wrong_tries_are_the_end_of_a_code():
    registered()
    ask()
    for _ in range(5):
        assert code(enter(wrong())) == "code.wrong"
    assert code(enter(last_code())) == "code.tries"
    assert kinds().count("resident.sign_in_failed") == 5
    assert code(enter("")) == "code.tries"


def test_sixty_seconds_lie_between_codes_and_five_go_out_a_day():
    registered()
    ask()
    assert code(ask(MORNING + timedelta(seconds=59))) == "code.too_soon"
    for count in range(1, 5):
        assert isinstance(ask(MORNING + count * MINUTE), SentCode)
    assert code(ask(MORNING + timedelta(hours=3))) == "code.too_many"
    assert isinstance(ask(MORNING + timedelta(hours=15)), SentCode), (
        "the next day in Xianyang begins at 16:00 UTC"
    )
    assert Message.objects.count() == 6


@pytest.mark.parametrize(
    ("number", "name"),
    [(number_of(9), "林小满"), (ADULT, "周兰"), (number_of(10), "老林"), (number_of(12), "无话")],
    ids=["stranger", "wrong name", "dead", "no phone"],
)
def test_nobody_learns_who_is_known_here(number: str, name: str):
    registered()
    gone = registered(number=number_of(10), name="老林")
    registered(number=number_of(12), name="无话", phone="")
    with acting() as act:
        services.record_death(act, gone.id, on=MORNING.date(), source="公安")
    answers = [ask(MORNING + timedelta(seconds=s), number, name) for s in (0, 30, 60, 120, 180, 240, 300)]
    known = [ask(MORNING + timedelta(seconds=s)) for s in (0, 30, 60, 120, 180, 240, 300)]
    assert answers == known
    assert set(Message.objects.values_list("to", flat=True)) == {"13800000001"}
    if number != ADULT:
        typed = [enter("x", MORNING + timedelta(seconds=241), number) for _ in range(7)]
        assert typed == [enter("x", MORNING + timedelta(seconds=241)) for _ in range(7)]
        assert [code(answer) for answer in typed] == ["code.wrong"] * 5 + ["code.tries"] * 2


def test_someone_with_a_wrong_name_neither_uses_up_codes_nor_hides_the_real_one():
    registered()
    for count in range(5):
        ask(MORNING + count * MINUTE, name="周兰")
    ask(MORNING + 5 * MINUTE)
    real = last_code()
    ask(MORNING + 6 * MINUTE, number_of(9), "周兰")
    assert isinstance(enter(real, MORNING + 7 * MINUTE), Person)


def test_a_child_without_a_phone_is_reached_through_the_guardian():
    registered(number=CHILD, phone="", guardian=GUARDIAN)
    ask(number=CHILD)
    assert Message.objects.get().to == GUARDIAN.phone


def test_what_can_be_nobody_is_refused_at_once():
    before = picture()
    assert code(ask(number="610499199003070012")) == "id.check_digit"
    assert code(ask(name=" ")) == "name.empty"
    assert code(enter("123456", number="1")) == "id.length"
    assert code(enter("123456")) == "code.none"
    assert picture() == before


def test_nobody_comes_in_when_the_journal_refuses(journal_refuses):
    registered()
    before = picture()
    with journal_refuses(), acting() as act:
        services.send_code(act, number=ADULT, name="林小满")
    assert picture() == before
    ask()
    before = picture()
    with journal_refuses(), acting() as act:
        services.sign_in(act, number=ADULT, code=last_code())
    assert picture() == before


def test_codes_and_former_contacts_are_not_kept_for_ever():
    person = registered()
    ask()
    for days, phone in ((1, "13800000005"), (2, "13800000006"), (1_000, "13800000007")):
        with acting(MORNING + timedelta(days=days)) as act:
            services.change(act, person.id, field="phone", value=phone, source="窗口", trust=Trust.SELF)
    with acting(MORNING + timedelta(days=1)) as act:
        assert services.erase_contacts(act) == Erased(0, 0)
    with acting(MORNING + timedelta(days=3)) as act:
        assert services.erase_contacts(act) == Erased(1, 0)
    with acting(MORNING + timedelta(days=1_200)) as act:
        assert services.erase_contacts(act) == Erased(0, 2), (
            "what gave way in the first days, not what did later"
        )
    rows = Attribute.objects.filter(field="phone").order_by("id")
    assert [row.phone for row in rows] == ["13800000006", "13800000007"]
    fact = Entry.objects.filter(kind="resident.contacts_erased").latest("id")
    assert (fact.payload["codes"], fact.payload["contacts"]) == (0, 2)


def test_when_the_journal_refuses_nothing_is_erased(journal_refuses):
    registered()
    ask()
    with journal_refuses(), acting(MORNING + timedelta(days=3)) as act:
        services.erase_contacts(act)
    assert SignInCode.objects.count() == 1
