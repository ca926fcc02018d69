from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.ids import (
    WARNINGS,
    DocumentType,
    Identity,
    check_digit,
    eighteen,
    fifteen,
    read_identity_number,
)
from yikatong.basics.ids.identity import CONVERTED
from yikatong.basics.refused import Refused

# Some of the invented people below are born at the end of this century, so nobody real has their number.
TODAY = date(2100, 1, 1)

BIRTHS = st.dates(date(1850, 1, 1), TODAY)
SERIALS = st.integers(0, 999).map(lambda serial: f"{serial:03d}")


@st.composite
def numbers(draw: st.DrawFn, area: str = "610499") -> str:
    first17 = area + draw(BIRTHS).strftime("%Y%m%d") + draw(SERIALS)
    return first17 + check_digit(first17)


def read(text: str, document: DocumentType | None = None) -> Identity:
    found = read_identity_number(text, TODAY, document)
    assert isinstance(found, Identity), found
    return found


def refused(text: str, document: DocumentType | None = None, today: date = TODAY) -> Refused:
    found = read_identity_number(text, today, document)
    assert isinstance(found, Refused), found
    assert found.zh and found.en
    return found


@pytest.mark.parametrize(
    ("number", "kind", "sex"),
    [
        ("11010519491231002X", DocumentType.CITIZEN_ID, "2"),
        ("440524188001010014", DocumentType.CITIZEN_ID, "1"),
        ("610499199003070011", DocumentType.CITIZEN_ID, "1"),
        ("61049919900307002X", DocumentType.CITIZEN_ID, "2"),
        ("140999198511300020", DocumentType.CITIZEN_ID, "2"),
        ("610499201602290040", DocumentType.CITIZEN_ID, "2"),
        ("810000209901010010", DocumentType.HK_MACAO_TAIWAN_PERMIT, "1"),
        ("820000209907150024", DocumentType.HK_MACAO_TAIWAN_PERMIT, "2"),
        ("830000209912310039", DocumentType.HK_MACAO_TAIWAN_PERMIT, "1"),
        ("915600209901010011", DocumentType.FOREIGN_PERMANENT, "1"),
    ],
)
def test_published_and_invented_numbers_are_read(number: str, kind: DocumentType, sex: str) -> None:
    found = read(number)
    assert (found.type, found.number, found.sex) == (kind, number, sex)
    assert found.birth_on == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


@given(numbers())
def test_every_well_formed_number_is_read_with_its_birth_date_and_sex(number: str) -> None:
    found = read(number)
    assert found.birth_on is not None
    assert found.birth_on.strftime("%Y%m%d").zfill(8) == number[6:14]
    assert found.sex == ("1" if int(number[16]) % 2 else "2")
    assert found.area_code == number[:6]


@given(st.text("0123456789", min_size=17, max_size=17))
def test_the_check_digit_follows_the_weights_of_the_standard(first17: str) -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(digit) for weight, digit in zip(weights, first17, strict=True))
    assert check_digit(first17) == "10X98765432"[total % 11]


@given(numbers(), st.integers(0, 17), st.integers(1, 9))
def test_any_single_wrong_digit_is_refused(number: str, place: int, shift: int) -> None:
    old = number[place]
    new = str((0 if old == "X" else int(old) + shift) % 10)
    changed = number[:place] + new + number[place + 1 :]
    assert refused(changed).code in ("id.check_digit", "id.birth_date")


@given(numbers(), st.integers(0, 15))
def test_two_neighbouring_digits_swapped_are_refused(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert refused(swapped).code in ("id.check_digit", "id.birth_date")


@given(numbers())
def test_full_width_spaced_and_small_letters_are_folded(number: str) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in number.lower())
    assert read(f"\u3000{wide[:6]} {wide[6:14]}\u200b {wide[14:]}\n").number == number


@given(st.text())
def test_whatever_is_typed_the_answer_is_an_identity_or_a_refusal(text: str) -> None:
    for document in (None, *DocumentType):
        found = read_identity_number(text, TODAY, document)
        assert isinstance(found, Identity | Refused)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "id.empty"),
        (" \u3000 ", "id.empty"),
        ("61049919900307001", "id.length"),
        ("6104991990030700111", "id.length"),
        ("61O499199003070011", "id.characters"),
        ("61049919900307001Y", "id.characters"),
        ("X10499199003070011", "id.characters"),
        ("٦10499199003070011", "id.characters"),
        ("610499199002300011", "id.birth_date"),
        ("610499201502290011", "id.birth_date"),
        ("610499000000000011", "id.birth_date"),
        ("610499184912310011", "id.birth_date"),
        ("610499199003070012", "id.check_digit"),
        ("ABC12345678901O", "id.characters"),
    ],
)
def test_a_refusal_names_what_is_wrong(text: str, code: str) -> None:
    assert refused(text).code == code


def test_a_wrong_character_is_named_with_its_place() -> None:
    no = refused("61O499199003070011")
    assert "第3位" in no.zh and "O" in no.zh
    assert "Character 3" in no.en


def test_a_birth_after_today_is_refused_and_one_today_is_not() -> None:
    number = "610499199003070011"
    assert refused(number, today=date(1990, 3, 6)).code == "id.birth_date"
    assert isinstance(read_identity_number(number, date(1990, 3, 7)), Identity)


def test_births_are_believed_from_1850_on() -> None:
    first17 = "610499" + "18500101" + "001"
    assert read(first17 + check_digit(first17)).birth_on == date(1850, 1, 1)


def test_an_area_never_assigned_is_a_warning_with_a_sentence_and_no_refusal() -> None:
    (warning,) = read("610499199003070011").warnings
    assert all(WARNINGS[warning])


@pytest.mark.parametrize("area", ["610402", "140971", "610421", "110105"])
def test_an_area_in_use_or_abolished_gives_no_warning(area: str) -> None:
    first17 = area + "19900307" + "999"
    assert read(first17 + check_digit(first17)).warnings == ()


def test_the_earlier_foreign_number_is_fifteen_characters_that_say_nothing_more() -> None:
    found = read("abc123456789012")
    assert found == Identity(DocumentType.FOREIGN_PERMANENT_OLD, "ABC123456789012", None, "9", None)
    assert refused("ABC12345678901", DocumentType.FOREIGN_PERMANENT_OLD).code == "id.length"
    assert refused("AB1123456789012", DocumentType.FOREIGN_PERMANENT_OLD).code == "id.characters"


def test_a_foreigner_is_placed_in_the_province_that_admitted_them() -> None:
    assert read("915600209901010011").area_code == "150000"


def test_a_passport_must_be_named_and_is_then_taken_as_it_is() -> None:
    assert read("e 1234567", DocumentType.PASSPORT).number == "E1234567"
    assert refused("E1234567").code == "id.length"
    assert refused("E123-4567", DocumentType.PASSPORT).code == "id.characters"
    assert refused("1" * 19, DocumentType.PASSPORT).code == "id.length"


def test_a_valid_number_of_another_document_is_refused_by_its_kind() -> None:
    assert refused("810000209901010010", DocumentType.CITIZEN_ID).code == "id.type"
    assert refused("610499199003070011", DocumentType.FOREIGN_PERMANENT).code == "id.type"


@pytest.mark.parametrize("first17", ["", "1" * 16, "1" * 18, "1" * 16 + "X", "١" * 17])
def test_the_check_digit_is_computed_from_seventeen_digits_only(first17: str) -> None:
    with pytest.raises(ValueError):
        check_digit(first17)


def test_every_document_type_has_both_labels() -> None:
    for document in DocumentType:
        assert document.label_zh and document.label_en


@pytest.mark.parametrize(
    ("old", "new"),
    [("610499800517001", "61049919800517001"), ("610499991231998", "61049918991231998")],
)
def test_an_old_number_is_read_as_the_one_it_became(old: str, new: str) -> None:
    identity = read_identity_number(old, TODAY)
    assert isinstance(identity, Identity)
    assert identity.number == eighteen(old) == new + check_digit(new)
    assert (identity.written, CONVERTED in identity.warnings) == (old, True)
    assert fifteen(identity.number) == old


def test_an_old_number_with_no_such_day_is_refused_and_the_new_ones_never_had_one() -> None:
    assert refused("610499801317001").code == "id.birth_date"
    assert refused("61049980051700X").code == "id.length"
    assert fifteen("610499201602290040") is None
