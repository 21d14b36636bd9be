from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_companies"), ("groups", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="groups",
            field=models.ManyToManyField(blank=True, related_name="+", to="groups.group"),
        ),
    ]
