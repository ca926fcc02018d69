import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.masking import Sensitive, mask, mask_text

NUMBERS = [Sensitive.IDENTITY_NUMBER, Sensitive.PHONE, Sensitive.ACCOUNT]


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Sensitive.NAME, "张三", "张*"),
        (Sensitive.NAME, "李小明", "李*明"),
        (Sensitive.NAME, "欧阳小明", "欧**明"),
        (Sensitive.NAME, "张", "*"),
        (Sensitive.NAME, "𬱖龘", "𬱖*"),
        (Sensitive.IDENTITY_NUMBER, "610499199003070011", "6104**********0011"),
        (Sensitive.IDENTITY_NUMBER, "E12345678", "*****5678"),
        (Sensitive.PHONE, "13800000000", "138****0000"),
        (Sensitive.PHONE, "33210000", "****0000"),
        (Sensitive.PHONE, "12333", "****3"),
        (Sensitive.ACCOUNT, "6220000000000000016", "****0016"),
        (Sensitive.ACCOUNT, "0016", "****"),
        (Sensitive.ADDRESS, "陕西省咸阳市秦都区吴家堡街道某小区3号楼", "陕西省咸阳市秦都区吴家堡街道****"),
        (Sensitive.ADDRESS, "陕西省商洛市镇安县永乐街道某路5号", "陕西省商洛市镇安县永乐街道****"),
        (Sensitive.ADDRESS, "乾县城关镇东街1号", "乾县城关镇****"),
        (Sensitive.ADDRESS, "阳光小区3号楼", "****"),
        (Sensitive.ADDRESS, "人民路8号", "****"),
    ],
)
def test_each_kind_shows_what_its_class_allows(kind: Sensitive, value: str, shown: str) -> None:
    assert mask(kind, value) == shown


@given(st.sampled_from(NUMBERS), st.text("0123456789", min_size=1, max_size=30))
def test_at_least_four_characters_of_a_number_stay_hidden(kind: Sensitive, number: str) -> None:
    shown = sum(character.isdigit() for character in mask(kind, number))
    assert shown <= max(0, len(number) - 4)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20))
def test_a_name_is_never_shown_whole(name: str) -> None:
    masked = mask(Sensitive.NAME, name)
    assert len(masked) == len(name)
    assert "*" in masked


@given(st.sampled_from(Sensitive), st.text())
def test_any_value_can_be_masked_and_nothing_stays_nothing(kind: Sensitive, value: str) -> None:
    assert (mask(kind, value) == "") is (value.strip() == "")


@given(st.text(alphabet="号码 :,=（）\n\"'", max_size=10), st.text(alphabet="号码 :,=（）\n\"'", max_size=10))
def test_free_text_shows_no_number_whole(before: str, after: str) -> None:
    for value in (
        "610499199003070011",
        "61049919900307002X",
        "61049919900307002x",
        "610499900307001",
        "13800000001",
        "02933210000",
        "0913-3321000",
        "6220000000000000016",
        "6217990000000000",
    ):
        told = mask_text(f"{before}{value}{after}")
        assert value not in told
        assert told.startswith(before) and told.endswith(value[-4:] + after)


@pytest.mark.parametrize(
    "text", ["S000000018", "2025-03-10 12:00:00", "1380000", "a" * 40, "138000000012", "0" * 64]
)
def test_what_is_no_number_of_a_person_stays(text: str) -> None:
    assert mask_text(text) == text


def test_a_line_of_the_log_is_masked_with_its_arguments_and_its_trace() -> None:
    from yikatong.office.logs import MaskingFormatter

    try:
        raise ValueError("Key (number)=(610499199003070011) already exists")
    except ValueError:
        record = logging.LogRecord(
            "x", logging.ERROR, "x", 1, "call %s", ("13800000001",), exc_info=sys.exc_info()
        )
    told = MaskingFormatter().format(record)
    assert "138****0001" in told and "6104**********0011" in told and "Traceback" in told
    assert "13800000001" not in told and "610499199003070011" not in told
