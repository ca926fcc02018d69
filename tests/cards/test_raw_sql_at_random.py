"""Thousands of raw SQL updates of random rows to random states: what no machine leads to is refused, every time."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from tests.cards import in_hand
from tests.cards.in_hand import CARD_TO_STATE, TO_STATE, a_card, a_person, an_order
from yikatong.cards.models import Case
from yikatong.cards.rules import BANK, CARD, CASE, ORDER
from yikatong.residents.models import Resident

ATTEMPTS = 20_000  # 100,000 take five times as long and were walked once
TABLES = (
    ("cards_order", "state", ORDER),
    ("cards_card", "state", CARD),
    ("cards_card", "bank_state", BANK),
    ("cards_case", "state", CASE),
)
# Each attempt in a subtransaction of its own that is always undone, so that every row stays where it stood.
WALK = """
CREATE FUNCTION pg_temp.try_at_random(machines jsonb, attempts int,
                                      OUT legal int, OUT illegal int, OUT wrong text) LANGUAGE plpgsql AS $$
DECLARE m jsonb; here text; key bigint; target text; lawful boolean; done boolean; why text;
BEGIN
    legal := 0; illegal := 0; wrong := '';
    FOR n IN 1..attempts LOOP
        m := machines -> floor(random() * jsonb_array_length(machines))::int;
        key := m->'keys' ->> floor(random() * jsonb_array_length(m->'keys'))::int;
        target := m->'states' ->> floor(random() * jsonb_array_length(m->'states'))::int;
        EXECUTE format('SELECT %%I FROM %%I WHERE id = $1', m->>'field', m->>'table') INTO here USING key;
        CONTINUE WHEN here = target;
        lawful := (m->'steps') ? (here || ':' || target);
        BEGIN
            EXECUTE format('UPDATE %%I SET %%I = $1 WHERE id = $2', m->>'table', m->>'field') USING target, key;
            done := true; why := '';
            RAISE EXCEPTION 'undone' USING ERRCODE = 'YK001';
        EXCEPTION WHEN SQLSTATE 'YK001' THEN NULL;
                  WHEN OTHERS THEN done := false; why := SQLERRM;
        END;
        IF lawful THEN legal := legal + 1; ELSE illegal := illegal + 1; END IF;
        -- A lawful step may still want another column filled (two persons, a reason); the machine itself lets it pass.
        IF done > lawful OR (lawful AND why LIKE 'Invalid transition%%') THEN
            wrong := format('%%s.%%s %%s -> %%s: %%s', m->>'table', m->>'field', here, target, why);
            RETURN;
        END IF;
    END LOOP;
END $$"""


def rows_in_every_state() -> None:
    for state in TO_STATE:
        an_order(a_person(), state)
    for state in CARD_TO_STATE:
        a_card(state=state, bank="inactive" if state == "0" else "normal")
    for bank in ("inactive", "normal", "stopped", "closed"):
        card = a_card(state="1", bank=bank)
        Case.objects.create(
            kind="death", card=card, resident_id=card.resident_id, region="610402", state_since=in_hand.NOON,
            reason="x", opened_by="system:clock", opened_at=in_hand.NOON,
        )  # fmt: skip
    Case.objects.filter(card__bank_state="normal").update(state="proposed", proposed_by="staff:1")
    Case.objects.filter(card__bank_state="stopped").update(state="dropped", decided_by="staff:2")


@pytest.mark.django_db
def test_no_raw_update_takes_a_step_that_no_machine_knows():
    in_hand.open_city()
    rows_in_every_state()
    assert Resident.objects.count() > 20
    machines = []
    with connection.cursor() as cursor:
        for table, field, machine in TABLES:
            cursor.execute(f"SELECT id FROM {table}")
            keys = [key for (key,) in cursor.fetchall()]
            steps = [f"{come}:{to}" for come, to in machine.steps()]
            states = [*(state.code for state in machine), "?"]
            machines.append({"table": table, "field": field, "keys": keys, "states": states, "steps": steps})
        cursor.execute("SELECT setseed(0.42)")
        cursor.execute(WALK.replace("%%", "%"))
        cursor.execute("SELECT * FROM pg_temp.try_at_random(%s::jsonb, %s)", [json.dumps(machines), ATTEMPTS])
        legal, illegal, wrong = cursor.fetchone()
    assert wrong == ""
    assert legal > ATTEMPTS / 20 and illegal > ATTEMPTS / 2
