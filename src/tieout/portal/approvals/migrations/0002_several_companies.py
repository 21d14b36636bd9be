from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial")]

    operations = [
        migrations.AddField(model_name="approvallink", name="companies", field=models.JSONField(default=list)),
    ]
