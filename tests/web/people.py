"""People and cards for the tests of the windows, made through the same services as everyone else's."""

from __future__ import annotations

from datetime import date

from yikatong.basics.ids import check_digit
from yikatong.basics.refused import Refused
from yikatong.cards.services.adopt import ExistingCard, adopt_cards
from yikatong.office.act import Act
from yikatong.residents.services import register


def number_of(serial: int, born: str = "19900307") -> str:
    """A number with an unassigned area code and a right check digit."""
    first = f"610499{born}{serial:03d}"
    return first + check_digit(first)


NUMBER = number_of(2)
NAME = "林小满"
PHONE = "13800000002"
CARD_NO = "D00000027"


def register_person(act: Act, number: str = NUMBER, name: str = NAME, phone: str = PHONE) -> int:
    """A resident of 秦都区."""
    person = register(act, number=number, name=name, region="610402", phone=phone)
    assert not isinstance(person, Refused), person.zh
    return person.id


def hold_card(
    act: Act, number: str = NUMBER, card_no: str = CARD_NO, valid_until: date = date(2034, 3, 3)
) -> None:
    """A card in normal use, both sides."""
    row = ExistingCard(
        number=number,
        card_no=card_no,
        region="610402",
        outlet="61040201",
        bank_code="102",
        bank_pan="6217990000000000019",
        issued_on=date(2024, 3, 4),
        valid_until=valid_until,
    )
    taken = adopt_cards(act, source="test", rows=[row])
    assert not isinstance(taken, Refused) and taken.taken == 1, taken
