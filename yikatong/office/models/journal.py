"""The journal: what happened, once and for good. See office/journal.py for how it is written, sealed and proved."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now


def append_only() -> list[pgtrigger.Trigger]:
    """No statement of any kind may change or remove a row of this table."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'the journal is append-only: % may not be emptied', TG_TABLE_NAME;",
        ),
    ]


class Entry(models.Model):
    """One thing that happened. No foreign keys: an entry outlives what it speaks of.

    `rows` is null for an entry about one subject; a set's entry counts its `EntryRow`s and holds the SM3 digest
    over them. `mac` is the HMAC-SM3 of all other columns but `id`, so that a row added or changed in SQL shows.
    """

    act = models.UUIDField()
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=60)
    door = models.CharField(max_length=12)
    purpose = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=6, blank=True)
    outlet = models.CharField(max_length=12, blank=True)
    subject = models.CharField(max_length=40, blank=True)
    person = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(null=True)
    digest = models.BinaryField(max_length=32, null=True)
    mac = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["act", "ordinal"], name="entry_once_per_act"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "occurred_at"], name="entry_kind_when"),
            models.Index(
                fields=["person", "id"], name="entry_person", condition=models.Q(person__isnull=False)
            ),
            models.Index(fields=["subject", "id"], name="entry_subject", condition=~models.Q(subject="")),
            models.Index(fields=["recorded_at"], name="entry_recorded"),
        ]
        triggers: ClassVar = append_only()


class EntryRow(models.Model):
    """One subject of a set's entry."""

    entry_id = models.BigIntegerField()
    subject = models.CharField(max_length=40)
    person = models.BigIntegerField(null=True)
    region = models.CharField(max_length=6, blank=True)
    outlet = models.CharField(max_length=12, blank=True)
    payload = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entry_id", "subject"], name="entryrow_entry"),
            models.Index(fields=["person"], name="entryrow_person", condition=models.Q(person__isnull=False)),
            models.Index(fields=["subject"], name="entryrow_subject"),
        ]
        triggers: ClassVar = append_only()


class Seal(models.Model):
    """One link of the chain: `chain` = SM3(previous chain, number, entry's mac). Numbers have no gap."""

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    chain = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers: ClassVar = append_only()
