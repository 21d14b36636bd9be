from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncs", "0004_on")]

    operations = [
        migrations.AddField(model_name="streamstate", name="unknown_fields", field=models.JSONField(default=list))
    ]
