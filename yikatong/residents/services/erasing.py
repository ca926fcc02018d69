"""What was kept long enough goes: sign-in codes, and phones and addresses that others have taken the place of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from yikatong.office import rulebook
from yikatong.office.act import Act
from yikatong.residents.facts import CONTACTS_ERASED
from yikatong.residents.models import SignInCode

CODE_DAYS = "keep.sign_in_code_days"
CONTACT_DAYS = "keep.former_contact_days"
# A value another one took the place of long enough ago; the one that stands never goes.
_FORMER = """
DELETE FROM residents_attribute a
 WHERE a.field IN ('phone', 'address')
   AND EXISTS (SELECT FROM residents_attribute n
                WHERE n.resident_id = a.resident_id AND n.field = a.field AND n.id > a.id AND n.at < %(before)s)
"""


@dataclass(frozen=True)
class Erased:
    """How many rows went."""

    codes: int
    contacts: int


def erase_contacts(act: Act) -> Erased:
    """Erase sign-in codes older than rule keep.sign_in_code_days, and phones and addresses that gave way to others
    longer ago than keep.former_contact_days. The journal keeps how many."""
    days = {each: timedelta(days=rulebook.whole(each, act.today)) for each in (CODE_DAYS, CONTACT_DAYS)}
    codes, _ = SignInCode.objects.filter(sent_at__lt=act.at - days[CODE_DAYS]).delete()
    with connection.cursor() as cursor:
        cursor.execute(_FORMER, {"before": act.at - days[CONTACT_DAYS]})
        erased = Erased(codes, cursor.rowcount)
    if codes or erased.contacts:
        act.record(CONTACTS_ERASED, codes=codes, contacts=erased.contacts)
    return erased
