"""The room's timed work, with files laid into folders by the played counterparts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cards import factories, in_hand
from tests.cards.in_hand import NOON, a_card
from yikatong.cards import tasks
from yikatong.cards.models import Card, Order
from yikatong.office import clock, post
from yikatong.office.lifecycle import IllegalStep
from yikatong.office.models import WireFile
from yikatong.office.wires.folder import FolderWire
from yikatong.office.wires.simulators import bank, province


@pytest.fixture(autouse=True)
def the_tests_transaction_stays_open(monkeypatch):
    """A worker gives old connections back around each task; here that would end the test's own transaction."""
    monkeypatch.setattr("yikatong.office.jobs.close_old_connections", lambda: None)


@pytest.fixture
def city(db, wires):
    in_hand.open_city()
    with clock.fixed(NOON):
        yield wires


def run(task) -> None:
    """What the worker runs for this task."""
    task.func()


def test_before_the_centre_is_open_there_is_nobody_to_exchange_files_with(db):
    assert tasks.counterparts() == ()
    run(tasks.take_in_files)


def test_province_maker_and_the_banks_of_the_rule_exchange_files(city):
    assert tasks.counterparts()[:2] == ("province", "maker")
    assert set(tasks.counterparts()[2:]) == {"bank-102", "bank-103", "bank-104", "bank-105", "bank-402"}


def test_applications_go_to_province_and_bank_and_come_home_by_themselves(city):
    order = factories.apply(factories.resident())
    run(tasks.send_applications)
    post.send_files()
    assert province.step(city, problem_rate=0) == 1
    run(tasks.take_in_files)
    assert Order.objects.get(pk=order.id).state == "bank_opening"
    run(tasks.send_account_questions)
    post.send_files()
    assert bank.step(city, "102", failure_rate=0) == 1
    run(tasks.take_in_files)
    assert Order.objects.get(pk=order.id).state == "ready"
    assert set(WireFile.objects.filter(outgoing=False).values_list("state", flat=True)) == {"applied"}


def test_running_a_task_twice_changes_nothing(city):
    factories.apply(factories.resident())
    run(tasks.send_applications)
    before = factories.picture()
    run(tasks.send_applications)
    run(tasks.take_in_files)
    run(tasks.release_losses)
    assert factories.picture() == before


def test_a_file_that_breaks_a_promise_stays_waiting_and_holds_up_nobody(city, monkeypatch):
    order = factories.apply(factories.resident())
    run(tasks.send_applications)
    post.send_files()
    inbox = FolderWire(city, "maker").inbox
    inbox.mkdir(parents=True)
    (inbox / "a-return.txt").write_bytes(b"H|making-return")

    def breaks(act, file):
        raise IllegalStep("order 1 is no longer in making")

    monkeypatch.setattr("yikatong.cards.tasks.take_return_file", breaks)
    post.collect_files(["maker"])
    province.step(city, problem_rate=0)
    run(tasks.take_in_files)
    assert Order.objects.get(pk=order.id).state == "bank_opening"
    assert [file.name for file in post.waiting_files("maker")] == ["a-return.txt"]


def test_an_unreadable_file_is_rejected_and_the_next_one_applied(city):
    order = factories.apply(factories.resident())
    run(tasks.send_applications)
    post.send_files()
    inbox = FolderWire(city, "province").inbox
    inbox.mkdir(parents=True)
    (inbox / "a-torn.txt").write_bytes(b"H|match")
    province.step(city, problem_rate=0)
    run(tasks.take_in_files)
    assert WireFile.objects.get(name="a-torn.txt").state == "rejected"
    assert Order.objects.get(pk=order.id).state == "bank_opening"
    assert "card.file_rejected" in in_hand.kinds()


def test_losses_that_ran_out_are_released_by_the_clock(city):
    card = a_card(state="4", bank="stopped")
    run(tasks.release_losses)
    assert Card.objects.get(pk=card.pk).state == "4"
    with clock.fixed(NOON + timedelta(days=8)):
        run(tasks.release_losses)
    assert Card.objects.get(pk=card.pk).state == "1"
