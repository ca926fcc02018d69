"""The index behind "the number ends in …": the number read backwards, so that four to six characters are a prefix."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("residents", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL(
            "CREATE INDEX resident_tail ON residents_resident (reverse(number) text_pattern_ops)",
            "DROP INDEX resident_tail",
        ),
    ]
