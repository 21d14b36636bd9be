from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_groups")]

    operations = [
        migrations.AddField(model_name="invitation", name="until", field=models.DateField(blank=True, null=True)),
    ]
