"""Who acted for a holder, one row for each service done for somebody else (代办记录)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yikatong.basics.masking import Sensitive
from yikatong.cards.agents import Role, Service
from yikatong.office.fields import LookupField, SealedField, WithKeys
from yikatong.residents.models import Resident


class Agency(WithKeys):
    """An agent or guardian at the counter. `subject` is what it was about, as in the journal: `card:5`, `order:7`."""

    act = models.UUIDField()
    service = models.CharField(max_length=20, choices=[(s.value, s.zh) for s in Service])
    subject = models.CharField(max_length=40)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=10, choices=[(r.value, r.zh) for r in Role])
    name = models.CharField(max_length=50)
    number = SealedField(Sensitive.IDENTITY_NUMBER)
    number_key = LookupField("number")
    document_type = models.CharField(max_length=24, blank=True, db_default="")
    proof = models.CharField(
        max_length=40, blank=True, db_default="", help_text="The paper that gives them authority"
    )
    relation = models.CharField(max_length=20, blank=True)
    letter_number = models.CharField(max_length=40, blank=True)
    letter_on = models.DateField(null=True)
    reason = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["resident", "-id"], name="agency_resident"),
            models.Index(fields=["number_key"], name="agency_number"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in Role]), name="agency_role_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.AGENT.value)
                | (models.Q(letter_on__isnull=False) & ~models.Q(letter_number="") & ~models.Q(reason="")),
                name="agency_agent_has_a_letter",
            ),
        ]
