from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncs", "0005_unknown_fields")]

    operations = [migrations.AddField(model_name="sync", name="skip", field=models.JSONField(default=list))]
