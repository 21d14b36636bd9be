from typing import Any

from django.db import migrations, models


def rearrange_what_is_stored(apps: Any, _editor: Any) -> None:
    """What was stored before there was a choice is shown as it came: the next start does to it what the defaults say."""
    apps.get_model("sources", "Source").objects.update(to_rearrange=[])


class Migration(migrations.Migration):
    dependencies = [("sources", "0004_responsible")]

    operations = [
        migrations.AddField(model_name="source", name="personal", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="source", name="to_rearrange", field=models.JSONField(null=True)),
        migrations.RunPython(rearrange_what_is_stored, migrations.RunPython.noop),
    ]
