from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0004_access_until")]

    operations = [
        migrations.AddField(model_name="membership", name="deactivated_at", field=models.DateTimeField(null=True)),
    ]
