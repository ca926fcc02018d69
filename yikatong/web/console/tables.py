"""The tables that the house goes by, shown as they are read: what a card's states mean, what holders are told when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from yikatong.cards.lives import RULED, Effect, rule_of, stops
from yikatong.cards.meanings import Meaning, samples, words
from yikatong.cards.messages import sections, shown
from yikatong.cards.standing import StatusPurpose
from yikatong.office import clock
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.rulebook import ruling
from yikatong.residents.rules import LIFE
from yikatong.web.console.page import page
from yikatong.web.templatetags.house import english, named


@duty(Duty.CARD_LOOK)
def messages(request: HttpRequest) -> HttpResponse:
    """短信告知: at which event the holder hears what, and where nothing is said, why."""
    shown_sections = [
        (
            gettext(title),
            [
                (gettext("、").join(map(named, line.froms)), line, [shown(step) for step in line.told])
                for line in lines
            ],
        )
        for title, lines in sections()
    ]
    return page(request, "told", {"sections": shown_sections})


@duty(Duty.CARD_LOOK)
def meanings(request: HttpRequest) -> HttpResponse:
    """卡状态含义: what each state means for use, payment, e-card and partners, with this city's rules of today."""
    today = clock.today()
    sections = [
        (
            en if english() else zh,
            [
                (state, [_say(code) for _zh, _en, code in found.uses()], found.ecard, _answers(found))
                for state, found in rows
            ],
        )
        for zh, en, rows in samples({life: stops(life, today) for life in LIFE})
    ]
    lives = [(life, stops(life, today), ruling(rule_of(life), today)) for life in RULED]
    rows = [
        (
            life,
            [(effect in stopped, effect) for effect in Effect],
            None if rule.assumed else rule.document,
        )
        for life, stopped, rule in lives
    ]
    return page(request, "meanings", {"sections": sections, "lives": rows, "effects": list(Effect)})


def _say(code: str) -> str:
    return words(code)[english()] if code else ""


def _answers(found: Meaning) -> list[tuple[StatusPurpose, str]]:
    """What a partner hears to each question."""
    return [(purpose, _say(found.told(purpose))) for purpose in StatusPurpose]
