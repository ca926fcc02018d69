"""Province, banks and maker answer late, in part, twice, torn, shuffled and wrongly: nobody is lost, nothing doubled.

Every file is foretold row by row from a second telling of the orders kept here in plain Python; then the report, the
tables and the journal must say the same.
"""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.cards import factories
from tests.cards.factories import DESK, REVIEWER, acting, apply, received
from tests.cards.second_telling import (
    Line,
    Told,
    card_of,
    judged_answers,
    judged_returns,
    maker_row,
    pan_of,
    problem_of,
    stranger,
    written_file,
)
from yikatong.basics.refused import Refused
from yikatong.cards.files import returns
from yikatong.cards.files.answer import Answer
from yikatong.cards.files.codes import GOOD
from yikatong.cards.models import Card, Order
from yikatong.cards.rows import BatchRow, FileReport, OrderRow
from yikatong.cards.services.apply import cancel_order, resubmit
from yikatong.cards.services.bank import ask_accounts
from yikatong.cards.services.batch import assemble, release
from yikatong.cards.services.making import retry_making
from yikatong.cards.services.match import send_to_match
from yikatong.cards.tasks import apply_file
from yikatong.residents.models import Resident

PEOPLE = 4
BANKS = ("102", "103")
COUNTERPARTS = ("province", "bank-102", "bank-103", "maker")
CANCELLABLE = (
    "submitted", "checking", "problem", "bank_opening", "bank_failed", "make_failed", "ready",
)  # fmt: skip
EVENTS = (
    *["the_desk_sends"] * 4, *["an_answer_comes"] * 6, *["an_old_answer_comes_again"] * 2, *["the_desk_mends"] * 2,
    "somebody_withdraws_and_comes_again",
)  # fmt: skip


LINES = st.lists(
    st.builds(
        Line,
        st.integers(-1, PEOPLE + 2),
        st.sampled_from([True] * 7 + [False]),
        st.booleans(),
        st.sampled_from([0] * 7 + [1, 2, 3]),
        st.integers(1, 2),
    ),
    max_size=4,
)


class Correspondence(RuleBasedStateMachine):
    """Some people's orders, and everything that ever came in about them."""

    @initialize(data=st.data(), stages=st.sampled_from([0, 1, 2, 2, 3]))
    def people_apply(self, data: st.DataObject, stages: int) -> None:
        """The walk begins with fresh applications, or after some of the stages went well for everybody."""
        self.undo = transaction.atomic()
        self.undo._from_testcase = True  # as Django's own TestCase does: acts inside may be durable
        self.undo.__enter__()
        self.people: list[Resident] = factories.residents(PEOPLE)
        self.orders: list[Told] = []
        self.questions: dict[str, list[str]] = {who: ["F999"] for who in COUNTERPARTS}
        self.came: list[tuple[str, bytes, list[tuple[str, ...]], str]] = []
        self.left = 0
        self.failures: Counter[tuple[str, str, str]] = Counter()
        for person in range(PEOPLE):
            self.takes_an_application(person)
        for stage in range(stages):
            self.the_desk_sends(data)
            for who in (("province",), ("bank-102", "bank-103"), ("maker",))[stage]:
                answers = self.questions[who][-1]
                rows = [self.written(who, line) for line in self.awaited(who, answers)]
                self.arrives(who, written_file(who, rows, answers), rows, answers)
        self.the_desk_sends(data)

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def takes_an_application(self, person: int) -> None:
        bank = BANKS[person % 2]
        row = apply(self.people[person], bank_code=bank)
        self.orders.append(Told(row.number, person, bank))

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """One rule draws all events: Hypothesis would leave whole rules out of a walk, and few walks would get far."""
        getattr(self, data.draw(st.sampled_from(EVENTS)))(data)

    # --- what the house does ---------------------------------------------------------------------------------

    def the_desk_sends(self, data: st.DataObject) -> None:
        for step in ("match", "accounts", "batch"):
            with acting(DESK) as act:
                if step == "match":
                    assert send_to_match(act) == len(self.at("submitted"))
                    self.sent(self.at("submitted"), "checking", "province")
                elif step == "accounts":
                    fresh = [each for each in self.at("bank_opening") if not each.asked]
                    assert ask_accounts(act) == len(fresh)
                    for bank in BANKS:
                        own = [each for each in fresh if each.bank == bank]
                        self.sent(own, "bank_opening", f"bank-{bank}")
                else:
                    batch = assemble(act)
            if step == "batch" and isinstance(batch, BatchRow):
                with acting(REVIEWER) as act:
                    assert isinstance(release(act, batch.number), BatchRow)
                self.questions["maker"].append(batch.number)
                for each in self.at("ready"):
                    each.state, each.batch = "making", batch.number
            elif step == "batch":
                assert not self.at("ready")

    def sent(self, orders: list[Told], state: str, who: str) -> None:
        if orders:
            number = Order.objects.get(number=orders[0].number).asked
            self.questions[who].append(number)
            for each in orders:
                each.state, each.asked = state, number

    def the_desk_mends(self, data: st.DataObject) -> None:
        troubled = [*self.at("problem"), *self.at("bank_failed"), *self.at("make_failed")]
        if not troubled:
            return
        told = data.draw(st.sampled_from(troubled))
        with acting(DESK) as act:
            if told.state in ("problem", "bank_failed"):
                result: object = resubmit(act, told.number)
                told.state, told.asked, told.problem = "submitted", "", ""
            else:
                result = retry_making(act, told.number)
                told.state, told.batch, told.problem, told.failed = "ready", "", "", None
        assert isinstance(result, OrderRow), result

    def somebody_withdraws_and_comes_again(self, data: st.DataObject) -> None:
        told = data.draw(st.sampled_from(self.orders))
        with acting() as act:
            result = cancel_order(act, told.number, "本人要求")
        assert isinstance(result, OrderRow) == (told.state in CANCELLABLE)
        if isinstance(result, OrderRow):
            told.state, told.asked = "cancelled", ""
            self.takes_an_application(told.person)

    def at(self, state: str) -> list[Told]:
        return [each for each in self.orders if each.state == state]

    # --- what comes in ---------------------------------------------------------------------------------------

    def an_answer_comes(self, data: st.DataObject) -> None:
        """Mostly to the latest question and about everybody in it; sometimes to an older or an unknown one."""
        awaited = [who for who in COUNTERPARTS if self.awaited(who, self.questions[who][-1])]
        who = data.draw(st.sampled_from(awaited * 3 + list(COUNTERPARTS)))
        known = self.questions[who]
        answers = known[max(data.draw(st.sampled_from([-1, -1, -1, -1, -2, 0])), -len(known))]
        waiting = self.awaited(who, answers)
        good = [line for line in waiting if data.draw(st.sampled_from([True, True, True, False]))]
        lines = [*good, *data.draw(LINES)]
        torn = data.draw(st.sampled_from([False] * 6 + [True]))
        rows = [self.written(who, line) for line in lines]
        content = written_file(who, rows, answers)
        name = f"{who}-{next(factories._serial)}.txt"
        if torn:
            # Cut off on its way, and sent again whole under the same name.
            self.arrives(who, content[: len(content) * 2 // 3], None, answers, name)
        self.arrives(who, content, rows, answers, name)

    def an_old_answer_comes_again(self, data: st.DataObject) -> None:
        """The same bytes are refused at the door; the same rows in another order are judged as they stand now."""
        if not self.came:
            return
        who, content, rows, answers = data.draw(st.sampled_from(self.came))
        with acting(DESK):
            twin = factories.post.store_received(who, "again.txt", content, factories.MORNING)
        assert isinstance(twin, Refused) and twin.code == "file.repeated"
        shuffled = data.draw(st.permutations(rows))
        self.arrives(who, written_file(who, shuffled, answers), shuffled, answers)

    def awaited(self, who: str, answers: str) -> list[Line]:
        """A good line for everybody who waits for the answer to this file."""
        state = {"province": "checking", "maker": "making"}.get(who, "bank_opening")
        return [
            Line(place, True, True, 0, 1)
            for place, each in enumerate(self.orders)
            if each.state == state and answers in (each.asked, each.batch)
        ]

    def written(self, who: str, line: Line) -> tuple[str, ...]:
        """The row as a counterpart writes it."""
        if not 0 <= line.order < len(self.orders):
            return stranger(who)
        told = self.orders[line.order]
        other = self.people[(told.person + 1) % PEOPLE]
        person = self.people[told.person] if line.right_person else other
        neighbour = self.orders[(line.order + 1) % len(self.orders)]
        if who == "maker":
            return maker_row(told, person, line)
        value = ""
        if line.good and who == "province":
            value = [card_of(told), "F" + card_of(told)[1:], "短", card_of(neighbour)][line.value]
        elif line.good:
            value = [pan_of(told, 1), pan_of(told, 2), "622", pan_of(neighbour, 1)][line.value]
        result = "0" if line.good else str(line.failure)
        return Answer(told.number, person.number, result, f"说明{result}", value)

    def arrives(
        self, who: str, content: bytes, rows: list[tuple[str, ...]] | None, answers: str, name: str = ""
    ) -> None:
        """A file is taken in; `rows` is None where it was torn on its way."""
        name = name or f"{who}-{next(factories._serial)}.txt"
        with acting(DESK) as act:
            report = apply_file(act, received(who, content, name))
        if rows is None:
            assert isinstance(report, Refused) and report.code.startswith("file."), report
            return
        if who == "maker" and answers == "F999":
            assert isinstance(report, Refused) and report.code == "file.batch_unknown"
            return
        assert isinstance(report, FileReport), report
        self.came.append((who, content, rows, answers))
        if who == "maker":
            verdicts = judged_returns(self.orders, self.people, rows, answers)
        else:
            verdicts = judged_answers(self.orders, self.people, who, rows, answers)
        took = failed = 0
        for row, verdict in zip(rows, verdicts, strict=True):
            if not verdict:
                good = self.takes(who, row)
                took, failed = took + good, failed + (not good)
        expected = [(line, verdict) for line, verdict in enumerate(verdicts, start=3) if verdict]
        assert (report.rows, report.taken, report.failed) == (len(rows), took, failed)
        assert [(each.line, each.refused.code) for each in report.strangers] == expected
        still = {"province": "checking", "maker": "making"}.get(who, "bank_opening")
        assert report.unfinished == sum(answers in (each.asked, each.batch) for each in self.at(still))
        self.left += len(expected)

    # --- the second telling ----------------------------------------------------------------------------------

    def takes(self, who: str, row: tuple[str, ...]) -> bool:
        """Move the order this row is taken for; whether the answer was a good one."""
        if who == "maker":
            made = returns.ReturnRow._make(row)
            told = next(each for each in self.at("making") if each.card_no == made.card_no)
            if made.failed_stage:
                told.state, told.failed = "make_failed", (made.failed_stage, made.failed_reason)
                told.problem = "making"
                self.failures["card.make_failed", told.number, made.failed_reason] += 1
            else:
                told.state, told.identifier = "made", made.card_identifier
            return not made.failed_stage
        number, _, result, text, value = row
        told = next(each for each in self.orders if each.number == number)
        told.asked, told.problem = "", ""
        if result != "0":
            told.state = "problem" if who == "province" else "bank_failed"
            told.problem = problem_of(who, result)
            kind = "card.checked" if who == "province" else "card.account_opened"
            self.failures[kind, told.number, text] += 1
        elif who == "province":
            told.state, told.card_no = "bank_opening", value
        else:
            told.state, told.pan = "ready", value
        return result == "0"

    # --- what always holds -----------------------------------------------------------------------------------

    @invariant()
    def the_tables_say_the_same(self) -> None:
        if not hasattr(self, "orders"):
            return
        stored = {each.number: each for each in Order.objects.select_related("batch")}
        assert set(stored) == {each.number for each in self.orders}
        for told in self.orders:
            row = stored[told.number]
            batch = row.batch.number if row.batch else ""
            assert (row.state, row.asked, row.card_no, row.bank_pan, row.problem_code, batch) == (
                told.state, told.asked, told.card_no, told.pan, told.problem, told.batch,
            )  # fmt: skip
            if told.failed:
                assert row.problem_text == "：".join(told.failed)
        made = [each.number for each in self.orders if each.identifier]
        assert sorted(Card.objects.values_list("order__number", flat=True)) == sorted(made)

    @invariant()
    def the_journal_kept_every_failure_and_every_stranger(self) -> None:
        if not hasattr(self, "orders"):
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM office_fact WHERE kind = 'card.row_left'")
            assert cursor.fetchone() == (self.left,)
            cursor.execute(
                "SELECT f.kind, o.number, coalesce(f.payload->>'reason', f.payload->>'text'), count(*) "
                "FROM office_fact f JOIN cards_order o ON f.subject = 'order:' || o.id "
                "WHERE f.kind = 'card.make_failed' OR f.payload->>'result' <> %s GROUP BY 1, 2, 3",
                [GOOD],
            )
            assert {row[:3]: row[3] for row in cursor.fetchall()} == self.failures


@pytest.mark.django_db
def test_whatever_comes_in_nobody_is_lost_and_nothing_doubled(centre):
    run_state_machine_as_test(
        Correspondence,
        settings=settings(
            max_examples=10, stateful_step_count=25, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
