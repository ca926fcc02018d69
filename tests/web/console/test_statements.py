"""How many statements a page costs: as many for a long list as for a short one."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from tests.cards.factories import at_outlet
from yikatong.office import opening, queries, rulebook


def statements(work: Callable[[], object]) -> list[str]:
    """The SQL of a piece of work (the page counts its own: Django forgets its list with every request)."""
    seen: list[str] = []

    def note(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return seen


def test_a_queue_of_many_costs_no_more_statements_than_a_queue_of_one(clerk):
    at_outlet(1)
    clerk.see("queues/at_outlet/")
    few = statements(lambda: clerk.see("queues/at_outlet/"))
    at_outlet(6)
    page = ""

    def again():
        nonlocal page
        page = clerk.see("queues/at_outlet/")

    many = statements(again)
    assert page.count("/console/orders/") == 7
    assert len(many) == len(few) <= 10  # three of them say in the journal who was shown


def test_a_search_for_the_same_purpose_leaves_the_session_alone(clerk):
    answers = {"text": "张", "purpose": "数据核对"}
    first = statements(lambda: clerk.send("residents/", **answers))
    second = statements(lambda: clerk.send("residents/", **answers))
    assert any(sql.startswith('UPDATE "django_session"') for sql in first)
    assert not any("django_session" in sql and not sql.startswith("SELECT") for sql in second)


def test_the_centre_is_read_once_and_again_after_it_was_forgotten(centre):
    rulebook.forget()
    assert len(statements(lambda: [queries.centre(), queries.centre()])) == 1
    rulebook.forget()
    assert len(statements(queries.centre)) == 1


def test_that_no_centre_is_open_is_not_remembered(db):
    from tests.cards.factories import acting

    rulebook.forget()
    assert queries.centre() is None
    with acting() as act:
        opening.open_centre(act, "xinzhou")
    found = queries.centre()
    assert found is not None and found.code == "xinzhou"
