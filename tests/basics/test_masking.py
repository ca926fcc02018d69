import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.masking import Sensitive, mask

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
