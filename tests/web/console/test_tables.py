"""The tables the house goes by, as the supervisor reads them."""

from __future__ import annotations

from yikatong.cards.messages import WHEN, Silent, Step, shown


def test_every_sentence_and_every_reason_for_silence_stands_on_the_page(desk_of):
    said = desk_of("outlet_manager").see("messages/")
    for step in Step:
        assert shown(step) in said, step
    for events in WHEN.values():
        for told in events.values():
            if isinstance(told, Silent):
                assert told.zh in said


def test_what_a_state_means_stands_on_the_page_as_the_rules_say_today(clerk):
    from yikatong.office import rulebook
    from yikatong.office.models import Rule

    assert "持卡人正在服刑" in clerk.see("meanings/")
    Rule.objects.filter(code="card.life.in_prison").update(value=[])
    rulebook.forget()
    said = clerk.see("meanings/")
    assert "持卡人正在服刑" not in said and "服刑" in said
