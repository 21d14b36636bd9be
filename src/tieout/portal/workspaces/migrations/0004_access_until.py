from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0003_groups")]

    operations = [
        migrations.AddField(model_name="membership", name="until", field=models.DateField(blank=True, null=True)),
    ]
