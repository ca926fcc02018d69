"""What the states of a card mean: one table, every combination, and nobody else decides."""

from __future__ import annotations

import ast
from datetime import date
from itertools import product

import pytest

from tests.cards import in_hand
from tests.cards.in_hand import a_card
from tests.house.sources import HOUSE, trees
from yikatong.cards import queries
from yikatong.cards.agents import Service
from yikatong.cards.lives import REASONS, Effect
from yikatong.cards.meanings import REASON_CODES, Ecard, Standing, meaning, sides, words
from yikatong.cards.rows import card_row
from yikatong.cards.rules import BANK, BANK_NORMAL, CARD, ENDED, LOCKED, LOST, NORMAL, SEALED, TEMP_LOST
from yikatong.cards.standing import Side, StatusPurpose
from yikatong.residents.models import Resident
from yikatong.residents.rules import ABROAD, ALIVE, DEAD, HOUSEHOLD_CANCELLED, IN_PRISON, LIFE

STOPS = {
    ALIVE: (),
    DEAD: tuple(Effect),
    HOUSEHOLD_CANCELLED: tuple(Effect),
    IN_PRISON: (Effect.PAY,),
    ABROAD: (),
}
EVERY = [
    Standing(card, bank, life, expired, collected, frozenset(STOPS[life]))
    for card, bank, life, expired, collected in product(CARD, BANK, LIFE, *[(False, True)] * 2)
    if collected or card in (SEALED, ENDED)
]


@pytest.mark.parametrize("of", EVERY)
def test_every_combination_has_its_meaning_in_words(of: Standing):
    found = meaning(of)
    told = [found.told(purpose) for purpose in StatusPurpose]
    for code in (found.social, found.scenes, found.pay, found.holds, *told):
        assert code in REASON_CODES and all(words(code))
    assert found.ecard.zh and found.ecard.en
    steps = {event for event in found.may if event in (*CARD.events(), *BANK.events())}
    for event in steps:
        assert CARD.target(event, of.card.code) or BANK.target(event, of.bank.code)


@pytest.mark.parametrize("of", EVERY)
def test_the_ecard_follows_the_card(of: Standing):
    found = meaning(of)
    if of.card is ENDED:
        assert found.ecard is Ecard.REVOKED
    elif of.life is DEAD:
        assert found.ecard is Ecard.SUSPENDED
    else:
        stopped = {Effect.SOCIAL, Effect.SCENES} & of.stops
        assert (found.ecard is Ecard.AVAILABLE) == (of.card is NORMAL and not of.expired and not stopped)
    assert found.ecard is not Ecard.AVAILABLE or not found.social


@pytest.mark.parametrize("of", [of for of in EVERY if of.life is DEAD])
def test_after_a_death_nothing_is_served_and_only_closing_is_left(of: Standing):
    found = meaning(of)
    assert found.social and found.scenes and found.pay and found.holds
    assert found.may <= {"end", "close"}


@pytest.mark.parametrize("of", [of for of in EVERY if of.life is ALIVE and of.card is not ENDED])
def test_the_two_sides_are_judged_apart(of: Standing):
    alone = meaning(Standing(NORMAL, of.bank))
    assert meaning(of).pay == alone.pay
    assert (
        meaning(of).social == meaning(Standing(of.card, BANK_NORMAL, ALIVE, of.expired, of.collected)).social
    )


@pytest.mark.parametrize("life", [HOUSEHOLD_CANCELLED, IN_PRISON, ABROAD])
@pytest.mark.parametrize("effect", [Effect.SOCIAL, Effect.SCENES, Effect.PAY])
def test_a_state_of_life_stops_what_its_rule_says_and_nothing_else(life, effect):
    found = meaning(Standing(NORMAL, BANK_NORMAL, life, stops=frozenset({effect})))
    stopped = {
        Effect.SOCIAL: found.social,
        Effect.SCENES: found.scenes,
        Effect.PAY: found.pay,
    }
    assert stopped.pop(effect) == REASONS[life] and set(stopped.values()) == {""}
    assert (found.ecard is Ecard.SUSPENDED) == (effect is not Effect.PAY)


@pytest.mark.parametrize("life", [HOUSEHOLD_CANCELLED, IN_PRISON, ABROAD])
def test_a_partner_is_not_told_where_the_holder_is(life):
    found = meaning(Standing(NORMAL, BANK_NORMAL, life, stops=frozenset(Effect)))
    assert {found.told(purpose) for purpose in StatusPurpose} == {"restricted", ""}
    zh, _ = words("restricted")
    assert not any(each in zh for each in ("服刑", "离境", "户籍"))


@pytest.mark.parametrize("lost", [LOST, TEMP_LOST])
def test_a_partner_is_not_told_which_loss_it_was(lost):
    assert meaning(Standing(lost, BANK_NORMAL)).told(StatusPurpose.SOCIAL_USE) == "reported_lost"


def test_only_cards_with_a_holder_who_can_use_them_are_exchanged():
    can = {of.card for of in EVERY if "exchange" in meaning(of).may}
    assert can == {NORMAL, LOCKED}


@pytest.mark.parametrize(
    ("card", "bank", "temporary", "offered"),
    [
        (NORMAL, "normal", False, {"temporary_loss": ("both", "social", "bank"), "formal_loss": ("both", "social", "bank")}),
        (NORMAL, "inactive", False, {"temporary_loss": ("social",), "formal_loss": ("social",)}),
        (NORMAL, "stopped", True, {"temporary_loss": ("social",), "formal_loss": ("both", "social", "bank"), "release_temporary": ("bank",)}),
        (TEMP_LOST, "normal", False, {"temporary_loss": ("bank",), "formal_loss": ("both", "social", "bank"), "release_temporary": ("social",)}),
        (LOST, "stopped", False, {"release_formal": ("both", "social", "bank")}),
        (ENDED, "normal", False, {"temporary_loss": ("bank",), "formal_loss": ("bank",)}),
        (ENDED, "closed", False, {}),
    ],
)  # fmt: skip
def test_a_loss_is_offered_for_the_sides_it_can_be_done_for(card, bank, temporary, offered):
    may = meaning(Standing(card, BANK.state(bank))).may
    services = (
        Service.TEMPORARY_LOSS,
        Service.FORMAL_LOSS,
        Service.RELEASE_TEMPORARY,
        Service.RELEASE_FORMAL,
    )
    found = {each.value: sides(each, may, bank_is_temporary=temporary) for each in services}
    assert {name: got for name, got in found.items() if got} == {
        name: tuple(map(Side, each)) for name, each in offered.items()
    }


@pytest.mark.django_db
def test_a_card_is_asked_with_its_holders_life_its_validity_and_its_collection():
    in_hand.open_city()
    good, old, shelf, dead = (
        a_card(),
        a_card(valid_until=date(2020, 1, 1)),
        a_card(state="0", collected=False),
        a_card(),
    )
    Resident.objects.filter(pk=dead.resident_id).update(state="dead")
    found = [queries.meaning_of(card_row(each)).social for each in (good, old, shelf, dead)]
    assert found == ["", "expired", "not_collected", "deceased"]


# --- nobody else decides ------------------------------------------------------------------------------------------

CARD_STATES = {"SEALED", "NORMAL", "LOST", "LOCKED", "TEMP_LOST", "ENDED", "HELD", "CARD"}


def names_of_card_states(tree: ast.Module) -> list[int]:
    """Lines on which a window speaks of a card's state by name."""
    taken = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "yikatong.cards.rules"
        for alias in node.names
    } & CARD_STATES
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in taken:
            found.append(node.lineno)
        if (
            isinstance(node, ast.Attribute)
            and node.attr in CARD_STATES
            and ast.unparse(node.value) in ("rules", "cards.rules")
        ):
            found.append(node.lineno)
    return found


def test_no_window_decides_by_a_cards_state():
    found = {
        path: lines
        for path, tree in trees().items()
        if path.startswith("yikatong/web/") and (lines := names_of_card_states(tree))
    }
    assert found == {}


def test_no_page_decides_by_a_cards_state():
    pages = (HOUSE / "web" / "templates").rglob("*.html")
    assert [p.name for p in pages if "card.state.code" in p.read_text("utf-8")] == []


def test_the_search_for_card_states_finds_them():
    assert names_of_card_states(
        ast.parse("from yikatong.cards.rules import LOST\nif card.state == LOST: pass")
    )
    assert names_of_card_states(ast.parse("match card.state:\n  case rules.NORMAL: pass"))
