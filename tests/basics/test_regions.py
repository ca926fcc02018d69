import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.regions import Region, counties_of, ever_assigned, region, within

CODES = st.text("0123456789", min_size=6, max_size=6)


def test_both_cities_have_all_their_counties() -> None:
    assert [each.code for each in counties_of("610400")] == [
        *("610402", "610403", "610404", "610422", "610423", "610424", "610425", "610426"),
        *("610428", "610429", "610430", "610431", "610481", "610482"),
    ]
    assert len(counties_of("140900")) == 15
    assert counties_of("610100") == ()


def test_a_region_is_named_with_its_parent() -> None:
    assert region("610402") == Region("610402", "秦都区", "county", "610400")
    assert region("140971") == Region("140971", "五台山风景名胜区", "county", "140900")
    assert region("610000") == Region("610000", "陕西省", "province", "")
    assert region("610499") is None


@pytest.mark.parametrize(
    ("code", "ancestor", "inside"),
    [
        ("610402", "610400", True),
        ("610402", "610000", True),
        ("610499", "610400", True),
        ("610402", "610402", True),
        ("610400", "610402", False),
        ("610402", "140000", False),
        ("140902", "140100", False),
        ("500101", "500000", True),
    ],
)
def test_a_region_lies_within_what_its_code_says(code: str, ancestor: str, inside: bool) -> None:
    assert within(code, ancestor) is inside


@given(CODES, CODES, CODES)
def test_lying_within_is_reflexive_and_passes_on(one: str, two: str, three: str) -> None:
    assert within(one, one)
    if within(one, two) and within(two, three):
        assert within(one, three)


@pytest.mark.parametrize("code", ["6104", "61040a", "", "６１０４００"])
def test_a_code_that_is_not_six_digits_is_an_error(code: str) -> None:
    with pytest.raises(ValueError):
        within(code, "610000")
    with pytest.raises(ValueError):
        within("610000", code)


@pytest.mark.parametrize(
    ("code", "known"), [("610427", True), ("140971", True), ("610499", False), ("140999", False)]
)
def test_abolished_areas_are_known_and_invented_ones_are_not(code: str, known: bool) -> None:
    assert ever_assigned(code) is known
