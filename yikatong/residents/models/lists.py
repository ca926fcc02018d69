"""Tables of lists of people (导入名单) and of their rows while they are judged."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yikatong.office.fields import HoldsFile, SealedBytesField
from yikatong.office.lifecycle import lifecycle
from yikatong.residents.rules import IMPORT_LIST, LIVE_LISTS, TURNED_DOWN, UPLOADED, Trust


class ImportList(HoldsFile):
    """A list of people somebody uploaded (导入名单), from the file to its being taken in.

    `region` and `outlet` are the uploader's scope: whom the list may be about, and who may see it. The file is the
    only place where its values stand; rows beside it (`ImportRow`) hold what judging needs to compare.
    """

    file_name = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32, help_text="SM3 of the file")
    size = models.PositiveIntegerField(help_text="Bytes of the file")
    content = SealedBytesField("file")
    source = models.CharField(max_length=40)
    trust = models.PositiveSmallIntegerField(choices=[(t.value, t.name) for t in Trust])
    only_good = models.BooleanField(help_text="Take the good rows in, also where others are refused")
    region = models.CharField(max_length=6)
    outlet = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, default=UPLOADED.code)
    state_since = models.DateTimeField()
    uploaded_by = models.CharField(max_length=40)
    uploaded_by_name = models.CharField(max_length=80)
    uploaded_at = models.DateTimeField()
    rows_all = models.PositiveIntegerField(default=0, help_text="Rows below the headings, empty ones too")
    rows_done = models.PositiveIntegerField(default=0, help_text="How far reading has come")
    counts = models.JSONField(default=dict, help_text="Rows by outcome, and kept and warned ones")
    passed_over = ArrayField(models.CharField(max_length=20), default=list, help_text="Columns not taken")
    judgement = models.BinaryField(
        max_length=32, null=True, help_text="SM3 over file, choices and outcome of every row"
    )
    returned = models.BooleanField(default=False, help_text="Judged anew: the base changed after approval")
    approved_by = models.CharField(max_length=40, blank=True)
    approved_by_name = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    refused_zh = models.CharField(max_length=400, blank=True)
    refused_en = models.CharField(max_length=400, blank=True)
    cleared_at = models.DateTimeField(null=True, help_text="When the file was removed")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "state_since"], name="importlist_state")]
        constraints, triggers = lifecycle(
            IMPORT_LIST,
            name="importlist",
            more=[
                models.UniqueConstraint(
                    fields=["digest"],
                    name="importlist_file_once",
                    condition=models.Q(state__in=[state.code for state in LIVE_LISTS]),
                ),
                models.CheckConstraint(
                    condition=~models.Q(approved_by=models.F("uploaded_by")), name="importlist_two_people"
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=["approved", "applying", "applied"])
                    | ~models.Q(approved_by=""),
                    name="importlist_taken_in_as_approved",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=TURNED_DOWN.code) | ~models.Q(refused_zh=""),
                    name="importlist_refused_with_reason",
                ),
            ],
        )


class ImportRow(models.Model):
    """One row of a list while it is judged: what is compared with the base, and what came of it.

    Numbers and phones stand here by their keys alone. A row whose cells are wrong has no keys, only its problems.
    """

    pk = models.CompositePrimaryKey("import_list_id", "line")
    import_list = models.ForeignKey(
        ImportList,
        on_delete=models.CASCADE,
        related_name="rows",
        db_index=False,
        db_constraint=False,  # rows are written while their list is locked, and a key's trigger would fire for each
    )
    line = models.PositiveIntegerField(help_text="As a spreadsheet counts")
    number_key = models.BinaryField(max_length=16, default=b"")
    folded = models.CharField(max_length=50, blank=True)
    region = models.CharField(max_length=6, blank=True)
    address = models.CharField(max_length=120, blank=True)
    phone_key = models.BinaryField(max_length=16, default=b"")
    ethnicity = models.CharField(max_length=2, blank=True)
    warned = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, blank=True, help_text="Empty where nobody needs to look at it")
    changes = ArrayField(models.CharField(max_length=20), default=list)
    problems = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["import_list", "outcome", "line"],
                name="importrow_to_look_at",
                condition=~models.Q(outcome=""),
            ),
        ]
