"""Tables of projects with their funds, and of budget documents with their versions and base lines. Private to this package: others ask `queries`."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.disclosure.lines import CARRIES, CATEGORIES, FUNDS, PHASES, PURCHASES
from yikatong.disclosure.rules import (
    APPROVED,
    CONFIRMED,
    DRAFTING,
    JUDGEMENT,
    KINDS,
    OPEN_VERSIONS,
    PREPARED,
    PUBLISHED,
    REVIEWED,
    SPANS,
    TOLD,
    VERSION,
)
from yikatong.office.fields import MoneyField
from yikatong.office.lifecycle import lifecycle


class Project(models.Model):
    """A project of a centre's budget that has a performance sheet. `table` is the code of its targets."""

    centre = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    table = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    department = models.CharField(max_length=60)
    unit_name = models.CharField(max_length=60)
    document = models.CharField(max_length=120)
    goal_whole = models.TextField(blank=True)
    goal_year = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["centre", "year", "table"], name="project_once_per_table"),
        ]

    def __str__(self) -> str:
        return self.name


class Fund(models.Model):
    """An amount of a project's funds: `span` whole (实施期) or year, `source` as the sheet names it, money in fen."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="funds")
    span = models.CharField(max_length=5)
    source = models.CharField(max_length=12)
    amount_fen = MoneyField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "span", "source"], name="fund_once_per_source"),
            models.CheckConstraint(condition=models.Q(span__in=SPANS), name="fund_span_known"),
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="fund_not_negative"),
        ]


class BudgetDocument(models.Model):
    """A unit's budget or final account of one year, as it is to be published: whose, in which family, and when it was replied to (批复)."""

    unit = models.CharField(max_length=20)
    unit_name = models.CharField(max_length=60)
    parent = models.CharField(max_length=20)
    parent_name = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, default="budget")
    family = models.CharField(max_length=10)
    replied_on = models.DateField(
        help_text="The day of the finance department's reply; the law counts from it"
    )
    reply = models.CharField(max_length=60, blank=True, help_text="The number of the reply")
    opened_by = models.CharField(max_length=40)
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "year", "kind"], name="budget_document_once"),
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="budget_document_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"


_FROM_PREPARED = [state.code for state in (PREPARED, REVIEWED, APPROVED, PUBLISHED)]
_FROM_REVIEWED = _FROM_PREPARED[1:]
_FROM_APPROVED = _FROM_PREPARED[2:]
_WORDS = ("document_id", "number", "reason", "file_name", "reasons", "facts", "remarks", "administrative")


class BudgetVersion(models.Model):
    """One version of a document. Its lines and words change only while it is drafted; what three people prepared, reviewed
    and approved by `digest` is what is published. A later version is a correction and says why."""

    document = models.ForeignKey(BudgetDocument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was corrected; read by everyone")
    state = models.CharField(max_length=10, default=DRAFTING.code)
    state_since = models.DateTimeField()
    file_name = models.CharField(max_length=80, blank=True, help_text="The sheet its lines came from")
    reasons = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    remarks = models.JSONField(default=dict)
    administrative = models.BooleanField(
        default=False, help_text="An office, or managed as one (参公): only such a unit has 机关运行经费"
    )
    goals = models.JSONField(null=True, help_text="The goals it was prepared with; a draft has those on file")
    digest = models.BinaryField(
        max_length=32, null=True, help_text="SM3 over lines, words, goals and what is printed"
    )
    made_by = models.CharField(max_length=40)
    made_name = models.CharField(max_length=60)
    prepared_by = models.CharField(max_length=40, blank=True)
    prepared_name = models.CharField(max_length=60, blank=True)
    prepared_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=40, blank=True)
    reviewed_name = models.CharField(max_length=60, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=40, blank=True)
    approved_name = models.CharField(max_length=60, blank=True)
    approved_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=40, blank=True)
    published_name = models.CharField(max_length=60, blank=True)
    published_on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True, help_text="Why it was sent back or withdrawn")
    noted_name = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "state_since"], name="budget_version_state")]
        constraints, triggers = lifecycle(
            VERSION,
            name="budget_version",
            more=[
                models.UniqueConstraint(fields=["document", "number"], name="budget_version_numbered"),
                models.UniqueConstraint(
                    fields=["document"],
                    name="budget_version_one_open",
                    condition=models.Q(state__in=[state.code for state in OPEN_VERSIONS]),
                ),
                models.CheckConstraint(
                    condition=models.Q(number=1) | ~models.Q(reason=""),
                    name="budget_version_corrected_for_a_reason",
                ),
                models.CheckConstraint(
                    condition=models.Q(reviewed_by="") | ~models.Q(reviewed_by=models.F("prepared_by")),
                    name="budget_version_reviewed_by_another",
                ),
                models.CheckConstraint(
                    condition=models.Q(approved_by="")
                    | (
                        ~models.Q(approved_by=models.F("prepared_by"))
                        & ~models.Q(approved_by=models.F("reviewed_by"))
                    ),
                    name="budget_version_approved_by_a_third",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=_FROM_PREPARED)
                    | (~models.Q(prepared_by="") & models.Q(digest__isnull=False)),
                    name="budget_version_prepared_by_somebody",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=DRAFTING.code) | models.Q(goals__isnull=True),
                    name="budget_version_goals_kept_once_prepared",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=_FROM_REVIEWED) | ~models.Q(reviewed_by=""),
                    name="budget_version_reviewed_by_somebody",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=_FROM_APPROVED) | ~models.Q(approved_by=""),
                    name="budget_version_approved_by_somebody",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=PUBLISHED.code) | models.Q(published_on__isnull=False),
                    name="budget_version_published_on_a_day",
                ),
            ],
            more_triggers=[
                pgtrigger.Trigger(
                    name="budget_version_words_stand",
                    when=pgtrigger.Before,
                    operation=pgtrigger.Update,
                    condition=pgtrigger.Condition(
                        f"OLD.state <> '{DRAFTING.code}' AND ("
                        + " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in _WORDS)
                        + " OR ((OLD.digest, OLD.goals) IS DISTINCT FROM (NEW.digest, NEW.goals)"
                        + f" AND NEW.state <> '{DRAFTING.code}'))"
                    ),
                    func="RAISE EXCEPTION 'what was prepared stands: send the version back to change it';",
                ),
                pgtrigger.Protect(name="budget_version_stays", operation=pgtrigger.Delete),
            ],
        )


_LINES_STAND = """
IF EXISTS (SELECT 1 FROM disclosure_budgetversion
           WHERE id IN (CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END,
                        CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END)
             AND state <> 'drafting') THEN
    RAISE EXCEPTION 'the lines of a version change only while it is drafted';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""


class BudgetLine(models.Model):
    """A base line of a version, `place` counting from 1 in the order of its sheet; see `lines.BaseLine`."""

    pk = models.CompositePrimaryKey("version_id", "place")
    version = models.ForeignKey(BudgetVersion, on_delete=models.PROTECT, related_name="lines", db_index=False)
    place = models.PositiveIntegerField()
    function = models.CharField(max_length=7, blank=True)
    economic = models.CharField(max_length=5, blank=True)
    government = models.CharField(max_length=5, blank=True)
    category = models.CharField(max_length=10)
    fund = models.CharField(max_length=10)
    phase = models.CharField(max_length=4)
    carry = models.CharField(max_length=4)
    purchase = models.CharField(max_length=10, blank=True)
    project = models.CharField(max_length=120, blank=True)
    amount_fen = MoneyField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    category__in=CATEGORIES, fund__in=FUNDS, phase__in=PHASES, carry__in=CARRIES,
                    purchase__in=PURCHASES,
                ),
                name="budget_line_members_known",
            ),
            models.CheckConstraint(
                condition=models.Q(phase="上年")
                | ~(models.Q(function="") | models.Q(economic="") | models.Q(government="")),
                name="budget_line_coded",
            ),
        ]  # fmt: skip
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="budget_line_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_LINES_STAND,
            ),
        ]


class Judgement(models.Model):
    """What people told of one target of a year's sheet (自评); `code` as in the table of targets, or EXECUTION.

    What gives points is told by one person and confirmed by another; what is confirmed stands until it is told again.
    """

    centre = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    table = models.CharField(max_length=20)
    code = models.CharField(max_length=10)
    percent = models.PositiveSmallIntegerField(null=True)
    last = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    this = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    evidence = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    measures = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default=TOLD.code)
    maker = models.CharField(max_length=40, blank=True)
    maker_name = models.CharField(max_length=60, blank=True)
    checker = models.CharField(max_length=40, blank=True)
    checker_name = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="Why it was sent back")

    class Meta:
        constraints, triggers = lifecycle(
            JUDGEMENT,
            name="judgement",
            more=[
                models.UniqueConstraint(
                    fields=["centre", "year", "table", "code"], name="judgement_once_per_target"
                ),
                models.CheckConstraint(
                    condition=models.Q(percent__isnull=True) | models.Q(percent__lte=100),
                    name="judgement_percent_sound",
                ),
                models.CheckConstraint(
                    condition=models.Q(checker="") | ~models.Q(checker=models.F("maker")),
                    name="judgement_confirmed_by_another",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=CONFIRMED.code) | ~models.Q(checker=""),
                    name="judgement_confirmed_by_somebody",
                ),
            ],
            more_triggers=[
                pgtrigger.Trigger(
                    name="judgement_stands",
                    when=pgtrigger.Before,
                    operation=pgtrigger.Update,
                    condition=pgtrigger.Condition(
                        f"OLD.state <> '{TOLD.code}' AND NEW.state <> '{TOLD.code}' AND "
                        "(OLD.percent, OLD.last, OLD.this, OLD.evidence, OLD.reason, OLD.measures, OLD.maker)"
                        " IS DISTINCT FROM "
                        "(NEW.percent, NEW.last, NEW.this, NEW.evidence, NEW.reason, NEW.measures, NEW.maker)"
                    ),
                    func="RAISE EXCEPTION 'what was confirmed stands: tell it again to change it';",
                ),
            ],
        )
