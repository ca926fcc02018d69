from django.db import migrations


def make(apps, schema_editor):
    from yikatong.office import sealing

    sealing.make_missing()


class Migration(migrations.Migration):
    dependencies = [("office", "0003_datakey")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
