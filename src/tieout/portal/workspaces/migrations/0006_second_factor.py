from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0005_deactivated")]

    operations = [
        migrations.AddField(
            model_name="workspace", name="requires_second_factor", field=models.BooleanField(default=False)
        ),
    ]
