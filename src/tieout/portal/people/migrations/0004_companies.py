from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_invitations_by_email"), ("sources", "0003_hours")]

    operations = [
        migrations.AddField(model_name="invitation", name="is_limited", field=models.BooleanField(default=False)),
        migrations.AddField(
            model_name="invitation",
            name="companies",
            field=models.ManyToManyField(blank=True, related_name="+", to="sources.source"),
        ),
    ]
