from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0001_initial"), ("sources", "0003_hours")]

    operations = [
        migrations.AddField(model_name="membership", name="is_limited", field=models.BooleanField(default=False)),
        migrations.AddField(
            model_name="membership",
            name="companies",
            field=models.ManyToManyField(blank=True, related_name="+", to="sources.source"),
        ),
    ]
