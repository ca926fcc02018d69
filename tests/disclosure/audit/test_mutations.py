"""Documents made at random: silent as they are, and with one fault beyond rounding found and blamed in the right place."""

import pytest

from yikatong.bench._mutations import play
from yikatong.disclosure.family import families


@pytest.mark.parametrize("code", sorted(families()))
def test_clean_documents_have_no_error_and_of_faults_nearly_all_are_found_where_they_are(code):
    score = play(families()[code], 12, seed=1)
    assert score.false == 0
    assert score.found >= 11, score.missed
    assert score.blamed >= 10, score.missed
