"""A row with a file is read without it: megabytes are fetched and opened for who reads them, and for nobody else."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yikatong.office.fields import HoldsFile
from yikatong.office.models import WireFile
from yikatong.office.rules import QUEUED

HOLDERS = [model for model in apps.get_models() if issubclass(model, HoldsFile)]


@pytest.mark.parametrize("model", HOLDERS, ids=lambda model: model.__name__)
def test_whoever_reads_rows_does_not_read_their_files(model: type[HoldsFile]) -> None:
    assert "content" not in str(model._default_manager.all().query).split(" FROM ")[0]


@pytest.mark.django_db
def test_a_file_is_fetched_when_it_is_read_and_saved_only_if_it_was_touched() -> None:
    WireFile.objects.create(
        counterpart="somebody",
        name="a",
        outgoing=True,
        content=b"paper",
        digest=b"",
        at=timezone.now(),
        state=QUEUED.code,
    )
    with CaptureQueriesContext(
        connection,
    ) as asked:
        row = WireFile.objects.get(name="a")
        row.note = "seen"
        row.save()
        assert not any('"content"' in query["sql"] for query in asked.captured_queries)
        assert bytes(row.content) == b"paper"
    row.content = b"other"
    row.save()
    assert bytes(WireFile.objects.values_list("content", flat=True).get(name="a")) == b"other"
