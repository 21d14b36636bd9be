from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0004_responsible")]

    operations = [
        migrations.AddField(model_name="source", name="personal", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="source", name="to_rearrange", field=models.JSONField(null=True)),
    ]
