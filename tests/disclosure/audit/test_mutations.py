"""Documents made at random: silent as they are, and with one fault beyond rounding found and blamed in the right place."""

from yikatong.bench._mutations import play


def test_clean_documents_have_no_error_and_of_faults_nearly_all_are_found_where_they_are():
    score = play(60, seed=1)
    assert score.false == 0
    assert score.found >= 59, score.missed
    assert score.blamed >= 57, score.missed
