"""What was recorded in error is taken back, and not by whoever may record it."""

from __future__ import annotations

from datetime import date

from tests.cards.factories import acting, resident
from yikatong.residents.models import Resident
from yikatong.residents.services import record_death


def test_a_manager_withdraws_a_death_and_the_person_may_apply_again(clerk, desk_of):
    person = resident()
    with acting() as act:
        record_death(act, person.pk, on=date(2025, 3, 1), source="死亡医学证明")
    path = f"residents/{person.pk}/death/withdraw/"
    clerk.see(path, status=403)
    manager = desk_of("outlet_manager")
    manager.see(path, status=404)
    assert "更正误登的死亡" in manager.open(person.pk, "更新信息")
    assert "已更正误登的死亡" in manager.confirm(path, source="派出所证明")
    assert Resident.objects.get(pk=person.pk).state == "alive"
    assert "没有死亡登记" in manager.confirm(path, source="派出所证明")


def test_a_manager_of_another_county_withdraws_nothing(desk_of):
    person = resident()
    with acting() as act:
        record_death(act, person.pk, on=date(2025, 3, 1), source="死亡医学证明")
    desk_of("outlet_manager", region="610481").see(f"residents/{person.pk}/death/withdraw/", status=403)
    assert Resident.objects.get(pk=person.pk).state == "dead"
