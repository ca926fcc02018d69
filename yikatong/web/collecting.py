"""怎样领卡: whether a card is collected or posted, asked where it is applied for, at every window."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.cards.posting import Destination, read_destination
from yikatong.office import clock
from yikatong.office.queries import outlets, regions
from yikatong.office.rulebook import ruling, whole
from yikatong.residents.queries import Person
from yikatong.web.forms import Questions

HERE, HOME, OTHER = "here", "home", "other"
WHERE = ("post_name", "post_phone", "post_address")


def by_post(day: date) -> str:
    """What whoever has a card posted is told: what it costs, and that it is still to be enabled."""
    fee = whole("card.post_fee_fen", day)
    if not fee:
        return gettext("免邮费。卡寄到后仍须持有效证件到窗口启用。")
    return gettext("邮费 %(yuan)s 元。卡寄到后仍须持有效证件到窗口启用。") % {"yuan": print_yuan(fee)}


class Collecting(Questions):
    """Collected at the outlet, posted to the address on file or to another. What another wants shows only where it is
    chosen (yk.css); nothing is asked where the city does not post cards (`card.post_offered`)."""

    collect = forms.ChoiceField(
        label=_("怎样领卡"), widget=forms.RadioSelect, initial=HERE, required=False, choices=()
    )
    post_name = forms.CharField(label=_("收件人"), max_length=50, required=False)
    post_phone = forms.CharField(label=_("收件电话"), max_length=20, required=False)
    post_address = forms.CharField(
        label=_("收件地址"),
        max_length=120,
        required=False,
        help_text=_("省、市、县、街道或乡镇，到门牌或村组"),
    )

    def offer_post(self, home: Destination | None) -> None:
        """Ask, as the city offers it; `home` is where it would go by the record."""
        today = clock.today()
        if not ruling("card.post_offered", today).value:
            self.offer_no_post()
            return
        question = self.fields["collect"]
        assert isinstance(question, forms.ChoiceField)
        ways = [(HERE, gettext("到网点领取"))]
        if home is not None:
            shown = f"{mask(Sensitive.ADDRESS, home.address)} {mask(Sensitive.PHONE, home.phone)}"
            ways.append((HOME, gettext("寄到登记的地址：%(where)s") % {"where": shown}))
        question.choices = [*ways, (OTHER, gettext("寄到其他地址"))]
        question.help_text = by_post(today)

    def offer_no_post(self) -> None:
        """Do not ask."""
        for name in ("collect", *WHERE):
            del self.fields[name]

    def refuse(self, refused: Refused) -> None:
        """As everywhere; what a service says of a destination belongs to its own questions here."""
        at = f"post_{refused.at}"
        super().refuse(Refused(refused.code, refused.zh, refused.en, at=at) if at in self.fields else refused)


def outlets_by_county(*, but: str = "") -> list[tuple[str, object]]:
    """The outlets of the city (all `but` one) as choices, grouped by county, the first one empty."""
    counties = {county.code: county.name for county in regions()}
    groups: dict[str, list[tuple[str, str]]] = {}
    for outlet in outlets():
        if outlet.code != but:
            groups.setdefault(counties.get(outlet.region, outlet.region), []).append(
                (outlet.code, outlet.name)
            )
    return [("", gettext("请选择")), *groups.items()]


def home_of(holder: Person, address: str = "") -> Destination | None:
    """Where a card would be posted by the record: to the holder, of whom nobody has a phone to their guardian.

    `address` stands in where the holder has none. None where the record does not say enough.
    """
    reached = [(holder.name, holder.phone), *((each.name, each.phone) for each in holder.guardians)]
    name, phone = next((each for each in reached if each[1]), ("", ""))
    home = read_destination(name, phone, holder.address or address)
    return None if isinstance(home, Refused) else home


def post_of(given: Mapping[str, Any], home: Destination | None) -> Destination | None:
    """Where the card is to be posted, as answered (unread); None where it is collected."""
    if given.get("collect") == HOME:
        return home
    if given.get("collect") == OTHER:
        return Destination(*(given[name] for name in WHERE))
    return None
