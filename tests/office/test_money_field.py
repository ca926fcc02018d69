"""Money is whole fen in one field, and the field says no to anything else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from yikatong.office.fields import MoneyField


@pytest.mark.parametrize("amount", [0, 1, 24_000_000, -5])
def test_whole_fen_are_stored_as_they_are(amount):
    assert MoneyField().get_prep_value(amount) == amount


@pytest.mark.parametrize("amount", [1.0, 0.1, Decimal("1.00"), "100", True])
def test_anything_but_whole_fen_is_refused(amount):
    with pytest.raises(TypeError):
        MoneyField(name="amount_fen").get_prep_value(amount)


def test_a_form_may_not_turn_a_float_into_money():
    with pytest.raises(ValidationError):
        MoneyField().to_python(0.1)
