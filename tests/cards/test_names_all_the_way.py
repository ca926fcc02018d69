"""Long names, middle dots and rare characters come whole from the counter to the maker's file."""

from __future__ import annotations

import pytest

from tests.cards.factories import (
    DESK,
    REVIEWER,
    account_file,
    acting,
    apply,
    asked,
    give_photo,
    match_file,
    received,
    reload,
)
from tests.residents.people import number_of
from yikatong.basics.names import readings
from yikatong.cards.files.frame import Parsed
from yikatong.cards.files.making import MAKING
from yikatong.cards.rows import FileReport
from yikatong.cards.rules import Mode
from yikatong.cards.services.bank import ask_accounts, take_account_answer
from yikatong.cards.services.batch import assemble, release
from yikatong.cards.services.match import send_to_match, take_match_answer
from yikatong.office.scope import Scope
from yikatong.residents.models import Resident
from yikatong.residents.queries import Person, search
from yikatong.residents.services import register

pytestmark = pytest.mark.django_db
NAMES = {
    "阿卜杜热西提•阿卜杜热合曼": ("阿卜杜热西提·阿卜杜热合曼", ""),
    "𠮷野·买买提": ("𠮷野·买买提", ""),
    "王𫖯": ("王𫖯", ""),
    "吐尔逊娜依·阿布都克里木·麦麦提": ("吐尔逊娜依·阿布都克里木·麦麦提", ""),
    "玛依努尔古丽·阿卜杜热合曼·吐尔逊江": ("玛依努尔古丽·阿卜杜热合曼·吐尔逊", "江"),
}


@pytest.mark.parametrize(("typed", "fields"), NAMES.items())
def test_a_name_comes_whole_to_the_makers_file(centre, typed, fields):
    kept = "".join(fields)
    with acting() as act:
        person = register(act, number=number_of(7), name=typed, region="610402", phone="13800000001")
    assert isinstance(person, Person) and person.name == kept
    # A character too rare to have a reading is found by the others.
    spoken = [each for each in readings(kept)[:1] if each.isascii()]
    for text in (typed, kept[:2], kept.replace("·", "")[1:4], *spoken):
        assert [row.name for row in search(text, Scope("610400")).rows] == [kept], text
    resident = Resident.objects.get(pk=person.id)
    give_photo(resident)
    order = apply(resident)
    with acting(DESK) as act:
        send_to_match(act)
        assert isinstance(
            take_match_answer(act, received("province", match_file(reload([order])))), FileReport
        )
        ask_accounts(act)
        answer = received("bank-102", account_file(reload([order])))
        assert isinstance(take_account_answer(act, answer), FileReport)
        batch = assemble(act, mode=Mode.BATCH)
    with acting(REVIEWER) as act:
        release(act, batch.number)  # type: ignore[union-attr]
    parsed = MAKING.read(bytes(asked("maker").content))
    assert isinstance(parsed, Parsed)
    assert (parsed.rows[0].name, parsed.rows[0].name_extension) == fields
