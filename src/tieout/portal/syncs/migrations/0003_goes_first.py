from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncs", "0002_facts")]

    operations = [
        migrations.AddField(
            model_name="sync",
            name="goes_first",
            field=models.BooleanField(default=False),
        ),
    ]
