"""Staff: who may log in to the console, with which roles, for which region and outlet."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from yikatong.office.duties import BANK_OPERATOR, Duty, duties_of
from yikatong.office.models.places import Outlet

NO_BANK = "-"
"""The bank of an operator who sits at no bank's outlet: no card is theirs."""


class Staff(AbstractUser):
    """A member of staff. `region` is the code below which they may see rows; `outlet` narrows it further."""

    full_name = models.CharField(max_length=30)
    roles = ArrayField(models.CharField(max_length=30), default=list)
    region = models.CharField(max_length=6, blank=True, help_text="Empty sees nothing")
    outlet = models.ForeignKey(Outlet, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    @property
    def own_bank(self) -> str:
        """The bank whose cards alone are theirs (银行经办, domain.md 7.10); empty where every bank's are."""
        if BANK_OPERATOR not in self.roles:
            return ""
        return (self.outlet.bank_code if self.outlet else "") or NO_BANK

    def has_duty(self, duty: Duty) -> bool:
        return self.is_active and duty in duties_of(self.roles)

    def __str__(self) -> str:
        return self.full_name or self.username
