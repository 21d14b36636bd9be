from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0006_second_factor")]

    operations = [
        migrations.AddField(model_name="workspace", name="removed_at", field=models.DateTimeField(null=True)),
    ]
