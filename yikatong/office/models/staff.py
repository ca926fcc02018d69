"""Staff: who may log in to the console, with which roles, for which region and outlet."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from yikatong.office.duties import Duty, duties_of
from yikatong.office.models.places import Outlet


class Staff(AbstractUser):
    """A member of staff. `region` is the code below which they may see rows; `outlet` narrows it further."""

    full_name = models.CharField(max_length=30)
    roles = ArrayField(models.CharField(max_length=30), default=list)
    region = models.CharField(max_length=6, blank=True, help_text="Empty sees nothing")
    outlet = models.ForeignKey(Outlet, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    def has_duty(self, duty: Duty) -> bool:
        return self.is_active and duty in duties_of(self.roles)

    def __str__(self) -> str:
        return self.full_name or self.username
