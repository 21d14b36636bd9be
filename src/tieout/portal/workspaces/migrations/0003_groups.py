from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0002_companies"), ("groups", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="groups",
            field=models.ManyToManyField(blank=True, related_name="memberships", to="groups.group"),
        ),
        migrations.AddField(model_name="workspace", name="responsible_first", field=models.BooleanField(default=False)),
    ]
